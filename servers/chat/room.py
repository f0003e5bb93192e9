"""The room as the composition root sees it: put together here, run there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import grpc
import structlog
from kstock.chat.v1 import chat_service_pb2

from servers.chat.agent import Agent
from servers.chat.desk import AnswerDesk
from servers.chat.knowledge.glossary import Glossary
from servers.chat.passages import PassageDesk
from servers.chat.peers import Peers
from servers.chat.retrieval.packaged_documents import packaged_documents
from servers.chat.retrieval.retriever import Retriever
from servers.chat.service import ChatService
from servers.chat.sessions import IDLE, Sessions
from servers.chat.vocabulary import Vocabulary
from shared.clock import Clock
from shared.market.sessions import SessionCalendar
from shared.rpc.handlers import HostedService
from shared.store.store import Store
from shared.text.kiwi import LazyMorphemes

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatParts:
    """What the room needs from the house.

    Attributes:
        store: Conversations are kept there, and the instruments are read from it.
        clock: Market time for answers, machine time for everything else.
        calendar: The exchange calendar.
        channels: Ways to the rooms `market`, `signal`, `scanner` and `alert`.
        morphemes: The morpheme analyser of this process.
    """

    store: Store
    clock: Clock
    calendar: SessionCalendar
    channels: Mapping[str, grpc.aio.Channel]
    morphemes: LazyMorphemes


class ChatRoom:
    """The chat service of one process.

    Attributes:
        hosted: The service, for the server.
    """

    name = "chat"

    def __init__(self, parts: ChatParts) -> None:
        channels = parts.channels
        peers = Peers.over(
            market=channels["market"],
            signal=channels["signal"],
            scanner=channels["scanner"],
            alert=channels["alert"],
        )
        self._clock = parts.clock
        self._sessions = Sessions(parts.store, parts.clock)
        self._vocabulary = Vocabulary(parts.store, parts.calendar, parts.morphemes)
        self._desk = AnswerDesk(parts.clock)
        packaged = packaged_documents(Glossary.load())
        self._retriever = Retriever(parts.store, parts.clock, parts.morphemes, packaged=packaged)
        passages = PassageDesk(self._retriever, parts.clock)
        agent = Agent(peers=peers, sessions=self._sessions, vocabulary=self._vocabulary, clock=parts.clock)
        descriptor = chat_service_pb2.DESCRIPTOR.services_by_name["ChatService"]
        service = ChatService(agent, self._desk, self._sessions, passages=passages, peers=peers)
        self.hosted = HostedService(descriptor=descriptor, servicer=service)

    async def load(self) -> None:
        """Read the instruments and load the morpheme analyser, so that the first question need not wait."""
        await self._vocabulary.understander()

    async def run(self) -> None:
        """Take questions and forget conversations that are over, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._desk.run(), name="chat-desk")
            tasks.create_task(self.load(), name="chat-load")
            tasks.create_task(self._retriever.run(), name=self._retriever.name)
            tasks.create_task(self._forget(), name="chat-forget")

    async def _forget(self) -> None:
        while True:
            deleted = await self._sessions.delete_idle()
            if deleted:
                log.info("chat_conversations_forgotten", count=deleted)
            await self._clock.sleep_machine(IDLE.total_seconds())
