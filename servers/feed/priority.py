"""Which scanned tickers deserve a broker subscription: the monitor score of strategies.md 8, over the whole scan at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker

_NEAR = 0.05  # disparity above the threshold at which nearness has faded to nothing
_WIDE = 0.10  # day range, as a fraction of the previous close, that counts as full volatility
_SMALLEST_TURNOVER = 1e9
_LITERAL_EPSILON = 0.005
_LITERAL_WEIGHTS = (1.0, 100.0, 1.0)


class PriorityMode(StrEnum):
    """SCALED is bounded to 0-100; LITERAL is the older formula, dominated by its first term near the threshold."""

    SCALED = "scaled"
    LITERAL = "literal"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityParameters:
    """Weights of the four parts, which sum to 1, the disparity looked for, and the points that an incumbent is given."""

    threshold: float = -0.08
    nearness: float = 0.5
    volatility: float = 0.2
    turnover: float = 0.2
    surge: float = 0.1
    incumbent_bonus: float = 5.0
    mode: PriorityMode = PriorityMode.SCALED

    def __post_init__(self) -> None:
        """Refuse weights that leave the scale."""
        weights = (self.nearness, self.volatility, self.turnover, self.surge)
        if min(weights) < 0 or abs(sum(weights) - 1) > 1e-9:
            raise InvalidInput("monitor.w", "needs weights that are not negative and sum to 1")
        if not -0.9 < self.threshold < 0:
            raise InvalidInput("monitor.threshold", "is a fraction between -0.9 and 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRows:
    """One batch scan; arrays of shape (n,), won, NaN where a figure is missing.

    Attributes:
        tickers: Codes of the rows.
        high: High of the session so far.
        low: Low of the session so far.
        previous_close: Close of the session before.
        turnover: Won traded so far.
        disparity: Live disparity as a fraction.
        usual_turnover: Won usually traded by this time (20-bar average times the volume curve).
    """

    tickers: tuple[Ticker, ...]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    previous_close: NDArray[np.float64]
    turnover: NDArray[np.float64]
    disparity: NDArray[np.float64]
    usual_turnover: NDArray[np.float64]


def priority_scores(
    rows: ScanRows, subscribed: NDArray[np.bool_], *, parameters: PriorityParameters | None = None
) -> NDArray[np.float64]:
    """Score every row; a missing figure earns nothing in its part.

    Args:
        rows: The scan, n rows.
        subscribed: Rows that hold a subscription now, shape (n,).
        parameters: Weights; the defaults of strategies.md 10 when None.

    Returns:
        Shape (n,): 0-100 plus the bonus of incumbents, or the unbounded literal score.
    """
    weights = parameters or PriorityParameters()
    score = _literal(rows, weights) if weights.mode is PriorityMode.LITERAL else _scaled(rows, weights)
    return score + weights.incumbent_bonus * subscribed


def priority_order(
    scores: NDArray[np.float64], turnover: NDArray[np.float64], tickers: Sequence[Ticker]
) -> NDArray[np.int64]:
    """Row numbers, best first; equal scores by turnover, then by code."""
    return np.lexsort((np.asarray(tickers), -_known(turnover), -np.round(scores, 9)))


def _scaled(rows: ScanRows, weights: PriorityParameters) -> NDArray[np.float64]:
    beyond = rows.disparity - weights.threshold
    nearness = np.clip(1 - beyond / _NEAR, 0.0, 1.0)
    volatility = np.clip(_day_range(rows) / _WIDE, 0.0, 1.0)
    turnover = np.clip(np.log10(np.maximum(_known(rows.turnover), _SMALLEST_TURNOVER) / _SMALLEST_TURNOVER) / 3, 0.0, 1.0)
    multiple = _ratio(rows.turnover, rows.usual_turnover)
    surge = np.clip(np.log2(np.maximum(_known(multiple), 1.0)) / 3, 0.0, 1.0)
    return 100 * (
        weights.nearness * _known(nearness)
        + weights.volatility * _known(volatility)
        + weights.turnover * turnover
        + weights.surge * surge
    )


def _literal(rows: ScanRows, weights: PriorityParameters) -> NDArray[np.float64]:
    near, wide, heavy = _LITERAL_WEIGHTS
    nearness = near / (np.abs(rows.disparity - weights.threshold) + _LITERAL_EPSILON)
    return _known(nearness) + wide * _known(_day_range(rows)) + heavy * np.log(np.maximum(_known(rows.turnover), 1.0))


def _day_range(rows: ScanRows) -> NDArray[np.float64]:
    return _ratio(rows.high - rows.low, rows.previous_close)


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return ratio


def _known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.nan_to_num(values, nan=0.0)
