"""Conversations of callers: continued for 30 idle minutes, ten turns long, listed and really deleted."""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from google.protobuf import json_format
from kstock.chat.v1 import conversation_pb2

from servers.chat.memory import Find, dump_context, load_context
from servers.chat.understanding.values import Context
from shared.clock import Clock
from shared.market.errors import InvalidInput
from shared.rpc.messages.times import timestamp_message
from shared.store.repositories.conversations import Conversation
from shared.store.repositories.conversations import Turn as StoredTurn
from shared.store.store import Store
from shared.store.unit_of_work import UnitOfWork

IDLE = timedelta(minutes=30)
"""Machine time after which a conversation is over: people pause by their own clocks, not by the market's."""

TURNS_KEPT = 10
_ID_BYTES = 12
_MAX_ID = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConversation:
    """A conversation that a question continues, opened `at` a time of the machine's monotonic clock.

    `stored` is False until its first turn was recorded.
    """

    conversation_id: str
    owner: str
    context: Context
    stored: bool
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question with its answer; `answer` is the wire's turn, so that it can be listed as it was."""

    question: str
    answer: conversation_pb2.Turn
    context: Context


class Sessions:
    """Conversations in the store; each belongs to one caller and nobody else sees it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._deleted_at: dict[str, float] = {}

    async def open(self, owner: str, conversation_id: str, find: Find) -> OpenConversation:
        """The conversation to continue, or a new one.

        Args:
            owner: Whose it is.
            conversation_id: Which one; empty begins a new one. One that was idle too long begins anew under its id.
            find: Looks instruments up.

        Raises:
            InvalidInput: The id is no id.
            NotFound: The caller has no such conversation.
        """
        opened = partial(OpenConversation, owner=owner, at=self._clock.monotonic())
        if not conversation_id:
            return opened(conversation_id=secrets.token_hex(_ID_BYTES), context=Context(), stored=False)
        if len(conversation_id) > _MAX_ID or not conversation_id.isascii() or not conversation_id.isprintable():
            raise InvalidInput("conversation_id", f"is no id of a conversation; ids have up to {_MAX_ID} characters")
        async with self._store.read() as uow:
            found = await uow.conversations.get(conversation_id, owner)
        if found.updated_time < self._oldest():
            async with self._store.begin() as uow:
                await uow.conversations.keep_last(conversation_id, 0)
            return opened(conversation_id=conversation_id, context=Context(), stored=True)
        return opened(conversation_id=conversation_id, context=load_context(found.context, find), stored=True)

    async def record(self, opened: OpenConversation, exchange: Exchange) -> None:
        """Keep a question with its answer and what follow-ups refer to; the oldest turns go.

        Nothing is kept in a conversation that was deleted while the answer was given.
        """
        if self._deleted_at.get(opened.owner, -math.inf) >= opened.at:
            return
        now, context = self._clock.machine_now(), dump_context(exchange.context)
        answer = json_format.MessageToJson(exchange.answer, indent=None, ensure_ascii=False)
        async with self._store.begin(durable=False) as uow:  # a lost conversation is a pity, a slow answer is worse
            if not opened.stored:
                await uow.conversations.begin(_new(opened, now, context), question=exchange.question, answer=answer)
                return
            await uow.conversations.append(
                opened.conversation_id, question=exchange.question, answer=answer, context=context, time=now
            )
            await uow.conversations.keep_last(opened.conversation_id, TURNS_KEPT)

    async def turns(
        self, owner: str, conversation_id: str, *, before: int | None, limit: int
    ) -> Sequence[tuple[int, conversation_pb2.Turn]]:
        """Turns with their numbers, oldest first, question and answer each a turn; none when there is no conversation.

        Args:
            owner: Whose.
            conversation_id: Which; empty means the newest.
            before: Only turns with a smaller number; None for the last ones.
            limit: Most numbers.

        Raises:
            NotFound: The caller has no such conversation.
        """
        async with self._store.read() as uow:
            found = await self._find(uow, owner, conversation_id)
            stored = [] if found is None else await uow.conversations.turns(found, before=before, limit=limit)
        return [(turn.number, message) for turn in stored for message in _messages(turn)]

    async def delete(self, owner: str, conversation_id: str) -> int:
        """Really delete one conversation, or with an empty id all of the caller's.

        Raises:
            NotFound: The caller has no such conversation.
        """
        async with self._store.begin() as uow:
            if conversation_id:
                await uow.conversations.get(conversation_id, owner)
            deleted = await uow.conversations.delete(owner, conversation_id or None)
        if not conversation_id:
            self._deleted_at[owner] = self._clock.monotonic()
        return deleted

    async def delete_idle(self) -> int:
        """Really delete conversations that are over."""
        recently = self._clock.monotonic() - IDLE.total_seconds()
        self._deleted_at = {owner: at for owner, at in self._deleted_at.items() if at > recently}
        async with self._store.begin() as uow:
            return await uow.conversations.delete_idle(self._oldest())

    async def _find(self, uow: UnitOfWork, owner: str, conversation_id: str) -> str | None:
        if conversation_id:
            return (await uow.conversations.get(conversation_id, owner)).conversation_id
        newest = await uow.conversations.newest(owner, "", updated_since=self._oldest())
        return newest.conversation_id if newest else None

    def _oldest(self) -> datetime:
        return self._clock.machine_now() - IDLE


def _new(opened: OpenConversation, now: datetime, context: str) -> Conversation:
    return Conversation(
        conversation_id=opened.conversation_id,
        principal=opened.owner,
        channel="",
        language=opened.context.language or "ko",
        created_time=now,
        updated_time=now,
        context=context,
    )


def _messages(turn: StoredTurn) -> tuple[conversation_pb2.Turn, conversation_pb2.Turn]:
    answer = json_format.Parse(turn.answer, conversation_pb2.Turn())
    question = conversation_pb2.Turn(
        turn_id=answer.turn_id,
        conversation_id=turn.conversation_id,
        role=conversation_pb2.TURN_ROLE_USER,
        text=turn.question,
        create_time=answer.create_time if answer.HasField("create_time") else timestamp_message(turn.time),
    )
    return question, answer
