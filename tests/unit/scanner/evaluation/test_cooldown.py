"""Repeats of a signal while a position is held."""

import numpy as np

from servers.scanner.evaluation.cooldown import first_of_holding


def keep(rows, bars, filled, holding):
    columns = np.array(rows, dtype=np.int32), np.array(bars, dtype=np.int64), np.array(filled, dtype=bool)
    return first_of_holding(*columns, holding).tolist()


def test_repeats_within_the_holding_period_are_ignored():
    assert keep([7, 7, 7, 7], [10, 12, 14, 15], [True] * 4, 5) == [True, False, False, True]


def test_tickers_do_not_hold_each_other_back_and_order_does_not_matter():
    assert keep([2, 1, 2, 1], [11, 10, 10, 11], [True] * 4, 5) == [False, True, True, False]


def test_a_signal_that_was_not_filled_starts_no_holding_period():
    assert keep([1, 1, 1], [10, 11, 12], [False, True, True], 5) == [True, True, False]
