"""The bars after a signal, side by side for many signals: what outcomes are measured on (strategies.md 9.2)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.market.bars import BarColumns
from shared.market.tick_size import price_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Traded bars after each of n signals, oldest first; shape (n, length), filled from the left.

    Prices are won at the scale of the signal's day, NaN where there is no bar; `date` is yyyymmdd, 0 there. Halted days are
    no bars. `locked_up` and `locked_down` mark bars that stood at the price limit all day, at which nobody could buy or
    sell. `final_price` (shape (n,)) is NaN for a listed instrument, else the last price of its liquidation trading
    (정리매매), 0 without one.
    """

    date: NDArray[np.int32]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    locked_up: NDArray[np.bool_]
    locked_down: NDArray[np.bool_]
    final_price: NDArray[np.float64]


def locked_bars(bars: BarColumns, multiplier: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which bars stood at the upper and at the lower price limit all day.

    Args:
        bars: Traded bars, raw, sorted by (ticker, date).
        multiplier: From `adjustment`, which carries the reference price over a corporate action; shape (rows,).

    Returns:
        `(locked_up, locked_down)`, shape (rows,); False on a ticker's first bar.
    """
    locked_up, locked_down = np.zeros(bars.date.size, np.bool_), np.zeros(bars.date.size, np.bool_)
    base = np.rint(bars.close[:-1] * multiplier[:-1] / multiplier[1:]).astype(np.int64)
    lower, upper = price_limits(np.maximum(base, 1))
    known = (bars.ticker_index[1:] == bars.ticker_index[:-1]) & (base > 0)
    flat = known & (bars.high[1:] == bars.low[1:])
    locked_up[1:] = flat & (bars.low[1:] >= upper)
    locked_down[1:] = flat & (bars.high[1:] <= lower)
    return locked_up, locked_down


def cut_paths(
    bars: BarColumns,
    multiplier: NDArray[np.float64],
    rows: NDArray[np.intp],
    *,
    length: int,
    final_price: NDArray[np.float64] | None = None,
) -> Paths:
    """The bars after signals.

    Args:
        bars: Traded bars, raw, sorted by (ticker, date).
        multiplier: From `adjustment` for the same rows; the scale of each path becomes that of its signal's day.
        rows: Row of `bars` on which each signal was given, shape (n,).
        length: Most bars per path.
        final_price: Per signal, raw won, see `Paths`; None when every instrument is still listed.
    """
    places = rows[:, None] + np.arange(1, length + 1)
    inside = places < bars.date.size
    places = np.minimum(places, max(bars.date.size - 1, 0))
    inside &= bars.ticker_index[places] == bars.ticker_index[rows][:, None]
    scale = multiplier[places] / multiplier[rows][:, None]
    locked_up, locked_down = locked_bars(bars, multiplier)

    def prices(column: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.where(inside, column[places] * scale, np.nan)

    return Paths(
        date=np.where(inside, bars.date[places], 0).astype(np.int32),
        open=prices(bars.open),
        high=prices(bars.high),
        low=prices(bars.low),
        close=prices(bars.close),
        locked_up=inside & locked_up[places],
        locked_down=inside & locked_down[places],
        final_price=np.full(rows.size, np.nan) if final_price is None else final_price / multiplier[rows],
    )
