"""The simulated feed on a real SQLite store, a memory bus and a market clock under control."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import pytest_asyncio
from kstock.common.v1 import feed_status_pb2, instrument_pb2
from kstock.feed.v1 import feed_service_pb2

from servers.feed.port import FeedParts, SourceParts
from servers.feed.publisher import Publisher
from servers.feed.registry import build_feed
from servers.feed.simulated.feed import prepare_market
from servers.feed.simulated.market import HISTORY_SESSIONS
from servers.feed.simulated.service import SimulatedService
from shared.bus.memory import MemoryBus
from shared.clock import ClockMode
from shared.market.errors import InvalidInput, NotFound
from shared.market.instrument import Board, Ticker
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_datetime
from shared.market.topic import MarketIndex
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.times import local_date_message
from shared.store.origin import Origin
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fixtures.eventually import eventually

CALENDAR = SessionCalendar.load()
SEED = 7
DEFAULTS = [Ticker(code) for code in ("005930", "000660", "035420", "005380", "028260", "000020")]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated store whose first session has just been opened."""
    path = tmp_path_factory.mktemp("simulated") / "simulated.db"
    async with await Store.open(str(path), origin=Origin.SIMULATED, clock=FakeClock()) as store:
        await prepare_market(store, seed=SEED, calendar=CALENDAR)
    return path


