"""What a round trip costs: broker fee on both sides and the sell tax of the day (strategies.md 1.4)."""

from datetime import date
from typing import overload

import numpy as np
from numpy.typing import NDArray

from shared.market.times import yyyymmdd

FEE = 0.00015
"""Broker fee per side, as a fraction of the traded value."""

# First sell date (yyyymmdd) and the rate from then on. KOSPI's rate includes the rural tax, so both boards pay the same.
_TAX_SINCE = np.array([0, 20190603, 20210101, 20230101, 20240101, 20250101, 20260101], dtype=np.int64)
_TAX_RATE = np.array([0.0030, 0.0025, 0.0023, 0.0020, 0.0018, 0.0015, 0.0020])


@overload
def sell_tax(sold_on: date) -> float: ...
@overload
def sell_tax(sold_on: NDArray[np.int32]) -> NDArray[np.float64]: ...
def sell_tax(sold_on: date | NDArray[np.int32]) -> float | NDArray[np.float64]:
    """Securities transaction tax as a fraction of the sold value; arrays hold days as yyyymmdd."""
    if isinstance(sold_on, date):
        return float(_TAX_RATE[np.searchsorted(_TAX_SINCE, yyyymmdd(sold_on), side="right") - 1])
    return _TAX_RATE[np.searchsorted(_TAX_SINCE, sold_on, side="right") - 1]


@overload
def net_return(entry: float, exit_: float, sold_on: date, *, fee: float = FEE) -> float: ...
@overload
def net_return(
    entry: NDArray[np.float64], exit_: NDArray[np.float64], sold_on: NDArray[np.int32], *, fee: float = FEE
) -> NDArray[np.float64]: ...
def net_return(
    entry: float | NDArray[np.float64],
    exit_: float | NDArray[np.float64],
    sold_on: date | NDArray[np.int32],
    *,
    fee: float = FEE,
) -> float | NDArray[np.float64]:
    """Return of buying at `entry` and selling at `exit_` after fees and tax, without slippage.

    Args:
        entry: Buy price in won, positive.
        exit_: Sell price in won; 0 for a total loss.
        sold_on: Day of the sale, which decides the tax.
        fee: Fee per side as a fraction.

    Returns:
        `exit x (1 - fee - tax) / (entry x (1 + fee)) - 1`, a fraction; the shape of the inputs.
    """
    return exit_ * (1.0 - fee - sell_tax(sold_on)) / (entry * (1.0 + fee)) - 1.0
