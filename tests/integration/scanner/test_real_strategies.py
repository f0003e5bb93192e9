"""종가베팅 and 단타 on the real market: the numbers of the slow calculations, on days of both moods."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from servers.scanner.strategies import daytrading, jongga
from shared.market.signal import Grade
from tests.fixtures.panels import day
from tests.fixtures.real_market import real_history
from tests.fixtures.reference_daytrading import daytrading_reference, sector_reference
from tests.fixtures.reference_jongga import jongga_reference

GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)
NAMES = ("open", "high", "low", "close", "volume", "turnover")
DAYS = (20240805, 20250409, 20260430)  # two crash days and the newest one, with flows
EVERY = 20

pytestmark = pytest.mark.data


def panel_on(real_data: Path, session: int):
    return real_history(real_data).panel(day(session))


def bars_of(panel, row):
    start = panel.close.shape[1] - panel.count[row]
    return pd.DataFrame({name: getattr(panel, name)[row, start:] for name in NAMES})


def flows_of(panel, row, columns):
    return pd.DataFrame(
        {
            "foreign": panel.flows.foreign_net[row, columns],
            "institution": panel.flows.institution_net[row, columns],
            "turnover": panel.flows.turnover[row, columns],
        }
    )


@pytest.mark.parametrize("session", DAYS)
def test_jongga_gives_the_numbers_of_the_slow_calculation(real_data, session):
    panel = panel_on(real_data, session)
    result = jongga.score(panel)
    rows = np.flatnonzero(panel.ranked)[::EVERY]
    for row in rows:
        expected = jongga_reference(bars_of(panel, row), flows_of(panel, row, slice(0, 5))[["foreign", "institution"]])
        got = {
            "points": result.points[row].tolist(),
            "score_max": int(result.score_max[row]),
            "graded": int(result.graded[row]),
            "grade": GRADES[result.grade[row]].value,
            "tradable": bool(result.tradable[row]),
        }
        assert got == expected, panel.tickers[row]
    assert rows.size > 100


@pytest.mark.parametrize("session", DAYS)
def test_daytrading_gives_the_numbers_of_the_slow_calculation(real_data, session):
    panel = panel_on(real_data, session)
    result = daytrading.score(panel)
    sectors = sector_reference(panel)
    for row in np.flatnonzero(panel.ranked)[::EVERY]:
        expected = daytrading_reference(
            bars_of(panel, row), flows_of(panel, row, slice(1, 6)), sectors.get(panel.tickers[row])
        )
        got = {
            "points": result.points[row].tolist(),
            "score_max": int(result.score_max[row]),
            "grade": GRADES[result.grade[row]].value,
            "tradable": bool(result.tradable[row]),
        }
        assert got == expected, panel.tickers[row]


def test_flows_of_the_development_data_reach_both_scores(real_data):
    panel = panel_on(real_data, 20260430)
    before, until = jongga.score(panel), daytrading.score(panel)
    assert before.supply.known[panel.ranked].mean() > 0.95
    assert until.supply.known[panel.ranked].mean() > 0.95
    assert not np.array_equal(before.supply.foreign[panel.ranked], until.supply.foreign[panel.ranked])
