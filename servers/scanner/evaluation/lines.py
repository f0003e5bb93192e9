"""The lines of a scoreboard and the claim they may carry (strategies.md 9.3-9.4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.market.signal import Grade

GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One line of the scoreboard. Returns are net fractions, rates are shares; NaN where nothing can be said.

    Everything from `base` on is NaN for purchases at a trigger, see `table.scoreboard`.

    Attributes:
        grade: None stands for all published signals together.
        horizon: Traded bars from the signal to the exit.
        signals: Signals after the cool-down whose fill is known.
        filled: Those that could be bought.
        unresolved: Signals whose entry or exit lies beyond the data; they are in no other figure.
        days: Sessions with such a signal.
        per_day: Signals per session of the replay.
        mean: Mean net return with target and stop.
        median: Median of the same.
        hit: Share of returns above zero.
        mfe: Mean best price over the entry, less 1.
        mae: Mean worst price over the entry, less 1.
        target_first: Targets over targets and stops.
        profit_factor: Gains over losses.
        ambiguous: Exits on a bar that touched both levels; the stop was counted.
        held: Mean net return held to the horizon, without levels: what the base rate is compared with.
        held_hit: Share of those above zero.
        base: Mean net return of the matched pool on the same days.
        base_hit: Share of the pool above zero.
        excess: Mean of the daily excess of `held` over the pool.
        excess_t: Newey-West t of that daily mean.
        band_low: 5th percentile of the mean of as many random members of the pool.
        band_high: 95th percentile of the same.
        first_half: Mean daily excess in the first half of the period.
        second_half: The same in the second.
    """

    grade: Grade | None
    horizon: int
    signals: int
    filled: int
    unresolved: int
    days: int
    per_day: float
    mean: float
    median: float
    hit: float
    mfe: float
    mae: float
    target_first: float
    profit_factor: float
    ambiguous: int
    held: float
    held_hit: float
    base: float
    base_hit: float
    excess: float
    excess_t: float
    band_low: float
    band_high: float
    first_half: float
    second_half: float

    @property
    def fill_rate(self) -> float:
        """Share of the signals that could be bought."""
        return self.filled / self.signals if self.signals else math.nan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DailyCurve:
    """Published signals day by day at one horizon, for pictures; d signal days that have a control.

    Attributes:
        horizon: Traded bars from the signal to the exit.
        day: Session of the signals, yyyymmdd, ascending, shape (d,).
        signals: How many, shape (d,).
        held: Their mean net return held to the horizon, shape (d,).
        base: Mean net return of their pools, shape (d,).
    """

    horizon: int
    day: NDArray[np.int32]
    signals: NDArray[np.int64]
    held: NDArray[np.float64]
    base: NDArray[np.float64]

    @property
    def excess(self) -> NDArray[np.float64]:
        """Signals less pool, shape (d,)."""
        return self.held - self.base


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The four conditions under which one may say that a strategy works at a horizon (strategies.md 9.4)."""

    horizon: int
    positive: bool
    significant: bool
    monotone: bool
    both_halves: bool

    @property
    def works(self) -> bool:
        """All four hold."""
        return self.positive and self.significant and self.monotone and self.both_halves


def claim(lines: Sequence[ScoreRow], horizon: int) -> Claim:
    """Whether the lines of one horizon carry the claim that the strategy works."""
    by_grade = {line.grade: line for line in lines if line.horizon == horizon}
    total = by_grade[None]
    ladder = [by_grade[grade].excess for grade in GRADES[:3] if grade in by_grade and math.isfinite(by_grade[grade].excess)]
    return Claim(
        horizon=horizon,
        positive=total.excess > 0,
        significant=total.excess_t > 2,
        monotone=len(ladder) == 3 and ladder == sorted(ladder, reverse=True),
        both_halves=total.first_half > 0 and total.second_half > 0,
    )
