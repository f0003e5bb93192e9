"""Sessions that were stored judge like those that were not."""

import pytest

from servers.scanner.backtest import ENTRIES, BacktestWindow, judge_one, judged_by, replay_window
from servers.scanner.evaluation.forward import Future
from servers.scanner.evaluation.packing import pack, unpack
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.signal import SignalKind
from tests.fixtures.panels import SESSIONS, day, market, random_rows

RULES = StrategyParameters()


@pytest.mark.parametrize("kind", list(ENTRIES))
def test_a_board_of_stored_sessions_is_that_of_fresh_ones(kind):
    history = market(random_rows(5, 30, 150))
    window = BacktestWindow(since=day(SESSIONS[375]), until=day(SESSIONS[399]), kinds=(kind,))
    fresh = list(replay_window(history, window))
    stored = [*unpack(pack(fresh[:9], kind), history, kind), *unpack(pack(fresh[9:], kind), history, kind)]
    judged, future = judged_by(ENTRIES[kind][0], RULES), Future.of(history)
    boards = [judge_one(future, each, kind, rules=RULES, judged=judged, horizons=(1, 5)) for each in (fresh, stored)]
    assert repr(boards[0]) == repr(boards[1])
    assert [each.estimated for each in fresh] == [each.estimated for each in stored]
    if kind is not SignalKind.VCP:
        assert boards[0].found_per_day > 0


def test_sessions_without_a_find_survive():
    history = market(random_rows(5, 3, 70))
    window = BacktestWindow(since=day(SESSIONS[398]), until=day(SESSIONS[399]), kinds=(SignalKind.VCP,))
    fresh = list(replay_window(history, window))
    stored = unpack(pack(fresh, SignalKind.VCP), history, SignalKind.VCP)
    assert [each.day for each in stored] == [SESSIONS[398], SESSIONS[399]]
    assert stored[0].found[SignalKind.VCP].rows.size == 0
