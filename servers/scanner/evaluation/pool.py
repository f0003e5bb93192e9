"""The base rate (strategies.md 9.4): what tickers like the signal's did on the same day without any signal.

Alike means the same board, the same fifth of 20-bar turnover and the same fifth of the 20-bar return, among the eligible
tickers above the strategy's liquidity floor. The signal itself is left out of its control.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled
from servers.scanner.panel import Panel
from shared.market.scoreboard import RANDOM_SEEDS

FIFTHS = 5
CELLS = 4 * FIFTHS * FIFTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDay:
    """Members of the pool on one session (an index); arrays have shape (members,).

    `rows` are rows of the panel, `bars` the traded bars of that session as an index into the history, `cells` what makes
    two tickers alike, 0 to `CELLS` - 1.
    """

    session: int
    rows: NDArray[np.int32]
    bars: NDArray[np.int64]
    cells: NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """All days together, sorted by (day, cell); m members.

    Attributes:
        group: Ascending number of (day, cell) of each member, shape (m,).
        day: Index of the session, shape (m,).
        rows: Rows of the panel, shape (m,).
        bars: Traded bars of the members, shape (m,).
        keys: (day, row) of each member as one number, shape (m,), in the order of `group`.
    """

    group: NDArray[np.int64]
    day: NDArray[np.int32]
    rows: NDArray[np.int32]
    bars: NDArray[np.int64]
    keys: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRate:
    """Control of each of s signals, NaN without one: mean return of its group, and the share of it above zero."""

    mean: NDArray[np.float64]
    hit: NDArray[np.float64]


def pool_day(
    panel: Panel, bars: NDArray[np.int64], session: int, *, average_turnover_min: float, price_min: float
) -> PoolDay:
    """The pool of one session.

    Args:
        panel: The market of the session.
        bars: Traded bar of each ticker on the session as an index into the history, shape (n,).
        session: Index of the session.
        average_turnover_min: Liquidity floor of the strategy, won a day over 20 bars.
        price_min: Lowest close in won.
    """
    turnover = panel.average_turnover()
    past = panel.close[:, -1] / panel.close[:, -21] - 1
    member = panel.ranked & (turnover >= average_turnover_min) & (panel.close[:, -1] >= price_min) & np.isfinite(past)
    rows = np.flatnonzero(member).astype(np.int32)
    board = panel.board[rows]
    by_turnover, by_return = _fifths(turnover[rows], board), _fifths(past[rows], board)
    cells = (board.astype(np.int16) * FIFTHS + by_turnover) * FIFTHS + by_return
    return PoolDay(session=session, rows=rows, bars=bars[rows], cells=cells.astype(np.int16))


def join_days(days: Sequence[PoolDay]) -> Pool:
    """Put the pools of all sessions into one, ordered for draws and sums."""
    day = np.concatenate([np.full(each.rows.size, each.session, dtype=np.int32) for each in days] or [np.zeros(0, np.int32)])
    rows = np.concatenate([each.rows for each in days] or [np.zeros(0, np.int32)])
    bars = np.concatenate([each.bars for each in days] or [np.zeros(0, np.int64)])
    cells = np.concatenate([each.cells for each in days] or [np.zeros(0, np.int16)])
    group = day.astype(np.int64) * CELLS + cells
    order = np.lexsort((rows, group))
    keys = member_keys(day[order], rows[order])
    return Pool(group=group[order], day=day[order], rows=rows[order], bars=bars[order], keys=keys)


def member_keys(day: NDArray[np.int32], rows: NDArray[np.int32]) -> NDArray[np.int64]:
    """One number per (session, row)."""
    return day.astype(np.int64) * 1_000_000 + rows


def places_of(pool: Pool, day: NDArray[np.int32], rows: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where signals stand in the pool, shape (s,); -1 for a signal on a ticker that was not in it."""
    order = np.argsort(pool.keys)
    wanted = member_keys(day, rows)
    if not order.size:
        return np.full(wanted.size, -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(pool.keys, wanted, sorter=order), order.size - 1)
    place = order[found]
    return np.where(pool.keys[place] == wanted, place, -1)


