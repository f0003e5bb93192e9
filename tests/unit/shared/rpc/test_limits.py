"""Allowances of callers."""

from datetime import timedelta

import pytest

from shared.market.errors import LimitExceeded
from shared.rpc.limits import RateLimiter, StreamSlots
from tests.fakes.clock import FakeClock


async def test_an_allowance_is_refused_when_it_is_used_up_and_says_when_there_is_more() -> None:
    limiter = RateLimiter(20, timedelta(seconds=1), FakeClock())
    for _ in range(20):
        limiter.take("local")
    with pytest.raises(LimitExceeded) as refused:
        limiter.take("local")
    assert refused.value.reason == "RATE_LIMITED"
    assert refused.value.retry_after == timedelta(milliseconds=50)


async def test_an_allowance_comes_back_with_time_and_never_exceeds_itself() -> None:
    clock = FakeClock()
    limiter = RateLimiter(60, timedelta(minutes=1), clock)
    limiter.take("local", 60)
    await clock.advance(30)
    limiter.take("local", 30)
    await clock.advance(600)
    limiter.take("local", 60)
    with pytest.raises(LimitExceeded):
        limiter.take("local")


async def test_a_refused_take_costs_nothing() -> None:
    limiter = RateLimiter(10, timedelta(seconds=1), FakeClock())
    with pytest.raises(LimitExceeded):
        limiter.take("local", 11)
    limiter.take("local", 10)


async def test_callers_do_not_share_an_allowance() -> None:
    limiter = RateLimiter(1, timedelta(seconds=1), FakeClock())
    limiter.take("one")
    limiter.take("two")


async def test_rested_callers_are_forgotten_before_memory_grows() -> None:
    clock = FakeClock()
    limiter = RateLimiter(1, timedelta(seconds=1), clock)
    for number in range(10_000):
        limiter.take(f"caller-{number}")
    await clock.advance(2)
    limiter.take("one-more")
    assert len(limiter._buckets) == 1


def test_a_caller_gets_its_streams_and_not_one_more() -> None:
    slots = StreamSlots(per_caller=2, in_all=10)
    with slots.hold("local"), slots.hold("local"):
        assert slots.open_for("local") == 2
        with pytest.raises(LimitExceeded) as refused, slots.hold("local"):
            pass
        assert refused.value.reason == "TOO_MANY_STREAMS"
        assert refused.value.retry_after is None
        with slots.hold("other"):
            assert slots.total == 3
    assert slots.total == 0


def test_a_full_server_asks_to_come_back() -> None:
    slots = StreamSlots(per_caller=2, in_all=1)
    with slots.hold("one"), pytest.raises(LimitExceeded) as refused, slots.hold("two"):
        pass
    assert refused.value.retry_after is not None


def test_a_room_of_the_product_may_hold_many_streams() -> None:
    slots = StreamSlots(per_caller=1, in_all=10)
    with slots.hold("room", exempt=True), slots.hold("room", exempt=True):
        assert slots.open_for("room") == 2
