"""Lines of a scoreboard from outcomes, fresh or stored."""

import numpy as np
import pytest

from shared.market.errors import InvalidInput
from shared.market.outcome import Exit, Fill
from shared.market.scoreboard import (
    HORIZONS,
    RANDOM_SEEDS,
    Realised,
    ScoreRow,
    check_horizons,
    claim,
    pack_draws,
    score_rows,
    unpack_draws,
)
from shared.market.signal import Grade


def realised(returns, *, days=None, grades=None, base=0.0, **columns):
    count = len(returns)
    known = {
        "day": np.array(days or [20260302 + place for place in range(count)], dtype=np.int32),
        "grade": np.array(grades or [0] * count, dtype=np.int8),
        "published": np.ones(count, dtype=bool),
        "fill": np.zeros(count, dtype=np.int8),
        "exit": np.full(count, Exit.HORIZON, dtype=np.int8),
        "ambiguous": np.zeros(count, dtype=bool),
        "managed": np.array(returns, dtype=float),
        "held": np.array(returns, dtype=float),
        "mfe": np.full(count, 0.1),
        "mae": np.full(count, -0.1),
        "base": np.full(count, base),
        "base_hit": np.full(count, 0.5),
        "drawn": np.zeros((count, RANDOM_SEEDS)),
    }
    return Realised(**known | columns)


SESSIONS = np.arange(20260302, 20260312, dtype=np.int32)


def total(*args, **options):
    return score_rows(realised(*args, **options), horizon=5, sessions=SESSIONS)[-1]


def test_groups_without_signals_have_lines_of_their_own():
    rows = score_rows(realised([0.1], grades=[1]), horizon=5, sessions=SESSIONS)
    assert [(row.grade, row.signals) for row in rows] == [
        (Grade.S, 0),
        (Grade.A, 1),
        (Grade.B, 0),
        (Grade.C, 0),
        (None, 1),
    ]
    assert np.isnan([rows[0].mean, rows[0].base, rows[0].band_low, rows[0].excess]).all()


def test_each_day_counts_once_in_the_excess_however_many_signals_it_has():
    line = total([0.10, 0.10, 0.10, -0.10], days=[20260302] * 3 + [20260303])
    assert line.mean == pytest.approx(0.05)
    assert line.excess == pytest.approx(0.0)
    assert line.days == 2


def test_halves_are_those_of_the_period_and_not_of_the_signals():
    line = total([0.1, 0.1, -0.1], days=[20260303, 20260304, 20260309])
    assert (line.first_half, line.second_half) == pytest.approx((0.1, -0.1))


def test_what_is_not_known_yet_is_counted_apart():
    fill = np.array([Fill.FILLED, Fill.PENDING, Fill.GAP_ABOVE, Fill.FILLED], dtype=np.int8)
    line = total([0.1, np.nan, np.nan, np.nan], fill=fill)
    assert (line.signals, line.filled, line.unresolved) == (3, 2, 2)
    assert line.mean == pytest.approx(0.1)
    assert line.fill_rate == pytest.approx(2 / 3)


def test_targets_and_stops_gains_and_losses_are_set_against_each_other():
    exits = np.array([Exit.TARGET, Exit.STOP, Exit.STOP, Exit.HORIZON], dtype=np.int8)
    line = total([0.2, -0.05, -0.05, 0.0], exit=exits)
    assert line.target_first == pytest.approx(1 / 3)
    assert line.profit_factor == pytest.approx(2.0)
    assert (line.worst, line.hit) == (-0.05, 0.25)


def test_the_band_is_that_of_means_of_as_many_random_members():
    random = np.random.default_rng(1)
    drawn = random.normal(0.01, 0.05, (400, RANDOM_SEEDS))
    line = total([0.02] * 400, days=[20260302] * 400, drawn=drawn)
    low, high = np.percentile(drawn.mean(axis=0), (5, 95))
    assert (line.band_low, line.band_high) == pytest.approx((low, high))


def test_random_controls_come_back_to_the_basis_point():
    drawn = np.array([0.12341, -0.5, 3.5, np.nan, 0.0])
    assert unpack_draws(pack_draws(drawn)).tolist() == pytest.approx([0.1234, -0.5, 3.2767, np.nan, 0.0], nan_ok=True)
    assert pack_draws(np.full(5, np.nan)) is None
    assert np.isnan(unpack_draws(None)).all()


def test_horizons_are_checked_and_put_in_order():
    assert check_horizons([]) == HORIZONS
    assert check_horizons([10, 1, 10]) == (1, 10)
    with pytest.raises(InvalidInput, match=r"horizons\[1\]: is 4"):
        check_horizons([1, 4])


def lined(excess, **options):
    plain = dict.fromkeys(ScoreRow.__dataclass_fields__, 0)
    return {
        grade: ScoreRow(**plain | {"grade": grade, "horizon": 5, "excess": value} | options)
        for grade, value in excess.items()
    }


def test_a_claim_needs_all_four_conditions():
    good = {"excess_t": 2.5, "first_half": 0.01, "second_half": 0.01}
    ladder = {Grade.S: 0.03, Grade.A: 0.02, Grade.B: 0.01, None: 0.02}
    assert claim(list(lined(ladder, **good).values()), 5).works
    assert not claim(list(lined(ladder, **good | {"excess_t": 2.0}).values()), 5).works
    assert not claim(list(lined(ladder, **good | {"second_half": -0.001}).values()), 5).works
    assert not claim(list(lined(ladder | {Grade.A: 0.04}, **good).values()), 5).works
    assert not claim(list(lined(ladder | {None: -0.01}, **good).values()), 5).works
    assert not claim(list(lined(ladder | {Grade.S: float("nan")}, **good).values()), 5).works