def base_rate(pool: Pool, returns: NDArray[np.float64], places: NDArray[np.int64]) -> BaseRate:
    """Mean return and hit rate of the other members of each signal's group.

    Args:
        pool: The pool.
        returns: Return of every member, shape (m,); NaN where nothing could be bought or the end is not known yet.
        places: Signals as places in the pool, shape (s,).
    """
    starts, ends = _group_bounds(pool)
    known = np.isfinite(returns)
    values = np.where(known, returns, 0.0)
    sums, counts, hits = (np.concatenate(([0.0], np.cumsum(each))) for each in (values, known, values > 0))
    there = places >= 0
    at = np.where(there, places, 0)
    if not pool.group.size:
        nothing = np.full(places.size, np.nan)
        return BaseRate(mean=nothing, hit=nothing)
    first, last = starts[at], ends[at]
    others = counts[last] - counts[first] - known[at]
    usable = there & (others > 0)
    divisor = np.where(usable, others, 1)
    mean = (sums[last] - sums[first] - values[at]) / divisor
    hit = (hits[last] - hits[first] - (values[at] > 0)) / divisor
    return BaseRate(mean=np.where(usable, mean, np.nan), hit=np.where(usable, hit, np.nan))


def random_draws(
    pool: Pool, returns: NDArray[np.float64], places: NDArray[np.int64], *, seeds: int = RANDOM_SEEDS, seed: int = 0
) -> NDArray[np.float64]:
    """Returns of random members of the signals' own groups, one per signal and seed.

    What is drawn for a signal depends on nothing but the signal, the seed and the pool, so groups of signals can be looked
    at in any combination.

    Args:
        pool: The pool.
        returns: Return of every member, shape (m,).
        places: Signals as places in the pool, shape (s,); those outside of it draw nothing.
        seeds: How many draws.
        seed: Number of the first draw.

    Returns:
        Shape (s, seeds); NaN outside of the pool and for members that could not be bought.
    """
    if not pool.group.size:
        return np.full((places.size, seeds), np.nan)
    starts, ends = _group_bounds(pool)
    at = np.maximum(places, 0)
    sizes = np.where(places >= 0, (ends - starts)[at], 0)
    numbers = np.arange(seed, seed + seeds, dtype=np.uint64)
    groups = np.stack([starts[at], sizes], axis=1)
    return _drawn(returns, groups, pool.keys[at].astype(np.uint64), numbers)


@compiled
def _drawn(
    returns: NDArray[np.float64],
    groups: NDArray[np.int64],
    keys: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
) -> NDArray[np.float64]:
    # `groups` are first member and size. SplitMix64 (Steele, Lea, Flood 2014): a good hash of a counter, the same anywhere.
    drawn = np.full((keys.size, numbers.size), np.nan)
    for place in range(keys.size):
        first, size = groups[place]
        if size > 0:
            for column in range(numbers.size):
                mixed = (keys[place] * np.uint64(0xD1B54A32D192ED03)) ^ (numbers[column] * np.uint64(0x9E3779B97F4A7C15))
                mixed += np.uint64(0x9E3779B97F4A7C15)
                mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                mixed ^= mixed >> np.uint64(31)
                unit = np.float64(mixed >> np.uint64(11)) / 9007199254740992.0
                drawn[place, column] = returns[first + np.int64(unit * size)]
    return drawn


def _group_bounds(pool: Pool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and one past the last member of each member's group, shape (m,)."""
    return np.searchsorted(pool.group, pool.group, side="left"), np.searchsorted(pool.group, pool.group, side="right")


def _fifths(values: NDArray[np.float64], board: NDArray[np.int8]) -> NDArray[np.int16]:
    """Fifth 0..4 of each value among those of its board, equal values by the order of rows."""
    order = np.lexsort((values, board))
    ordered = board[order]
    starts = np.searchsorted(ordered, ordered, side="left")
    sizes = np.searchsorted(ordered, ordered, side="right") - starts
    fifth = np.zeros(values.size, dtype=np.int16)
    fifth[order] = (np.arange(values.size) - starts) * FIFTHS // np.maximum(sizes, 1)
    return fifth
