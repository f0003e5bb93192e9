"""Old values are never presented as live (realtime.md 1.3, 1.8)."""

from kstock.common.v1 import quote_pb2

from shared.bus.base import FEED_LEASE, BusUnavailable
from shared.bus.memory import MemoryBus
from tests.fakes.clock import FakeClock
from tests.fixtures.price_chunks import feed_entry, gate_entry, price_entry
from tests.fixtures.price_house import LEASE, price_house


class FrailBus(MemoryBus):
    """A bus whose questions fail while it is down; what is published still arrives."""

    down = False

    async def lease_owner(self, name: str) -> str | None:
        if self.down:
            raise BusUnavailable("cut")
        return await super().lease_owner(name)


async def test_when_nobody_holds_the_feed_its_topics_are_stale_once_and_fresh_again_after() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1), gate_entry(1))
        client = await house.subscribe("price:005930", "market-gate")
        client.log.clear()
        await house.bus.release_lease(FEED_LEASE, "feed")
        await house.clock.advance(10)
        assert client.statuses() == [("price:005930", "STALE")]
        assert client.log[0].topic_statuses[0].reason == "FEED_LOST"
        assert house.metrics.registry.get_sample_value("kstock_stream_feed_stale") == 1
        await house.bus.acquire_lease(FEED_LEASE, "another", LEASE)
        await house.clock.advance(1)
        assert client.statuses() == [("price:005930", "STALE"), ("price:005930", "FRESH")]


async def test_a_snapshot_during_an_outage_says_so_beside_the_value() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1))
        await house.bus.release_lease(FEED_LEASE, "feed")
        await house.clock.advance(1)
        client = await house.subscribe("price:005930", "price:000660")
        assert client.prices() == [("005930", 1)]
        assert client.statuses()[2:] == [
            ("price:005930", "CURRENT"),
            ("price:000660", "NO_VALUE"),
            ("price:000660", "STALE"),
            ("price:005930", "STALE"),
        ]
        await house.publish(price_entry("035420", 1))
        await house.update(client, add=("price:035420",))
        await house.clock.advance(1)
        assert client.statuses()[-2:] == [("price:035420", "CURRENT"), ("price:035420", "STALE")]


async def test_a_feed_that_says_it_has_only_old_prices_makes_them_stale() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1), feed_entry(1, quote_pb2.QUALITY_REALTIME))
        client = await house.subscribe("price:005930", "system:feed")
        await house.publish(feed_entry(2, quote_pb2.QUALITY_STALE))
        await house.clock.advance(2)
        assert ("price:005930", "STALE") in client.statuses()
        await house.publish(feed_entry(3, quote_pb2.QUALITY_REALTIME))
        await house.clock.advance(2)
        assert client.statuses()[-1][1] == "FRESH"


async def test_a_lost_bus_makes_prices_stale() -> None:
    clock = FakeClock()
    bus = FrailBus(clock)
    async with price_house(bus=bus, clock=clock).open() as house:
        await house.publish(price_entry("005930", 1))
        client = await house.subscribe("price:005930")
        bus.down = True
        await clock.advance(2)
        assert client.log[-1].topic_statuses[0].reason == "BUS_LOST"
        bus.down = False
        await clock.advance(2)
        assert client.statuses()[-1] == ("price:005930", "FRESH")


async def test_a_takeover_resets_each_topic_of_the_feed_and_numbers_start_again() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 90), price_entry("000660", 40), gate_entry(3))
        client = await house.subscribe("price:005930", "price:000660", "market-gate")
        client.log.clear()
        await house.bus.begin_epoch("feed:2")
        await house.publish(price_entry("005930", 1, epoch="feed:2"))
        await house.clock.advance(1)
        assert client.statuses() == [("price:000660", "RESET"), ("price:005930", "RESET")]
        assert client.prices() == [("005930", 1)]
        newcomer = await house.subscribe("price:000660")
        assert newcomer.log[0].opened.epoch == "feed:2"
        assert newcomer.statuses()[-1] == ("price:000660", "NO_VALUE")


async def test_nothing_of_the_old_epoch_is_written_after_the_reset() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 8), price_entry("000660", 4))
        client = await house.subscribe("price:005930", "price:000660")
        await house.publish(price_entry("005930", 9), price_entry("000660", 5))
        await house.clock.advance(0.06)  # offered, but the client's window is not over
        client.log.clear()
        await house.bus.begin_epoch("feed:2")
        await house.clock.advance(1)
        assert client.prices() == []
        box = house.server_side(client).outbox
        assert box.offered == box.delivered + box.conflated == 4


async def test_a_snapshot_that_is_overtaken_by_a_reset_ends_as_no_value() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 8))
        client = await house.subscribe("price:005930", start=False)
        await house.bus.begin_epoch("feed:2")
        await house.clock.advance(1)
        client.resume()
        await house.clock.advance(1)
        assert client.prices() == []
        assert [state for _, state in client.statuses()] == ["ADDED", "RESET", "NO_VALUE"]


async def test_entries_of_a_superseded_epoch_are_passed_over() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 8))
        await house.bus.begin_epoch("feed:2")
        await house.clock.advance(1)
        house.hub.book.take([price_entry("005930", 9)], house.clock.machine_now())
        assert not house.hub.book.has_news


async def test_a_gap_in_a_topics_numbers_reloads_the_latest_values() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", "price:000660")
        await house.publish(price_entry("005930", 1))
        await house.clock.advance(5)
        missed, gap = price_entry("000660", 3), price_entry("005930", 4)
        house.bus._latest[missed.topic] = missed  # type: ignore[attr-defined]  # a message that never arrived
        await house.publish(gap)
        await house.clock.advance(1)
        assert ("000660", 3) in client.prices()
        assert client.prices()[-1][1] in (3, 4)
        assert house.hub.book.value("price:005930").gaps == 1
