"""Conversations in the store: when they are over, and what becomes of answers to deleted ones."""

from datetime import timedelta

import pytest
from kstock.chat.v1 import conversation_pb2

from servers.chat.sessions import IDLE, Exchange, OpenConversation, Sessions
from servers.chat.understanding.values import Context
from shared.market.errors import NotFound
from shared.store.store import Store
from tests.fakes.clock import FakeClock


def nothing(_: str) -> None:
    return None


def exchange(text: str) -> Exchange:
    return Exchange(question=text, answer=conversation_pb2.Turn(text="답"), context=Context())


async def questions(sessions: Sessions, conversation_id: str) -> list[str]:
    listed = await sessions.turns("alice", conversation_id, before=None, limit=50)
    return [turn.text for _, turn in listed if turn.role == conversation_pb2.TURN_ROLE_USER]


async def begun(sessions: Sessions, text: str = "하나") -> OpenConversation:
    opened = await sessions.open("alice", "", nothing)
    await sessions.record(opened, exchange(text))
    return await sessions.open("alice", opened.conversation_id, nothing)


async def test_a_conversation_that_was_idle_too_long_begins_anew_under_its_id(store: Store) -> None:
    clock = FakeClock()
    sessions = Sessions(store, clock)
    opened = await begun(sessions)
    await clock.advance(IDLE.total_seconds() - 1)
    assert await questions(sessions, opened.conversation_id) == ["하나"]
    await clock.advance(2)
    again = await sessions.open("alice", opened.conversation_id, nothing)
    assert again.context == Context()
    await sessions.record(again, exchange("둘"))
    assert await questions(sessions, opened.conversation_id) == ["둘"]


async def test_conversations_that_are_over_are_really_deleted(store: Store) -> None:
    clock = FakeClock()
    sessions = Sessions(store, clock)
    opened = await begun(sessions)
    assert await sessions.delete_idle() == 0
    await clock.advance((IDLE + timedelta(seconds=1)).total_seconds())
    assert await sessions.delete_idle() == 1
    with pytest.raises(NotFound):
        await sessions.open("alice", opened.conversation_id, nothing)


async def test_an_answer_that_was_being_given_does_not_bring_a_deleted_conversation_back(store: Store) -> None:
    sessions = Sessions(store, FakeClock())
    running = await begun(sessions)
    await sessions.delete("alice", running.conversation_id)
    await sessions.record(running, exchange("둘"))
    with pytest.raises(NotFound):
        await sessions.open("alice", running.conversation_id, nothing)


async def test_nor_does_the_first_answer_of_one_that_began_before_everything_was_deleted(store: Store) -> None:
    clock = FakeClock()
    sessions = Sessions(store, clock)
    running = await sessions.open("alice", "", nothing)
    others = await sessions.open("bob", "", nothing)
    await sessions.delete("alice", "")
    await sessions.record(running, exchange("하나"))
    await sessions.record(others, exchange("하나"))
    assert await sessions.delete("alice", "") == 0
    assert await sessions.delete("bob", "") == 1
    await clock.advance(1)
    assert await questions(sessions, (await begun(sessions)).conversation_id) == ["하나"]
