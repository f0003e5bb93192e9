"""Whether a mean excess is more than luck: one number per day, with errors that know about overlapping returns."""

import math

import numpy as np
from numpy.typing import NDArray


def newey_west_t(daily: NDArray[np.float64], lag: int) -> float:
    """t-statistic of the mean of a daily series against zero, Newey-West with Bartlett weights.

    Args:
        daily: One number per signal day in order, shape (d,); NaN days are left out.
        lag: Days over which returns overlap: horizon - 1; cut to the length of the series.

    Returns:
        NaN for fewer than two days or a series without variance.
    """
    series = daily[np.isfinite(daily)]
    days = series.size
    if days < 2:
        return math.nan
    centred = series - series.mean()
    variance = float(centred @ centred) / days
    for step in range(1, min(lag, days - 1) + 1):
        weight = 1 - step / (lag + 1)
        variance += 2 * weight * float(centred[step:] @ centred[:-step]) / days
    return float(series.mean() / math.sqrt(variance / days)) if variance > 1e-18 else math.nan


def daily_means(days: NDArray[np.int32], values: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Mean of the known values of each day.

    Args:
        days: Day of each value, any integers, shape (s,).
        values: Shape (s,); NaN is left out.

    Returns:
        Days with a known value, ascending, and their means.
    """
    known = np.isfinite(values)
    distinct, place = np.unique(days[known], return_inverse=True)
    sums = np.bincount(place, weights=values[known], minlength=distinct.size)
    return distinct, sums / np.bincount(place, minlength=distinct.size)
