"""What became of live signals, by the same evaluation that judges backtests; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from servers.scanner.backtest import ENTRIES, judged_by, moving_average
from servers.scanner.evaluation.forward import Future, Purchases
from servers.scanner.evaluation.pool import Pool, PoolDay, join_days
from servers.scanner.evaluation.replay import bars_on, panel_on, pool_of
from servers.scanner.evaluation.table import Measured, SignalSet, ended_returns, measure
from servers.scanner.history import MarketHistory
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.outcome import EntryMode, Fill, Outcomes
from shared.market.plans import PLANS
from shared.market.scoreboard import GRADES, pack_draws
from shared.market.signal import Signal, SignalKind, SignalState
from shared.market.times import from_yyyymmdd, yyyymmdd
from shared.store.repositories.outcomes import OWN_PLAN, SignalOpening, StoredOutcome

LIVE_ENTRIES: Mapping[SignalKind, EntryMode] = {
    **{kind: entries[0] for kind, entries in ENTRIES.items()},
    # Found on trades: the close of the day is the first price of daily bars that comes after them.
    SignalKind.DROP: EntryMode.CLOSE,
    SignalKind.SURGE: EntryMode.CLOSE,
}

_TRIGGERED = frozenset({SignalKind.VCP})
"""Kinds whose entry level is a trigger; the entry of the others is the close that they were found at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """Signals of one kind that stand on bars of the history, arrays of shape (s,); `which` says which of the given ones."""

    which: NDArray[np.int64]
    rows: NDArray[np.int32]
    session: NDArray[np.int32]
    bars: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """Bars and pools of the sessions on which signals opened, each worked out once."""

    history: MarketHistory
    rules: StrategyParameters
    bars: dict[int, NDArray[np.int64]]
    pools: dict[tuple[SignalKind, int], PoolDay]

    def bars_of(self, session: int) -> NDArray[np.int64]:
        """Traded bar of each ticker on a session, -1 without one."""
        if session not in self.bars:
            self.bars[session] = bars_on(self.history, session)
        return self.bars[session]

    def pool_of(self, kind: SignalKind, sessions: Sequence[int]) -> Pool:
        """The pools of a kind on some sessions."""
        for session in sessions:
            missing = [each for each in LIVE_ENTRIES if (each, session) not in self.pools]
            if missing:
                panel, bars = panel_on(self.history, session), self.bars_of(session)
                for each in missing:
                    self.pools[each, session] = pool_of(panel, bars, session, kind=each, rules=self.rules)
        return join_days([self.pools[kind, session] for session in sessions])


def judge_openings(
    history: MarketHistory, openings: Sequence[SignalOpening], rules: StrategyParameters
) -> list[StoredOutcome]:
    """What became of signals at every horizon of the scoreboard; the cool-down is left to the caller.

    Args:
        history: Bars of every session on which one of them opened, and what followed.
        openings: With what they opened; those whose ticker has no bar on that day get no outcome.
        rules: Costs, and who belongs to a pool.
    """
    future, days = Future.of(history), _Days(history=history, rules=rules, bars={}, pools={})
    outcomes: list[StoredOutcome] = []
    for kind, entry in LIVE_ENTRIES.items():
        same = [opening for opening in openings if opening.kind is kind]
        placed = _place(history, days, [(opening.ticker, yyyymmdd(opening.opened_on)) for opening in same])
        if placed.which.size:
            chosen = [same[place] for place in placed.which.tolist()]
            pool = days.pool_of(kind, sorted(set(placed.session.tolist())))
            judged = judged_by(entry, rules)
            for measured in measure(future, _signal_set(kind, chosen, placed, rules), pool, judged=judged):
                outcomes += _stored(chosen, measured)
    return outcomes


def settle(history: MarketHistory, signals: Sequence[Signal], rules: StrategyParameters) -> list[StoredOutcome]:
    """What became of ended signals by their own plans; those whose bars are not there yet get no outcome.

    A signal that ended before its entry was never bought, whatever its levels saw later.
    """
    future, days = Future.of(history), _Days(history=history, rules=rules, bars={}, pools={})
    outcomes = [_not_bought(signal) for signal in signals if signal.state is not SignalState.CLOSED]
    for kind, plan in PLANS.items():
        same = [one for one in signals if one.candidate.kind is kind and one.state is SignalState.CLOSED]
        placed = _place(history, days, [(one.candidate.ticker, yyyymmdd(one.plan_on)) for one in same])
        if placed.which.size:
            chosen = [same[place] for place in placed.which.tolist()]
            verdicts = [one.candidate for one in chosen]
            bought = Purchases(
                session=placed.session,
                bars=placed.bars,
                trigger=_prices([verdict.entry_krw for verdict in verdicts] if kind in _TRIGGERED else [None] * len(chosen)),
                target=_prices([verdict.target_krw for verdict in verdicts]),
                stop=_prices([verdict.stop_krw for verdict in verdicts]),
            )
            rule = judged_by(plan.entry, rules).rule(plan.horizon)
            followed = future.follow(bought, [rule])[0]
            managed = ended_returns(followed)
            outcomes += [
                _outcome(followed, row, of=one.signal_id, horizon=OWN_PLAN, day=one.plan_on, managed=managed)
                for row, one in enumerate(chosen)
            ]
    return outcomes


