"""Strength of sectors over five sessions, and of each ticker within its own (strategies.md 5, item 7; tiles of 6)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from servers.scanner.panel import Panel
from servers.scanner.strategies.rounding import tidy

MIN_MEMBERS = 5
RETURN_BARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorRanks:
    """Sectors by the median return of their members, and members by their own; S sectors, n tickers.

    Attributes:
        names: Ranked sectors, shape (S,); those with fewer than five counted members are not ranked.
        median: Median member return as a fraction, shape (S,).
        today: Median member change on the newest bar, shape (S,).
        rank: Rank of the sector, 1 is best, equal medians share the better rank, shape (S,).
        members: Counted members, shape (S,).
        sector: Index of each ticker's ranked sector, -1 without one, shape (n,).
        own_return: Each ticker's return over five bars, NaN for short histories, shape (n,).
        own_rank: Rank among the counted members of the sector, 0 where the ticker is not counted, shape (n,).
    """

    names: tuple[str, ...]
    median: NDArray[np.float64]
    today: NDArray[np.float64]
    rank: NDArray[np.int32]
    members: NDArray[np.int32]
    sector: NDArray[np.int32]
    own_return: NDArray[np.float64]
    own_rank: NDArray[np.int32]


class TileSignal(StrEnum):
    """Colour of a sector tile."""

    BULLISH = "bullish"
    BEARISH = "bearish"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorTile:
    """One sector today: `change` a fraction, `score` 0-100."""

    name: str
    change: float
    signal: TileSignal
    score: float


def rank_sectors(panel: Panel, eligible: NDArray[np.bool_]) -> SectorRanks:
    """Rank the sectors of a universe.

    Args:
        panel: The market.
        eligible: Who may be counted, shape (n,): members of the universe above the strategy's liquidity floors. A ticker
            outside still learns its sector, but takes no part; neither does one without five bars before its newest.
    """
    names, codes = _codes(panel.sectors)
    own_return = tidy(panel.close[:, -1] / panel.close[:, -1 - RETURN_BARS] - 1)
    today = tidy(panel.close[:, -1] / panel.close[:, -2] - 1)
    counted = np.flatnonzero(eligible & (codes >= 0) & np.isfinite(own_return))
    members = np.bincount(codes[counted], minlength=len(names))
    kept = np.flatnonzero(members >= MIN_MEMBERS)
    place = np.full(len(names) + 1, -1, dtype=np.int32)  # one more, for tickers without a sector
    place[kept] = np.arange(kept.size, dtype=np.int32)
    sector = place[codes]
    inside = counted[sector[counted] >= 0]
    median = _medians(sector[inside], own_return[inside], kept.size)
    own_rank = np.zeros(len(codes), dtype=np.int32)
    own_rank[inside] = _ranks_within(sector[inside], own_return[inside])
    return SectorRanks(
        names=tuple(names[index] for index in kept.tolist()),
        median=median,
        today=_medians(sector[inside], today[inside], kept.size),
        rank=_ranks_within(np.zeros(kept.size, dtype=np.int32), median),
        members=members[kept].astype(np.int32),
        sector=sector,
        own_return=own_return,
        own_rank=own_rank,
    )


def sector_tiles(ranks: SectorRanks) -> tuple[SectorTile, ...]:
    """Sectors of today as tiles, strongest first; they do not enter the gate's level."""
    order = np.lexsort((np.array(ranks.names), -ranks.today))
    return tuple(_tile(ranks.names[index], float(ranks.today[index])) for index in order.tolist())


def _tile(name: str, change: float) -> SectorTile:
    signal = TileSignal.BULLISH if change > 0.01 else TileSignal.BEARISH if change < -0.01 else TileSignal.NEUTRAL
    return SectorTile(name=name, change=change, signal=signal, score=min(max(50 + 10 * 100 * change, 0.0), 100.0))


def _codes(sectors: tuple[str, ...]) -> tuple[list[str], NDArray[np.int32]]:
    """Distinct sectors in the order of their names, and each ticker's number; -1 without a sector."""
    names = sorted(set(sectors) - {""})
    number = {name: index for index, name in enumerate(names)}
    return names, np.array([number.get(sector, -1) for sector in sectors], dtype=np.int32)


def _medians(groups: NDArray[np.int32], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Median per group 0..count-1, none of which is empty."""
    ordered = values[np.lexsort((values, groups))]
    ends = np.cumsum(np.bincount(groups, minlength=count))
    starts = ends - np.bincount(groups, minlength=count)
    return np.asarray((ordered[(starts + ends - 1) // 2] + ordered[(starts + ends) // 2]) / 2)


def _ranks_within(groups: NDArray[np.int32], values: NDArray[np.float64]) -> NDArray[np.int32]:
    """Rank of each value within its group, 1 the highest; equal values share the better rank."""
    order = np.lexsort((-values, groups))
    group, value = groups[order], values[order]
    starts = np.concatenate(([True], group[1:] != group[:-1]))[: group.size]
    position = np.arange(group.size)
    ordinal = position - np.maximum.accumulate(np.where(starts, position, 0)) + 1
    fresh = starts | np.concatenate(([True], value[1:] != value[:-1]))[: group.size]
    ranks = np.zeros(group.size, dtype=np.int32)
    ranks[order] = ordinal[np.maximum.accumulate(np.where(fresh, position, 0))]
    return ranks
