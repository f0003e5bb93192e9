"""How fast the store takes daily bars, measured beside bare statements in the same run.

The lead figure is a ratio of CPU seconds of this process (its threads included), the two arms interleaved.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from shared.clock import WallClock
from shared.market.times import yyyymmdd
from shared.store.origin import Origin
from shared.store.provenance import Provenance, SourceRank
from shared.store.repositories.bars import BarRows
from shared.store.store import Store
from tests.bench.figure import Beside, Figure, Spread
from tests.bench.workshop import Workshop

TICKERS, SESSIONS = 100, 600

_PROVENANCE = Provenance(source="bench", rank=SourceRank.COLLECTED, fetched_time=datetime(2026, 1, 1, tzinfo=UTC))
_COLUMNS = (
    "ticker, date, open, high, low, close, volume, turnover, turnover_estimated, adjusted_as_of, source_id, rank, "
    "fetched_time"
)


def figures(_workshop: Workshop) -> Iterator[Figure]:
    """Writing of bars, all ways included that lead through the repository."""
    seconds, ratio = bench_bulk_insert()
    yield Figure(
        name="bulk insert of daily bars through the repository",
        measured=seconds,
        unit="s CPU",
        beside=Beside(what="times the speed of a bare executemany of the same rows", ratio=ratio, at_least=0.7),
        note=f"{TICKERS * SESSIONS:,} bars into an empty store; upsert rules, provenance and official turnover included",
    )


def bench_bulk_insert(*, tickers: int = TICKERS, sessions: int = SESSIONS, pairs: int = 9) -> tuple[Spread, Spread]:
    """Upsert bars through the repository and insert the same rows by a bare `executemany`, in turns.

    Args:
        tickers: Instruments of the made-up market.
        sessions: Bars of each.
        pairs: Measurements of each arm, at least 9.

    Returns:
        CPU seconds of the upsert, and its speed over that of the bare statement: 1 = equal.
    """
    rows = invented_bars(tickers, sessions)
    tuples = list(
        zip(
            rows.tickers,
            *(getattr(rows, name).tolist() for name in ("date", "open", "high", "low", "close", "volume", "turnover")),
            *([value] * len(rows.tickers) for value in (1, None, 1, 20, 1_767_225_600_000_000)),
            strict=True,
        )
    )
    ours, ratios = [], []
    for pair in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            arms: list[Callable[[], float]] = [
                lambda: _bare(Path(folder) / "bare.db", tuples),
                lambda: asyncio.run(_through_the_store(Path(folder) / "store.db", rows)),
            ]
            # The order alternates, so that neither arm always meets the warmer caches.
            order = (0, 1) if pair % 2 else (1, 0)
            seconds = {arm: arms[arm]() for arm in order}
        ours.append(seconds[1])
        ratios.append(seconds[0] / seconds[1])
    return Spread.of(ours), Spread.of(ratios)


def invented_bars(tickers: int, sessions: int) -> BarRows:
    """A market of random walks, sorted by (ticker, date); the same on every call."""
    chance = np.random.default_rng(7)
    count = tickers * sessions
    days = np.array([yyyymmdd(date(2023, 1, 1) + timedelta(days=day)) for day in range(sessions)], dtype=np.int32)
    close = np.abs(chance.normal(0, 2_000, (tickers, sessions)).cumsum(axis=1)).astype(np.int64).ravel() + 1_000
    volume = chance.integers(1_000, 30_000_000, count)
    return BarRows(
        tickers=[f"{ticker:06}" for ticker in range(tickers) for _ in range(sessions)],
        date=np.tile(days, tickers),
        open=close - 5,
        high=close + 50,
        low=close - 50,
        close=close,
        volume=volume,
        turnover=close * volume,
        turnover_estimated=np.ones(count, dtype=np.bool_),
    )


def _bare(path: Path, tuples: list[tuple[object, ...]]) -> float:
    asyncio.run(_make(path))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = FULL")
    marks = ", ".join("?" * 13)
    started = time.process_time()
    with connection:
        connection.executemany(f"INSERT INTO daily_bars ({_COLUMNS}) VALUES ({marks})", tuples)
    seconds = time.process_time() - started
    connection.close()
    return seconds


async def _through_the_store(path: Path, rows: BarRows) -> float:
    async with await Store.open(str(path), origin=Origin.SIMULATED, clock=WallClock()) as store:
        started = time.process_time()
        async with store.begin() as uow:
            await uow.bars.upsert(rows, _PROVENANCE)
        return time.process_time() - started


async def _make(path: Path) -> None:
    await (await Store.open(str(path), origin=Origin.SIMULATED, clock=WallClock())).close()
