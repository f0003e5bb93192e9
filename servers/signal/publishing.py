"""What a scan's verdicts do to the open signals; pure, so that every case can be tried without a database.

There is at most one open signal per (kind, ticker). A candidate opens one, revises it, or confirms it as it is; nothing is
ever deleted and inserted again, so ids and history stay.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker
from shared.market.signal import Candidate, Signal, SignalChange, SignalState


class Effect(StrEnum):
    """What one candidate, or its absence, did."""

    OPENED = "OPENED"
    REVISED = "REVISED"
    KEPT = "KEPT"
    CLOSED = "CLOSED"


CHANGE_OF = {
    Effect.OPENED: SignalChange.OPENED,
    Effect.REVISED: SignalChange.REVISED,
    Effect.CLOSED: SignalChange.CLOSED,
}
"""The event that an effect writes; KEPT writes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The signal as it is after the scan, and what was done to it."""

    effect: Effect
    signal: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """All detected candidates of one scan of the session `as_of`.

    `complete` says that every eligible ticker was judged except the `unjudged`: then an open signal without a candidate has
    lost its condition.
    """

    as_of: date
    candidates: Sequence[Candidate]
    complete: bool
    unjudged: Collection[Ticker]


def decide(
    open_signals: Mapping[Ticker, Signal],
    verdicts: Verdicts,
    now: datetime,
    *,
    new_ids: Sequence[str],
    pending: Collection[Ticker],
) -> list[Decision]:
    """Decide what a scan does to the open signals of its kind.

    Args:
        open_signals: ACTIVE signals of the kind by ticker.
        verdicts: What the scan found.
        now: Market time, UTC.
        new_ids: Ids for new signals, at least one per candidate.
        pending: Open signals whose entry level was not reached yet; only these end when their condition is gone. One that
            is under way ends by its plan (target, stop, time) alone.

    Returns:
        One decision per signal touched: candidates in their order, then the ended ones by ticker.

    Raises:
        InvalidInput: A ticker stands twice among the candidates.
    """
    _refuse_repeats(verdicts.candidates)
    ids = iter(new_ids)
    decisions = [
        _confirm(open_signals[candidate.ticker], candidate, now, waits=candidate.ticker in pending)
        if candidate.ticker in open_signals
        else Decision(effect=Effect.OPENED, signal=_open(candidate, now, next(ids)))
        for candidate in verdicts.candidates
    ]
    if verdicts.complete:
        found = {candidate.ticker for candidate in verdicts.candidates} | set(verdicts.unjudged)
        gone = sorted(ticker for ticker in open_signals if ticker in pending and ticker not in found)
        decisions += [Decision(effect=Effect.CLOSED, signal=_invalidate(open_signals[ticker], now)) for ticker in gone]
    return decisions


def _refuse_repeats(candidates: Sequence[Candidate]) -> None:
    seen: set[Ticker] = set()
    for position, candidate in enumerate(candidates):
        if candidate.ticker in seen:
            raise InvalidInput(f"candidates[{position}].ticker", "stands twice in one scan; send each ticker once")
        seen.add(candidate.ticker)


def _open(candidate: Candidate, now: datetime, signal_id: str) -> Signal:
    return Signal(
        signal_id=signal_id,
        revision=1,
        state=SignalState.ACTIVE,
        candidate=candidate,
        opened_price_krw=candidate.close_krw,
        opened_on=candidate.as_of,
        plan_on=candidate.as_of,
        opened_time=now,
        updated_time=now,
    )


def _confirm(signal: Signal, candidate: Candidate, now: datetime, *, waits: bool) -> Decision:
    if not waits:
        # Under way: the levels of the entry stay the plan, whatever newer verdicts would set.
        before = signal.candidate
        candidate = replace(candidate, entry_krw=before.entry_krw, stop_krw=before.stop_krw, target_krw=before.target_krw)
    if candidate == signal.candidate or candidate.as_of < signal.candidate.as_of:
        return Decision(effect=Effect.KEPT, signal=signal)
    grade = signal.candidate.grade
    revised = replace(
        signal,
        revision=signal.revision + 1,
        candidate=candidate,
        plan_on=candidate.as_of if waits else signal.plan_on,
        updated_time=now,
        previous_grade=None if grade is candidate.grade else grade,
    )
    return Decision(effect=Effect.REVISED, signal=revised)


def _invalidate(signal: Signal, now: datetime) -> Signal:
    return replace(
        signal,
        revision=signal.revision + 1,
        state=SignalState.INVALIDATED,
        updated_time=now,
        closed_time=now,
        close_reason="CONDITION_GONE",
        previous_grade=None,
    )
