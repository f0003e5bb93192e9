"""Newey-West, daily means and the cool-down, against plain calculations."""

import math

import numpy as np
import pytest

from servers.scanner.evaluation.statistics import daily_means, first_of_holding, newey_west_t


def slow_newey_west(series, lag):
    n, mean = len(series), sum(series) / len(series)
    deviations = [x - mean for x in series]

    def autocovariance(step):
        return sum(deviations[i] * deviations[i - step] for i in range(step, n)) / n

    variance = autocovariance(0) + 2 * sum((1 - j / (lag + 1)) * autocovariance(j) for j in range(1, min(lag, n - 1) + 1))
    return mean / math.sqrt(variance / n)


@pytest.mark.parametrize("lag", [0, 1, 4, 19, 400])
def test_newey_west_matches_the_formula(lag):
    series = np.random.default_rng(lag).normal(0.1, 1, 120).cumsum() * 0.01
    assert newey_west_t(series, lag) == pytest.approx(slow_newey_west(series.tolist(), lag))


def test_without_lag_it_is_the_plain_t():
    series = np.random.default_rng(1).normal(0.2, 1, 50)
    assert newey_west_t(series, 0) == pytest.approx(series.mean() / (series.std() / math.sqrt(50)))


def test_overlapping_returns_are_not_taken_for_independent_ones():
    noise = np.random.default_rng(5).normal(0, 1, 400)
    overlapping = np.convolve(noise, np.ones(10) / 10, mode="valid") + 0.05
    assert abs(newey_west_t(overlapping, 9)) < 0.6 * abs(newey_west_t(overlapping, 0))


@pytest.mark.parametrize("series", [[], [0.1], [0.1, 0.1, 0.1], [math.nan, 0.2]])
def test_too_little_to_say_is_nan(series):
    assert math.isnan(newey_west_t(np.array(series, dtype=float), 1))


def test_daily_means_leave_unknown_values_out():
    days, means = daily_means(np.array([3, 1, 3, 2, 1], dtype=np.int32), np.array([1.0, 2.0, 3.0, np.nan, 4.0]))
    assert days.tolist() == [1, 3]
    assert means.tolist() == [3.0, 2.0]


def keep(rows, bars, filled, holding):
    columns = np.array(rows, dtype=np.int32), np.array(bars, dtype=np.int64), np.array(filled, dtype=bool)
    return first_of_holding(*columns, holding).tolist()


def test_repeats_within_the_holding_period_are_ignored():
    assert keep([7, 7, 7, 7], [10, 12, 14, 15], [True] * 4, 5) == [True, False, False, True]


def test_tickers_do_not_hold_each_other_back_and_order_does_not_matter():
    assert keep([2, 1, 2, 1], [11, 10, 10, 11], [True] * 4, 5) == [False, True, True, False]


def test_a_signal_that_was_not_filled_starts_no_holding_period():
    assert keep([1, 1, 1], [10, 11, 12], [False, True, True], 5) == [True, True, False]
