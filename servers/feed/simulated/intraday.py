"""One session of the invented market trade by trade, ending exactly at the bars that the seed decided for the day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from servers.feed.simulated.market import SimulatedMarket
from shared.market.sessions import Session
from shared.market.tick_size import floor_tick, tick_size
from shared.market.volume_curve import VolumeCurve

STEP = timedelta(seconds=3)
"""Each instrument trades at most once in a step, at a moment of its own inside it."""

_AUCTION = timedelta(minutes=10)
_OPENING_SHARE = 0.004
_BUSY_TURNOVER = 4e11  # won a day at which an instrument trades in nearly every step


@dataclass(frozen=True, slots=True, eq=False)
class TradedDay:
    """Prices of a session; arrays of shape (steps, n): the price after each step, and whether a trade was in it.

    `volume` is the day's volume traded by the end of each step, as far as trades have shown it. The last step is the closing
    auction.
    """

    session: Session
    price: NDArray[np.int32]
    traded: NDArray[np.bool_]
    volume: NDArray[np.int64]

    @property
    def turnover(self) -> NDArray[np.int64]:
        """Won traded over the whole session, shape (n,)."""
        bought = np.diff(self.volume, axis=0, prepend=0)
        total: NDArray[np.int64] = np.einsum("sn,sn->n", bought, self.price.astype(np.int64))
        return total

    @property
    def steps(self) -> int:
        """Number of steps, closing auction included."""
        return int(self.price.shape[0])

    def complete_steps(self, now: datetime) -> int:
        """How many steps are over at market time `now`."""
        if now >= self.session.closes:
            return self.steps
        return max(0, min(self.steps - 1, (now - self.session.opens) // STEP))

    def moment(self, step: int, column: int) -> datetime:
        """When the trade of an instrument in a step happened, UTC."""
        if step == self.steps - 1:
            return self.session.closes
        if step == 0:
            return self.session.opens
        within = (column * 7_919 + step * 104_729) % 2_900
        return self.session.opens + step * STEP + timedelta(milliseconds=within)


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """The day's bars, shape (n,) each."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @property
    def top(self) -> NDArray[np.int64]:
        return np.maximum(self.first, self.last)

    @property
    def bottom(self) -> NDArray[np.int64]:
        return np.minimum(self.first, self.last)


def trade_day(market: SimulatedMarket, position: int) -> TradedDay:
    """Decide the trades of a session; some hundred milliseconds of one core."""
    session = market.sessions[position]
    steps = int(session.length / STEP) + 1
    random = np.random.default_rng([market.seed, 4, position])
    ends = _Ends(*(column[position] for column in (market.low, market.high, market.open, market.close)))
    auction = int((session.length - _AUCTION) / STEP) + 1
    traded = random.random((steps, ends.low.size), dtype=np.float32) < _busyness(market, position)
    traded[auction:] = False
    traded[0] = traded[-1] = True
    path = _bridge(steps, ends, random)
    price = _to_grid(path, ends)
    _touch(price, traded, path[:auction], ends)
    share = _shares(steps, ends.low.size, random)
    shown = np.where(traded, np.floor(share * market.volume[position].astype(np.float64)), 0).astype(np.int64)
    return TradedDay(session=session, price=price, traded=traded, volume=np.maximum.accumulate(shown, axis=0))


def _bridge(steps: int, ends: _Ends, random: np.random.Generator) -> NDArray[np.float32]:
    """Paths from the first to the last price, stretched where they leave both so that they just reach low and high."""
    wander = np.cumsum(random.standard_normal((steps, ends.low.size), dtype=np.float32), axis=0)
    way = np.linspace(0.0, 1.0, steps, dtype=np.float32)[:, None]
    wander -= wander[0] + way * (wander[-1] - wander[0])
    wander *= ((ends.high - ends.low) / np.maximum(np.ptp(wander, axis=0), 1e-6)).astype(np.float32)
    path = wander + (ends.first + way * (ends.last - ends.first)).astype(np.float32)
    top, bottom = (limit.astype(np.float32) for limit in (ends.top, ends.bottom))
    up = ((ends.high - top) / np.maximum(path.max(axis=0) - top, 1e-3)).astype(np.float32)
    down = ((bottom - ends.low) / np.maximum(bottom - path.min(axis=0), 1e-3)).astype(np.float32)
    inside = np.clip(path, bottom, top)
    result: NDArray[np.float32] = inside + np.maximum(path - top, 0) * up - np.maximum(bottom - path, 0) * down
    return result


def _to_grid(path: NDArray[np.float32], ends: _Ends) -> NDArray[np.int32]:
    price = np.clip(path.astype(np.int32), ends.low.astype(np.int32), ends.high.astype(np.int32))
    finest, coarsest = tick_size(ends.low).astype(np.int32), tick_size(ends.high)
    price -= price % finest
    crossing = finest != coarsest  # few: looking up the tick of every single price is slow
    price[:, crossing] = floor_tick(price[:, crossing].astype(np.int64))
    return price


def _touch(price: NDArray[np.int32], traded: NDArray[np.bool_], before_auction: NDArray[np.float32], ends: _Ends) -> None:
    """Put first, last, high and low exactly where the day's bar has them, as trades."""
    columns = np.arange(ends.low.size)
    for steps, value in ((before_auction[1:].argmax(axis=0), ends.high), (before_auction[1:].argmin(axis=0), ends.low)):
        price[steps + 1, columns] = value
        traded[steps + 1, columns] = True
    price[0], price[-1] = ends.first, ends.last


def _busyness(market: SimulatedMarket, position: int) -> NDArray[np.float32]:
    day = market.turnover[position] / _BUSY_TURNOVER
    chance: NDArray[np.float32] = np.clip(np.sqrt(day), 0.02, 0.9).astype(np.float32)
    return chance


def _shares(steps: int, count: int, random: np.random.Generator) -> NDArray[np.float32]:
    prior = VolumeCurve.prior()
    usual = np.interp(np.linspace(0, 390, steps), prior.minutes, prior.shares).astype(np.float32)
    lean = random.uniform(0.85, 1.15, count).astype(np.float32)
    share: NDArray[np.float32] = np.maximum(usual[:, None], _OPENING_SHARE) ** lean
    share[-1] = 1.0
    return share
