"""RS rating (strategies.md 2.5): a ticker's weighted past returns ranked among the eligible tickers of the session."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled
from servers.scanner.panel import Panel

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
        close: Adjusted closes, right-aligned, shape (n, W).
        bars_back: Bars to step back.

    Returns:
        Fractions at nine decimals, shape (n,); NaN with fewer than 64 bars.
    """
    strength = np.full(len(close), np.nan)
    fill_strength(np.arange(len(close)), close, close.shape[1] - 1 - bars_back, strength)
    return strength


@compiled
def fill_strength(rows: NDArray[np.int64], close: NDArray[np.float64], newest: int, strength: NDArray[np.float64]) -> None:
    """Write the strength of `rows` as of column `newest`; see `past_strength`."""
    for row in rows:
        total, weights = 0.0, 0.0
        for back, weight in HORIZONS:
            if newest >= back and not np.isnan(close[row, newest - back]):
                total += weight * (close[row, newest] / close[row, newest - back] - 1.0)
                weights += weight
        strength[row] = np.rint(total / weights * 1e9) / 1e9 if weights > 0.0 else np.nan


def place(strength: NDArray[np.float64], ordered: NDArray[np.float64]) -> NDArray[np.int16]:
    """Ratings within a cross-section: 1 + floor(99 x share of strictly smaller strengths), 0 for NaN."""
    if not ordered.size:
        return np.zeros(strength.size, dtype=np.int16)
    smaller = np.searchsorted(ordered, strength, side="left")
    rating = np.minimum(1 + 99 * smaller // ordered.size, 99).astype(np.int16)
    rating[np.isnan(strength)] = 0
    return rating


class LiveRatings(NamedTuple):
    """A cross-section that changes ticker by ticker; arrays have shape (n,).

    `ordered` holds the strengths of the `members` in ascending order in its first `size[0]` entries.
    """

    strength: NDArray[np.float64]
    rating: NDArray[np.int16]
    members: NDArray[np.bool_]
    ordered: NDArray[np.float64]
    size: NDArray[np.int64]

    @classmethod
    def of(cls, strength: RelativeStrength, members: NDArray[np.bool_]) -> "LiveRatings":
        """Start from ratings of the cross-section `members`; strengths and ratings are changed in place from here on."""
        within = members & ~np.isnan(strength.strength)
        ordered = np.sort(np.where(within, strength.strength, np.inf))
        return cls(strength.strength, strength.rating, within, ordered, np.array([within.sum()]))


@compiled
def rerate(rows: NDArray[np.int64], close: NDArray[np.float64], joins: NDArray[np.bool_], live: LiveRatings) -> None:
    """Measure and rate `rows` again after new bars; `joins`, shape (n,), says who belongs to the cross-section now."""
    for row in rows:
        if live.members[row]:
            _remove(live.ordered, live.size, live.strength[row])
    fill_strength(rows, close, close.shape[1] - 1, live.strength)
    for row in rows:
        live.members[row] = joins[row] and not np.isnan(live.strength[row])
        if live.members[row]:
            _insert(live.ordered, live.size, live.strength[row])
    section = live.ordered[: live.size[0]]
    for row in rows:
        known = len(section) > 0 and not np.isnan(live.strength[row])
        smaller = np.searchsorted(section, live.strength[row]) if known else 0
        live.rating[row] = min(1 + 99 * smaller // len(section), 99) if known else 0


@compiled
def _remove(ordered: NDArray[np.float64], size: NDArray[np.int64], value: float) -> None:
    place_of = np.searchsorted(ordered[: size[0]], value)
    for i in range(place_of, size[0] - 1):
        ordered[i] = ordered[i + 1]
    size[0] -= 1


@compiled
def _insert(ordered: NDArray[np.float64], size: NDArray[np.int64], value: float) -> None:
    place_of = np.searchsorted(ordered[: size[0]], value)
    for i in range(size[0], place_of, -1):
        ordered[i] = ordered[i - 1]
    ordered[place_of] = value
    size[0] += 1
