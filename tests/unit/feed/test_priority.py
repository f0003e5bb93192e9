"""Behaviour of the monitor score."""

import numpy as np
import pytest

from servers.feed.priority import PriorityMode, PriorityParameters, ScanRows, priority_order, priority_scores
from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker

NOBODY = np.array([False])


def rows(**changed: float) -> ScanRows:
    values = {
        "high": 10_200.0,
        "low": 9_600.0,
        "previous_close": 10_000.0,
        "turnover": 8e9,
        "disparity": -0.065,
        "usual_turnover": 2e9,
    } | changed
    return ScanRows(tickers=(Ticker("005930"),), **{name: np.array([value]) for name, value in values.items()})


def score(subscribed: bool = False, parameters: PriorityParameters | None = None, **changed: float) -> float:
    return float(priority_scores(rows(**changed), np.array([subscribed]), parameters=parameters)[0])


def test_the_worked_example() -> None:
    assert score() == pytest.approx(59.69, abs=0.005)


def test_an_incumbent_gets_its_bonus() -> None:
    assert score(subscribed=True) - score() == pytest.approx(5)


@pytest.mark.parametrize(("disparity", "points"), [(-0.30, 50), (-0.08, 50), (-0.055, 25), (-0.03, 0), (0.2, 0)])
def test_nearness_is_full_below_the_threshold_and_fades_above_it(disparity: float, points: float) -> None:
    assert score(disparity=disparity) - score(disparity=0.5) == pytest.approx(points)


@pytest.mark.parametrize("name", ["high", "low", "previous_close", "turnover", "disparity", "usual_turnover"])
def test_a_missing_figure_earns_nothing_but_breaks_nothing(name: str) -> None:
    assert 0 <= score(**{name: float("nan")}) < score()


def test_a_zero_previous_close_or_usual_turnover_is_missing_too() -> None:
    assert score(previous_close=0.0) == score(previous_close=float("nan"))
    assert score(usual_turnover=0.0) == score(usual_turnover=float("nan"))


def test_the_score_stays_within_its_scale() -> None:
    assert score(high=1e6, low=1.0, turnover=1e15, disparity=-0.9, usual_turnover=1.0) == pytest.approx(100)
    assert score(high=1.0, low=1.0, turnover=0.0, disparity=9.0, usual_turnover=1e15) == 0


def test_the_literal_form_is_kept_and_is_dominated_by_nearness() -> None:
    literal = PriorityParameters(mode=PriorityMode.LITERAL)
    assert score(parameters=literal, disparity=-0.079, high=10_000.0, low=10_000.0) == pytest.approx(1 / 0.006 + np.log(8e9))


def test_equal_scores_are_ordered_by_turnover_then_code() -> None:
    order = priority_order(
        np.array([10.0, 10.0, 50.0, 10.0]),
        np.array([1.0, 5.0, 0.0, 5.0]),
        [Ticker(code) for code in ("000004", "000003", "000002", "000001")],
    )
    assert order.tolist() == [2, 3, 1, 0]


def test_weights_must_sum_to_one() -> None:
    with pytest.raises(InvalidInput, match="sum to 1"):
        PriorityParameters(nearness=0.6)
