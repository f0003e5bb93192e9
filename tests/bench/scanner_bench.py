"""How fast the scanner scores the market, beside a loop over tickers in pandas that gives identical scores.

Times are CPU seconds of this process. Arms are interleaved and change places from pair to pair; both score the full set.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from servers.scanner.history import MarketHistory, build_panel
from servers.scanner.live import LiveBars, LiveVcp
from servers.scanner.panel import WINDOW, Panel
from servers.scanner.strategies import vcp_signal
from servers.scanner.strategies.vcp import VcpState
from servers.scanner.strategies.vcp_signal import VcpSignals
from servers.scanner.universe import describe_universe
from shared.market.bars import BarColumns
from tests.bench.figure import Beside, Figure, Spread
from tests.bench.workshop import DataAbsent, Workshop
from tests.fixtures.columns import factors, flows
from tests.fixtures.raw_panels import random_market
from tests.fixtures.real_market import real_history
from tests.fixtures.reference_vcp import reference_scan

TICKERS = 2_700


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFigures:
    """VCP and SmartMoney of a whole market: `scan_ms` per scan (target <= 30), `ratio` of pandas to it (target >= 150)."""

    tickers: int
    scan_ms: Spread
    pandas_s: Spread
    ratio: Spread
    identical: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RescanFigures:
    """A bar put and its ticker scored again, microseconds per ticker (target <= 50): one by one, and all in one batch."""

    tickers: int
    single_us: Spread
    batch_us: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFigures:
    """Columns to panel, milliseconds (target about 200): indexing and cut together."""

    rows: int
    build_ms: Spread


def figures(workshop: Workshop) -> Iterator[Figure]:
    """Scan, rescan and cut of the whole market."""
    panel = market(_data(workshop))
    scan = bench_scan(panel)
    assert scan.identical, "the pandas loop finds other scores"
    yield Figure(
        name="VCP and SmartMoney, whole market, panel warm",
        measured=scan.scan_ms,
        unit="ms",
        at_most=30,
        beside=Beside(what="times as fast as a pandas loop with identical scores", ratio=scan.ratio, at_least=150),
        note=f"{scan.tickers} tickers x {WINDOW} bars, CPU of one core",
    )
    rescan = bench_rescan(panel)
    note = f"all {rescan.tickers} in one batch: {rescan.batch_us} us each"
    yield Figure(
        name="one bar more and its ticker scored again", measured=rescan.single_us, unit="us", at_most=50, note=note
    )
    build = bench_build()
    yield Figure(name="panel out of columns in memory", measured=build.build_ms, unit="ms", note=f"{build.rows:,} bars")


def _data(workshop: Workshop) -> Path | None:
    try:
        return workshop.data
    except DataAbsent:
        return None


def market(folder: Path | None = None, *, day: date = date(2026, 4, 30)) -> Panel:
    """The real market of a day where the data is, else as many random walks."""
    if folder is not None and (folder / "daily_ohlcv.parquet").exists():
        return real_history(folder).panel(day)
    return random_market(2026, TICKERS)


def bench_scan(panel: Panel, *, pairs: int = 9, scans: int = 5) -> ScanFigures:
    """Score a market by the product and by the pandas loop, in turns.

    Args:
        panel: The market.
        pairs: Measurements of each arm.
        scans: Scans of the product per measurement; their mean counts.
    """
    signals = vcp_signal.score(panel)  # compiles, and warms the panel
    identical = True
    ours, theirs = [], []
    for pair in range(pairs):
        if pair % 2:
            ours.append(cpu_seconds(lambda: vcp_signal.score(panel), scans))
        start = time.process_time()
        reference = reference_scan(panel)
        theirs.append(time.process_time() - start)
        if not pair % 2:
            ours.append(cpu_seconds(lambda: vcp_signal.score(panel), scans))
        identical &= is_identical(signals, reference)
    return ScanFigures(
        tickers=int(signals.scored.sum()),
        scan_ms=Spread.of([1e3 * each for each in ours]),
        pandas_s=Spread.of(theirs),
        ratio=Spread.of([slow / fast for slow, fast in zip(theirs, ours, strict=True)]),
        identical=identical,
    )


def bench_rescan(panel: Panel, *, repeats: int = 9) -> RescanFigures:
    """Put every ticker's newest bar again, one by one and all together."""
    live = LiveVcp(panel)
    rows = np.flatnonzero(live.signals.scored)
    singles, everything = [newest_bars(panel, rows[i : i + 1]) for i in range(rows.size)], newest_bars(panel, rows)
    live.put(everything)

    def one_by_one() -> None:
        for bars in singles:
            live.put(bars)

    single, batch = [], []
    for _ in range(repeats):
        single.append(1e6 * cpu_seconds(one_by_one) / rows.size)
        batch.append(1e6 * cpu_seconds(lambda: live.put(everything)) / rows.size)
    return RescanFigures(tickers=int(rows.size), single_us=Spread.of(single), batch_us=Spread.of(batch))


