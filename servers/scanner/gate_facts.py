"""What the market gate measures: two indices and the breadth of the market (strategies.md 6)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.rsi import wilder_rsi

WINDOW = 320
"""Closes looked at, so that a live reading and a replayed one start their RSI at the same bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFacts:
    """What the gate needs to know about one index; index points, `change` a fraction, NaN where the history is too short."""

    close: float
    change: float
    sma20: float
    sma60: float
    sma20_5_bars_ago: float
    rsi14: float
    max120: float


def index_facts(closes: NDArray[np.float64]) -> IndexFacts | None:
    """Measure an index from its daily closes, oldest first, the live value last; shape (n,).

    Returns:
        None when there are fewer than two usable closes; averages that need more than there is are NaN.
    """
    known = closes[np.isfinite(closes) & (closes > 0)][-WINDOW:]
    if known.size < 2:
        return None
    return IndexFacts(
        close=float(known[-1]),
        change=float(known[-1] / known[-2] - 1),
        sma20=_mean(known, 20),
        sma60=_mean(known, 60),
        sma20_5_bars_ago=_mean(known[:-5], 20),
        rsi14=float(wilder_rsi(known[None, :])[0, -1]) if known.size > 60 else math.nan,
        max120=float(known[-120:].max()) if known.size >= 120 else math.nan,
    )


def breadth(closes: NDArray[np.float64], eligible: NDArray[np.bool_]) -> float | None:
    """Share of eligible tickers above their 20-bar average.

    Args:
        closes: Adjusted closes, right-aligned, shape (n, W).
        eligible: Members of the universe, shape (n,); those with fewer than 20 bars are left out.

    Returns:
        A fraction, or None when no ticker can be counted.
    """
    window = closes[eligible, -20:]
    if window.shape[1] < 20:
        return None
    averages = window.mean(axis=1)
    counted = np.isfinite(averages)
    total = int(counted.sum())
    return float((window[counted, -1] > averages[counted]).sum() / total) if total else None


def _mean(closes: NDArray[np.float64], bars: int) -> float:
    return float(closes[-bars:].mean()) if closes.size >= bars else math.nan
