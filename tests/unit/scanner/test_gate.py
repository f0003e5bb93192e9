"""Behaviour of the market gate: level, colour, missing input, hysteresis and words."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from servers.scanner.gate import (
    GateColour,
    GateData,
    GateParameters,
    GateReading,
    GateState,
    change_word,
    read_gate,
    settle,
    today_points,
    trend_points,
)
from servers.scanner.gate_facts import IndexFacts, breadth, index_facts
from shared.market.errors import InvalidInput

KOSPI = IndexFacts(close=2_910, change=0.004, sma20=2_900, sma60=2_800, sma20_5_bars_ago=2_890, rsi14=62, max120=3_000)
KOSDAQ = IndexFacts(close=910, change=-0.003, sma20=900, sma60=950, sma20_5_bars_ago=890, rsi14=48, max120=1_000)


def reading(level: int, *, circuit: bool = False) -> GateReading:
    colour = GateColour.GREEN if level >= 70 else GateColour.YELLOW if level >= 40 else GateColour.RED
    return replace(read_gate(KOSPI, KOSDAQ, 0.5), level=level, colour=colour, circuit=circuit)


def shown(levels: list[int], start: GateColour) -> list[GateColour]:
    state = GateState(colour=start)
    colours = []
    for level in levels:
        state = settle(state, reading(level))
        colours.append(state.colour)
    return colours


def test_the_worked_example_is_yellow_at_69() -> None:
    assert trend_points(KOSPI) == 60
    assert today_points(KOSPI.change) == 14
    assert trend_points(KOSDAQ) == 35
    assert today_points(KOSDAQ.change) == 6
    gate = read_gate(KOSPI, KOSDAQ, 0.52)
    assert (gate.level, gate.colour, gate.data_status) == (69, GateColour.YELLOW, GateData.COMPLETE)
    assert gate.missing == ()
    assert sum(part.max_points for part in gate.parts) == 100
    assert sum(part.points for part in gate.parts) == pytest.approx(68.5)


def test_reasons_are_worded_as_defined() -> None:
    assert read_gate(KOSPI, KOSDAQ, 0.52).reasons == (
        "코스피 20일선 위",
        "코스피 20일선>60일선",
        "코스피 RSI 62",
        "코스닥 20일선 위",
        "코스닥 RSI 48",
        "상승종목 비중(20일선) 52%",
    )


@pytest.mark.parametrize(
    ("change", "points", "word"),
    [
        (0.0101, 20, "강세"),
        (0.01, 14, "소폭 상승"),
        (0.0, 10, "보합"),
        (-0.01, 6, "소폭 하락"),
        (-0.010001, 0, "약세"),
        (1.01 / 1.0 - 1.0, 14, "소폭 상승"),  # 0.010000000000000009 is one per cent
    ],
)
def test_todays_change_has_points_and_a_word(change: float, points: float, word: str) -> None:
    assert today_points(change) == points
    assert change_word(change) == word


@pytest.mark.parametrize(
    ("rsi", "points"), [(39.9, 0), (40, 5), (49.9, 5), (50, 10), (70, 10), (70.1, 5), (80, 5), (80.1, 0)]
)
def test_an_overheated_or_weak_rsi_earns_less(rsi: float, points: float) -> None:
    assert trend_points(replace(KOSPI, rsi14=rsi)) == 50 + points


def test_a_crash_of_either_index_blocks_the_gate() -> None:
    gate = read_gate(KOSPI, replace(KOSDAQ, change=-0.03), 0.9)
    assert gate.circuit
    assert gate.level == 39
    assert gate.colour is GateColour.RED
    assert gate.reasons[0] == "지수 급락 -3% 이하 – 게이트 차단"


def test_a_missing_index_scales_what_is_left_and_says_so() -> None:
    gate = read_gate(KOSPI, None, 0.52)
    # 30 + 7 of 40 for KOSPI's half and 11 of 20 for breadth
    assert gate.level == 80
    assert gate.missing == ("KOSDAQ",)
    assert gate.data_status is GateData.PARTIAL
    assert gate.kosdaq_status == ""
    assert gate.kosdaq_change is None


def test_missing_breadth_scales_the_indices() -> None:
    gate = read_gate(KOSPI, KOSDAQ, None)
    assert gate.level == math.floor(100 * 57.5 / 80 + 0.5)
    assert gate.missing == ("breadth",)


def test_without_any_index_the_gate_is_marked_missing_and_not_scored() -> None:
    gate = read_gate(None, None, 0.95)
    assert (gate.level, gate.colour, gate.data_status) == (50, GateColour.YELLOW, GateData.MISSING)
    assert gate.missing == ("KOSPI", "KOSDAQ")


def test_the_colour_changes_at_once_only_with_the_margin() -> None:
    assert shown([72], GateColour.YELLOW) == [GateColour.GREEN]
    assert shown([71], GateColour.YELLOW) == [GateColour.YELLOW]
    assert shown([68], GateColour.GREEN) == [GateColour.YELLOW]
    assert shown([69], GateColour.GREEN) == [GateColour.GREEN]
    assert shown([42], GateColour.RED) == [GateColour.YELLOW]
    assert shown([41], GateColour.RED) == [GateColour.RED]
    assert shown([38], GateColour.YELLOW) == [GateColour.RED]


def test_a_colour_that_holds_twice_is_taken_without_the_margin() -> None:
    assert shown([70, 70], GateColour.YELLOW) == [GateColour.YELLOW, GateColour.GREEN]
    assert shown([69, 70, 69, 69], GateColour.GREEN) == [GateColour.GREEN] * 3 + [GateColour.YELLOW]


def test_flickering_around_a_border_does_not_change_the_colour() -> None:
    assert set(shown([70, 69] * 20, GateColour.YELLOW)) == {GateColour.YELLOW}


def test_a_fall_across_two_borders_stops_between_them_until_confirmed() -> None:
    assert shown([39, 39], GateColour.GREEN) == [GateColour.YELLOW, GateColour.RED]
    assert shown([70, 70], GateColour.RED) == [GateColour.YELLOW, GateColour.GREEN]


def test_a_crash_does_not_wait_for_confirmation() -> None:
    assert settle(GateState(colour=GateColour.GREEN), reading(39, circuit=True)).colour is GateColour.RED


def test_the_first_reading_is_shown_as_it_is() -> None:
    assert settle(None, reading(70)) == GateState(colour=GateColour.GREEN)


def test_index_facts_match_a_plain_calculation() -> None:
    closes = 1_000 * np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.01, 400)))
    facts = index_facts(closes)
    assert facts is not None
    assert facts.sma20 == pytest.approx(sum(closes[-20:]) / 20)
    assert facts.sma60 == pytest.approx(sum(closes[-60:]) / 60)
    assert facts.sma20_5_bars_ago == pytest.approx(sum(closes[-25:-5]) / 20)
    assert facts.max120 == max(closes[-120:])
    assert facts.rsi14 == pytest.approx(slow_rsi(list(closes[-320:])))


def slow_rsi(closes: list[float]) -> float:
    changes = [b - a for a, b in pairwise(closes)]
    gain = sum(max(c, 0) for c in changes[:14]) / 14
    loss = sum(max(-c, 0) for c in changes[:14]) / 14
    for change in changes[14:]:
        gain = (13 * gain + max(change, 0)) / 14
        loss = (13 * loss + max(-change, 0)) / 14
    return 100.0 if loss == 0 else 100 - 100 / (1 + gain / loss)


def test_an_index_that_only_rose_has_rsi_100() -> None:
    facts = index_facts(np.arange(1.0, 200.0))
    assert facts is not None
    assert facts.rsi14 == 100


def test_a_short_index_history_fails_what_it_cannot_measure() -> None:
    facts = index_facts(np.arange(100.0, 130.0))
    assert facts is not None
    assert math.isnan(facts.rsi14)
    assert math.isnan(facts.sma60)
    assert math.isnan(facts.max120)
    assert trend_points(facts) == 15 + 10  # above its 20-day line, which rises
    assert index_facts(np.array([100.0])) is None
    assert index_facts(np.full(200, np.nan)) is None


def test_breadth_counts_eligible_tickers_with_enough_bars() -> None:
    rising = np.arange(1.0, 41.0)
    closes = np.vstack([rising, rising[::-1], rising, np.where(np.arange(40) < 30, np.nan, rising)])
    assert breadth(closes, np.array([True, True, False, True])) == 0.5
    assert breadth(closes, np.zeros(4, dtype=bool)) is None
    assert breadth(closes[:, :10], np.ones(4, dtype=bool)) is None


@pytest.mark.parametrize("bad", [{"green": 40}, {"yellow": 0}, {"hysteresis": -1}, {"crash": 0.03}])
def test_impossible_borders_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="gate"):
        GateParameters(**bad)
