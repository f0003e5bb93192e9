"""When a lost stream comes back."""

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

import grpc
import pytest

from shared.market.errors import InvalidInput, KStockError, LimitExceeded, NotFound
from shared.rpc.errors import ServerUnavailable
from shared.rpc.reconnect import Backoff, StreamBroken, StreamLost, is_hopeless, keep_open
from tests.fakes.clock import FakeClock
from tests.unit.shared.rpc.test_errors import failure_of


class Longest(random.Random):
    """Always draws the longest wait."""

    def uniform(self, a: float, b: float) -> float:
        return b


async def test_waits_double_up_to_half_a_minute() -> None:
    backoff = Backoff(FakeClock(), Longest())
    waits = [backoff.next_delay().total_seconds() for _ in range(9)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


async def test_waits_are_spread_over_the_whole_range() -> None:
    waits = [Backoff(FakeClock(), random.Random(seed)).next_delay().total_seconds() for seed in range(200)]
    assert min(waits) < 0.05
    assert max(waits) > 0.45


async def test_a_minute_of_health_begins_the_row_anew() -> None:
    clock = FakeClock()
    backoff = Backoff(clock, Longest())
    for _ in range(5):
        backoff.next_delay()
    backoff.opened()
    await clock.advance(59)
    assert backoff.next_delay() == timedelta(seconds=16)
    backoff.opened()
    await clock.advance(60)
    assert backoff.next_delay() == timedelta(seconds=0.5)


@pytest.mark.parametrize(
    ("error", "hopeless"),
    [
        (InvalidInput("topics", "is empty"), True),
        (NotFound("STREAM", "x"), True),
        (LimitExceeded("TOO_MANY_TOPICS", "500"), True),
        (LimitExceeded("SLOW_CONSUMER", "30 s without credit", timedelta(seconds=1)), False),
        (ServerUnavailable("DRAINING", "stopping"), False),
        (RuntimeError("a bug"), False),
    ],
)
def test_only_errors_that_would_come_again_end_the_stream_for_good(error: Exception, *, hopeless: bool) -> None:
    assert is_hopeless(failure_of(error)) is hopeless


async def test_a_lost_stream_is_announced_and_opened_again() -> None:
    clock = FakeClock()
    streams = iter([StreamBroken("SILENT"), failure_of(ServerUnavailable("DRAINING", "stopping", timedelta(0)))])

    async def open_stream() -> AsyncGenerator[str, None]:
        yield "value"
        raise next(streams)

    backoff = Backoff(clock, random.Random(1))
    seen: list[str | StreamLost] = []
    async with aclosing(keep_open(open_stream, backoff=backoff, clock=_Hasty())) as items:
        async for item in items:
            seen.append(item)
            if len(seen) == 4:
                break
    assert seen[0] == seen[2] == "value"
    assert [item.reason for item in seen if isinstance(item, StreamLost)] == ["SILENT", "UNAVAILABLE"]


async def test_a_stream_that_the_server_refuses_for_good_raises_the_domain_error() -> None:
    async def open_stream() -> AsyncGenerator[str, None]:
        raise failure_of(InvalidInput("topics", "is empty"))
        yield "never"

    with pytest.raises(KStockError) as refused:
        async for _ in keep_open(open_stream, backoff=Backoff(FakeClock(), random.Random(1)), clock=FakeClock()):
            pass
    assert isinstance(refused.value, InvalidInput)


async def test_the_wait_that_a_server_asks_for_is_kept() -> None:
    async def open_stream() -> AsyncGenerator[str, None]:
        raise failure_of(LimitExceeded("TOO_MANY_STREAMS", "1200", timedelta(seconds=5)))
        yield "never"

    items = keep_open(open_stream, backoff=Backoff(FakeClock(), random.Random(1)), clock=FakeClock())
    async with aclosing(items):
        lost = await anext(items)
    assert isinstance(lost, StreamLost)
    assert lost.retry_after >= timedelta(seconds=5)
    assert lost.reason == grpc.StatusCode.RESOURCE_EXHAUSTED.name


class _Hasty(FakeClock):
    """Does not wait."""

    async def sleep_machine(self, seconds: float) -> None:
        await super().sleep_machine(0)
