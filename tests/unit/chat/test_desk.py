"""Answers of several askers side by side: what goes wrong in one stays there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from kstock.chat.v1 import chat_service_pb2

from servers.chat.desk import LINGERING_S, AnswerDesk, Emit
from shared.market.errors import NotFound
from shared.rpc.errors import ServerUnavailable
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def desk(clock: FakeClock) -> AsyncIterator[AnswerDesk]:
    desk = AnswerDesk(clock)
    running = asyncio.create_task(desk.run())
    try:
        yield desk
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def greet(emit: Emit) -> None:
    await emit(chat_service_pb2.ConverseResponse(opened=chat_service_pb2.ConverseOpened(turn_id="t")))


async def read(desk: AnswerDesk, answering: object) -> list[str]:
    return [event.opened.turn_id async for _, event in desk.follow("asker", "", answering)]


@pytest.mark.parametrize("error", [NotFound("CONVERSATION", "c1"), KeyError("a bug")])
async def test_an_error_reaches_its_asker_and_the_desk_goes_on(desk: AnswerDesk, error: Exception) -> None:
    async def fail(emit: Emit) -> None:
        await greet(emit)
        raise error

    with pytest.raises(type(error)):
        await read(desk, fail)
    assert await read(desk, greet) == ["t"]


class Answering:
    """An answer that a test lets go on; `ended` is set however it ends."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.times = 0

    async def __call__(self, emit: Emit) -> None:
        self.times += 1
        self.begun.set()
        try:
            await greet(emit)
            await self.may_end.wait()
        finally:
            self.ended.set()


def reading(desk: AnswerDesk, key: str, answering: Answering) -> asyncio.Task[list[str]]:
    async def read_all() -> list[str]:
        return [event.opened.turn_id async for _, event in desk.follow("asker", key, answering)]

    return asyncio.create_task(read_all())


async def left(task: asyncio.Task[list[str]]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_leaving_an_answer_without_a_key_ends_it(desk: AnswerDesk) -> None:
    answering = Answering()
    reader = reading(desk, "", answering)
    await answering.begun.wait()
    await left(reader)
    await asyncio.wait_for(answering.ended.wait(), 5)


async def test_who_comes_back_with_the_key_finds_the_answer_going_on(desk: AnswerDesk) -> None:
    answering = Answering()
    reader = reading(desk, "k", answering)
    await answering.begun.wait()
    await left(reader)
    again = reading(desk, "k", answering)
    answering.may_end.set()
    assert await again == ["t"]
    assert answering.times == 1


async def test_an_answer_that_nobody_comes_back_to_ends_and_is_given_anew(clock: FakeClock, desk: AnswerDesk) -> None:
    answering = Answering()
    reader = reading(desk, "k", answering)
    await answering.begun.wait()
    await left(reader)
    await clock.advance(LINGERING_S)
    await asyncio.wait_for(answering.ended.wait(), 5)
    answering.may_end.set()
    assert await reading(desk, "k", answering) == ["t"]
    assert answering.times == 2


async def test_an_answer_without_reader_gives_way_to_the_next_question(desk: AnswerDesk) -> None:
    first = Answering()
    reader = reading(desk, "k", first)
    await first.begun.wait()
    await left(reader)
    assert await asyncio.wait_for(read(desk, greet), 5) == ["t"]
    assert first.ended.is_set()


async def test_those_who_wait_learn_when_the_desk_closes(clock: FakeClock) -> None:
    desk, answering = AnswerDesk(clock), Answering()
    running = asyncio.create_task(desk.run())
    reader = reading(desk, "", answering)
    await answering.begun.wait()
    running.cancel()
    with pytest.raises(ServerUnavailable):
        await reader
    await asyncio.gather(running, return_exceptions=True)


async def test_what_was_deleted_is_not_repeated(desk: AnswerDesk) -> None:
    answering = Answering()
    answering.may_end.set()
    for _ in range(2):
        assert await reading(desk, "k", answering) == ["t"]
    assert answering.times == 1
    desk.forget("asker")
    await reading(desk, "k", answering)
    assert answering.times == 2
