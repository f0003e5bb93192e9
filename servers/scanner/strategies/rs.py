"""RS rating (strategies.md 2.5): a ticker's weighted past returns ranked among the eligible tickers of the session."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.panel import Panel
from servers.scanner.strategies.rounding import tidy

HORIZONS: tuple[tuple[int, float], ...] = ((63, 0.4), (126, 0.2), (189, 0.2), (252, 0.2))
"""Bars back and weight of each return; horizons beyond the history are left out and the weights made to add up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeStrength:
    """Ratings of a cross-section; arrays have shape (n,).

    Attributes:
        strength: Weighted past return as a fraction at nine decimals; NaN with fewer than 64 bars.
        rating: 1..99, 0 where `strength` is missing. Tickers outside of the cross-section are placed into it.
        ordered: Ascending strengths of the cross-section, shape (m,).
    """

    strength: NDArray[np.float64]
    rating: NDArray[np.int16]
    ordered: NDArray[np.float64]


def rate(panel: Panel, members: NDArray[np.bool_], *, bars_back: int = 0) -> RelativeStrength:
    """Rate every ticker of a panel.

    Args:
        panel: The market.
        members: The cross-section, shape (n,): eligible tickers above the liquidity floors.
        bars_back: Rate as of so many bars before each ticker's newest.
    """
    strength = past_strength(panel.close, bars_back=bars_back)
    within = members & ~np.isnan(strength)
    ordered = np.sort(strength[within])
    return RelativeStrength(strength=strength, rating=place(strength, ordered), ordered=ordered)


def past_strength(close: NDArray[np.float64], *, bars_back: int = 0) -> NDArray[np.float64]:
    """Weighted mean of the past returns that the history reaches.

    Args:
        close: Adjusted closes, right-aligned, shape (n, W), W at least 64 + `bars_back`.
        bars_back: Bars to step back.

    Returns:
        Fractions at nine decimals, shape (n,); NaN with fewer than 64 bars.
    """
    newest = close[:, -1 - bars_back]
    total, weights = np.zeros(len(close)), np.zeros(len(close))
    for back, weight in HORIZONS:
        column = close.shape[1] - 1 - bars_back - back
        if column >= 0:
            known = ~np.isnan(close[:, column])
            total += np.where(known, weight * (newest / close[:, column] - 1.0), 0.0)
            weights += weight * known
    strength = np.full(len(close), np.nan)
    np.divide(total, weights, out=strength, where=weights > 0.0)
    return tidy(strength)


def place(strength: NDArray[np.float64], ordered: NDArray[np.float64]) -> NDArray[np.int16]:
    """Ratings within a cross-section: 1 + floor(99 x share of strictly smaller strengths), 0 for NaN."""
    if not ordered.size:
        return np.zeros(strength.size, dtype=np.int16)
    smaller = np.searchsorted(ordered, strength, side="left")
    rating = np.minimum(1 + 99 * smaller // ordered.size, 99).astype(np.int16)
    rating[np.isnan(strength)] = 0
    return rating
