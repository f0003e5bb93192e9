"""Daily bars of many tickers as columns: the form in which the market travels from the store to the scanner."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class BarColumns:
    """Raw (unadjusted) daily bars, sorted by (ticker, date); every array has shape (n,).

    `ticker_index` points into `tickers`; `date` is the trading day as the integer yyyymmdd; prices are won, `volume` shares,
    `turnover` won. A halted day has open = high = low = 0 and volume 0, its close carries the last price. `adjusted_as_of`
    is 0 for a raw row, else the day (yyyymmdd) as of which its source adjusted it: such a row takes no earlier factor.
    """

    tickers: tuple[str, ...]
    ticker_index: NDArray[np.int32]
    date: NDArray[np.int32]
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]
    turnover: NDArray[np.int64]
    turnover_estimated: NDArray[np.bool_]
    adjusted_as_of: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorColumns:
    """Corporate-action factors: a raw price before `ex_date` times `price_factor` compares with prices from it on.

    Volumes are divided by the factor. `quarantined` rows are jumps without a usable factor (BAD_ADJUST). Arrays have shape
    (n,), sorted by (ticker, ex_date); `ex_date` is yyyymmdd.
    """

    tickers: tuple[str, ...]
    ex_date: NDArray[np.int32]
    price_factor: NDArray[np.float64]
    quarantined: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowColumns:
    """Net buying by investor type, sorted by (ticker, date); won, shape (n,). `from_shares` marks converted share counts."""

    tickers: tuple[str, ...]
    ticker_index: NDArray[np.int32]
    date: NDArray[np.int32]
    foreign_net: NDArray[np.int64]
    institution_net: NDArray[np.int64]
    from_shares: NDArray[np.bool_]
