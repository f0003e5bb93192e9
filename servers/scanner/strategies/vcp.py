"""VCP (strategies.md 2) over the panel: contractions of a base, the trend around it and how quiet it has become."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from servers.scanner.panel import WINDOW, Panel
from servers.scanner.strategies import vcp_kernel as kernel
from servers.scanner.strategies.common_parameters import CommonParameters
from servers.scanner.strategies.rs import RelativeStrength, rate
from servers.scanner.strategies.vcp_parameters import VcpParameters


class VcpState(IntEnum):
    """Where a setup stands; the names are the `setup` words of candidates."""

    NO_BASE = kernel.NO_BASE
    PRE_BREAKOUT = kernel.PRE_BREAKOUT
    BREAKOUT_UNCONFIRMED = kernel.BREAKOUT_UNCONFIRMED
    BREAKOUT = kernel.BREAKOUT
    EXTENDED = kernel.EXTENDED
    OVEREXTENDED = kernel.OVEREXTENDED
    INVALID = kernel.INVALID


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One contraction: columns of its high and low in the panel, prices in won, depth a fraction, mean volume in shares."""

    high_bar: int
    high: float
    low_bar: int
    low: float
    volume: float

    @property
    def depth(self) -> float:
        """Fall from the high as a fraction."""
        return (self.high - self.low) / self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """A turning point: column, price, whether it is a high, and the column that confirmed it (None while live)."""

    bar: int
    price: float
    is_high: bool
    confirmed_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VcpResult:
    """Scores of the whole panel.

    Attributes:
        panel: The market that was scored.
        parameters: Rules in force.
        bars_back: The result is as of so many bars before each ticker's newest.
        window: Bars used per ticker.
        strength: RS of the cross-section.
        scored: Tickers with a score, shape (n,); the other rows mean nothing.
        records: Fields of `vcp_kernel.VCP_ROW`, shape (n,).
        legs: Legs of the base, oldest first, NaN below, shape (n, 12, 5).
    """

    panel: Panel
    parameters: VcpParameters
    bars_back: int
    window: int
    strength: RelativeStrength
    scored: NDArray[np.bool_]
    records: NDArray[np.void]
    legs: NDArray[np.float64]

    @property
    def score(self) -> NDArray[np.int16]:
        """Points of 100 after the caps, shape (n,)."""
        return np.asarray(self.records["score"])

    @property
    def detected(self) -> NDArray[np.bool_]:
        """Scored tickers that show the pattern, shape (n,); neither universe nor liquidity is asked here."""
        return np.asarray(self.records["detected"] & self.scored)

    def legs_of(self, row: int) -> tuple[Leg, ...]:
        """Contractions of a ticker's base, oldest first; none without a base."""
        table = self.legs[row, : int(self.records["legs"][row])].tolist()
        return tuple(Leg(high_bar=int(a), high=b, low_bar=int(c), low=d, volume=e) for a, b, c, d, e in table)


def score(
    panel: Panel,
    *,
    parameters: VcpParameters | None = None,
    strength: RelativeStrength | None = None,
    bars_back: int = 0,
    common: CommonParameters | None = None,
) -> VcpResult:
    """Score every ticker of the panel whose status is OK.

    Args:
        panel: The market.
        parameters: Rules; the defaults of strategies.md 10 when None.
        strength: RS ratings as of the same bar; rated here among the eligible tickers above the floors when None.
        bars_back: Score as of so many bars before each ticker's newest. A panel that is `bars_back` columns wider gives
            exactly what a panel of that day would.
        common: Least history, window and price floor.
    """
    rules, shared = parameters or VcpParameters(), common or CommonParameters()
    scored = panel.scored & (panel.count >= shared.min_bars + bars_back)
    if strength is None:
        liquid = panel.liquid(adv_min=rules.adv_min, price_min=shared.price_min, bars_back=bars_back)
        strength = rate(panel, scored & panel.universe.eligible & liquid, bars_back=bars_back)
    count = len(panel.tickers)
    result = VcpResult(
        panel=panel,
        parameters=rules,
        bars_back=bars_back,
        window=shared.window,
        strength=strength,
        scored=scored,
        records=np.zeros(count, dtype=kernel.VCP_ROW),
        legs=np.full((count, kernel.MAX_LEGS, 5), np.nan),
    )
    kernel.scan_rows(np.flatnonzero(scored), market_of(result), rules.rules(), (result.records, result.legs))
    return result


def market_of(result: VcpResult) -> kernel.Market:
    """What the compiled pass reads of a result and its panel."""
    panel = result.panel
    return kernel.Market(
        panel.high,
        panel.low,
        panel.close,
        panel.volume,
        panel.count,
        result.strength.rating,
        panel.close.shape[1] - result.bars_back,
        result.window,
    )


def trace(panel: Panel, row: int, *, parameters: VcpParameters | None = None) -> tuple[Pivot, ...]:
    """The zig-zag of one ticker over its last 320 bars, the live extreme last; empty with too short a history.

    Bars are columns of the panel.
    """
    width = panel.close.shape[1]
    first = max(width - int(panel.count[row]), width - WINDOW)
    scratch = np.empty(width), np.empty(width)
    bars = kernel.Bars(panel.high[row], panel.low[row], panel.close[row], panel.volume[row], *scratch, first, width)
    room = kernel.Pivots(np.empty(width, np.int64), np.empty(width), np.empty(width, np.int64))
    rules = (parameters or VcpParameters()).rules()
    zig = kernel.traced(bars, rules, room)
    confirmed = [
        Pivot(bar=int(room.bar[i]), price=float(room.price[i]), is_high=i % 2 == 0, confirmed_at=int(room.confirmed_at[i]))
        for i in range(zig.confirmed)
    ]
    if zig.extreme_bar < 0:
        return tuple(confirmed)
    live = Pivot(bar=zig.extreme_bar, price=zig.extreme, is_high=zig.direction > 0, confirmed_at=None)
    return (*confirmed, live)