def _place(history: MarketHistory, days: _Days, wanted: Sequence[tuple[str, int]]) -> _Placed:
    place = {ticker: row for row, ticker in enumerate(history.bars.tickers)}
    session_of = {day: number for number, day in enumerate(history.sessions.tolist())}
    found = [
        (number, place[ticker], session_of[day], bar)
        for number, (ticker, day) in enumerate(wanted)
        if ticker in place and day in session_of
        if (bar := int(days.bars_of(session_of[day])[place[ticker]])) >= 0
    ]
    table = np.array(found, dtype=np.int64).reshape(-1, 4)
    return _Placed(
        which=table[:, 0], rows=table[:, 1].astype(np.int32), session=table[:, 2].astype(np.int32), bars=table[:, 3]
    )


def _signal_set(
    kind: SignalKind, openings: Sequence[SignalOpening], placed: _Placed, rules: StrategyParameters
) -> SignalSet:
    triggers = [opening.entry_krw if kind in _TRIGGERED else None for opening in openings]
    return SignalSet(
        rows=placed.rows,
        grade=np.array([GRADES.index(opening.grade) for opening in openings], dtype=np.int8),
        published=np.ones(len(openings), dtype=np.bool_),
        purchases=Purchases(
            session=placed.session,
            bars=placed.bars,
            trigger=_prices(triggers),
            target=_prices([opening.target_krw for opening in openings]),
            stop=_prices([opening.stop_krw for opening in openings]),
            moving_average=moving_average(kind, rules),
        ),
    )


def _stored(openings: Sequence[SignalOpening], measured: Measured) -> Iterator[StoredOutcome]:
    known = measured.realised
    for row, opening in enumerate(openings):
        outcome = _outcome(
            measured.outcomes,
            row,
            of=opening.signal_id,
            horizon=measured.horizon,
            day=opening.opened_on,
            managed=known.managed,
        )
        yield replace(
            outcome,
            held=_number(known.held[row]),
            base=_number(known.base[row]),
            base_hit=_number(known.base_hit[row]),
            drawn=pack_draws(known.drawn[row]),
        )


def _outcome(
    outcomes: Outcomes, row: int, *, of: str, horizon: int, day: date, managed: NDArray[np.float64]
) -> StoredOutcome:
    """One signal's own outcome; `day` is that of its verdict, on which a purchase at the close takes place."""
    is_filled = outcomes.fill[row] == Fill.FILLED
    entry_on, exit_on = (int(days[row]) for days in (outcomes.entry_date, outcomes.exit_date))
    return StoredOutcome(
        signal_id=of,
        horizon=horizon,
        kept=True,
        fill=int(outcomes.fill[row]),
        exit_how=int(outcomes.exit[row]),
        entry_on=from_yyyymmdd(entry_on) if entry_on else day if is_filled else None,
        entry_price_krw=_won(outcomes.entry_price[row]),
        exit_on=from_yyyymmdd(exit_on) if exit_on else None,
        exit_price_krw=_won(outcomes.exit_price[row]),
        ambiguous=bool(outcomes.ambiguous[row]),
        bars_held=int(outcomes.bars_held[row]),
        net=_number(outcomes.net_return[row]),
        managed=_number(managed[row]),
        held=None,
        mfe=_number(outcomes.mfe[row]),
        mae=_number(outcomes.mae[row]),
        base=None,
        base_hit=None,
        drawn=None,
    )


def _not_bought(signal: Signal) -> StoredOutcome:
    nothing = dict.fromkeys(("entry_on", "entry_price_krw", "exit_on", "exit_price_krw", "net", "managed", "held"))
    return StoredOutcome(
        signal_id=signal.signal_id,
        horizon=OWN_PLAN,
        kept=True,
        fill=Fill.NOT_TRIGGERED,
        exit_how=0,
        ambiguous=False,
        bars_held=0,
        mfe=None,
        mae=None,
        base=None,
        base_hit=None,
        drawn=None,
        **nothing,
    )


def _prices(levels: Sequence[int | None]) -> NDArray[np.float64]:
    return np.array([np.nan if level is None else float(level) for level in levels], dtype=np.float64)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _won(price: float) -> int | None:
    return round(float(price)) if np.isfinite(price) else None
