"""A backtest of the real market: near the baseline of strategies.md 9.7, and no claim that it does not bear."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from servers.scanner.backtest import BacktestWindow, judge, replay_window, signal_set
from servers.scanner.evaluation.forward import Future
from servers.scanner.evaluation.pool import join_days
from servers.scanner.evaluation.replay import ReplayedSession
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.outcome import EntryMode, OutcomeRule
from shared.market.scoreboard import claim
from shared.market.signal import Grade, SignalKind
from tests.fixtures.real_market import real_history

pytestmark = pytest.mark.data

VCP = SignalKind.VCP
FIRST, LAST = date(2024, 11, 1), date(2026, 4, 30)
WINDOW = BacktestWindow(since=FIRST, until=LAST, kinds=(VCP,))


@pytest.fixture(scope="module")
def replayed(real_data: Path) -> list[ReplayedSession]:
    """VCP on every session."""
    return list(replay_window(real_history(real_data), WINDOW))


def test_vcp_comes_near_the_first_measurements(real_data: Path, replayed: list[ReplayedSession]) -> None:
    """Detections a day, the universe and the pattern ten bars later; without slippage and with repeats, as 9.7 has it."""
    history, rules = real_history(real_data), StrategyParameters()
    signals, pool = signal_set(replayed, VCP, rules), join_days([each.pools[VCP] for each in replayed])
    future, rule = Future.of(history), OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=10, slip_ticks=0)
    universe = future.hold(pool.day, pool.bars, rule)
    found = future.hold(signals.purchases.session, signals.purchases.bars, rule)
    assert 15 <= signals.rows.size / len(replayed) <= 25  # 19 a day
    assert 900 <= pool.rows.size / len(replayed) <= 1_100  # 934 a day
    assert np.nanmean(universe) == pytest.approx(0.0115, abs=0.004)
    assert np.mean(universe[np.isfinite(universe)] > 0) == pytest.approx(0.474, abs=0.015)
    assert np.nanmean(found) == pytest.approx(0.0154, abs=0.004)
    assert np.mean(found[np.isfinite(found)] > 0) == pytest.approx(0.492, abs=0.015)


def test_no_grade_of_vcp_is_significant_and_none_is_claimed_to_be(real_data: Path, replayed: list[ReplayedSession]) -> None:
    by_open, by_trigger = judge(real_history(real_data), WINDOW, replayed)
    lines = by_open.scoreboard.lines
    assert by_open.sessions == 364
    assert not any(claim(lines, horizon).works for horizon in WINDOW.horizons)
    ten = {line.grade: line for line in lines if line.horizon == 10}
    assert ten[Grade.A].filled > 400
    assert abs(ten[Grade.A].excess_t) < 2
    assert ten[None].band_low < ten[None].base < ten[None].band_high
    assert all(np.isnan(line.base) for line in by_trigger.scoreboard.lines)
