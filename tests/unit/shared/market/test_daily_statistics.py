"""Newey-West and daily means, against plain calculations."""

import math

import numpy as np
import pytest

from shared.market.daily_statistics import daily_means, newey_west_t


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
