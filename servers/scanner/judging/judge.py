"""Judges live signals: keeps with what they opened, works out what became of them, stores it."""

import asyncio
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from servers.scanner.as_of import newest_closed
from servers.scanner.backtests.caveats import costs_text
from servers.scanner.evaluation.cooldown import first_of_holding
from servers.scanner.judging.outcomes import judge_openings, settle
from servers.scanner.loader import MarketLoader
from servers.scanner.strategies.parameters import StrategyParameters
from shared.clock import Clock
from shared.market.outcome import Fill
from shared.market.scoreboard import HORIZONS
from shared.market.sessions import SessionCalendar
from shared.market.signal import Signal, SignalChange, SignalEvent, SignalKind
from shared.store.repositories.base import chunks
from shared.store.repositories.outcomes import Judgement, OutcomeState, SignalOpening, StoredOutcome
from shared.store.repositories.signal_events import EventFilter
from shared.store.repositories.signals import SignalFilter
from shared.store.store import Store

_LOOKED_AFTER = 60
"""Sessions for which a signal without an end is judged again; what has none by then (a hole in the data) never gets one."""

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What judging came to: signals, those without an end at some horizon, those whose opening is not known any more."""

    signals: int
    unresolved: int
    skipped: int
    as_of: date


class SignalJudge:
    """The one writer of outcomes; one judgement at a time."""

    def __init__(
        self,
        loader: MarketLoader,
        rules: StrategyParameters,
        *,
        store: Store,
        clock: Clock,
        calendar: SessionCalendar,
    ) -> None:
        """Keep the collaborators; nothing is read before `judge`."""
        self._loader = loader
        self._rules = rules
        self._store = store
        self._clock = clock
        self._calendar = calendar
        self._turn = asyncio.Lock()

    async def judge(self) -> Judged:
        """Judge what has no end yet, and store it.

        Raises:
            DataMissing: The store has no bars.
        """
        async with self._turn:
            as_of = await self._loader.newest_session(newest_closed(self._clock.market_now(), self._calendar))
            await self._remember()
            async with self._store.read() as uow:
                openings, states = await uow.outcomes.openings(), await uow.outcomes.states()
                skipped = await uow.outcomes.count_unopened()
                ended = await self._ended(await uow.outcomes.unsettled())
            outcomes = await self._outcomes(self._open(openings, states, as_of), ended, as_of)
            states = _newest(states, outcomes)
            await self._save(outcomes, _cooled_down(openings, states, self._calendar), as_of)
        return Judged(signals=len(openings), unresolved=_unresolved(openings, states), skipped=skipped, as_of=as_of)

    async def _remember(self) -> None:
        """Keep with what every signal of the event log opened."""
        chosen, after = EventFilter(changes=(SignalChange.OPENED,)), 0
        while True:
            async with self._store.begin() as uow:
                events = await uow.signal_events.page(chosen, after=after, limit=_PAGE)
                await uow.outcomes.remember_openings([_opening(event) for event in events])
            if len(events) < _PAGE:
                return
            after = events[-1].event_id

    async def _ended(self, signal_ids: Sequence[str]) -> list[Signal]:
        signals: list[Signal] = []
        for some in chunks(signal_ids):
            async with self._store.read() as uow:
                signals += await uow.signals.page(SignalFilter(signal_ids=tuple(some)), limit=len(some))
        return signals

    def _open(self, openings: Sequence[SignalOpening], states: Sequence[OutcomeState], as_of: date) -> list[SignalOpening]:
        """Signals without any outcome, and younger ones without an end."""
        oldest = self._calendar.last_sessions(as_of, _LOOKED_AFTER)[0].day
        judged = {state.signal_id for state in states}
        final = {state.signal_id for state in states} - {state.signal_id for state in states if not state.is_final}
        return [
            opening
            for opening in openings
            if opening.signal_id not in final and (opening.signal_id not in judged or opening.opened_on >= oldest)
        ]

    async def _outcomes(
        self, openings: Sequence[SignalOpening], ended: Sequence[Signal], as_of: date
    ) -> list[StoredOutcome]:
        days = [*(opening.opened_on for opening in openings), *(signal.plan_on for signal in ended)]
        if not days or min(days) > as_of:
            return []
        stretch = await self._loader.stretch(min(days), as_of, until=as_of)
        judged = await asyncio.to_thread(judge_openings, stretch.history, openings, self._rules)
        return judged + await asyncio.to_thread(settle, stretch.history, ended, self._rules)

    async def _save(self, outcomes: Sequence[StoredOutcome], kept: Sequence[tuple[str, int, bool]], as_of: date) -> None:
        now, common = self._clock.market_now(), self._rules.common
        async with self._store.begin() as uow:
            await uow.outcomes.save(outcomes)
            await uow.outcomes.set_kept(kept)
            for kind in SignalKind:
                costs = costs_text(common.fee, common.slip_ticks)
                await uow.outcomes.note(Judgement(kind=kind, judged_time=now, as_of=as_of, costs=costs))


def _opening(event: SignalEvent) -> SignalOpening:
    signal, verdict = event.signal, event.signal.candidate
    return SignalOpening(
        signal_id=signal.signal_id,
        kind=verdict.kind,
        ticker=verdict.ticker,
        opened_on=signal.opened_on,
        grade=verdict.grade,
        close_krw=verdict.close_krw,
        entry_krw=verdict.entry_krw,
        stop_krw=verdict.stop_krw,
        target_krw=verdict.target_krw,
        target_return_bps=verdict.target_return_bps,
    )


def _newest(states: Iterable[OutcomeState], outcomes: Iterable[StoredOutcome]) -> list[OutcomeState]:
    """States after some outcomes were worked out anew."""
    known = {(state.signal_id, state.horizon): state for state in states}
    for one in outcomes:
        if one.horizon:
            is_final = one.fill not in {Fill.FILLED, Fill.PENDING} or None not in {one.managed, one.held}
            known[one.signal_id, one.horizon] = OutcomeState(
                signal_id=one.signal_id, horizon=one.horizon, kept=one.kept, fill=one.fill, is_final=is_final
            )
    return list(known.values())


def _cooled_down(
    openings: Sequence[SignalOpening], states: Iterable[OutcomeState], calendar: SessionCalendar
) -> list[tuple[str, int, bool]]:
    """Outcomes that become repeats within the holding period of an earlier signal, or no longer are; sessions count."""
    known = {(state.signal_id, state.horizon): state for state in states}
    if not openings:
        return []
    days = [session.day for session in calendar.sessions_between(openings[0].opened_on, openings[-1].opened_on)]
    owners = {key: place for place, key in enumerate(sorted({(each.kind, each.ticker) for each in openings}))}
    changed: list[tuple[str, int, bool]] = []
    for horizon in HORIZONS:
        judged = [each for each in openings if (each.signal_id, horizon) in known]
        before = [known[each.signal_id, horizon] for each in judged]
        mask = first_of_holding(
            np.array([owners[each.kind, each.ticker] for each in judged], dtype=np.int32),
            np.array([bisect_right(days, each.opened_on) for each in judged], dtype=np.int64),
            np.array([state.fill == Fill.FILLED for state in before], dtype=np.bool_),
            horizon,
        )
        changed += [
            (state.signal_id, horizon, is_kept)
            for state, is_kept in zip(before, mask.tolist(), strict=True)
            if state.kept != is_kept
        ]
    return changed


def _unresolved(openings: Sequence[SignalOpening], states: Iterable[OutcomeState]) -> int:
    """Signals without an end at every horizon."""
    final: dict[str, int] = {}
    for state in states:
        final[state.signal_id] = final.get(state.signal_id, 0) + state.is_final
    return sum(final.get(opening.signal_id, 0) < len(HORIZONS) for opening in openings)
