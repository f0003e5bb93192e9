"""Answers of several askers side by side: what goes wrong in one stays there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from kstock.chat.v1 import chat_service_pb2

from servers.chat.desk import AnswerDesk, Emit
from shared.market.errors import NotFound
from tests.fakes.clock import FakeClock


@pytest.fixture
async def desk() -> AsyncIterator[AnswerDesk]:
    desk = AnswerDesk(FakeClock())
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
