from dataclasses import replace

import numpy as np
import pytest

from servers.scanner.strategies import smart_money
from tests.fixtures.golden_vcp import E1_ANCHORS, golden_panel
from tests.fixtures.raw_panels import flows_of

EOK = 1e8
E4_DAYS = [
    (-10 * EOK, 50 * EOK, 400 * EOK),
    (20 * EOK, 10 * EOK, 400 * EOK),
    (30 * EOK, -50 * EOK, 400 * EOK),
    (40 * EOK, 10 * EOK, 400 * EOK),
    (40 * EOK, 10 * EOK, 400 * EOK),
]


def scored(days, **changes):
    return smart_money.score(golden_panel(E1_ANCHORS, flows=replace(flows_of(days), **changes)))


def points(days):
    return scored(days).points[0].tolist()


def even(foreign, institution, turnover=100.0):
    return [(foreign, institution, turnover)] * 5


def test_example_e4():
    found = scored(E4_DAYS)
    assert found.points[0].tolist() == [32, 12, 10, 10, 5]
    assert found.score.tolist() == [69]
    assert (found.foreign_ratio[0], found.institution_ratio[0]) == pytest.approx((0.06, 0.015))
    assert (found.foreign_days[0], found.institution_days[0]) == (4, 2)


@pytest.mark.parametrize(
    ("ratio", "foreign", "institution"),
    [
        (0.10, 40, 30),
        (0.0999, 32, 24),
        (0.05, 32, 24),
        (0.02, 24, 18),
        (0.0199, 16, 12),
        (0.0, 8, 6),
        (-0.0199, 8, 6),
        (-0.02, 4, 3),
        (-0.0499, 4, 3),
        (-0.05, 0, 0),
        (-0.5, 0, 0),
    ],
)
def test_ratios_earn_steps(ratio, foreign, institution):
    assert points(even(100 * ratio, 0))[0] == foreign
    assert points(even(0, 100 * ratio))[1] == institution


def test_a_ratio_below_nine_decimals_is_nothing():
    assert points(even(1, 0, 1e11))[0] == 8


def test_one_missing_day_is_allowed_and_two_are_not():
    days = even(10.0, 10.0)
    days[2] = (np.nan, 10.0, 100.0)
    assert scored(days).known.tolist() == [True]
    assert scored(days).foreign.tolist() == [40.0]
    assert scored(days).institution.tolist() == [40.0]
    days[4] = (10.0, 10.0, np.nan)
    assert scored(days).known.tolist() == [False]
    assert scored(days).score.tolist() == [0]


def test_a_streak_runs_over_known_days():
    days = even(10.0, -10.0)
    days[3] = (np.nan, np.nan, 100.0)
    assert scored(days).foreign_days.tolist() == [4]
    days[2] = (0.0, -10.0, 100.0)
    assert scored(days).foreign_days.tolist() == [1]


def test_acceleration_needs_the_newest_day_and_the_newest_two():
    assert points([(0, 0, 100)] * 3 + [(-5, 0, 100), (4, 0, 100)])[4] == 0
    assert points([(0, 0, 100)] * 3 + [(-3, 0, 100), (4, 0, 100)])[4] == 5
    assert points([(0, 0, 100)] * 3 + [(5, 0, 100), (-1, 0, 100)])[4] == 0


def test_no_flows_at_all_are_missing():
    found = scored([])
    assert found.known.tolist() == [False]
    assert found.points.sum() == 0


def test_sessions_without_turnover_are_missing_as_a_whole():
    assert scored(even(1.0, 1.0, 0.0)).known.tolist() == [False]


def test_an_unpublished_session_shifts_the_five_days_back():
    days = [(-100.0, -100.0, 100.0), *even(10.0, 10.0)]
    assert scored(days).foreign.tolist() == [50.0]
    early = flows_of(days)
    early.foreign_net[:, -1] = early.institution_net[:, -1] = np.nan
    found = smart_money.score(golden_panel(E1_ANCHORS, flows=replace(early, published=5)))
    assert found.foreign.tolist() == [-60.0]


def test_converted_share_counts_are_marked():
    found = scored(E4_DAYS, from_shares=np.array([[False] * 5 + [True]]))
    assert found.from_shares.tolist() == [True]
    assert scored(E4_DAYS, from_shares=np.array([[True] + [False] * 5])).from_shares.tolist() == [False]
