import asyncio
from collections.abc import Sequence

import pytest

from servers.feed.publisher import Publisher
from servers.feed.status import FeedState, FeedStatus
from shared.bus.base import BusEntry, BusUnavailable, EpochSuperseded
from shared.bus.memory import MemoryBus
from shared.market.index_level import IndexLevel
from shared.market.quote import Quality, Venue
from shared.market.topic import MarketIndex
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.quotes import read_quote
from tests.fakes.clock import FakeClock
from tests.unit.feed.test_acceptance import NINE, tick


class SickBus(MemoryBus):
    """A memory bus that is out of reach when told so."""

    sick = False

    async def publish(self, entries: Sequence[BusEntry]) -> None:
        if self.sick:
            raise BusUnavailable("nobody answers")
        await super().publish(entries)


@pytest.fixture
def bus() -> SickBus:
    return SickBus(FakeClock())


@pytest.fixture
async def publisher(bus: SickBus) -> Publisher:
    publisher = Publisher(bus)
    await publisher.start()
    return publisher


async def test_a_quote_travels_as_one_chunk_with_its_number(bus: SickBus, publisher: Publisher) -> None:
    assert await publisher.publish_quotes([tick(10, 100)]) == 1
    entry = (await bus.latest(["price:005930"]))["price:005930"]
    (message,) = read_chunk(entry.chunk).quotes
    assert read_quote(message) == tick(10, 100)
    assert (entry.seq, message.topic_seq, entry.epoch) == (1, 1, publisher.epoch)


async def test_numbers_rise_by_one_per_accepted_change_of_a_topic(bus: SickBus, publisher: Publisher) -> None:
    offered = [tick(10, 100), tick(10, 100), tick(9, 50), tick(11, 120), tick(1, 1, ticker="000660")]
    assert await publisher.publish_quotes(offered) == 3
    latest = await bus.latest()
    assert {topic: entry.seq for topic, entry in latest.items()} == {"price:005930": 2, "price:000660": 1}


async def test_a_single_venue_has_its_own_topic(bus: SickBus, publisher: Publisher) -> None:
    await publisher.publish_quotes([tick(1, 1, venue=Venue.NXT)])
    assert set(await bus.latest()) == {"price:005930@nxt"}


async def test_index_levels_and_states_have_topics_of_their_own(bus: SickBus, publisher: Publisher) -> None:
    level = IndexLevel(
        index=MarketIndex.KOSPI,
        level_e2=654_321,
        previous_close_e2=650_000,
        open_e2=None,
        high_e2=None,
        low_e2=None,
        volume_shares=None,
        turnover_krw=None,
        quality=Quality.REALTIME,
        exchange_time=NINE,
        receive_time=NINE,
        source="test",
    )
    await publisher.publish_indices([level])
    await publisher.publish_status(FeedStatus(feed="test", state=FeedState.LIVE, quality=Quality.REALTIME, since=NINE))
    latest = await bus.latest()
    (message,) = read_chunk(latest["market:kospi"].chunk).indices
    assert (message.level_e2, message.change_e2, message.change_bps, message.HasField("open_e2")) == (
        654_321,
        4_321,
        66,
        False,
    )
    (status,) = read_chunk(latest["system:feed"].chunk).feed_statuses
    assert status.feed == "test"


async def test_a_whole_market_leaves_room_for_others(bus: SickBus, publisher: Publisher) -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.ensure_future(other())
    assert await publisher.publish_quotes([tick(1, 1, ticker=f"{number:06}") for number in range(1_000)]) == 1_000
    task.cancel()
    assert turns >= 3


async def test_a_lost_bus_is_waited_out_and_numbers_go_on(bus: SickBus, publisher: Publisher) -> None:
    bus.sick = True
    await publisher.publish_quotes([tick(1, 1)])
    bus.sick = False
    await publisher.publish_quotes([tick(2, 2)])
    latest = await bus.latest()
    assert latest["price:005930"].seq == 2


async def test_another_owner_ends_the_publisher(bus: SickBus, publisher: Publisher) -> None:
    await Publisher(bus).start()
    with pytest.raises(EpochSuperseded):
        await publisher.publish_quotes([tick(1, 1)])


async def test_a_new_publisher_counts_from_one_in_an_epoch_of_its_own(bus: SickBus, publisher: Publisher) -> None:
    await publisher.publish_quotes([tick(1, 1)])
    successor = Publisher(bus)
    await successor.start()
    await successor.publish_quotes([tick(1, 1)])
    entry = (await bus.latest())["price:005930"]
    assert (entry.seq, entry.epoch) == (1, successor.epoch)
    assert successor.epoch != publisher.epoch
