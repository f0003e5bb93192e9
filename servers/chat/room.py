"""The room as the composition root sees it: put together here, run there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import grpc
import structlog
from kstock.chat.v1 import chat_service_pb2

from servers.chat.agent import Agent
from servers.chat.desk import AnswerDesk
from servers.chat.grounding.guard import Guard
from servers.chat.grounding.leak import LeakDetector
from servers.chat.grounding.tables import GuardTables
from servers.chat.knowledge.glossary import Glossary
from servers.chat.llm.budget import Budget, caps_of, prices_of
from servers.chat.llm.ledger import UsageLedger
from servers.chat.llm.port import Model
from servers.chat.llm.prompt import SystemPrompt
from servers.chat.passages import PassageDesk
from servers.chat.peers import Peers
from servers.chat.retrieval.meaning import Meaning
from servers.chat.retrieval.packaged_documents import packaged_documents
from servers.chat.retrieval.retriever import Retriever
from servers.chat.service import ChatService
from servers.chat.sessions import IDLE, Sessions
from servers.chat.tools.registry import OwnTools, build_registry
from servers.chat.vocabulary import Vocabulary
from servers.chat.writing.narrator import Narrator
from servers.chat.writing.writer import Writer, WritingLimits
from shared.clock import Clock
from shared.config import ChatSettings
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
        usage: Counts what models take in this process, whoever uses them; run by the house.
        model: The language model; None for answers of data alone.
        settings: What the model may take.
        meaning: Searches documents by meaning; None searches them by words alone.
    """

    store: Store
    clock: Clock
    calendar: SessionCalendar
    channels: Mapping[str, grpc.aio.Channel]
    morphemes: LazyMorphemes
    usage: UsageLedger
    model: Model | None = None
    settings: ChatSettings = field(default_factory=ChatSettings)
    meaning: Meaning | None = None


class ChatRoom:
    """The chat service of one process.

    Attributes:
        hosted: The service, for the server.
        retriever: What finds passages for it.
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
        self._vocabulary = Vocabulary(parts.store, parts.clock, parts.calendar, morphemes=parts.morphemes)
        self._desk = AnswerDesk(parts.clock)
        self._closing = [one.close for one in (parts.model, parts.meaning) if one is not None]
        glossary = Glossary.load()
        packaged = packaged_documents(glossary)
        self.retriever = Retriever(parts.store, parts.clock, parts.morphemes, packaged=packaged, meaning=parts.meaning)
        passages = PassageDesk(self.retriever, parts.clock)
        own = OwnTools.over(glossary, self.retriever, parts.clock.market_now)
        agent = Agent(
            peers=peers,
            sessions=self._sessions,
            vocabulary=self._vocabulary,
            clock=parts.clock,
            tools=own,
            glossary=glossary,
            narrator=None if parts.model is None else self._narrator(parts, parts.model, own),
        )
        descriptor = chat_service_pb2.DESCRIPTOR.services_by_name["ChatService"]
        service = ChatService(agent, self._desk, self._sessions, passages=passages, peers=peers)
        self.hosted = HostedService(descriptor=descriptor, servicer=service)

    def _narrator(self, parts: ChatParts, model: Model, own: OwnTools) -> Narrator:
        settings, prompt = parts.settings, SystemPrompt.load()
        log.info("chat_model", model=model.name, prompt=prompt.version)
        budget = Budget(parts.usage, parts.clock, caps=caps_of(settings), prices=prices_of(settings))
        limits = WritingLimits(tool_rounds=settings.max_tool_rounds, output_tokens=settings.max_output_tokens)
        return Narrator(
            Writer(model, budget, system=prompt.text, limits=limits),
            guard=Guard(self._vocabulary, GuardTables.load()),
            leaks=LeakDetector(prompt.text, prompt.canary),
            tools=build_registry(own),
        )

    async def load(self) -> None:
        """Read the instruments and load the morpheme analyser, so that the first question need not wait."""
        await self._vocabulary.understander()

    async def run(self) -> None:
        """Take questions and forget conversations that are over, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._desk.run(), name="chat-desk")
                tasks.create_task(self.load(), name="chat-load")
                tasks.create_task(self.retriever.run(), name=self.retriever.name)
                tasks.create_task(self._forget(), name="chat-forget")
        finally:
            for close in self._closing:
                await close()

    async def _forget(self) -> None:
        while True:
            deleted = await self._sessions.delete_idle()
            if deleted:
                log.info("chat_conversations_forgotten", count=deleted)
            await self._clock.sleep_machine(IDLE.total_seconds())
