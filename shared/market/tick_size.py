"""The grid on which KRX prices lie, and the daily price limits (strategies.md 1.2-1.3).

The table is the one of 2023-01-25, equal for KOSPI and KOSDAQ. Scalars take and give `int`; arrays give int64.
"""

from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

_BOUNDS = np.array([2_000, 5_000, 20_000, 50_000, 200_000, 500_000], dtype=np.float64)
_TICKS = np.array([1, 5, 10, 50, 100, 500, 1_000], dtype=np.int64)

PriceArray = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]


@overload
def tick_size(price: float) -> int: ...
@overload
def tick_size(price: PriceArray) -> NDArray[np.int64]: ...
def tick_size(price: float | PriceArray) -> int | NDArray[np.int64]:
    """Smallest price step in won at `price` (won, positive)."""
    if isinstance(price, np.ndarray):
        return _TICKS[np.searchsorted(_BOUNDS, price, side="right")]
    return int(_TICKS[sum(price >= bound for bound in _BOUNDS.tolist())])


@overload
def floor_tick(price: float) -> int: ...
@overload
def floor_tick(price: PriceArray) -> NDArray[np.int64]: ...
def floor_tick(price: float | PriceArray) -> int | NDArray[np.int64]:
    """The highest price on the grid that is not above `price`, by the tick of `price` itself: for stops and targets.

    Fractions of a won below 1e-6 are taken as noise of floating point (50,000 x 1.1 is 55,000, not a tick above). In an
    array NaN, a price that is not there, gives 0.
    """
    if isinstance(price, np.ndarray):
        exact = _without_noise(price)
        ticks = tick_size(exact)
        return np.floor_divide(exact, ticks).astype(np.int64) * ticks
    exact_price = round(price, 6)
    tick = tick_size(exact_price)
    return int(exact_price // tick) * tick


@overload
def ceil_tick(price: float) -> int: ...
@overload
def ceil_tick(price: PriceArray) -> NDArray[np.int64]: ...
def ceil_tick(price: float | PriceArray) -> int | NDArray[np.int64]:
    """The lowest price on the grid that is not below `price`: for buy triggers. Noise is treated as in `floor_tick`."""
    if isinstance(price, np.ndarray):
        exact = _without_noise(price)
        ticks = tick_size(exact)
        return -np.floor_divide(-exact, ticks).astype(np.int64) * ticks
    exact_price = round(price, 6)
    tick = tick_size(exact_price)
    return -int(-exact_price // tick) * tick


@overload
def price_limits(base: int) -> tuple[int, int]: ...
@overload
def price_limits(base: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
def price_limits(base: int | NDArray[np.int64]) -> tuple[int, int] | tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The lowest and the highest price allowed in a session (하한가, 상한가).

    Args:
        base: Reference price in won, usually the previous close; positive.

    Returns:
        `(lower, upper)` in won, +-30 % cut to the tick of `base`, the upper one to its own tick as well.
    """
    if isinstance(base, np.ndarray):
        ticks = tick_size(base)
        widths = base * 3 // 10 // ticks * ticks
        return base - widths, floor_tick(base + widths)
    tick = tick_size(base)
    width = base * 3 // 10 // tick * tick
    return base - width, floor_tick(base + width)


def _without_noise(prices: PriceArray) -> NDArray[np.float64]:
    exact = prices.astype(np.float64)
    exact[np.isnan(exact)] = 0.0
    return exact.round(6)
