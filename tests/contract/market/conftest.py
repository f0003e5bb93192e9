"""A market room on a small real store, served over gRPC."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from kstock.market.v1 import market_service_pb2_grpc

from servers.market.room import MarketParts, MarketRoom
from shared.bus.base import FEED_PUBLISHER, BusEntry, new_epoch
from shared.bus.memory import MemoryBus
from shared.clock import ClockMode
from shared.market.instrument import Ticker
from shared.market.quote import Quality, Quote, Venue
from shared.market.sessions import SessionCalendar
from shared.market.topic import PriceTopic
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.messages.quotes import quote_message
from shared.store.origin import Origin
from shared.store.store import Store
from tests.contract.rpc.hosting import plain_channel, serving
from tests.fakes.clock import FakeClock
from tests.fixtures.imports import take
from tests.fixtures.market_files import BAR, csv, parquet

CALENDAR = SessionCalendar.load()
DAYS = [session.day for session in CALENDAR.last_sessions(date(2026, 3, 11), 8)]
SPLIT_DAY = DAYS[5]
AFTER_CLOSE = datetime(2026, 3, 11, 10, tzinfo=UTC)
"""19:00 in Korea: the close and the flows of the day are known."""


def session_bars() -> list[dict[str, object]]:
    """Eight sessions of 삼성전자 with a split into five on the sixth, and one halted day."""
    rows = []
    for place, day in enumerate(DAYS):
        split = day >= SPLIT_DAY
        close, shares = (1_000 + place, 5_000_000) if split else (5_000 + 5 * place, 1_000_000)
        prices = {"open": close - 5, "high": close + 10, "low": close - 10, "close": close}
        if place == 2:
            prices |= {"open": 0, "high": 0, "low": 0}
        volume = 0 if place == 2 else 100_000
        figures = {"volume": volume, "amount": close * volume, "shares": shares, "marcap": close * shares}
        rows.append({**BAR, "date": day, **prices, **figures})
    return rows


def listing(ticker: str, name: str, **columns: object) -> dict[str, object]:
    common = {"ticker": ticker, "name": name, "market": "KOSPI", "asset_type": "COMMON", "isin": None}
    return {**common, "list_date": date(2020, 1, 2), "dept": None, "name_en": None, "security_group": "주권", **columns}


async def fill(store: Store, folder: Path) -> None:
    """Import the small market."""
    moment = {"ticker": "005930", "open": 1_001, "high": 1_010, "low": 1_000, "volume": 10}
    level = {
        "index": "KOSPI",
        "open": 2600.0,
        "high": 2650.5,
        "low": 2590.0,
        "volume": 5e8,
        "amount": 1e13,
        "src": "fdr_cache",
    }
    starts = [datetime(2026, 3, 11, 9, minute) for minute in range(0, 30, 5)]
    headline = {"ticker": "005930", "src": "press"}
    files = [
        parquet(
            folder / "listing",
            listing("005930", "삼성전자", name_en="SamsungElec", list_date=date(1975, 6, 11)),
            listing("000660", "SK하이닉스"),
            listing("57JN53", "케이에이치콜", asset_type="UNKNOWN", security_group=None, market="KOSPI"),
            listing("247540", "에코프로비엠", market="KOSDAQ", dept="관리종목(소속부없음)", list_date=date(2026, 3, 2)),
        ),
        parquet(folder / "bars", *session_bars()),
        parquet(
            folder / "won",
            *({"date": day, "ticker": "005930", "foreign_net": place, "inst_net": 7} for place, day in enumerate(DAYS)),
        ),
        parquet(
            folder / "shares",
            {"date": DAYS[0], "ticker": "000660", "close": 10.0, "inst_net_shares": 3.0, "foreign_net_shares": -2.0},
        ),
        parquet(folder / "index", *({**level, "date": day, "close": 2600.0 + place} for place, day in enumerate(DAYS))),
        parquet(folder / "minutes", *({**moment, "ts": start, "interval": "5m", "close": 1_005} for start in starts)),
        parquet(
            folder / "pictures", {**moment, "ts": datetime(2026, 3, 11, 10, 32), "price": 1_004, "change": -2, "amount": 9}
        ),
        csv(
            folder / "news",
            {**headline, "date": date(2026, 3, 10), "title": "어제 소식", "time": "09:30"},
            {**headline, "date": date(2026, 3, 11), "title": "오늘 소식", "time": "14:10"},
            {**headline, "date": date(2026, 3, 11), "title": "시장 소식", "time": None, "ticker": None},
            {**headline, "date": date(2026, 3, 12), "title": "내일 소식", "time": "08:00"},
        ),
    ]
    await take(store, *files, data_dir=folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A client of the room, and what is behind it."""

    stub: market_service_pb2_grpc.MarketServiceAsyncStub
    room: MarketRoom
    bus: MemoryBus
    clock: FakeClock
    store: Store


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def small_market(blank_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small market, to be copied."""
    folder = tmp_path_factory.mktemp("small")
    path = folder / "kstock.db"
    shutil.copyfile(blank_sqlite, path)
    async with await Store.open(str(path), origin=Origin.REAL, clock=FakeClock()) as store:
        await fill(store, folder)
    return path


@pytest.fixture
async def small_store(small_market: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """A store with the small market."""
    path = tmp_path / "kstock.db"
    shutil.copyfile(small_market, path)
    async with await Store.open(str(path), origin=Origin.REAL, clock=FakeClock()) as store:
        yield store


@asynccontextmanager
async def served(
    store: Store, *, at: datetime = AFTER_CLOSE, mode: ClockMode = ClockMode.WALL, **parts: Any
) -> AsyncIterator[Served]:
    """The room at a moment of market time; `parts` are further ones of `MarketParts`."""
    clock = FakeClock(at, mode=mode)
    bus = MemoryBus(clock)
    room = MarketRoom(MarketParts(store=store, bus=bus, clock=clock, calendar=CALENDAR, **parts))
    await room.load()
    async with serving(room.hosted) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        yield Served(stub=stub, room=room, bus=bus, clock=clock, store=store)


@pytest.fixture
async def market(small_store: Store) -> AsyncIterator[Served]:
    """The room on the evening of 2026-03-11."""
    async with served(small_store) as room:
        yield room


def streamed(price: int, at: datetime, *, quality: Quality = Quality.REALTIME, ticker: str = "005930") -> Quote:
    """A quote as a feed publishes it."""
    return Quote(
        ticker=Ticker(ticker),
        price_krw=price,
        previous_close_krw=1_000,
        open_krw=1_000,
        high_krw=1_100,
        low_krw=990,
        volume_shares=5,
        turnover_krw=5_000,
        venue=Venue.CONSOLIDATED,
        quality=quality,
        exchange_time=at,
        receive_time=at,
        source="kis",
    )


async def publish(bus: MemoryBus, *quotes: Quote) -> None:
    """Put quotes on the bus as the feed would."""
    epoch = new_epoch(FEED_PUBLISHER)
    await bus.begin_epoch(epoch)
    for seq, quote in enumerate(quotes, start=1):
        chunk = update_chunk(quote_message(quote, topic_seq=seq))
        await bus.publish([BusEntry(topic=str(PriceTopic(quote.ticker)), epoch=epoch, seq=seq, chunk=chunk)])
