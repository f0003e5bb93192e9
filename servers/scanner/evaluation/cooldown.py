"""Repeats of a signal while the position of an earlier one is held: they are ignored (strategies.md 9.5)."""

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled


def first_of_holding(
    rows: NDArray[np.int32], bars: NDArray[np.int64], filled: NDArray[np.bool_], holding: int
) -> NDArray[np.bool_]:
    """Signals that remain when repeats on the same ticker within the holding period are ignored.

    Args:
        rows: Ticker of each signal, shape (s,).
        bars: Index of its traded bar, shape (s,).
        filled: Signals that were bought; only those start a holding period.
        holding: Traded bars that a position is held.

    Returns:
        Mask, shape (s,).
    """
    order = np.lexsort((bars, rows))
    kept = np.zeros(rows.size, dtype=np.bool_)
    kept[order] = _kept(rows[order], bars[order], filled[order], holding)
    return kept


@compiled
def _kept(rows: NDArray[np.int32], bars: NDArray[np.int64], filled: NDArray[np.bool_], holding: int) -> NDArray[np.bool_]:
    kept = np.zeros(rows.size, dtype=np.bool_)
    ticker, free_from = -1, 0
    for place in range(rows.size):
        if rows[place] != ticker:
            ticker, free_from = rows[place], -1
        if bars[place] >= free_from:
            kept[place] = True
            if filled[place]:
                free_from = bars[place] + holding
    return kept
