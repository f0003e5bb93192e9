"""What is particular to the bus within one process: bounded boxes and leases on a clock that tests can turn."""

from datetime import timedelta

from shared.bus.base import BusEntry
from shared.bus.memory import MemoryBus
from tests.fakes.clock import FakeClock


def entry(seq: int) -> BusEntry:
    return BusEntry(topic="price:005930", epoch="feed:1", seq=seq, chunk=b"")


async def test_a_follower_that_is_too_far_behind_is_told_to_reload_and_costs_nothing_more() -> None:
    bus = MemoryBus(FakeClock(), backlog=3)
    await bus.begin_epoch("feed:1")
    async with bus.subscribe() as batches:
        await anext(batches)
        for seq in range(1, 6):
            await bus.publish([entry(seq)])
        overflowed, following = await anext(batches), await anext(batches)
    assert (overflowed.reload, overflowed.entries) == (True, (entry(4),))
    assert (following.reload, following.entries) == (False, (entry(5),))


async def test_a_full_inbox_does_not_count_as_having_heard() -> None:
    bus = MemoryBus(FakeClock(), backlog=2)
    async with bus.listen_control("demand"):
        assert [await bus.send_control("demand", b"") for _ in range(3)] == [1, 1, 0]


async def test_readers_end_when_their_subscription_is_closed() -> None:
    bus = MemoryBus(FakeClock())
    async with bus.subscribe() as batches:
        pass
    assert [batch async for batch in batches] == []


async def test_a_lease_ends_at_its_time_to_live() -> None:
    clock = FakeClock()
    bus = MemoryBus(clock)
    await bus.acquire_lease("feed", "a", timedelta(seconds=15))
    await clock.advance(14.9)
    assert await bus.renew_lease("feed", "a", timedelta(seconds=15))
    await clock.advance(14.9)
    assert await bus.lease_owner("feed") == "a"
    await clock.advance(0.1)
    assert await bus.lease_owner("feed") is None
