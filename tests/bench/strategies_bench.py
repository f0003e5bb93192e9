"""How fast strategies, gate and backtest are, the strategies beside the per-ticker pandas loop in the same run.

Seconds are CPU time of this process, its threads included: on a busy machine the wall clock measures the neighbours. The
loop is timed on every tenth ticker and scaled up; its scores must be those of the product.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from servers.scanner.backtest import BacktestWindow, judge, replay_window
from servers.scanner.gate import read_gate
from servers.scanner.gate_facts import breadth, index_facts
from servers.scanner.history import MarketHistory
from servers.scanner.panel import Panel
from servers.scanner.strategies import daytrading, jongga, vcp_signal
from tests.bench.figure import Beside, Figure, Spread, short
from tests.bench.scanner_bench import cpu_seconds
from tests.bench.workshop import Workshop
from tests.fixtures.panels import market, random_rows
from tests.fixtures.real_market import real_history
from tests.fixtures.reference_daytrading import daytrading_reference, sector_reference
from tests.fixtures.reference_jongga import jongga_reference
from tests.fixtures.reference_vcp import (
    flow_frame,
    is_liquid,
    reference_ratings,
    reference_smart,
    reference_strength,
    reference_total,
    reference_vcp,
    ticker_frame,
)

_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
_EVERY = 10


PAIRS = 9


def figures(_workshop: Workshop) -> Iterator[Figure]:
    """The three strategies of the daily schedule, the gate, and a backtest of two years."""
    history = bench_market()
    panel = newest(history)
    yield _strategies(panel)
    index = 2_500 * np.exp(np.random.default_rng(1).normal(0, 0.01, 1_000).cumsum())
    gate = speed(lambda: read_gate(index_facts(index), index_facts(index[::-1].copy()), breadth(panel.close, panel.ranked)))
    yield Figure(name="market gate anew", measured=gate, unit="ms", at_most=5, note="both indices and the market's breadth")
    yield _backtest(history)


def speed(work: Callable[[], object], repeats: int = 15) -> Spread:
    """Milliseconds of CPU of a warm piece of work."""
    work()
    return Spread.of([1e3 * cpu_seconds(work) for _ in range(repeats)])


def bench_market() -> MarketHistory:
    """The real market where it is there, else 2,700 random walks of 330 bars."""
    if (_DATA / "daily_ohlcv.parquet").exists():
        return real_history(_DATA)
    walks = list(random_rows(1, 300, 330, halts=0.0).values())
    return market({f"{number:05d}0": walks[number % len(walks)] for number in range(2_700)})


def newest(history: MarketHistory) -> Panel:
    """The panel at the end of the data."""
    last = int(history.sessions[-1])
    return history.panel(date(last // 10_000, last // 100 % 100, last % 100))


def _strategies(panel: Panel) -> Figure:
    def together() -> object:
        return vcp_signal.score(panel), jongga.score(panel), daytrading.score(panel)

    together()
    loop = pandas_loop(panel)
    ours, ratios = [], []
    for pair in range(PAIRS):
        slow = loop() if pair % 2 else 0.0
        ours.append(cpu_seconds(together, 5))
        ratios.append((slow or loop()) / ours[-1])
    parts = {"VCP": vcp_signal.score, "jongga": jongga.score, "daytrading": daytrading.score}
    alone = ", ".join(f"{name} {speed(partial(score, panel)).median:.1f}" for name, score in parts.items())
    return Figure(
        name="VCP, jongga and daytrading, whole market, panel warm",
        measured=Spread.of([1e3 * seconds for seconds in ours]),
        unit="ms",
        at_most=60,
        beside=Beside(what="times as fast as a pandas loop with identical scores", ratio=Spread.of(ratios), at_least=150),
        note=f"{int(panel.ranked.sum())} tickers x 320 bars, CPU of one core; alone: {alone} ms",
    )


def pandas_loop(panel: Panel) -> Callable[[], float]:
    """The loop: each call runs it over every tenth ticker and gives its CPU seconds scaled up to all eligible ones.

    A call raises AssertionError if a score of the loop differs from the product's.
    """
    rows = np.flatnonzero(panel.ranked)
    products = vcp_signal.score(panel), jongga.score(panel), daytrading.score(panel)
    frames = {row: ticker_frame(panel, row) for row in rows.tolist()}
    strengths = {row: reference_strength(frame["close"]) for row, frame in frames.items()}
    ratings = reference_ratings(strengths, [row for row, frame in frames.items() if is_liquid(frame)])
    sectors = sector_reference(panel)
    sample = rows[::_EVERY].tolist()

    def run() -> float:
        started = time.process_time()
        found = [_by_loop(panel, row, ratings[row], sectors.get(panel.tickers[row])) for row in sample]
        seconds = time.process_time() - started
        for row, (total, points, checks) in zip(sample, found, strict=True):
            assert products[0].total[row] == total, panel.tickers[row]
            assert products[1].points[row].tolist() == points, panel.tickers[row]
            assert products[2].points[row].tolist() == checks, panel.tickers[row]
        return seconds * rows.size / len(sample)

    return run


def _by_loop(panel: Panel, row: int, rating: int, sector: dict[str, float] | None) -> tuple[float, object, object]:
    bars, flows = ticker_frame(panel, row), flow_frame(panel, row)
    total = reference_total(reference_vcp(bars, rating)["score"], reference_smart(flows))
    named = flows.rename(columns={"value": "turnover"})
    before = pd.DataFrame({"foreign": panel.flows.foreign_net[row, :5], "institution": panel.flows.institution_net[row, :5]})
    closing = jongga_reference(bars, before)
    return total, closing["points"], daytrading_reference(bars, named, sector)["points"]


def _backtest(history: MarketHistory) -> Figure:
    last = int(history.sessions[-1])
    until = date(last // 10_000, last // 100 % 100, last % 100)
    window = BacktestWindow(since=until.replace(year=until.year - 2), until=until)
    wall, cpu = time.perf_counter(), time.process_time()
    replayed = list(replay_window(history, window))
    results = judge(history, window, replayed)
    lines = sum(len(result.scoreboard.lines) for result in results)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    note = f"{len(replayed)} sessions, {lines} lines of the scoreboard; CPU {short(cpu)} s"
    name = "backtest of all three over two years, whole market"
    return Figure(name=name, measured=Spread.of([wall]), unit="s", at_most=60, note=note)
