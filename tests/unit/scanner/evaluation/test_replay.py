"""The pattern as of the bar before: what 종가베팅 is given."""

import numpy as np
import pytest

from servers.scanner.evaluation import finders, replay
from servers.scanner.strategies import vcp
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.signal import SignalKind
from tests.fixtures.panels import day, market, random_rows

RULES = StrategyParameters()


@pytest.fixture(scope="module")
def history():
    rows = random_rows(3, 30, 330, halts=0.0)
    halted = next(iter(rows))
    rows[halted] = [*rows[halted][:-4], None, None, *rows[halted][-2:]]
    return market(rows)


def seen_on(history, session, monkeypatch):
    seen = []
    finder = finders.FINDERS[SignalKind.JONGGA]
    monkeypatch.setitem(finders.FINDERS, SignalKind.JONGGA, lambda each: seen.append(each) or finder(each))
    list(replay.replay(history, (session,), kinds=(SignalKind.JONGGA,)))
    return seen[0]


def test_the_pattern_is_that_of_the_session_before(history, monkeypatch):
    last = history.sessions.size - 1
    seen = seen_on(history, last, monkeypatch)
    before = vcp.score(history.panel(day(int(history.sessions[last - 1])))).detected
    assert seen.vcp_before.tolist() == before.tolist()


def test_a_ticker_halted_on_the_session_before_has_the_pattern_of_its_own_last_bar(history, monkeypatch):
    back = history.sessions.size - 2  # trades again after two halted sessions
    seen = seen_on(history, back, monkeypatch)
    expected = vcp.score(seen.panel, bars_back=1).detected
    assert seen.panel.date[0, -2] != history.sessions[back - 1]
    assert seen.vcp_before[0] == expected[0]


def test_the_pattern_of_rows_alone_is_that_of_all_rows(history):
    panel = history.panel(day(int(history.sessions[-1])))
    every = vcp.score(panel, bars_back=1)
    some = np.arange(len(panel.tickers)) % 3 == 0
    alone = replay._one_bar_back(panel, RULES, panel.scored & some)
    for name in ("score", "detected", "state", "tests", "legs"):
        assert alone.records[name][alone.scored].tolist() == every.records[name][alone.scored].tolist()


def test_the_first_session_of_the_data_has_no_bar_before(history, monkeypatch):
    assert not seen_on(history, 0, monkeypatch).vcp_before.any()
