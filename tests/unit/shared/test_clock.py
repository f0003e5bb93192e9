import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared.clock import Clock, ClockMode, FixedClock, ScaledClock, WallClock
from shared.market.errors import InvalidInput
from tests.fakes.clock import FakeClock

AT = datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "clock",
    [WallClock(), FixedClock(AT), ScaledClock(AT, speed=60, mode=ClockMode.REPLAY), FakeClock(AT)],
    ids=lambda c: type(c).__name__,
)
async def test_every_clock_tells_aware_times_and_returns_from_the_past(clock: Clock) -> None:
    assert clock.market_now().tzinfo is UTC
    assert clock.machine_now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
    await clock.sleep_market_until(clock.market_now() - timedelta(hours=1))
    await clock.sleep_machine(-1)


def test_wall_time_is_market_time() -> None:
    clock = WallClock()
    assert clock.machine_now() <= clock.market_now() <= clock.machine_now()


async def test_a_fixed_clock_stands_still_and_its_future_never_comes() -> None:
    clock = FixedClock(AT)
    assert clock.market_now() == AT
    wait = asyncio.ensure_future(clock.sleep_market_until(AT + timedelta(microseconds=1)))
    await asyncio.sleep(0)
    assert not wait.done()
    wait.cancel()
    with pytest.raises(asyncio.CancelledError):
        await wait


async def test_a_scaled_clock_runs_faster_than_the_machine() -> None:
    clock = ScaledClock(AT, speed=1_000, mode=ClockMode.SIMULATED)
    before = clock.monotonic()
    await clock.sleep_market_until(AT + timedelta(seconds=5))
    assert clock.market_now() >= AT + timedelta(seconds=5)
    assert clock.monotonic() - before < 2


@pytest.mark.parametrize("speed", [0, -1, 1_001])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(InvalidInput, match=r"clock\.speed"):
        ScaledClock(AT, speed=speed, mode=ClockMode.REPLAY)


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"clock\.at"):
        FixedClock(datetime(2026, 3, 11))


async def test_the_fake_clock_wakes_sleepers_in_order_at_their_own_time() -> None:
    clock, woken = FakeClock(AT), []

    async def sleeper(seconds: float) -> None:
        await clock.sleep_machine(seconds)
        woken.append((seconds, clock.monotonic()))

    async with asyncio.TaskGroup() as tasks:
        for seconds in (3, 1, 2):
            tasks.create_task(sleeper(seconds))
        await clock.advance(2.5)
        assert woken == [(1, 1), (2, 2)]
        await clock.advance(1)
    assert woken[-1] == (3, 3)
    assert clock.market_now() == AT + timedelta(seconds=3.5)


async def test_a_repeating_task_runs_once_per_interval_of_the_fake_clock() -> None:
    clock, beats = FakeClock(AT), []

    async def beat() -> None:
        while True:
            await clock.sleep_machine(15)
            beats.append(clock.market_now())

    task = asyncio.ensure_future(beat())
    await clock.advance(60)
    task.cancel()
    assert beats == [AT + timedelta(seconds=15 * n) for n in (1, 2, 3, 4)]
    assert clock.sleeping <= 1


async def test_a_market_sleeper_waits_again_after_the_market_clock_was_put_back() -> None:
    clock = FakeClock(AT)
    wait = asyncio.ensure_future(clock.sleep_market_until(AT + timedelta(seconds=10)))
    await clock.advance(5)
    clock.shift_market(timedelta(seconds=-5))
    await clock.advance(5)
    assert not wait.done()
    await clock.advance(5)
    assert wait.done()
