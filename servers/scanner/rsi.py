"""Wilder's relative strength index for many series at once."""

import math

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled

PERIOD = 14


@compiled
def _wilder(closes: NDArray[np.float64], period: int, out: NDArray[np.float64]) -> None:
    rows, bars = closes.shape
    for row in range(rows):
        gain = loss = 0.0
        seen = 0  # changes since the first known close
        for bar in range(1, bars):
            change = closes[row, bar] - closes[row, bar - 1]
            if math.isnan(change):
                continue
            up = max(change, 0.0)
            down = max(-change, 0.0)
            seen += 1
            if seen <= period:
                gain += up / period
                loss += down / period
            else:
                gain = ((period - 1) * gain + up) / period
                loss = ((period - 1) * loss + down) / period
            if seen >= period:
                out[row, bar] = 100.0 if loss == 0.0 else 100.0 - 100.0 / (1.0 + gain / loss)


def wilder_rsi(closes: NDArray[np.float64], period: int = PERIOD) -> NDArray[np.float64]:
    """Wilder RSI: seeded with the plain mean of the first `period` gains and losses, then smoothed by 1/period.

    Args:
        closes: Right-aligned closes, shape (n, W), NaN on the left of short histories.
        period: Changes in the seed.

    Returns:
        0..100, shape (n, W); NaN until `period` changes are known, 100 where there was no loss. The seed is forgotten after
        about 60 bars, so callers should give at least that many before the bar they read.
    """
    out = np.full(closes.shape, np.nan)
    _wilder(np.ascontiguousarray(closes, dtype=np.float64), period, out)
    return out
