"""Conversations of the chat room."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from shared.market.errors import NotFound
from shared.store.repositories.base import Repository
from shared.store.tables.chat import conversations, turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Questions and answers of one caller in one place; `context` is what follow-ups refer to, as JSON of the chat room."""

    conversation_id: str
    principal: str
    channel: str
    language: str
    created_time: datetime
    updated_time: datetime
    context: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question with its answer; numbers start at 1 and rise by 1."""

    conversation_id: str
    number: int
    question: str
    answer: str
    time: datetime


class ConversationRepository(Repository):
    """Conversations of each principal; nobody sees another one's."""

    async def add(self, conversation: Conversation) -> None:
        """Begin a conversation."""
        await self._connection.execute(insert(conversations), asdict(conversation))

    async def begin(self, conversation: Conversation, *, question: str, answer: str) -> Turn:
        """Begin a conversation with its first turn."""
        await self.add(conversation)
        return await self._add_turn(
            Turn(
                conversation_id=conversation.conversation_id,
                number=1,
                question=question,
                answer=answer,
                time=conversation.updated_time,
            )
        )

    async def get(self, conversation_id: str, principal: str) -> Conversation:
        """A conversation of this caller.

        Raises:
            NotFound: No such conversation, or it belongs to somebody else.
        """
        found = await self._connection.execute(
            select(conversations).where(
                conversations.c.conversation_id == conversation_id, conversations.c.principal == principal
            )
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFound("CONVERSATION", conversation_id)
        return Conversation(**row)

    async def newest(self, principal: str, channel: str, *, updated_since: datetime) -> Conversation | None:
        """The caller's latest conversation in a channel, unless it has been idle since before `updated_since`."""
        query = select(conversations).where(
            conversations.c.principal == principal,
            conversations.c.channel == channel,
            conversations.c.updated_time >= updated_since,
        )
        found = await self._connection.execute(query.order_by(conversations.c.updated_time.desc()).limit(1))
        row = found.mappings().one_or_none()
        return None if row is None else Conversation(**row)

    async def append(self, conversation_id: str, *, question: str, answer: str, context: str, time: datetime) -> Turn | None:
        """Add a turn and remember what follow-ups will refer to; None when the conversation was deleted meanwhile."""
        changed = await self._connection.execute(
            update(conversations)
            .where(conversations.c.conversation_id == conversation_id)
            .values(updated_time=time, context=context)
        )
        if not changed.rowcount:
            return None
        found = await self._connection.execute(
            select(func.coalesce(func.max(turns.c.number), 0)).where(turns.c.conversation_id == conversation_id)
        )
        number = found.scalar_one() + 1
        return await self._add_turn(
            Turn(conversation_id=conversation_id, number=number, question=question, answer=answer, time=time)
        )

    async def _add_turn(self, turn: Turn) -> Turn:
        await self._connection.execute(insert(turns), asdict(turn))
        return turn

    async def turns(self, conversation_id: str, *, before: int | None = None, limit: int) -> Sequence[Turn]:
        """The last turns before number `before`, oldest first."""
        query = select(turns).where(turns.c.conversation_id == conversation_id)
        if before is not None:
            query = query.where(turns.c.number < before)
        found = await self._connection.execute(query.order_by(turns.c.number.desc()).limit(limit))
        return [Turn(**row) for row in reversed(found.mappings().all())]

    async def keep_last(self, conversation_id: str, count: int) -> None:
        """Delete all but the last `count` turns."""
        newest = select(func.max(turns.c.number)).where(turns.c.conversation_id == conversation_id).scalar_subquery()
        await self._connection.execute(
            delete(turns).where(turns.c.conversation_id == conversation_id, turns.c.number <= newest - count)
        )

    async def delete(self, principal: str, conversation_id: str | None = None) -> int:
        """Really delete one conversation of the caller, or all of them.

        Returns:
            Number of conversations deleted.
        """
        statement = delete(conversations).where(conversations.c.principal == principal)
        if conversation_id is not None:
            statement = statement.where(conversations.c.conversation_id == conversation_id)
        return (await self._connection.execute(statement)).rowcount

    async def delete_idle(self, updated_before: datetime) -> int:
        """Really delete conversations that have been idle since before a moment.

        Returns:
            Number of conversations deleted.
        """
        idle = delete(conversations).where(conversations.c.updated_time < updated_before)
        return (await self._connection.execute(idle)).rowcount