@pytest.fixture
async def store(seeded: Path, tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "simulated.db"
    shutil.copyfile(seeded, path)
    async with await Store.open(str(path), origin=Origin.SIMULATED, clock=FakeClock()) as store:
        yield store


async def newest_day(store: Store) -> date | None:
    async with store.read() as unit:
        return await unit.bars.newest_date()


class Market:
    """A running simulated market and what is on its bus."""

    def __init__(self, store: Store, start: datetime) -> None:
        self.clock = FakeClock(start, mode=ClockMode.SIMULATED)
        self.bus = MemoryBus(self.clock)
        self.publisher = Publisher(self.bus)
        parts = FeedParts(
            publisher=self.publisher, store=store, clock=self.clock, calendar=CALENDAR, default_tickers=DEFAULTS, seed=SEED
        )
        self.feed = build_feed("simulated", parts)
        self.service = SimulatedService(SourceParts(clock=self.clock, calendar=CALENDAR, seed=SEED))

    async def record(self, session: Session) -> feed_service_pb2.FetchSessionResponse:
        return await self.record_of(session.day)

    async def record_of(self, day: date | None) -> feed_service_pb2.FetchSessionResponse:
        asked = None if day is None else local_date_message(day)
        return await self.service.FetchSession(feed_service_pb2.FetchSessionRequest(trading_date=asked), MagicMock())

    async def master(self, **chosen: Any) -> feed_service_pb2.FetchInstrumentsResponse:
        return await self.service.FetchInstruments(feed_service_pb2.FetchInstrumentsRequest(**chosen), MagicMock())

    async def is_in(self, state: feed_status_pb2.FeedState) -> bool:
        entry = (await self.bus.latest()).get("system:feed")
        return entry is not None and read_chunk(entry.chunk).feed_statuses[0].state == state


@asynccontextmanager
async def running(store: Store, start: datetime) -> AsyncIterator[Market]:
    market = Market(store, start)
    await market.publisher.start()
    task = asyncio.ensure_future(market.feed.run())
    try:
        yield market
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def first_session(store: Store) -> Session:
    """The session that the seeded store has open."""
    newest = await newest_day(store)
    assert newest is not None
    return CALENDAR.next_session(newest)


async def test_a_first_start_writes_two_years_of_everything(store: Store) -> None:
    async with store.read() as unit:
        instruments = await unit.instruments.list_all()
        assert await unit.bars.count() == HISTORY_SESSIONS * len(instruments)
        assert {instrument.board for instrument in instruments} == {Board.KOSPI, Board.KOSDAQ}
        assert all(instrument.market_cap_krw for instrument in instruments)
        assert set(DEFAULTS) <= {instrument.ticker for instrument in instruments}
        for index in MarketIndex:
            assert len(await unit.indices.newest(index, limit=1_000)) == HISTORY_SESSIONS
        assert len(await unit.fx.newest("USDKRW", limit=1_000)) == HISTORY_SESSIONS
        session = await first_session(store)
        news = await unit.news.page(since=session.opens - timedelta(days=30), until=session.opens, limit=100)
        assert len(news) == 100
        assert (await unit.flows.newest("005930", limit=5))[-1].day == await newest_day(store)


async def test_each_start_opens_the_next_session_and_completes_the_one_before(store: Store) -> None:
    opened = await first_session(store)
    session, start = await prepare_market(store, seed=SEED, calendar=CALENDAR)
    assert session.day == CALENDAR.next_session(opened.day).day
    assert session.opens < start < session.opens + timedelta(minutes=5)  # so that prices of the day are there at once
    assert await newest_day(store) == opened.day
    async with store.read() as unit:
        assert (await unit.flows.newest("005930", limit=1))[0].day == opened.day
        assert (await unit.indices.newest(MarketIndex.KOSPI, limit=1))[0].day == opened.day


async def test_a_start_can_be_put_further_ahead_but_never_back(store: Store) -> None:
    opened = await first_session(store)
    later = CALENDAR.sessions_between(opened.day, opened.day + timedelta(days=20))[5]
    at = later.opens - timedelta(minutes=35)
    session, start = await prepare_market(store, seed=SEED, calendar=CALENDAR, at=at)
    assert (session.day, start) == (later.day, at)
    assert await newest_day(store) == CALENDAR.previous_session(later.day).day
    with pytest.raises(InvalidInput, match=r"clock\.at"):
        await prepare_market(store, seed=SEED, calendar=CALENDAR, at=at)


async def test_a_session_ticks_on_market_time(store: Store) -> None:
    session = await first_session(store)
    async with running(store, session.opens - timedelta(minutes=1)) as market:
        await eventually(lambda: market.is_in(feed_status_pb2.FEED_STATE_CLOSED_SESSION))
        latest = await market.bus.latest()
        assert {f"price:{ticker}" for ticker in DEFAULTS} <= set(latest)  # fed before anybody asks
        await market.clock.advance(180)
        await eventually(lambda: market.is_in(feed_status_pb2.FEED_STATE_LIVE))
        latest = await market.bus.latest()
        quote = read_chunk(latest["price:005930"].chunk).quotes[0]
        assert quote.quality == read_chunk(latest["market:kospi"].chunk).indices[0].quality
        assert quote.volume_shares > 0
        assert latest["price:005930"].seq > 5
        assert await newest_day(store) == CALENDAR.previous_session(session.day).day


async def test_the_record_of_a_session_is_what_was_streamed_bars_first_and_flows_in_the_evening(store: Store) -> None:
    session = await first_session(store)
    async with running(store, session.closes - timedelta(seconds=2)) as market:
        await eventually(lambda: market.is_in(feed_status_pb2.FEED_STATE_LIVE))
        await market.clock.advance(62)
        await eventually(lambda: market.is_in(feed_status_pb2.FEED_STATE_CLOSED_SESSION))
        assert not (await market.record(session)).instruments
        quote = read_chunk((await market.bus.latest())["price:005930"].chunk).quotes[0]
        level = read_chunk((await market.bus.latest())["market:kospi"].chunk).indices[0]
        await market.clock.advance(60)
        record = await market.record(session)
        figures = {one.ticker: one for one in record.instruments}
        bar = figures["005930"].bar
        assert (quote.price_krw, quote.volume_shares, quote.turnover_krw) == (
            bar.close_krw,
            bar.volume_shares,
            bar.turnover_krw,
        )
        assert (quote.open_krw, quote.high_krw, quote.low_krw) == (bar.open_krw, bar.high_krw, bar.low_krw)
        assert record.indices[0].bar.close_e2 == level.level_e2
        assert [rate.pair for rate in record.rates] == ["USDKRW"]
        assert all(one.shares and one.market_cap_krw and not one.HasField("flow") for one in figures.values())
        await market.clock.advance_to(kst_datetime(session.day, time(18)))
        assert all(one.HasField("flow") for one in (await market.record(session)).instruments)
    assert await newest_day(store) < session.day  # the daily ingest writes it


async def test_the_master_lists_what_is_asked_for(store: Store) -> None:
    market = Market(store, (await first_session(store)).opens)
    funds = await market.master(kinds=[instrument_pb2.INSTRUMENT_KIND_ETF])
    board = await market.master(board=instrument_pb2.BOARD_KOSDAQ)
    everything = await market.master()
    assert {one.kind for one in funds.instruments} == {instrument_pb2.INSTRUMENT_KIND_ETF}
    assert {one.board for one in board.instruments} == {instrument_pb2.BOARD_KOSDAQ}
    assert set(DEFAULTS) <= {one.ticker for one in everything.instruments}
    with pytest.raises(NotFound):
        await market.record_of(date(2026, 5, 5))  # 어린이날
    with pytest.raises(InvalidInput, match="trading_date"):
        await market.record_of(None)


async def test_the_night_passes_into_the_next_session(store: Store) -> None:
    session = await first_session(store)
    following = CALENDAR.next_session(session.day)
    async with running(store, session.closes + timedelta(hours=3)) as market:
        await eventually(lambda: market.is_in(feed_status_pb2.FEED_STATE_CLOSED_SESSION))
        await market.clock.advance_to(following.opens - timedelta(minutes=30))

        async def next_day_has_begun() -> bool:
            entry = (await market.bus.latest())["system:feed"]
            since = read_chunk(entry.chunk).feed_statuses[0].since_time
            return since.ToDatetime(tzinfo=UTC) > following.opens - timedelta(hours=2)

        await eventually(next_day_has_begun)
        await market.clock.advance_to(following.opens)
        await market.clock.advance(30)
        await eventually(lambda: market.is_in(feed_status_pb2.FEED_STATE_LIVE))
        quote = read_chunk((await market.bus.latest())["price:005930"].chunk).quotes[0]
        assert quote.exchange_time.ToDatetime(tzinfo=UTC) >= following.opens
