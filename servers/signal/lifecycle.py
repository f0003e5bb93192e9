"""What became of open signals on the bars since their plan began: waiting, under way, or ended; pure.

Entry, exits and their order are those of `shared.market.outcome` (strategies.md 9.1-9.2), with the levels as published. The
target of a disparity stands still here, while the horizons of the scoreboard let it move with the average.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import numpy as np

from shared.market.adjust import adjustment, select_rows, traded
from shared.market.bars import BarColumns, FactorColumns
from shared.market.outcome import Exit, Fill, Outcomes, SignalLevels, evaluate
from shared.market.paths import cut_paths, locked_bars
from shared.market.plans import PLANS
from shared.market.sessions import SessionCalendar
from shared.market.signal import Signal, SignalState
from shared.market.times import from_yyyymmdd, yyyymmdd


class Standing(StrEnum):
    """Where a signal stands on its plan."""

    PENDING = "PENDING"
    UNDER_WAY = "UNDER_WAY"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a signal stands; `state`, `reason`, `price_krw` and `on` tell of the end and are empty before."""

    standing: Standing
    state: SignalState = SignalState.ACTIVE
    reason: str = ""
    price_krw: int | None = None
    on: date | None = None


_NOT_ENTERED: dict[Fill, tuple[SignalState, str]] = {
    Fill.NOT_TRIGGERED: (SignalState.EXPIRED, "NOT_TRIGGERED"),
    Fill.NOT_TRADED: (SignalState.INVALIDATED, "NOT_TRADED"),
    Fill.LOCKED_UP: (SignalState.INVALIDATED, "LOCKED_UP"),
    Fill.GAP_ABOVE: (SignalState.INVALIDATED, "GAP_ABOVE"),
}
_EXITED: dict[Exit, str] = {
    Exit.TARGET: "TARGET",
    Exit.STOP: "STOP",
    Exit.HORIZON: "TIME",
    Exit.DELISTED: "DELISTED",
}


def follow(
    signals: Sequence[Signal], bars: BarColumns, factors: FactorColumns, calendar: SessionCalendar, *, until: date
) -> list[Progress]:
    """Where each signal stands after the bars up to `until`.

    Args:
        signals: Open signals of one kind.
        bars: Raw bars of their tickers from the first `plan_on` to `until`.
        factors: Corporate actions known by then.
        calendar: Tells the session after each plan's day.
        until: Newest day of the bars.

    Returns:
        One value per signal; a signal whose own day has no traded bar is pending.
    """
    known = select_rows(bars, traded(bars))
    places = [_place(known, signal) for signal in signals]
    rows = np.array([place for place in places if place is not None], dtype=np.intp)
    if not rows.size:
        return [Progress(standing=Standing.PENDING) for _ in signals]
    placed = [signal for signal, place in zip(signals, places, strict=True) if place is not None]
    rule = PLANS[signals[0].candidate.kind]
    multiplier = adjustment(known, factors, yyyymmdd(until))
    paths = cut_paths(known, multiplier, rows, length=rule.horizon + rule.trigger_window)
    locked_up, _ = locked_bars(known, multiplier)
    outcomes = iter(_progresses(evaluate(_levels(placed, calendar, locked_up[rows]), paths, rule)))
    return [Progress(standing=Standing.PENDING) if place is None else next(outcomes) for place in places]


def end(signal: Signal, progress: Progress, now: datetime) -> Signal:
    """The signal after its end, one revision further."""
    return replace(
        signal,
        revision=signal.revision + 1,
        state=progress.state,
        updated_time=now,
        closed_time=now,
        close_reason=progress.reason,
        close_price_krw=progress.price_krw,
        previous_grade=None,
    )


def _place(bars: BarColumns, signal: Signal) -> int | None:
    ticker = signal.candidate.ticker
    if ticker not in bars.tickers:
        return None
    same = (bars.ticker_index == bars.tickers.index(ticker)) & (bars.date == yyyymmdd(signal.plan_on))
    found = np.flatnonzero(same)
    return int(found[0]) if found.size else None


def _levels(signals: Sequence[Signal], calendar: SessionCalendar, locked_up: np.ndarray) -> SignalLevels:
    verdicts = [signal.candidate for signal in signals]
    return SignalLevels(
        close=np.array([float(verdict.close_krw) for verdict in verdicts]),
        trigger=np.array([_level(verdict.entry_krw) for verdict in verdicts]),
        target=np.array([_level(verdict.target_krw) for verdict in verdicts]),
        stop=np.array([_level(verdict.stop_krw) for verdict in verdicts]),
        next_session=np.array([yyyymmdd(calendar.next_session(one.plan_on).day) for one in signals], dtype=np.int32),
        locked_up=locked_up,
    )


def _level(price_krw: int | None) -> float:
    return float("nan") if price_krw is None else float(price_krw)


def _progresses(outcomes: Outcomes) -> list[Progress]:
    return [_progress(outcomes, row) for row in range(outcomes.fill.size)]


def _progress(outcomes: Outcomes, row: int) -> Progress:
    fill, exit_ = Fill(int(outcomes.fill[row])), Exit(int(outcomes.exit[row]))
    if fill is Fill.PENDING:
        return Progress(standing=Standing.PENDING)
    if fill is not Fill.FILLED:
        state, reason = _NOT_ENTERED[fill]
        return Progress(standing=Standing.ENDED, state=state, reason=reason)
    if exit_ not in _EXITED:
        return Progress(standing=Standing.UNDER_WAY)
    return Progress(
        standing=Standing.ENDED,
        state=SignalState.CLOSED,
        reason=_EXITED[exit_],
        price_krw=round(float(outcomes.exit_price[row])),
        on=from_yyyymmdd(int(outcomes.exit_date[row])),
    )
