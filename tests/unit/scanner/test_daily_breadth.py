"""Breadth of many days at once: the same as measured day by day on the panel of each."""

import numpy as np
import pytest

from servers.scanner.daily_breadth import DailyBreadth
from servers.scanner.gate_inputs import closing_reading, gate_base
from servers.scanner.universe import FlagSpan
from shared.market.instrument import InstrumentFlag, Ticker
from tests.fixtures.panels import SESSIONS, day, market, random_rows


@pytest.fixture(scope="module")
def history():
    rows = random_rows(11, 80, 200, halts=0.02)
    tickers = list(rows)
    split = 20  # the third ticker halves its price twenty sessions before the end
    rows[tickers[2]][-split:] = [
        bar and tuple(max(value // 2, 1) for value in bar[:4]) + bar[4:] for bar in rows[tickers[2]][-split:]
    ]
    jump = rows[tickers[4]]
    jump[-60:] = [bar and tuple(value * 3 for value in bar[:4]) + bar[4:] for bar in jump[-60:]]
    flags = [FlagSpan(ticker=Ticker(tickers[5]), flag=InstrumentFlag.HALTED, valid_from=day(SESSIONS[350]))]
    return market(rows, splits=[(tickers[2], SESSIONS[380], 0.5)], flags=flags)


def test_every_day_has_the_breadth_of_its_own_panel(history):
    breadth = DailyBreadth.of(history)
    shares = []
    for session in SESSIONS[200:400]:
        panel = history.panel(day(session), window=25)
        expected = closing_reading(gate_base(panel, {})).reading.breadth if panel.session == session else None
        assert breadth.share(day(session)) == expected, session
        shares.append(expected)
    assert sum(share is not None for share in shares) > 170
    assert len(set(shares)) > 50


def test_a_day_without_bars_has_no_breadth(history):
    assert DailyBreadth.of(history).share(day(SESSIONS[10])) is None
    assert DailyBreadth.of(market({"000010": []})).share(day(SESSIONS[399])) is None


def test_measuring_does_not_touch_the_history(history):
    before = history.bars.close.copy()
    DailyBreadth.of(history)
    assert np.array_equal(history.bars.close, before)
