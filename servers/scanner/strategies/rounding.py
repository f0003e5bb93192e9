"""Rounding as the definitions ask for it: half up, and off the noise of binary fractions before a comparison."""

import math

import numpy as np
from numpy.typing import NDArray

EOK = 100_000_000
"""억: a hundred million won."""


def tidy(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ratios cut to nine decimals, so that thresholds meet what people calculate (strategies.md 0.4); NaN stays NaN."""
    return np.round(values, 9)


def whole(value: float) -> int:
    """`R(x)`: to an integer, half up."""
    return math.floor(round(value, 9) + 0.5)


def tenth(value: float) -> float:
    """`R1(x)`: to one decimal, half up."""
    return math.floor(round(value * 10, 8) + 0.5) / 10


def eok(won: float) -> int:
    """Won in 억, half up."""
    return whole(won / EOK)
