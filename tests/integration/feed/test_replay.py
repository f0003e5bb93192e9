"""The replay feed on a real SQLite store, a memory bus and a market clock under control."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest

from servers.feed.port import FeedParts
from servers.feed.publisher import Publisher
from servers.feed.registry import build_feed
from shared.bus.memory import MemoryBus
from shared.clock import ClockMode
from shared.market.errors import DataMissing, InvalidInput
from shared.market.instrument import Ticker
from shared.market.quote import Quality, Quote
from shared.market.sessions import SessionCalendar
from shared.market.times import kst_datetime, yyyymmdd
from shared.market.topic import MarketIndex
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.quotes import read_quote
from shared.store.origin import Origin
from shared.store.provenance import Provenance, SourceRank
from shared.store.repositories.bars import BarRows
from shared.store.repositories.indices import IndexBar
from shared.store.repositories.minutes import MinuteRows
from shared.store.repositories.snapshots import SnapshotRows
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fixtures.eventually import eventually

CALENDAR = SessionCalendar.load()
OVER = "the recorded day is over"
DAY, BEFORE = date(2026, 3, 11), date(2026, 3, 10)
PROVENANCE = Provenance(source="krx", rank=SourceRank.COLLECTED, fetched_time=kst_datetime(DAY, time(18)))


def at(clock: str, day: date = DAY) -> datetime:
    return kst_datetime(day, time.fromisoformat(clock))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(str(tmp_path / "kstock.db"), origin=Origin.REAL, clock=FakeClock()) as store:
        yield store


async def record_snapshots(store: Store, moments: dict[str, dict[str, tuple[int, int] | None]]) -> None:
    """`{clock: {ticker: (price, cumulative volume)}}`; None is a row without values."""
    rows = [(at(clock), ticker, value) for clock, values in moments.items() for ticker, value in values.items()]
    prices = [value and value[0] for _, _, value in rows]
    volumes = [value and value[1] for _, _, value in rows]
    async with store.begin() as unit:
        await unit.snapshots.upsert(
            SnapshotRows(
                collected_time=[moment for moment, _, _ in rows],
                tickers=[ticker for _, ticker, _ in rows],
                price=prices,
                change=[value and 100 for _, _, value in rows],
                open=prices,
                high=prices,
                low=prices,
                volume=volumes,
                turnover=volumes,
                shares=volumes,
            ),
            PROVENANCE,
        )


async def record_minutes(store: Store, bars: list[tuple[str, int, int]]) -> None:
    """`(clock, close, volume)` of five-minute bars of one fund."""
    closes = np.array([close for _, close, _ in bars])
    async with store.begin() as unit:
        await unit.minutes.upsert(
            MinuteRows(
                minutes=5,
                tickers=["396500"] * len(bars),
                start_time=[at(clock) for clock, _, _ in bars],
                open=closes,
                high=closes,
                low=closes,
                close=closes,
                volume=np.array([volume for _, _, volume in bars]),
            ),
            PROVENANCE,
        )


async def record_closes(store: Store) -> None:
    one = np.array([10, 20])
    day = np.array([yyyymmdd(date(2026, 3, 9)), yyyymmdd(BEFORE)], np.int32)
    async with store.begin() as unit:
        await unit.bars.upsert(
            BarRows(
                tickers=["005930"] * 2,
                date=day,
                open=one,
                high=one,
                low=one,
                close=one,
                volume=one,
                turnover=one,
                turnover_estimated=one < 0,
            ),
            PROVENANCE,
        )
        await unit.indices.upsert(
            [
                IndexBar(
                    index_name=MarketIndex.KOSPI,
                    day=day,
                    open_e2=1,
                    high_e2=1,
                    low_e2=1,
                    close_e2=close,
                    volume=1,
                    turnover=1,
                )
                for day, close in ((BEFORE, 500_000), (DAY, 510_000))
            ],
            PROVENANCE,
        )


class Replay:
    """A running replay and what is on its bus."""

    def __init__(self, store: Store, start: str) -> None:
        self.clock = FakeClock(at(start), mode=ClockMode.REPLAY)
        self.bus = MemoryBus(self.clock)
        self.publisher = Publisher(self.bus)
        parts = FeedParts(
            publisher=self.publisher,
            store=store,
            clock=self.clock,
            calendar=CALENDAR,
            default_tickers=[Ticker("005930")],
            day=DAY,
        )
        self.feed = build_feed("replay", parts)

    async def quote(self, ticker: str) -> Quote | None:
        entry = (await self.bus.latest()).get(f"price:{ticker}")
        return None if entry is None else read_quote(read_chunk(entry.chunk).quotes[0])

    async def state(self) -> str:
        entry = (await self.bus.latest()).get("system:feed")
        return "" if entry is None else str(read_chunk(entry.chunk).feed_statuses[0].reason)

    async def waits(self) -> bool:
        """Whether the feed has done what it can do by now."""
        await self.clock.settle()
        return self.clock.sleeping > 0 or await self.state() == OVER

    async def go_to(self, clock: str) -> None:
        await eventually(self.waits)
        await self.clock.advance_to(at(clock))
        await eventually(self.waits)


@asynccontextmanager
async def playing(store: Store, start: str = "08:50") -> AsyncIterator[Replay]:
    replay = Replay(store, start)
    await replay.publisher.start()
    task = asyncio.ensure_future(replay.feed.run())
    try:
        yield replay
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_prices_appear_when_they_were_collected_and_not_before(store: Store) -> None:
    await record_snapshots(
        store,
        {
            "09:10": {"005930": None},
            "09:30": {"005930": (72_000, 10)},
            "10:00": {"005930": (72_500, 30)},
            "16:30": {"005930": (73_000, 90)},
        },
    )
    async with playing(store) as replay:
        await replay.go_to("09:29")
        assert await replay.quote("005930") is None
        await replay.go_to("09:30")
        quote = await replay.quote("005930")
        assert quote is not None
        assert (quote.price_krw, quote.quality, quote.exchange_time, quote.source) == (
            72_000,
            Quality.REPLAYED,
            at("09:10"),
            "replay",
        )
        await replay.go_to("09:59")
        quote = await replay.quote("005930")
        assert quote is not None
        assert quote.price_krw == 72_000  # nothing is interpolated
        await replay.go_to("10:00")
        quote = await replay.quote("005930")
        assert quote is not None
        assert quote.price_krw == 72_500


async def test_a_snapshot_of_the_day_before_is_left_out(store: Store) -> None:
    await record_snapshots(
        store, {"09:37": {"005930": (99_000, 900)}, "10:00": {"005930": (72_500, 30)}, "11:00": {"005930": (72_600, 40)}}
    )
    async with playing(store) as replay:
        await replay.go_to("09:45")
        assert await replay.quote("005930") is None
        await replay.go_to("10:00")
        quote = await replay.quote("005930")
        assert quote is not None
        assert quote.price_krw == 72_500


async def test_minute_bars_and_snapshots_play_together_in_order(store: Store) -> None:
    await record_snapshots(store, {"09:07": {"005930": (72_000, 10)}, "16:30": {"005930": (72_500, 30)}})
    await record_minutes(store, [("09:00", 10_000, 5), ("09:05", 10_100, 0), ("09:10", 10_200, 7)])
    async with playing(store) as replay:
        await replay.go_to("09:06")
        fund = await replay.quote("396500")
        assert fund is not None
        assert (fund.price_krw, fund.exchange_time) == (10_000, at("09:05"))
        assert await replay.quote("005930") is None
        await replay.go_to("09:15")
        fund = await replay.quote("396500")
        assert fund is not None
        assert (fund.price_krw, fund.volume_shares) == (10_200, 12)
        assert await replay.quote("005930") is not None


async def test_before_the_first_price_default_tickers_and_indices_show_their_close(store: Store) -> None:
    await record_closes(store)
    await record_snapshots(store, {"09:30": {"005930": (72_000, 10)}, "16:30": {"005930": (72_500, 30)}})
    async with playing(store) as replay:
        await replay.go_to("08:55")
        quote = await replay.quote("005930")
        assert quote is not None
        assert (quote.price_krw, quote.change_krw, quote.quality, quote.exchange_time) == (
            20,
            10,
            Quality.CLOSED,
            at("15:30", BEFORE),
        )
        index = read_chunk((await replay.bus.latest())["market:kospi"].chunk).indices[0]
        assert index.level_e2 == 500_000
        await replay.go_to("16:31")
        index = read_chunk((await replay.bus.latest())["market:kospi"].chunk).indices[0]
        assert (index.level_e2, index.change_e2) == (510_000, 10_000)
        assert await replay.state() == OVER


async def test_a_clock_that_starts_within_the_day_gets_the_past_at_once(store: Store) -> None:
    await record_snapshots(
        store, {"09:30": {"005930": (72_000, 10)}, "10:00": {"005930": (72_500, 30)}, "16:30": {"005930": (73_000, 90)}}
    )
    async with playing(store, "12:00") as replay:
        await eventually(replay.waits)
        quote = await replay.quote("005930")
        assert quote is not None
        assert quote.price_krw == 72_500


async def test_a_day_without_recordings_is_missing_data(store: Store) -> None:
    with pytest.raises(DataMissing, match="2026-03-11"):
        await Replay(store, "08:50").feed.run()


@pytest.mark.parametrize("day", [None, date(2026, 3, 14)])
async def test_a_replay_needs_a_trading_day(store: Store, day: date | None) -> None:
    clock = FakeClock()
    parts = FeedParts(
        publisher=Publisher(MemoryBus(clock)), store=store, clock=clock, calendar=CALENDAR, default_tickers=[], day=day
    )
    with pytest.raises(InvalidInput, match=r"feed\.day"):
        build_feed("replay", parts)


async def test_an_unknown_feed_is_refused_with_the_known_ones(store: Store) -> None:
    clock = FakeClock()
    parts = FeedParts(publisher=Publisher(MemoryBus(clock)), store=store, clock=clock, calendar=CALENDAR, default_tickers=[])
    with pytest.raises(InvalidInput, match="replay, simulated"):
        build_feed("bloomberg", parts)
