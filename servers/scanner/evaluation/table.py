"""The scoreboard of a replay: realised outcomes per grade and horizon beside their base rate (strategies.md 9.3-9.4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.evaluation.forward import Future, Purchases
from servers.scanner.evaluation.lines import GRADES, DailyCurve, ScoreRow
from servers.scanner.evaluation.pool import BAND, RANDOM_SEEDS, BaseRate, Pool, base_rate, places_of, random_means
from servers.scanner.evaluation.statistics import daily_means, first_of_holding, newey_west_t
from shared.market.costs import FEE
from shared.market.outcome import EntryMode, Exit, Fill, OutcomeRule, Outcomes
from shared.market.signal import Grade

HORIZONS = (1, 3, 5, 10, 20)

_ENDED = (Exit.TARGET, Exit.STOP, Exit.HORIZON, Exit.DELISTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSet:
    """All finds of one strategy over a replay; arrays have shape (s,).

    `rows` are panel rows, `grade` 0 S to 3 C, `published` marks those that the strategy makes signals of, `purchases` says
    when and at which levels, in the same order.
    """

    rows: NDArray[np.int32]
    grade: NDArray[np.int8]
    published: NDArray[np.bool_]
    purchases: Purchases


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How finds are judged: entry, costs, and how many random controls are drawn."""

    entry: EntryMode
    fee: float = FEE
    slip_ticks: int = 1
    seeds: int = RANDOM_SEEDS

    def rule(self, horizon: int) -> OutcomeRule:
        """The outcome rule of one horizon."""
        return OutcomeRule(entry=self.entry, horizon=horizon, fee=self.fee, slip_ticks=self.slip_ticks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoreboard:
    """Lines per horizon and grade (all published signals last), and the daily curve of each horizon."""

    lines: tuple[ScoreRow, ...]
    curves: tuple[DailyCurve, ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    """Signals after the cool-down of one horizon with everything that a line is made of; arrays of shape (s,)."""

    grade: NDArray[np.int8]
    published: NDArray[np.bool_]
    session: NDArray[np.int32]
    outcomes: Outcomes
    managed: NDArray[np.float64]
    held: NDArray[np.float64]
    control: BaseRate
    places: NDArray[np.int64]


def scoreboard(
    future: Future,
    signals: SignalSet,
    pool: Pool,
    *,
    judged: Judged,
    sessions: Sequence[int],
    horizons: Sequence[int] = HORIZONS,
) -> Scoreboard:
    """Judge finds per horizon and grade beside their pool.

    A purchase at a trigger happens within a day and only because the price has risen to it; no purchase of a control on
    daily bars is like it, so that entry has outcomes but no base rate.

    Args:
        future: What happened afterwards.
        signals: Finds of one strategy.
        pool: The tickers they are held against.
        judged: Entry and costs, the same for signals and pool.
        sessions: Indices of the sessions replayed, ascending.
        horizons: Bars to hold.
    """
    rules = [judged.rule(horizon) for horizon in horizons]
    bought = signals.purchases
    places = _places(pool, signals, judged.entry)
    held = _held(future, bought, rules)
    lines: list[ScoreRow] = []
    curves: list[DailyCurve] = []
    for number, managed in enumerate(future.follow(bought, rules)):
        horizon = rules[number].horizon
        kept = _kept(signals, managed, horizon)
        returns = _pool_returns(future, pool, rules[number])
        measured = _Measured(
            grade=signals.grade[kept],
            published=signals.published[kept],
            session=bought.session[kept],
            outcomes=_chosen(managed, kept),
            managed=ended_returns(managed)[kept],
            held=held[number][kept],
            control=base_rate(pool, returns, places[kept]),
            places=places[kept],
        )
        lines += _lines(measured, pool, returns, judged=judged, horizon=horizon, sessions=sessions)
        curves.append(_curve(measured, future.sessions, horizon))
    return Scoreboard(lines=tuple(lines), curves=tuple(curves))


def _places(pool: Pool, signals: SignalSet, entry: EntryMode) -> NDArray[np.int64]:
    if entry is EntryMode.TRIGGER:
        return np.full(signals.rows.size, -1, dtype=np.int64)
    return places_of(pool, signals.purchases.session, signals.rows)


def _pool_returns(future: Future, pool: Pool, rule: OutcomeRule) -> NDArray[np.float64]:
    if rule.entry is EntryMode.TRIGGER:
        return np.full(pool.rows.size, np.nan)
    return future.hold(pool.day, pool.bars, rule)


def _held(future: Future, bought: Purchases, rules: Sequence[OutcomeRule]) -> list[NDArray[np.float64]]:
    """Net returns to each horizon without levels; a trigger is looked for on the path, the other entries need none."""
    if rules[0].entry is EntryMode.TRIGGER:
        return [ended_returns(each) for each in future.follow(bought.without_levels(), rules)]
    return [future.hold(bought.session, bought.bars, rule) for rule in rules]


def ended_returns(outcomes: Outcomes) -> NDArray[np.float64]:
    """Net returns of what was bought and has ended, NaN elsewhere; shape (s,)."""
    return np.where(np.isin(outcomes.exit, _ENDED), outcomes.net_return, np.nan)


def _kept(signals: SignalSet, outcomes: Outcomes, horizon: int) -> NDArray[np.bool_]:
    """Signals after the cool-down; what is not published neither holds a position nor is held back by one."""
    filled = outcomes.fill == Fill.FILLED
    kept = np.zeros(filled.size, dtype=np.bool_)
    for group in (signals.published, ~signals.published):
        kept[group] = first_of_holding(signals.rows[group], signals.purchases.bars[group], filled[group], horizon)
    return kept


def _lines(
    measured: _Measured, pool: Pool, returns: NDArray[np.float64], *, judged: Judged, horizon: int, sessions: Sequence[int]
) -> list[ScoreRow]:
    by_grade: list[tuple[Grade | None, NDArray[np.bool_]]] = [
        (each, measured.grade == code) for code, each in enumerate(GRADES)
    ]
    lines = []
    for grade, which in [*by_grade, (None, measured.published)]:
        band = random_means(pool, returns, measured.places[which & np.isfinite(measured.held)], seeds=judged.seeds)
        lines.append(_line(measured, which, band, grade=grade, horizon=horizon, sessions=sessions))
    return lines


def _chosen(outcomes: Outcomes, which: NDArray[np.bool_]) -> Outcomes:
    return Outcomes(**{name: getattr(outcomes, name)[which] for name in Outcomes.__dataclass_fields__})


def _line(
    measured: _Measured,
    which: NDArray[np.bool_],
    band: NDArray[np.float64],
    *,
    grade: Grade | None,
    horizon: int,
    sessions: Sequence[int],
) -> ScoreRow:
    known = which & (measured.outcomes.fill != Fill.PENDING)
    filled = known & (measured.outcomes.fill == Fill.FILLED)
    ended = filled & np.isfinite(measured.managed) & np.isfinite(measured.held)
    returns, outcomes = measured.managed[ended], measured.outcomes
    targets, stops = (int((outcomes.exit[ended] == how).sum()) for how in (Exit.TARGET, Exit.STOP))
    excess_days, excess = daily_means(measured.session[ended], (measured.held - measured.control.mean)[ended])
    middle = sessions[len(sessions) // 2] if sessions else 0
    low, high = np.percentile(band[np.isfinite(band)], BAND) if np.isfinite(band).any() else (math.nan, math.nan)
    return ScoreRow(
        grade=grade,
        horizon=horizon,
        signals=int(known.sum()),
        filled=int(filled.sum()),
        unresolved=int((which & ~known).sum() + (filled & ~ended).sum()),
        days=int(np.unique(measured.session[known]).size),
        per_day=float(known.sum() / len(sessions)) if sessions else math.nan,
        mean=_mean(returns),
        median=float(np.median(returns)) if returns.size else math.nan,
        hit=_mean(1.0 * (returns > 0)),
        mfe=_mean(outcomes.mfe[ended]),
        mae=_mean(outcomes.mae[ended]),
        target_first=targets / (targets + stops) if targets + stops else math.nan,
        profit_factor=_profit_factor(returns),
        ambiguous=int(outcomes.ambiguous[ended].sum()),
        held=_mean(measured.held[ended]),
        held_hit=_mean(1.0 * (measured.held[ended] > 0)),
        base=_mean(measured.control.mean[ended]),
        base_hit=_mean(measured.control.hit[ended]),
        excess=_mean(excess),
        excess_t=newey_west_t(excess, horizon - 1),
        band_low=float(low),
        band_high=float(high),
        first_half=_mean(excess[excess_days < middle]),
        second_half=_mean(excess[excess_days >= middle]),
    )


def _curve(measured: _Measured, sessions: NDArray[np.int32], horizon: int) -> DailyCurve:
    """Daily means of the published signals that were filled and have ended and have a control."""
    known = measured.published & (measured.outcomes.fill == Fill.FILLED)
    known &= np.isfinite(measured.held + measured.control.mean)
    days, held = daily_means(measured.session[known], measured.held[known])
    _, base = daily_means(measured.session[known], measured.control.mean[known])
    counts = np.bincount(measured.session[known], minlength=sessions.size)[days]
    return DailyCurve(horizon=horizon, day=sessions[days], signals=counts, held=held, base=base)


def _mean(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else math.nan


def _profit_factor(returns: NDArray[np.float64]) -> float:
    losses = -float(returns[returns < 0].sum())
    return float(returns[returns > 0].sum()) / losses if losses > 0 else math.nan
