"""The end of a session for quotes: closing prices, and how old a cached value may be."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from kstock.common.v1 import market_index_pb2, quote_pb2
from kstock.market.v1 import market_service_pb2 as wire
from kstock.market.v1 import market_service_pb2_grpc

from servers.market.room import MarketParts, MarketRoom
from shared.bus.base import FEED_LEASE
from shared.market.errors import InvalidInput, NotFound
from shared.market.times import kst_datetime
from shared.rpc.errors import domain_errors
from shared.rpc.messages.times import local_date_message, timestamp_message
from shared.store.store import Store
from tests.contract.market.conftest import CALENDAR, DAYS, Served, publish, served, session_bars, streamed
from tests.contract.rpc.hosting import EVERY_SCOPE, bearer
from tests.fixtures.eventually import eventually
from tests.fixtures.imports import take
from tests.fixtures.market_files import parquet
from tests.fixtures.rpc_house import serving

TODAY = DAYS[-1]
TOMORROW = CALENDAR.next_session(TODAY).day
CLOSES = kst_datetime(TODAY, time(15, 30))
INTERNAL = bearer(EVERY_SCOPE)


async def quote(room: Served, ticker: str = "005930", **options: Any) -> quote_pb2.Quote:
    response = await room.stub.BatchGetQuotes(wire.BatchGetQuotesRequest(tickers=[ticker], **options))
    assert len(response.quotes) == 1
    found: quote_pb2.Quote = response.quotes[0]
    return found


async def close(room: Served, *, day: date = TODAY) -> wire.CloseSessionResponse:
    """Close a session a minute after its close."""
    request = wire.CloseSessionRequest(trading_date=local_date_message(day))
    calling = asyncio.ensure_future(room.stub.CloseSession(request, metadata=INTERNAL))

    async def waits_or_ended() -> bool:
        await room.clock.advance(20)
        return calling.done()

    await eventually(waits_or_ended)
    with domain_errors():
        return await calling


HYNIX = "000660"
"""Without a bar in the store."""


async def test_a_close_is_told_as_a_close_once_its_prints_are_in(small_store: Store) -> None:
    async with served(small_store, at=CLOSES) as room:
        await room.bus.acquire_lease(FEED_LEASE, "feed", timedelta(hours=9))
        before, auction = CLOSES - timedelta(seconds=5), CLOSES + timedelta(seconds=20)
        await publish(
            room.bus,
            streamed(1_011, before, ticker=HYNIX),
            streamed(1_013, auction, ticker=HYNIX),
            streamed(900, CLOSES - timedelta(days=1), ticker="247540"),
        )
        assert (await quote(room, HYNIX)).quality == quote_pb2.QUALITY_REALTIME
        closed = await close(room)
        assert room.clock.market_now() >= CLOSES + timedelta(minutes=1)
        assert (closed.kept_count, closed.replica_count) == (1, 1)
        assert (closed.price_ttl.seconds, closed.market_ttl.seconds) == (300, 300)
        told = await quote(room, HYNIX)
        assert (told.price_krw, told.quality) == (1_013, quote_pb2.QUALITY_CLOSED)
        assert told.exchange_time == timestamp_message(CLOSES)
        await publish(room.bus, streamed(1_020, CLOSES + timedelta(minutes=30), ticker=HYNIX))
        after_hours = await quote(room, HYNIX)
        assert (after_hours.price_krw, after_hours.quality) == (1_020, quote_pb2.QUALITY_REALTIME)


async def test_the_official_bar_takes_the_place_of_the_last_streamed_price(market: Served) -> None:
    await market.bus.acquire_lease(FEED_LEASE, "feed", timedelta(hours=9))
    await publish(market.bus, streamed(999, CLOSES))
    await close(market)
    told = await quote(market)
    assert (told.price_krw, told.origin) == (1_007, quote_pb2.QUOTE_ORIGIN_STORE)


async def test_prices_that_nobody_publishes_any_more_are_no_closing_prices(small_store: Store) -> None:
    async with served(small_store, at=CLOSES) as room:
        await publish(room.bus, streamed(1_011, CLOSES - timedelta(hours=2)))
        assert (await close(room)).kept_count == 0


async def told_by(other: MarketRoom, room: Served) -> tuple[int, int]:
    """What another replica of the room says, once it has heard of the close."""
    async with serving([other.hosted]) as channel:
        replica = replace(room, stub=market_service_pb2_grpc.MarketServiceStub(channel))

        async def closed() -> bool:
            return (await quote(replica, HYNIX)).quality == quote_pb2.QUALITY_CLOSED

        await eventually(closed)
        told = await quote(replica, HYNIX)
        return told.price_krw, told.quality


async def test_every_replica_keeps_the_closing_prices(small_store: Store) -> None:
    async with served(small_store, at=CLOSES) as room:
        other = MarketRoom(MarketParts(store=small_store, bus=room.bus, clock=room.clock, calendar=CALENDAR))
        running = [asyncio.ensure_future(one.run()) for one in (room.room, other)]
        try:
            await room.clock.settle()
            await room.bus.acquire_lease(FEED_LEASE, "feed", timedelta(hours=9))
            await publish(room.bus, streamed(1_011, CLOSES, ticker=HYNIX))
            assert (await close(room)).replica_count == 2
            assert await told_by(other, room) == (1_011, quote_pb2.QUALITY_CLOSED)
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running)


async def test_a_session_that_runs_or_does_not_exist_cannot_be_closed(small_store: Store) -> None:
    async with served(small_store, at=CLOSES - timedelta(minutes=1)) as room:
        with pytest.raises(InvalidInput, match="closes at 15:30:00 KST"):
            await close(room)
        with pytest.raises(NotFound):
            await close(room, day=date(2026, 3, 14))


async def correct_today(store: Store, folder: Path, price: int) -> None:
    """Another close of today, as a corrected file would bring it."""
    bar = {**session_bars()[-1], "close": price, "open": price, "high": price, "low": price, "amount": price * 100_000}
    await take(store, parquet(folder / f"corrected-{price}", bar), data_dir=folder)


@pytest.mark.parametrize(("hour", "age_s"), [(19, 300), (34, 60)], ids=["after the close", "in the next session"])
async def test_a_stored_price_is_read_again_when_it_is_too_old_for_the_hour(
    small_store: Store, tmp_path: Path, hour: int, age_s: int
) -> None:
    at = kst_datetime(TODAY, time(0)) + timedelta(hours=hour)
    async with served(small_store, at=at) as room:
        assert (await quote(room)).price_krw == 1_007
        await correct_today(small_store, tmp_path, 1_050)
        await room.clock.advance(age_s)
        assert (await quote(room)).price_krw == 1_007
        assert (await quote(room, max_age=timedelta(0))).price_krw == 1_050
        await correct_today(small_store, tmp_path, 1_060)
        await room.clock.advance(age_s + 1)
        assert (await quote(room)).price_krw == 1_060


async def test_new_bars_and_the_close_drop_what_was_cached(small_store: Store, tmp_path: Path) -> None:
    async with served(small_store, at=kst_datetime(TODAY, time(16))) as room:
        assert (await quote(room)).price_krw == 1_007
        await correct_today(small_store, tmp_path, 1_050)
        await room.room.load()  # as it does every second
        assert (await quote(room)).price_krw == 1_050
        await correct_today(small_store, tmp_path, 1_060)
        assert (await close(room)).dropped_count == 1
        assert (await quote(room)).price_krw == 1_060


async def level(room: Served) -> market_index_pb2.IndexLevel:
    request = wire.ListIndexLevelsRequest(indices=[market_index_pb2.MARKET_INDEX_KOSPI])
    found: market_index_pb2.IndexLevel = (await room.stub.ListIndexLevels(request)).levels[0]
    return found


async def test_a_stored_level_is_read_again_after_half_a_minute_in_session(small_store: Store, tmp_path: Path) -> None:
    row = {"index": "KOSPI", "open": 2600.0, "high": 2800.5, "low": 2590.0, "volume": 5e8, "amount": 1e13}
    async with served(small_store, at=kst_datetime(TOMORROW, time(10))) as room:
        assert (await level(room)).level_e2 == 260_700
        newer = parquet(tmp_path / "newer", {**row, "date": TODAY, "close": 2700.0, "src": "fdr_cache"})
        await take(small_store, newer, data_dir=tmp_path)
        await room.clock.advance(30)
        assert (await level(room)).level_e2 == 260_700
        await room.clock.advance(1)
        assert (await level(room)).level_e2 == 270_000
