"""The matched pool: fifths, groups without the signal itself, and the random control."""

import numpy as np
import pytest

from servers.scanner.evaluation.pool import CELLS, PoolDay, base_rate, join_days, places_of, pool_day, random_draws
from shared.market.instrument import Board
from tests.fixtures.panels import panel_of


def pool_of(*days):
    """A pool from `(session, [(row, cell), ...])`."""
    return join_days(
        [
            PoolDay(
                session=session,
                rows=np.array([row for row, _ in members], dtype=np.int32),
                bars=np.array([100 * row + session for row, _ in members], dtype=np.int64),
                cells=np.array([cell for _, cell in members], dtype=np.int16),
            )
            for session, members in days
        ]
    )


POOL = pool_of((0, [(0, 1), (1, 1), (2, 1), (3, 2)]), (1, [(0, 2), (2, 2), (1, 7)]))


def returns_by(pool, values):
    return np.array([values[int(day), int(row)] for day, row in zip(pool.day, pool.rows, strict=True)])


RETURNS = returns_by(POOL, {(0, 0): 0.10, (0, 1): 0.02, (0, 2): -0.04, (0, 3): 0.5, (1, 0): 0.01, (1, 2): 0.03, (1, 1): 0.9})


def places(*signals):
    return places_of(POOL, np.array([day for day, _ in signals], np.int32), np.array([row for _, row in signals], np.int32))


def test_members_keep_their_bars_when_days_are_joined():
    assert POOL.bars.tolist() == [100 * int(row) + int(day) for day, row in zip(POOL.day, POOL.rows, strict=True)]
    assert sorted(POOL.group.tolist()) == POOL.group.tolist()
    assert POOL.group[0] == 1
    assert POOL.group[-1] == CELLS + 7


def test_the_control_is_the_rest_of_the_group():
    control = base_rate(POOL, RETURNS, places((0, 0), (0, 2), (1, 0)))
    assert control.mean.tolist() == pytest.approx([-0.01, 0.06, 0.03])
    assert control.hit.tolist() == pytest.approx([0.5, 1.0, 1.0])


def test_a_signal_alone_in_its_group_or_outside_of_the_pool_has_no_control():
    control = base_rate(POOL, RETURNS, places((0, 3), (1, 9)))
    assert np.isnan(control.mean).all()
    assert np.isnan(control.hit).all()


def test_members_that_could_not_be_bought_are_left_out():
    returns = RETURNS.copy()
    returns[(POOL.day == 0) & (POOL.rows == 1)] = np.nan
    assert base_rate(POOL, returns, places((0, 0))).mean.tolist() == pytest.approx([-0.04])


def test_an_empty_pool_has_no_control():
    empty = join_days([])
    found = places_of(empty, np.array([0], np.int32), np.array([0], np.int32))
    assert found.tolist() == [-1]
    assert np.isnan(base_rate(empty, np.zeros(0), found).mean).all()
    assert np.isnan(random_draws(empty, np.zeros(0), found)).all()


def test_random_controls_come_from_the_groups_of_the_signals_and_repeat():
    signals = places((0, 0), (0, 1), (0, 2))
    means = random_draws(POOL, RETURNS, signals, seeds=300).mean(axis=0)
    assert means.min() >= -0.04 - 1e-9
    assert means.max() <= 0.10 + 1e-9
    assert means.mean() == pytest.approx(0.08 / 3, abs=0.005)
    assert means.tolist() == random_draws(POOL, RETURNS, signals, seeds=300).mean(axis=0).tolist()
    assert len(set(means.tolist())) > 5


def test_a_day_is_cut_into_fifths_within_each_board():
    count = 50
    rows, boards = {}, {}
    for number in range(count):
        code = f"{number:05d}0"
        boards[code] = Board.KOSPI if number % 2 else Board.KOSDAQ
        turnover = (number + 1) * 10**9
        close = 10_000 + 10 * ((number * 37) % count)
        rows[code] = [(10_000, 11_000, 9_000, 10_000, 1_000, turnover)] * 69 + [
            (10_000, 11_000, 9_000, close, 1_000, turnover)
        ]
    panel = panel_of(rows, boards=boards)
    bars = np.arange(count, dtype=np.int64)
    day = pool_day(panel, bars, 4, average_turnover_min=0, price_min=0)
    assert day.rows.size == count
    for code in (1, 2):
        mine = day.cells[panel.board[day.rows] == code] - code * 25
        assert np.bincount(mine // 5).tolist() == [5, 5, 5, 5, 5]
        assert np.bincount(mine % 5).tolist() == [5, 5, 5, 5, 5]
    strongest = panel.close[:, -1] == panel.close[:, -1].max()
    assert (day.cells[strongest[day.rows]] % 5 == 4).all()


def test_the_floors_of_the_strategy_bound_the_pool():
    rows = {
        "000010": [(10_000, 10_000, 10_000, 10_000, 1, 2 * 10**9)] * 70,
        "000020": [(10_000, 10_000, 10_000, 10_000, 1, 5 * 10**8)] * 70,
        "000030": [(900, 900, 900, 900, 1, 2 * 10**9)] * 70,
        "000040": [(10_000, 10_000, 10_000, 10_000, 1, 2 * 10**9)] * 40,
    }
    day = pool_day(panel_of(rows), np.arange(4), 0, average_turnover_min=1e9, price_min=1_000)
    assert day.rows.tolist() == [0]
