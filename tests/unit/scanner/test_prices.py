"""What the scanner takes from the bus: trades and levels of the running session, each once, and nothing of another day."""

from datetime import timedelta

import pytest
from kstock.common.v1 import quote_pb2

from servers.scanner.prices import LivePrices
from shared.bus.base import BusEntry, BusUnavailable
from shared.bus.memory import MemoryBus
from shared.clock import ClockMode
from shared.market.topic import MarketIndex
from tests.fakes.clock import FakeClock
from tests.fixtures.price_chunks import feed_entry, gate_entry, price_entry
from tests.fixtures.scanner_house import CALENDAR, CLOSE, OPEN, ScannerHouse, minute, running


class Heard:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.prices: list[tuple[str, int]] = []

    def on_trades(self, quotes):
        self.prices += [(quote.ticker, quote.price_krw) for quote in quotes]


@pytest.fixture
async def house(request: pytest.FixtureRequest) -> ScannerHouse:
    mode = getattr(request, "param", ClockMode.WALL)
    house = ScannerHouse(None, FakeClock(OPEN + timedelta(minutes=30), mode=mode))  # type: ignore[arg-type]  # no store
    await house.begin()
    return house


async def test_the_newest_trade_of_each_ticker_is_kept_and_every_trade_is_told(house: ScannerHouse) -> None:
    heard = Heard()
    house.prices.listen(heard)
    for price in (5_000, 5_010):
        await house.quote("005930", price)
    assert house.prices.quotes["005930"].price_krw == 5_010
    assert heard.prices == [("005930", 5_000), ("005930", 5_010)]


@pytest.mark.parametrize("away", [timedelta(days=-1), timedelta(minutes=-1)])
async def test_a_price_from_before_the_opening_is_not_of_the_session(house: ScannerHouse, away: timedelta) -> None:
    await house.quote("005930", 5_000, at=OPEN + away)
    await house.level(MarketIndex.KOSPI, 260_000, at=OPEN + away)
    assert house.prices.quotes == {}
    assert house.prices.levels == {}


async def test_the_closing_auction_counts_and_the_after_market_does_not(house: ScannerHouse) -> None:
    await house.quote("005930", 5_000, at=CLOSE + timedelta(seconds=25))
    await house.quote("000660", 5_000, at=CLOSE + timedelta(minutes=15))
    assert list(house.prices.quotes) == ["005930"]


async def test_a_price_without_volume_is_no_trade(house: ScannerHouse) -> None:
    await house.quote("005930", 5_000, volume=0)
    assert house.prices.quotes == {}


async def test_a_value_that_comes_again_or_late_changes_nothing(house: ScannerHouse) -> None:
    await house.quote("005930", 5_000)
    await house.quote("005930", 5_010)
    revision = house.prices.revision
    house.prices.take((await house.bus.latest()).values())
    assert house.prices.revision == revision


async def test_one_venue_alone_is_not_the_market(house: ScannerHouse) -> None:
    entry = price_entry("005930", 1)
    house.prices.take([BusEntry(topic="price:005930@nxt", epoch=entry.epoch, seq=1, chunk=entry.chunk)])
    assert house.prices.quotes == {}


async def test_a_value_that_cannot_be_read_does_not_stop_the_others(house: ScannerHouse) -> None:
    good = price_entry("005930", 1)
    moment = OPEN + timedelta(hours=2)  # when that price was made
    house.clock.shift_market(moment - house.clock.market_now())
    broken = [
        BusEntry(topic=topic, epoch="feed:1", seq=1, chunk=chunk)
        for topic, chunk in (("price:000660", b"\xff\x01"), ("price:000020", b""), ("market:kospi", b"\xff\x01"))
    ]
    house.prices.take([*broken, good])
    assert list(house.prices.quotes) == ["005930"]


async def test_a_new_day_begins_empty(house: ScannerHouse) -> None:
    await house.quote("005930", 5_000)
    assert house.prices.session is not None
    house.clock.shift_market(timedelta(hours=20))
    assert house.prices.session is None
    assert house.prices.quotes == {}


async def test_there_is_no_session_before_the_bell_and_on_holidays(house: ScannerHouse) -> None:
    house.clock.shift_market(timedelta(minutes=-31))
    assert house.prices.session is None
    house.clock.shift_market(timedelta(days=3, hours=2))
    assert house.prices.session is None


@pytest.mark.parametrize("house", [ClockMode.REPLAY], indirect=True)
async def test_a_rehearsal_does_not_take_what_lies_after_market_time(house: ScannerHouse) -> None:
    await house.quote("005930", 5_000, at=minute(31))
    await house.quote("000660", 5_000, at=minute(30))
    assert list(house.prices.quotes) == ["000660"]


async def test_the_feed_says_when_it_is_stale(house: ScannerHouse) -> None:
    house.prices.take([feed_entry(1, quote_pb2.QUALITY_STALE)])
    assert house.prices.feed_is_stale
    house.prices.take([feed_entry(2, quote_pb2.QUALITY_REALTIME), gate_entry(1)])
    assert not house.prices.feed_is_stale


class FailingBus(MemoryBus):
    """Does not answer the first question for everything."""

    failures = 1

    async def latest(self, topics=None):
        if self.failures:
            self.failures -= 1
            raise BusUnavailable("gone")
        return await super().latest(topics)


async def test_what_was_published_before_it_listened_is_asked_for_until_the_bus_answers() -> None:
    clock = FakeClock(OPEN + timedelta(minutes=30))
    house = ScannerHouse(None, clock)  # type: ignore[arg-type]  # no store
    house.bus = FailingBus(clock)
    await house.begin()
    await house.quote("005930", 5_000)
    late = LivePrices(house.bus, clock, CALENDAR)
    async with running(late):
        await clock.advance(0.5)
        assert late.quotes == {}
        await clock.advance(1)
        assert late.quotes["005930"].price_krw == 5_000
        await house.quote("005930", 5_100)
        await clock.settle()
        assert late.quotes["005930"].price_krw == 5_100
