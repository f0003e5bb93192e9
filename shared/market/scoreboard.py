"""The lines of a scoreboard and the claim they may carry: outcomes beside their base rate (strategies.md 9.3-9.4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.market.daily_statistics import daily_means, newey_west_t
from shared.market.errors import InvalidInput
from shared.market.outcome import Exit, Fill
from shared.market.signal import Grade

GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)
"""What the codes of grades mean."""

HORIZONS = (1, 3, 5, 10, 20)
"""Traded bars after which signals are judged."""

SMALL_SAMPLE = 30
"""Fewer filled signals are too few to be shown as a rate."""

RANDOM_SEEDS = 200
BAND = (5.0, 95.0)

_SIGNIFICANT_T = 2.0
_BPS = 10_000
_LARGEST = 32_767  # a return of 328 % within twenty bars; more is cut
_UNKNOWN = -32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class Realised:
    """What became of s signals at one horizon. Returns are net fractions; arrays have shape (s,) but for `drawn`.

    Attributes:
        day: Session of the signal, yyyymmdd.
        grade: Code into `GRADES`.
        published: Whether it was made a signal; the others are near misses to compare with.
        fill: `Fill` codes.
        exit: `Exit` codes.
        ambiguous: Exit on a bar that touched stop and target; the stop was counted.
        managed: Return with target and stop; NaN until it has ended.
        held: Return when held to the horizon, without levels; NaN until it has ended.
        mfe: Best price over the entry, less 1.
        mae: Worst price over the entry, less 1.
        base: Mean return of the comparable tickers of the day, NaN without any.
        base_hit: Share of those above zero.
        drawn: Returns of random ones of them, one per seed, shape (s, seeds); NaN without any.
    """

    day: NDArray[np.int32]
    grade: NDArray[np.int8]
    published: NDArray[np.bool_]
    fill: NDArray[np.int8]
    exit: NDArray[np.int8]
    ambiguous: NDArray[np.bool_]
    managed: NDArray[np.float64]
    held: NDArray[np.float64]
    mfe: NDArray[np.float64]
    mae: NDArray[np.float64]
    base: NDArray[np.float64]
    base_hit: NDArray[np.float64]
    drawn: NDArray[np.float64]

    def chosen(self, which: NDArray[np.bool_]) -> "Realised":
        """The signals under a mask."""
        return Realised(**{name: getattr(self, name)[which] for name in Realised.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One line of the scoreboard. Returns are net fractions, rates are shares; NaN where nothing can be said.

    Everything from `base` on is NaN for purchases at a trigger, which no purchase of a comparable ticker is like.

    Attributes:
        grade: None stands for all published signals together.
        horizon: Traded bars from the signal to the exit.
        signals: Signals after the cool-down whose fill is known.
        filled: Those that could be bought.
        unresolved: Signals without an end: their entry or exit lies beyond the data, or behind a hole or an unexplained jump
            in them. They are in no rate and no return.
        days: Sessions with such a signal.
        per_day: Signals per session of the period.
        mean: Mean net return with target and stop.
        median: Median of the same.
        worst: Lowest of the same.
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
    worst: float
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


def pack_draws(drawn: NDArray[np.float64]) -> bytes | None:
    """Random controls of one signal, shape (seeds,), as basis points in two bytes each; None without any."""
    if not np.isfinite(drawn).any():
        return None
    whole = np.clip(np.rint(np.nan_to_num(drawn) * _BPS), -_LARGEST, _LARGEST)
    return np.where(np.isfinite(drawn), whole, _UNKNOWN).astype("<i2").tobytes()


def unpack_draws(packed: bytes | None, seeds: int = RANDOM_SEEDS) -> NDArray[np.float64]:
    """The random controls behind `pack_draws`, shape (seeds,); NaN where there was none."""
    if packed is None:
        return np.full(seeds, np.nan)
    whole = np.frombuffer(packed, dtype="<i2")
    return np.where(whole == _UNKNOWN, np.nan, whole / _BPS)


def score_rows(realised: Realised, *, horizon: int, sessions: NDArray[np.int32]) -> list[ScoreRow]:
    """The lines of one horizon: S, A, B, C, and all published signals together.

    Args:
        realised: What became of the signals, repeats within the holding period left out.
        horizon: Bars they were held.
        sessions: Days of the period, yyyymmdd, ascending; signals fall into its first or second half by them.
    """
    by_grade: list[tuple[Grade | None, NDArray[np.bool_]]] = [
        (each, realised.grade == code) for code, each in enumerate(GRADES)
    ]
    return [
        _row(realised.chosen(which), grade=grade, horizon=horizon, sessions=sessions)
        for grade, which in [*by_grade, (None, realised.published)]
    ]


def claim(rows: Sequence[ScoreRow], horizon: int) -> Claim:
    """Whether the lines of one horizon carry the claim that the strategy works."""
    by_grade = {row.grade: row for row in rows if row.horizon == horizon}
    total = by_grade[None]
    ladder = [by_grade[grade].excess for grade in GRADES[:3] if grade in by_grade and math.isfinite(by_grade[grade].excess)]
    return Claim(
        horizon=horizon,
        positive=total.excess > 0,
        significant=total.excess_t > _SIGNIFICANT_T,
        monotone=len(ladder) == 3 and ladder == sorted(ladder, reverse=True),
        both_halves=total.first_half > 0 and total.second_half > 0,
    )


def check_horizons(horizons: Sequence[int], field: str = "horizons") -> tuple[int, ...]:
    """The horizons of a request in ascending order; none means all.

    Raises:
        InvalidInput: One that signals are not judged at.
    """
    for place, horizon in enumerate(horizons):
        if horizon not in HORIZONS:
            known = ", ".join(map(str, HORIZONS))
            raise InvalidInput(f"{field}[{place}]", f"is {horizon}; signals are judged after {known} sessions")
    return tuple(sorted(set(horizons))) or HORIZONS


def _row(chosen: Realised, *, grade: Grade | None, horizon: int, sessions: NDArray[np.int32]) -> ScoreRow:
    known = chosen.fill != Fill.PENDING
    filled = chosen.fill == Fill.FILLED
    ended = filled & np.isfinite(chosen.managed) & np.isfinite(chosen.held)
    trades = chosen.chosen(ended)
    returns = trades.managed
    targets, stops = (int((trades.exit == how).sum()) for how in (Exit.TARGET, Exit.STOP))
    days, excess = daily_means(trades.day, trades.held - trades.base)
    middle = sessions[sessions.size // 2] if sessions.size else 0
    low, high = _band(trades.drawn)
    return ScoreRow(
        grade=grade,
        horizon=horizon,
        signals=int(known.sum()),
        filled=int(filled.sum()),
        unresolved=int((~known).sum() + (filled & ~ended).sum()),
        days=int(np.unique(chosen.day[known]).size),
        per_day=float(known.sum() / sessions.size) if sessions.size else math.nan,
        mean=_mean(returns),
        median=float(np.median(returns)) if returns.size else math.nan,
        worst=float(returns.min()) if returns.size else math.nan,
        hit=_mean(np.where(returns > 0, 1.0, 0.0)),
        mfe=_mean(trades.mfe),
        mae=_mean(trades.mae),
        target_first=targets / (targets + stops) if targets + stops else math.nan,
        profit_factor=_profit_factor(returns),
        ambiguous=int(trades.ambiguous.sum()),
        held=_mean(trades.held),
        held_hit=_mean(np.where(trades.held > 0, 1.0, 0.0)),
        base=_mean(trades.base),
        base_hit=_mean(trades.base_hit),
        excess=_mean(excess),
        excess_t=newey_west_t(excess, horizon - 1),
        band_low=low,
        band_high=high,
        first_half=_mean(excess[days < middle]),
        second_half=_mean(excess[days >= middle]),
    )


def _band(drawn: NDArray[np.float64]) -> tuple[float, float]:
    """Percentiles over the seeds of the mean over the signals."""
    known = np.isfinite(drawn)
    counts = known.sum(axis=0)
    means = np.where(known, drawn, 0.0).sum(axis=0)[counts > 0] / counts[counts > 0]
    low, high = np.percentile(means, BAND) if means.size else (math.nan, math.nan)
    return float(low), float(high)


def _mean(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else math.nan


def _profit_factor(returns: NDArray[np.float64]) -> float:
    losses = -float(returns[returns < 0].sum())
    return float(returns[returns > 0].sum()) / losses if losses > 0 else math.nan