def bench_build(*, tickers: int = TICKERS, sessions: int = WINDOW, repeats: int = 9) -> BuildFigures:
    """Build a panel from the columns that the store gives."""
    columns = invented_columns(tickers, sessions)
    facts = describe_universe(columns.tickers, {})
    none, nothing = factors([]), flows({})
    day = date(2024, 1, 1)

    def build() -> None:
        build_panel(columns, none, nothing, facts, as_of=day)

    build()
    return BuildFigures(rows=columns.date.size, build_ms=Spread.of([1e3 * cpu_seconds(build) for _ in range(repeats)]))


def bench_cut(history: MarketHistory, day: date, *, repeats: int = 9) -> Spread:
    """Milliseconds to cut one more panel out of an indexed history, as a backtest does for each session."""
    history.panel(day)
    return Spread.of([1e3 * cpu_seconds(lambda: history.panel(day)) for _ in range(repeats)])


def cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """Mean CPU seconds of this process per run of `work`."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def is_identical(signals: VcpSignals, reference: dict[int, tuple[dict[str, object], int | None, float]]) -> bool:
    """Whether every ticker has the reference's parts, state, detection, flow score and total."""
    if list(reference) != np.flatnonzero(signals.scored).tolist():
        return False
    return all(
        all(signals.vcp.records[name][row] == value for name, value in vcp.items() if name not in ("state", "pivot"))
        and VcpState(int(signals.vcp.records["state"][row])).name == vcp["state"]
        and (signals.smart.score[row] if signals.smart.known[row] else None) == smart
        and signals.total[row] == total
        for row, (vcp, smart, total) in reference.items()
    )


def newest_bars(panel: Panel, rows: np.ndarray) -> LiveBars:
    """The newest bars of some tickers as if they came live."""
    fields = ("open", "high", "low", "close", "volume", "turnover")
    return LiveBars(session=panel.session, rows=rows, **{name: getattr(panel, name)[rows, -1] for name in fields})


def invented_columns(tickers: int, sessions: int) -> BarColumns:
    """A market of random walks in integer won, sorted by (ticker, date), every hundredth day halted."""
    chance = np.random.default_rng(11)
    count = tickers * sessions
    days = np.array([int(str(day).replace("-", "")) for day in np.arange("2023-01-01", "2023-12-31", dtype="datetime64[D]")])
    close = np.exp(np.cumsum(chance.normal(0, 0.01, (tickers, sessions)), axis=1) + 9).astype(np.int64).ravel()
    halted = chance.random(count) < 0.01
    price, volume = np.where(halted, 0, close), np.where(halted, 0, chance.integers(1_000, 10_000_000, count))
    return BarColumns(
        tickers=tuple(f"{i:06d}" for i in range(tickers)),
        ticker_index=np.repeat(np.arange(tickers, dtype=np.int32), sessions),
        date=np.tile(days[:sessions].astype(np.int32), tickers),
        open=price,
        high=price + price // 100,
        low=price - price // 100,
        close=close,
        volume=volume,
        turnover=close * volume,
        turnover_estimated=np.zeros(count, dtype=bool),
        adjusted_as_of=np.zeros(count, dtype=np.int32),
    )
