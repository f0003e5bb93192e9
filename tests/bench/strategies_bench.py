"""How fast strategies, gate and backtest are, the strategies beside the per-ticker pandas loop in the same run.

Seconds are CPU time of this process, its threads included: on a busy machine the wall clock measures the neighbours. The
loop is timed on every tenth ticker and scaled up; its scores must be those of the product.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from servers.scanner.backtest import BacktestWindow, judge, replay_window
from servers.scanner.gate import read_gate
from servers.scanner.gate_facts import breadth, index_facts
from servers.scanner.history import MarketHistory
from servers.scanner.panel import Panel
from servers.scanner.strategies import daytrading, jongga, vcp_signal
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Median, lowest and highest milliseconds of CPU of one piece of work."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        return f"{self.median:.1f} ms ({self.lowest:.1f} to {self.highest:.1f})"


def speed(work: Callable[[], object], repeats: int = 15) -> Speed:
    """Time a warm piece of work."""
    work()
    taken = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        taken.append(1e3 * (time.process_time() - started))
    return Speed(median=statistics.median(taken), lowest=min(taken), highest=max(taken))


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


def loop_seconds(panel: Panel) -> float:
    """CPU seconds of the pandas loop over all eligible tickers, scaled up from every tenth.

    Raises:
        AssertionError: If a score of the loop differs from the product's.
    """
    rows = np.flatnonzero(panel.ranked)
    products = vcp_signal.score(panel), jongga.score(panel), daytrading.score(panel)
    frames = {row: ticker_frame(panel, row) for row in rows.tolist()}
    strengths = {row: reference_strength(frame["close"]) for row, frame in frames.items()}
    ratings = reference_ratings(strengths, [row for row, frame in frames.items() if is_liquid(frame)])
    sectors = sector_reference(panel)
    sample = rows[::_EVERY].tolist()
    started = time.process_time()
    found = [_by_loop(panel, row, ratings[row], sectors.get(panel.tickers[row])) for row in sample]
    seconds = time.process_time() - started
    for row, (total, points, checks) in zip(sample, found, strict=True):
        assert products[0].total[row] == total, panel.tickers[row]
        assert products[1].points[row].tolist() == points, panel.tickers[row]
        assert products[2].points[row].tolist() == checks, panel.tickers[row]
    return seconds * rows.size / len(sample)


def _by_loop(panel: Panel, row: int, rating: int, sector: dict[str, float] | None) -> tuple[float, object, object]:
    bars, flows = ticker_frame(panel, row), flow_frame(panel, row)
    total = reference_total(reference_vcp(bars, rating)["score"], reference_smart(flows))
    named = flows.rename(columns={"value": "turnover"})
    before = pd.DataFrame({"foreign": panel.flows.foreign_net[row, :5], "institution": panel.flows.institution_net[row, :5]})
    closing = jongga_reference(bars, before)
    return total, closing["points"], daytrading_reference(bars, named, sector)["points"]


def main() -> None:
    """Print the figures."""
    history = bench_market()
    panel = newest(history)
    parts = {
        "VCP": speed(lambda: vcp_signal.score(panel)),
        "종가베팅": speed(lambda: jongga.score(panel)),
        "단타": speed(lambda: daytrading.score(panel)),
    }
    for name, taken in parts.items():
        print(f"{name}: {taken}")
    together = speed(lambda: (vcp_signal.score(panel), jongga.score(panel), daytrading.score(panel)))
    loop = loop_seconds(panel)
    print(f"all three over {int(panel.ranked.sum())} tickers x 320 bars: {together}; budget 60 ms")
    print(f"pandas loop with the same scores: {loop:.1f} s, {1e3 * loop / together.median:.0f} times as long; floor 150")
    index = 2_500 * np.exp(np.random.default_rng(1).normal(0, 0.01, 1_000).cumsum())
    gate = speed(lambda: read_gate(index_facts(index), index_facts(index[::-1].copy()), breadth(panel.close, panel.ranked)))
    print(f"gate: {gate}; budget 5 ms")
    _backtest(history)


def _backtest(history: MarketHistory) -> None:
    last = int(history.sessions[-1])
    until = date(last // 10_000, last // 100 % 100, last % 100)
    window = BacktestWindow(since=until.replace(year=until.year - 2), until=until)
    wall, cpu = time.perf_counter(), time.process_time()
    replayed = list(replay_window(history, window))
    results = judge(history, window, replayed)
    lines = sum(len(result.scoreboard.lines) for result in results)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"two-year backtest: {len(replayed)} sessions, {lines} lines: {wall:.1f} s, CPU {cpu:.1f} s; budget 60 s, two cores"
    )


if __name__ == "__main__":
    main()
