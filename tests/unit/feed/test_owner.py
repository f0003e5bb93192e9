import asyncio
from datetime import timedelta

import pytest

from servers.feed.owner import FeedOwner
from servers.feed.publisher import Publisher
from shared.bus.base import FEED_LEASE, BusUnavailable
from shared.bus.memory import MemoryBus
from shared.market.errors import DataMissing
from tests.fakes.clock import FakeClock
from tests.unit.feed.test_acceptance import tick


class CountingFeed:
    """Publishes one price per second."""

    name = "counting"

    def __init__(self, publisher: Publisher, clock: FakeClock) -> None:
        self._publisher, self._clock = publisher, clock
        self.published = 0

    async def run(self) -> None:
        while True:
            await self._clock.sleep_machine(1)
            self.published += await self._publisher.publish_quotes([tick(self._clock.monotonic(), 1)])


class ForgetfulBus(MemoryBus):
    """A bus whose leases can be out of reach."""

    unreachable = False

    async def renew_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        if self.unreachable:
            raise BusUnavailable("nobody answers")
        return await super().renew_lease(name, owner, ttl)


class House:
    """Two replicas on one bus."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.bus = ForgetfulBus(self.clock)
        self.feeds: dict[str, list[CountingFeed]] = {"a": [], "b": []}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, owner: str) -> None:
        def build(publisher: Publisher) -> CountingFeed:
            self.feeds[owner].append(CountingFeed(publisher, self.clock))
            return self.feeds[owner][-1]

        self.tasks[owner] = asyncio.ensure_future(FeedOwner(self.bus, self.clock, owner=owner, build=build).run())

    async def stop(self, owner: str) -> None:
        self.tasks[owner].cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.tasks[owner]


async def test_only_the_holder_of_the_lease_publishes() -> None:
    house = House()
    house.start("a")
    await house.clock.advance(0)
    house.start("b")
    await house.clock.advance(30)
    assert house.feeds["a"][0].published >= 29
    assert house.feeds["b"] == []
    await house.stop("a")
    await house.stop("b")


async def test_the_lease_passes_on_when_its_holder_stops() -> None:
    house = House()
    house.start("a")
    await house.clock.advance(5)
    house.start("b")
    await house.stop("a")
    await house.clock.advance(5)
    assert house.feeds["b"][0].published >= 3
    assert await house.bus.lease_owner(FEED_LEASE) == "b"
    await house.stop("b")


async def test_a_lost_lease_ends_the_tenure_and_a_new_one_begins_a_new_epoch() -> None:
    house = House()
    house.start("a")
    await house.clock.advance(4)
    await house.bus.release_lease(FEED_LEASE, "a")
    await house.bus.acquire_lease(FEED_LEASE, "somebody", timedelta(seconds=5))
    await house.clock.advance(20)
    assert len(house.feeds["a"]) == 2
    await house.stop("a")


async def test_a_short_outage_of_the_bus_does_not_end_a_tenure_and_a_long_one_does() -> None:
    house = House()
    house.start("a")
    await house.clock.advance(4)
    house.bus.unreachable = True
    await house.clock.advance(4)
    house.bus.unreachable = False
    await house.clock.advance(10)
    assert len(house.feeds["a"]) == 1
    house.bus.unreachable = True
    await house.clock.advance(20)
    assert len(house.feeds["a"]) >= 2
    await house.stop("a")


async def test_an_error_of_the_feed_reaches_whoever_runs_it() -> None:
    class EmptyFeed:
        name = "empty"

        async def run(self) -> None:
            raise DataMissing("nothing was recorded")

    clock = FakeClock()
    bus = MemoryBus(clock)
    with pytest.raises(ExceptionGroup) as caught:
        await FeedOwner(bus, clock, owner="a", build=lambda _: EmptyFeed()).run()
    assert caught.group_contains(DataMissing)
    assert await bus.lease_owner(FEED_LEASE) is None
