"""Breadth of the market on each of many days, measured in one pass over the bars."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from servers.scanner.gate_inputs import BREADTH_BARS
from servers.scanner.history import MarketHistory
from servers.scanner.universe import eligibility
from shared.market.adjust import row_keys
from shared.market.times import yyyymmdd


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBreadth:
    """What `gate_inputs.gate_base` measures at the end of a day, for every bar of a history.

    A factor of a later day scales a whole window and leaves the comparison with its average as it is, so prices are adjusted
    once. Arrays have one element per traded bar: `counted` has 20 bars without an unexplained jump behind it, `above` its
    close above their average.
    """

    history: MarketHistory
    counted: NDArray[np.bool_]
    above: NDArray[np.bool_]

    @classmethod
    def of(cls, history: MarketHistory) -> "DailyBreadth":
        """Measure every bar of a history."""
        close, bars = _adjusted(history), history.bars
        place = np.arange(close.size) - history.starts[bars.ticker_index] if close.size else np.zeros(0, dtype=np.int64)
        averages = np.full(close.size, np.nan)
        if close.size >= BREADTH_BARS:
            windows = np.lib.stride_tricks.sliding_window_view(close, BREADTH_BARS)
            averages[BREADTH_BARS - 1 :] = windows.mean(axis=1)
        jumps = np.concatenate([[0], np.cumsum(history.jump)])
        since = np.maximum(np.arange(close.size) - BREADTH_BARS + 2, 0)
        jumped = jumps[1:] > jumps[since]
        return cls(history=history, counted=(place >= BREADTH_BARS - 1) & ~jumped, above=close > averages)

    def share(self, day: date) -> float | None:
        """Share of the eligible tickers above their average at the end of a day; None when none can be counted."""
        number, keys = yyyymmdd(day), self.history.keys
        owners = np.arange(len(self.history.bars.tickers), dtype=np.int32)
        wanted = row_keys(owners, np.full_like(owners, number))
        rows = np.searchsorted(keys, wanted)
        traded = rows < keys.size
        traded[traded] = keys[rows[traded]] == wanted[traded]
        rows = rows[traded & eligibility(self.history.facts_on(number), number).eligible]
        counted = rows[self.counted[rows]]
        return int(self.above[counted].sum()) / counted.size if counted.size else None


def _adjusted(history: MarketHistory) -> NDArray[np.float64]:
    close = history.bars.close.astype(np.float64)
    for span in history.spans:
        rows = slice(span.first, span.end)
        close[rows] *= np.where(history.bars.adjusted_as_of[rows] < span.ex_date, span.price_factor, 1.0)
    return close
