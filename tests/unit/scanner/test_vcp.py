from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servers.scanner.panel import Status
from servers.scanner.strategies import vcp
from servers.scanner.strategies.rs import RelativeStrength
from servers.scanner.strategies.vcp import VcpState
from servers.scanner.strategies.vcp_parameters import VcpParameters
from tests.fixtures.golden_vcp import E1_ANCHORS, E2_ANCHORS, E3_ANCHORS, golden_panel
from tests.fixtures.raw_panels import panel_of, random_market, random_series, series

FIRST_BAR = 320 - 273


def rated(*ratings):
    return RelativeStrength(
        strength=np.zeros(len(ratings)), rating=np.array(ratings, dtype=np.int16), ordered=np.zeros(len(ratings))
    )


def record(panel, rating=90, **options):
    return vcp.score(panel, strength=rated(rating), **options).records[0]


def parts(found):
    return [int(found[name]) for name in ("trend", "structure", "dry_up", "tightness", "proximity")]


def test_the_golden_series_turns_where_the_definition_says():
    turned = [
        (p.bar - FIRST_BAR, round(p.price, 4), "H" if p.is_high else "L", p.confirmed_at and p.confirmed_at - FIRST_BAR)
        for p in vcp.trace(golden_panel(E1_ANCHORS), 0)
    ]
    assert turned == [
        (200, 20040.0, "H", 202),
        (218, 14970.0, "L", 220),
        (236, 19639.2, "H", 239),
        (246, 17213.504, "L", 249),
        (258, 19539.0, "H", 261),
        (264, 18293.34, "L", 268),
        (272, 19338.6, "H", None),
    ]


def test_example_e1_is_a_detected_three_leg_base_before_its_breakout():
    result = vcp.score(golden_panel(E1_ANCHORS), strength=rated(90))
    found = result.records[0]
    assert [round(leg.depth, 5) for leg in result.legs_of(0)] == [0.25299, 0.12351, 0.06375]
    assert found["tests"] == 8
    assert found["dry"] == pytest.approx(0.47619, abs=1e-4)
    assert found["distance"] == pytest.approx(-0.01223, abs=1e-4)
    assert parts(found) == [20, 25, 17, 10, 14]
    assert (found["score"], VcpState(found["state"])) == (86, VcpState.PRE_BREAKOUT)
    assert result.detected.tolist() == [True]


def test_example_e1b_breaks_out_on_volume():
    found = record(golden_panel(E1_ANCHORS, extra_close=19_900))
    assert found["dry"] == pytest.approx(0.48343, abs=1e-4)
    assert found["distance"] == pytest.approx(0.01848, abs=1e-4)
    assert parts(found) == [20, 25, 17, 8, 15]
    assert (found["score"], VcpState(found["state"])) == (85, VcpState.BREAKOUT)


def test_example_e1c_loses_the_rs_test_with_a_rating_of_50():
    found = record(golden_panel(E1_ANCHORS), rating=50)
    assert (found["tests"], found["trend"], found["score"]) == (7, 16, 82)


def test_example_e2_widening_legs_make_no_base():
    result = vcp.score(golden_panel(E2_ANCHORS), strength=rated(90))
    found = result.records[0]
    assert parts(found) == [20, 0, 13, 15, 0]
    assert (found["raw"], found["score"], VcpState(found["state"])) == (48, 48, VcpState.NO_BASE)
    assert not result.detected.any()
    assert result.legs_of(0) == ()


def test_example_e3_a_base_in_a_downtrend_is_capped():
    result = vcp.score(golden_panel(E3_ANCHORS), strength=rated(20))
    found = result.records[0]
    assert [round(100 * leg.depth) for leg in result.legs_of(0)] == [12, 6]
    assert (found["tests"], found["raw"], found["score"]) == (1, 61, 49)
    assert not result.detected.any()


@pytest.mark.parametrize(
    ("close", "state", "most"),
    [
        (19_300, VcpState.PRE_BREAKOUT, 100),
        (19_600, VcpState.BREAKOUT_UNCONFIRMED, 100),
        (20_600, VcpState.EXTENDED, 64),
        (21_600, VcpState.OVEREXTENDED, 49),
    ],
)
def test_states_follow_the_distance_from_the_pivot(close, state, most):
    panel = golden_panel(E1_ANCHORS, extra_close=close)
    panel.volume[0, -1] = 400_000
    found = record(panel)
    assert VcpState(found["state"]) is state
    assert found["score"] == min(found["raw"], most)


def test_a_close_under_both_averages_is_invalid_and_capped_at_34():
    falling = np.linspace(30_000, 10_000, 300)
    found = record(panel_of({"000010": series(falling, falling * 1.01, falling * 0.99, falling, np.full(300, 1e6))}))
    assert VcpState(found["state"]) is VcpState.INVALID
    assert found["score"] <= 34


def test_a_tie_at_a_threshold_counts_as_reached():
    # A fall of exactly 3 % from 20,000 reaches the smallest reversal threshold.
    close = np.full(80, 20_000.0)
    high, low = close.copy(), close.copy()
    low[60:] = 19_400.0
    turned = vcp.trace(panel_of({"000010": series(close, high, low, close, np.full(80, 1e6))}), 0)
    assert turned[0].confirmed_at == 320 - 80 + 60
    low[60:] = 19_400.001
    assert vcp.trace(panel_of({"000010": series(close, high, low, close, np.full(80, 1e6))}), 0)[0].confirmed_at is None


