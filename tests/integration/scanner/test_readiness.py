"""Before a session opens: bars loaded, rules measured, gate and feeds looked at, or what is missing."""

from datetime import date, timedelta

import pytest
from kstock.common.v1 import feed_status_pb2, market_gate_pb2
from kstock.scanner.v1 import scanner_service_pb2

from shared.bus.base import FEED_PUBLISHER, BusEntry, new_epoch
from shared.clock import ClockMode
from shared.market.errors import DataMissing, InvalidInput, KStockError, NotFound
from shared.market.topic import FeedStatusTopic
from shared.rpc.errors import domain_errors
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.messages.times import local_date_message, read_local_date
from tests.fixtures.eventually import eventually
from tests.fixtures.scanner_house import CALENDAR, LAST, OPEN, TICKERS, TODAY, ScannerHouse
from tests.fixtures.scanner_rooms import Rooms, rooms


async def prepare(both: Rooms, day: date = TODAY) -> scanner_service_pb2.PrepareSessionResponse:
    with domain_errors():
        return await both.scanner.PrepareSession(
            scanner_service_pb2.PrepareSessionRequest(trading_date=local_date_message(day))
        )


async def say_live(house: ScannerHouse) -> None:
    """The state of a feed, as the feed publishes it."""
    epoch = new_epoch(FEED_PUBLISHER)
    await house.bus.begin_epoch(epoch)
    status = feed_status_pb2.FeedStatus(feed="kis", topic_seq=1, state=feed_status_pb2.FEED_STATE_LIVE)
    await house.bus.publish([BusEntry(topic=str(FeedStatusTopic()), epoch=epoch, seq=1, chunk=update_chunk(status))])


async def test_ten_minutes_before_the_opening_everything_is_ready(house: ScannerHouse) -> None:
    await house.clock.advance_to(OPEN - timedelta(minutes=10))
    async with rooms(house) as both:
        assert not (await prepare(both)).feeds
        await say_live(house)

        async def gate_was_read() -> bool:
            await house.clock.advance(1)
            return (await prepare(both)).HasField("gate_level")

        await eventually(gate_was_read)
        ready = await prepare(both)
    assert read_local_date(ready.bars_as_of) == LAST
    assert (ready.ticker_count, ready.eligible_count) == (len(TICKERS), len(TICKERS))
    assert ready.watched_count == len(TICKERS)
    assert ready.gate_colour != market_gate_pb2.GATE_COLOUR_UNSPECIFIED
    assert [feed.feed for feed in ready.feeds] == ["kis"]


async def test_rules_are_not_measured_the_evening_before(house: ScannerHouse) -> None:
    await house.clock.advance_to(OPEN - timedelta(hours=10))
    async with rooms(house) as both:
        assert (await prepare(both)).watched_count == 0


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (CALENDAR.next_session(TODAY).day, DataMissing),  # today's bars are not there yet
        (date(2026, 3, 14), NotFound),
        (date(2050, 1, 3), NotFound),
    ],
)
async def test_missing_bars_and_days_without_a_session_are_told(
    house: ScannerHouse, day: date, error: type[KStockError]
) -> None:
    async with rooms(house) as both:
        with pytest.raises(error):
            await prepare(both, day)
        with pytest.raises(InvalidInput, match="trading_date"), domain_errors():
            await both.scanner.PrepareSession(scanner_service_pb2.PrepareSessionRequest())


@pytest.mark.parametrize("clock_mode", [ClockMode.FIXED])
async def test_at_a_frozen_moment_no_rule_watches(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        ready = await prepare(both)
    assert (ready.watched_count, ready.eligible_count) == (0, len(TICKERS))
