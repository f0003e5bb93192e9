import asyncio
import random
from contextlib import aclosing
from datetime import timedelta

import pytest

from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.port import Finished, FinishReason, ModelRequest, TextPiece, UserMessage
from servers.chat.llm.resilient import Patience, ResilientModel
from tests.fakes.clock import FakeClock
from tests.fakes.model_script import Babble, Behaviour, End, Fail, Say, Stall, Turn
from tests.fakes.scripted_model import ScriptedModel

REQUEST = ModelRequest(system="s", messages=(UserMessage(text="q"),))
SHORT = Patience(first_event=timedelta(milliseconds=40), silence=timedelta(milliseconds=30), turn=timedelta(milliseconds=80))


def wrapped(*turns: Turn | Behaviour, patience: Patience | None = None) -> tuple[ResilientModel, ScriptedModel, FakeClock]:
    model, clock = ScriptedModel(*turns), FakeClock()
    return ResilientModel(model, clock, patience=patience or Patience(), rng=random.Random(1)), model, clock


async def read(model: ResilientModel) -> str:
    async with aclosing(model.stream(REQUEST)) as events:
        return "".join([event.text async for event in events if isinstance(event, TextPiece)])


async def read_while_time_passes(model: ResilientModel, clock: FakeClock, seconds: float) -> str:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(read(model))
        await clock.advance(seconds)
        return await task


async def fails(model: ResilientModel) -> Trouble:
    with pytest.raises(ModelUnavailable) as raised:
        await read(model)
    return raised.value.trouble


@pytest.mark.parametrize("status", [429, 503])
async def test_a_passing_trouble_is_tried_again(status: int) -> None:
    model, fake, clock = wrapped([Fail(status)], [Say("네.")])
    assert await read_while_time_passes(model, clock, 2) == "네."
    assert len(fake.requests) == 2


async def test_the_named_time_is_waited_for() -> None:
    model, fake, clock = wrapped([Fail(429, retry_after=4)], [Say("네.")])
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(read(model))
        await clock.advance(3.9)
        assert len(fake.requests) == 1
        await clock.advance(2)
        assert await task == "네."


async def test_a_named_time_that_is_too_far_away_is_not_waited_for() -> None:
    model, fake, _ = wrapped([Fail(429, retry_after=60)])
    assert await fails(model) is Trouble.RATE_LIMITED
    assert len(fake.requests) == 1


async def test_a_model_that_named_a_time_is_left_alone_until_then() -> None:
    model, fake, clock = wrapped([Fail(429, retry_after=30)], [Say("네.")])
    await fails(model)
    assert await fails(model) is Trouble.OVERLOADED
    assert len(fake.requests) == 1
    await clock.advance(31)
    assert await read(model) == "네."


async def test_three_failed_turns_give_the_model_a_rest() -> None:
    model, fake, clock = wrapped([Fail(401)])
    for _ in range(5):
        await fails(model)
    assert len(fake.requests) == 3
    await clock.advance(16)
    await fails(model)
    assert len(fake.requests) == 4


async def test_a_blocked_question_never_silences_the_model_for_others() -> None:
    model, fake, _ = wrapped([Say("음"), End(FinishReason.BLOCKED)])
    for _ in range(5):
        assert await read(model) == "음"
    assert len(fake.requests) == 5


async def test_a_success_in_between_starts_the_count_anew() -> None:
    model, fake, _ = wrapped([Fail(401)], [Fail(401)], [Say("네.")], [Fail(401)], [Fail(401)], [Say("네.")])
    for expected in (None, None, "네.", None, None, "네."):
        if expected is None:
            await fails(model)
        else:
            assert await read(model) == expected
    assert len(fake.requests) == 6


async def test_attempts_are_counted() -> None:
    model, fake, clock = wrapped([Fail(503)])
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(fails(model))
        await clock.advance(9)
        assert await task is Trouble.OVERLOADED
    assert len(fake.requests) == 3


async def test_a_wrong_key_is_not_tried_again() -> None:
    model, fake, _ = wrapped([Fail(401)])
    assert await fails(model) is Trouble.REFUSED
    assert len(fake.requests) == 1


async def test_what_has_begun_is_not_begun_again() -> None:
    model, fake, _ = wrapped([Say("반"), Fail(503)], [Say("네.")])
    assert await fails(model) is Trouble.OVERLOADED
    assert len(fake.requests) == 1


@pytest.mark.parametrize("turn", [[Stall()], [Say("먼저"), Stall()], [Babble()]], ids=["mute", "falls-silent", "endless"])
async def test_no_turn_lasts_for_ever(turn: Turn) -> None:
    # Endless text needs a clock that runs; silence is measured by the event loop.
    model = ScriptedModel(turn)
    loop = asyncio.get_running_loop()
    clock = FakeClock()
    clock.monotonic = loop.time  # type: ignore[method-assign]
    resilient = ResilientModel(model, clock, patience=SHORT, rng=random.Random(1))
    assert await fails(resilient) is Trouble.TIMEOUT
    assert model.open_calls == 0


async def test_cancelling_a_wait_between_attempts_ends_it() -> None:
    model, fake, clock = wrapped([Fail(503, retry_after=5)])
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(read(model))
        await clock.settle()
        assert clock.sleeping == 1
        task.cancel()
    assert task.cancelled()
    assert fake.open_calls == 0


async def test_events_pass_unchanged() -> None:
    model, _, _ = wrapped([Say("네."), End(FinishReason.LENGTH)])
    async with aclosing(model.stream(REQUEST)) as events:
        assert [event async for event in events][-1] == Finished(reason=FinishReason.LENGTH)