def test_a_ticker_with_three_bars_has_no_score():
    panel = panel_of({"000010": random_series(1, 3), "000020": random_series(2, 320)})
    result = vcp.score(panel)
    assert result.scored.tolist() == [False, True]
    assert Status(panel.status[0]) is Status.SHORT_HISTORY
    assert result.strength.rating[0] == 0
    assert vcp.trace(panel, 0) == ()


def test_sixty_bars_have_a_score_but_no_dry_up():
    result = vcp.score(panel_of({"000010": random_series(1, 60), "000020": random_series(2, 61)}))
    assert result.scored.all()
    assert np.isnan(result.records["dry"]).tolist() == [True, False]
    assert result.records["dry_up"][0] in (0, 4)
    assert not result.detected[0]


def test_tests_that_need_more_bars_than_there_are_fail():
    rising = np.linspace(10_000, 20_000, 199)
    result = vcp.score(panel_of({"000010": series(rising, rising, rising, rising, np.full(199, 1e6))}), strength=rated(90))
    assert result.records["tests"].tolist() == [4]


def test_absurd_prices_do_not_stop_the_others():
    flat = np.full(320, 5_000.0)
    huge = np.geomspace(1, 1e15, 320)
    bars = {
        "000010": series(flat, flat, flat, flat, np.full(320, 1.0)),
        "000020": series(huge, huge, huge, huge, np.full(320, 1e18)),
        "000030": series(flat * 1e-9, flat * 1e-9, flat * 1e-9, flat * 1e-9, np.full(320, 1e-9)),
        "000040": random_series(7, 320),
    }
    panel = panel_of(bars)
    alone = vcp.score(panel_of({"000040": bars["000040"]}), strength=rated(90))
    together = vcp.score(panel, strength=rated(90, 90, 90, 90))
    assert together.records[3].tolist() == alone.records[0].tolist() or _same(together.records[3], alone.records[0])
    assert ((together.records["score"] >= 0) & (together.records["score"] <= 100)).all()


def test_a_hole_of_nan_gives_no_pattern_and_leaves_the_others_alone():
    panel = random_market(3, 6)
    before = vcp.score(panel).records.copy()
    broken = replace(panel, close=panel.close.copy(), high=panel.high.copy(), low=panel.low.copy())
    for field in (broken.close, broken.high, broken.low):
        field[2, 200:240] = np.nan
    strength = vcp.score(panel).strength
    after = vcp.score(broken, strength=strength).records
    assert all(_same(before[row], after[row]) for row in range(6) if row != 2)
    assert 0 <= after["score"][2] <= 100


@given(seed=st.integers(0, 10_000), cut=st.integers(1, 200))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_new_bars_never_change_an_earlier_pivot(seed, cut):
    bars = random_series(seed, 320)
    whole_ = [p for p in vcp.trace(panel_of({"000010": bars}), 0) if p.confirmed_at is not None]
    shorter = panel_of({"000010": bars[:, :-cut]})
    earlier = [(p.bar - cut, p.price, p.confirmed_at - cut) for p in whole_ if p.confirmed_at < 320 - cut]
    offset = cut  # the shorter history stands `cut` columns further right
    seen = [
        (p.bar - offset - cut, p.price, p.confirmed_at - offset - cut)
        for p in vcp.trace(shorter, 0)
        if p.confirmed_at is not None
    ]
    assert seen == earlier


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_order_of_tickers_does_not_matter(seed):
    bars = {f"{i:05d}0": random_series(seed + i, 80 + 13 * i) for i in range(20)}
    order = np.random.default_rng(seed).permutation(20)
    codes = list(bars)
    straight = vcp.score(panel_of(bars))
    shuffled = vcp.score(panel_of({codes[i]: bars[codes[i]] for i in order}))
    for new, old in enumerate(order):
        assert _same(straight.records[old], shuffled.records[new])


@given(seed=st.integers(0, 10_000), back=st.integers(1, 5))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_stepping_back_equals_the_panel_of_that_day(seed, back):
    bars = {f"{i:05d}0": random_series(seed + i, 320) for i in range(5)}
    then = vcp.score(panel_of({code: rows[:, :-back] for code, rows in bars.items()}))
    now = vcp.score(panel_of(bars), bars_back=back)
    for row in range(5):
        assert _same(then.records[row], now.records[row])


@given(seed=st.integers(0, 10_000), scale=st.sampled_from([0.001, 0.5, 7.0, 1e6]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_unit_of_price_does_not_matter(seed, scale):
    bars = random_series(seed, 320)
    scaled = bars.copy()
    scaled[:4] *= scale
    one = vcp.score(panel_of({"000010": bars}), strength=rated(80)).records[0]
    other = vcp.score(panel_of({"000010": scaled}), strength=rated(80)).records[0]
    for name in ("score", "raw", "state", "legs", "tests", "detected", "base_bars"):
        assert one[name] == other[name]


def test_stricter_rules_are_obeyed():
    strict = VcpParameters(k_max=2)
    result = vcp.score(golden_panel(E1_ANCHORS), parameters=strict, strength=rated(90))
    assert len(result.legs_of(0)) == 2
    assert not vcp.score(golden_panel(E1_ANCHORS), parameters=VcpParameters(t1_max=0.05, t1_min=0.01)).detected.any()


def _same(one, other):
    return all(a == b or (a != a and b != b) for a, b in zip(one.tolist(), other.tolist(), strict=True))
