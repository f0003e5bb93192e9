"""The invented market day by day: every session that the calendar knows, decided by the seed alone.

The future is as fixed as the past: a live session only reveals it. So a store can be closed and opened again at any time and
goes on with the same market.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from servers.feed.simulated.moods import Moods, draw_moods
from servers.feed.simulated.universe import Universe, build_universe
from shared.market.errors import DataMissing
from shared.market.sessions import Session, SessionCalendar
from shared.market.tick_size import ceil_tick, floor_tick, price_limits

HISTORY_SESSIONS = 490
"""Sessions before the first live one: two years."""

_FIRST_LIVE = date(2026, 3, 2)
_LARGEST_MOVE = 0.27  # below the price limit, so that a limit day stays an event of its own
_SECTOR_SHARE = 0.006


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedMarket:
    """Daily bars of n instruments over t sessions, shape (t, n), won and shares; `sessions` has t entries.

    `foreign`, `institution` is net buying in won. `previous` is the close before the first session, shape (n,). The first
    `HISTORY_SESSIONS` sessions are over when the market is first opened.
    """

    seed: int
    universe: Universe
    sessions: tuple[Session, ...]
    previous: NDArray[np.int64]
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]
    foreign: NDArray[np.int64]
    institution: NDArray[np.int64]

    @property
    def turnover(self) -> NDArray[np.int64]:
        """Won traded per day, from the mean price; shape (t, n)."""
        return (self.open + self.high + self.low + self.close) // 4 * self.volume

    def close_before(self, position: int) -> NDArray[np.int64]:
        """Closes of the session before the one at `position`, shape (n,)."""
        return self.close[position - 1] if position else self.previous

    def position_of(self, day: date) -> int:
        """Place of the first session on or after `day`.

        Raises:
            DataMissing: The invented market ends before.
        """
        for position, session in enumerate(self.sessions):
            if session.day >= day:
                return position
        raise self._over()

    def following(self, position: int) -> int:
        """Place of the session after the one at `position`.

        Raises:
            DataMissing: It was the last one.
        """
        if position + 1 >= len(self.sessions):
            raise self._over()
        return position + 1

    def _over(self) -> DataMissing:
        return DataMissing(f"the simulated market ends on {self.sessions[-1].day}; move its store away to begin a new one")


def build_market(seed: int, calendar: SessionCalendar) -> SimulatedMarket:
    """Decide the market of a seed; some hundred milliseconds of one core."""
    universe, sessions = build_universe(seed), _sessions(seed, calendar)
    shape = (len(sessions), len(universe.instruments))
    moods = draw_moods(seed, shape[1], shape[0])
    random = np.random.default_rng([seed, 3])
    previous, close = _closes(universe, _returns(universe, moods, random))
    before = np.vstack([previous, close[:-1]])
    move = close / before - 1.0
    spread = universe.volatility * (0.35 + 0.65 * moods.noise)
    lower, upper = price_limits(before)
    open_ = np.clip(floor_tick(before * (1 + move * 0.3 + random.normal(0, 0.25, shape) * spread)), lower, upper)
    high = np.clip(floor_tick(np.maximum(open_, close) * (1 + np.abs(random.normal(0, 0.4, shape)) * spread)), lower, upper)
    low = np.clip(ceil_tick(np.minimum(open_, close) * (1 - np.abs(random.normal(0, 0.4, shape)) * spread)), lower, upper)
    crowd = moods.volume * np.exp(random.normal(0, 0.25, shape)) * (1 + 2 * np.minimum(np.abs(move) / 0.03, 3))
    volume = np.maximum(1, np.rint(universe.turnover * crowd / close)).astype(np.int64)
    foreign, institution = (_flows(moods, move, volume * close.astype(np.float64), random) for _ in range(2))
    return SimulatedMarket(
        seed=seed,
        universe=universe,
        sessions=sessions,
        previous=previous,
        open=open_,
        high=np.maximum(high, np.maximum(open_, close)),
        low=np.minimum(low, np.minimum(open_, close)),
        close=close,
        volume=volume,
        foreign=foreign,
        institution=institution,
    )


def _sessions(seed: int, calendar: SessionCalendar) -> tuple[Session, ...]:
    first_live = calendar.next_session(_FIRST_LIVE).day
    for _ in range(seed % 10):
        first_live = calendar.next_session(first_live).day
    history = calendar.last_sessions(calendar.previous_session(first_live).day, HISTORY_SESSIONS)
    return (*history, *calendar.sessions_between(first_live, date(calendar.last_year, 12, 31)))


def _returns(universe: Universe, moods: Moods, random: np.random.Generator) -> NDArray[np.float64]:
    """Log returns, shape (t, n): the market's and the sector's share, the mood's drift, and noise of one's own."""
    count, width = moods.drift.shape
    market = _market_factor(count, random)
    sectors = random.normal(0, _SECTOR_SHARE, (count, int(universe.sector.max()) + 1))
    mine = np.where(universe.sector >= 0, sectors[:, universe.sector], 0.0)
    own = random.normal(0, 1, (count, width)) * universe.volatility * moods.noise
    returns = moods.drift + own + (universe.beta * market[:, None] + mine) * np.minimum(moods.noise, 1.0)
    followed = universe.follows >= 0
    returns[:, followed] = 0.95 * returns[:, universe.follows[followed]] + own[:, followed] * 0.2
    funds = universe.leverage != 0
    weights = universe.price * universe.shares * ~funds
    index = np.log(np.maximum(np.exp(returns) @ (weights / weights.sum()), 0.5))
    returns[:, funds] = universe.leverage[funds] * index[:, None]
    limit = np.log1p(_LARGEST_MOVE)
    return np.clip(returns, -limit, limit)


def _market_factor(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Log returns of the whole market: calm rises, sideways stretches and rough falls follow each other."""
    factor: list[NDArray[np.float64]] = []
    while sum(stretch.size for stretch in factor) < count:
        length = int(random.integers(25, 80))
        drift, deviation = [(0.0011, 0.007), (0.0, 0.008), (-0.0017, 0.013)][int(random.choice(3, p=[0.5, 0.3, 0.2]))]
        factor.append(random.normal(drift, deviation, length))
    return np.concatenate(factor)[:count]


def _closes(universe: Universe, returns: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Closes on the price grid within the daily limits, each from the one before; and the close before the first."""
    close = np.empty(returns.shape, np.int64)
    previous = last = universe.price
    exact = last.astype(np.float64)
    for session, growth in enumerate(np.exp(returns)):
        lower, upper = price_limits(last)
        # The exact price runs on beside the rounded one, so that rounding does not pull cheap names down.
        exact = np.clip(exact * growth, np.maximum(lower, 500), upper)
        last = close[session] = np.clip(floor_tick(exact), lower, upper)
    return previous, close


def _flows(
    moods: Moods, move: NDArray[np.float64], turnover: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.int64]:
    lean = 0.045 * moods.appetite + 0.8 * move + random.normal(0, 0.05, move.shape)
    return np.rint(turnover * np.clip(lean, -0.35, 0.35)).astype(np.int64)
