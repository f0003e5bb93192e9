"""What became of the finds of a strategy, per horizon, and what comparable tickers did (strategies.md 9.3-9.4)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.evaluation.cooldown import first_of_holding
from servers.scanner.evaluation.forward import Future, Purchases
from servers.scanner.evaluation.pool import Pool, base_rate, places_of, random_draws
from shared.market.costs import FEE
from shared.market.daily_statistics import daily_means
from shared.market.outcome import EntryMode, Exit, Fill, OutcomeRule, Outcomes
from shared.market.scoreboard import HORIZONS, RANDOM_SEEDS, Realised, ScoreRow, score_rows

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
    """How finds are judged: entry, costs, how many random controls are drawn and the number of the first."""

    entry: EntryMode
    fee: float = FEE
    slip_ticks: int = 1
    seeds: int = RANDOM_SEEDS
    seed: int = 0

    def rule(self, horizon: int) -> OutcomeRule:
        """The outcome rule of one horizon."""
        return OutcomeRule(entry=self.entry, horizon=horizon, fee=self.fee, slip_ticks=self.slip_ticks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Every find at one horizon.

    `kept` marks those that the cool-down leaves, shape (s,); `outcomes` tell prices and days of the same finds.
    """

    horizon: int
    kept: NDArray[np.bool_]
    outcomes: Outcomes
    realised: Realised


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
class Scoreboard:
    """Lines per horizon and grade (all published signals last), and the daily curve of each horizon.

    `fills` counts the published finds by what became of their purchase, repeats included; `lost` the positions that ended
    worthless in a delisting without 정리매매, at the longest horizon.
    """

    lines: tuple[ScoreRow, ...]
    curves: tuple[DailyCurve, ...]
    fills: Mapping[Fill, int]
    lost: int


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

    Args:
        future: What happened afterwards.
        signals: Finds of one strategy.
        pool: The tickers they are held against.
        judged: Entry and costs, the same for signals and pool.
        sessions: Indices of the sessions replayed, ascending.
        horizons: Bars to hold.
    """
    days = future.sessions[np.asarray(sessions, dtype=np.int64)]
    lines: list[ScoreRow] = []
    curves: list[DailyCurve] = []
    fills: Counter[int] = Counter()
    lost = 0
    for measured in measure(future, signals, pool, judged=judged, horizons=horizons):
        kept = measured.realised.chosen(measured.kept)
        lines += score_rows(kept, horizon=measured.horizon, sessions=days)
        curves.append(_curve(kept, measured.horizon))
        fills = Counter(measured.outcomes.fill[signals.published].tolist())
        gone = (measured.outcomes.exit == Exit.DELISTED) & (measured.outcomes.exit_price <= 0)
        lost = int((gone & measured.kept & signals.published).sum())
    return Scoreboard(
        lines=tuple(lines), curves=tuple(curves), fills={Fill(code): count for code, count in fills.items()}, lost=lost
    )


def measure(
    future: Future, signals: SignalSet, pool: Pool, *, judged: Judged, horizons: Sequence[int] = HORIZONS
) -> Iterator[Measured]:
    """What became of every find, horizon by horizon.

    A purchase at a trigger happens within a day and only because the price has risen to it; no purchase of a control on
    daily bars is like it, so that entry has outcomes but no base rate.

    Args:
        future: What happened afterwards.
        signals: Finds of one strategy.
        pool: The tickers they are held against.
        judged: Entry and costs, the same for signals and pool.
        horizons: Bars to hold.
    """
    rules = [judged.rule(horizon) for horizon in horizons]
    bought = signals.purchases
    places = _places(pool, signals, judged.entry)
    held = _held(future, bought, rules)
    for rule, outcomes, kept_to_horizon in zip(rules, future.follow(bought, rules), held, strict=True):
        returns = _pool_returns(future, pool, rule)
        control = base_rate(pool, returns, places)
        yield Measured(
            horizon=rule.horizon,
            kept=_kept(signals, outcomes, rule.horizon),
            outcomes=outcomes,
            realised=Realised(
                day=future.sessions[bought.session],
                grade=signals.grade,
                published=signals.published,
                fill=outcomes.fill,
                exit=outcomes.exit,
                ambiguous=outcomes.ambiguous,
                managed=ended_returns(outcomes),
                held=kept_to_horizon,
                mfe=outcomes.mfe,
                mae=outcomes.mae,
                base=control.mean,
                base_hit=control.hit,
                drawn=random_draws(pool, returns, places, seeds=judged.seeds, seed=judged.seed),
            ),
        )


def ended_returns(outcomes: Outcomes) -> NDArray[np.float64]:
    """Net returns of what was bought and has ended, NaN elsewhere; shape (s,)."""
    return np.where(np.isin(outcomes.exit, _ENDED), outcomes.net_return, np.nan)


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


def _kept(signals: SignalSet, outcomes: Outcomes, horizon: int) -> NDArray[np.bool_]:
    """Signals after the cool-down; what is not published neither holds a position nor is held back by one."""
    filled = outcomes.fill == Fill.FILLED
    kept = np.zeros(filled.size, dtype=np.bool_)
    for group in (signals.published, ~signals.published):
        kept[group] = first_of_holding(signals.rows[group], signals.purchases.bars[group], filled[group], horizon)
    return kept


def _curve(realised: Realised, horizon: int) -> DailyCurve:
    """Daily means of the published signals that were filled and have ended and have a control."""
    known = realised.published & (realised.fill == Fill.FILLED) & np.isfinite(realised.held + realised.base)
    days, held = daily_means(realised.day[known], realised.held[known])
    _, base = daily_means(realised.day[known], realised.base[known])
    _, counts = np.unique(realised.day[known], return_counts=True)
    return DailyCurve(horizon=horizon, day=days, signals=counts, held=held, base=base)
