"""Signals and their event log: every change of a signal and its event are one transaction."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from servers.signal.lifecycle import Progress, Standing, end, follow
from servers.signal.publishing import CHANGE_OF, Decision, Effect, Verdicts, decide
from shared.clock import Clock
from shared.market.errors import InvalidInput
from shared.market.sessions import SessionCalendar
from shared.market.signal import Signal, SignalEvent, SignalKind, SignalState
from shared.market.times import kst_date
from shared.store.repositories.signal_events import EventFilter, LogPosition
from shared.store.repositories.signals import SignalFilter, SignalOrder
from shared.store.store import Store
from shared.store.unit_of_work import UnitOfWork

_MOST_OPEN = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did: decisions in the order of their events, the id of each (0 for KEPT), the log's newest id."""

    decisions: Sequence[Decision]
    event_ids: Sequence[int]
    newest_event_id: int


class EventLog:
    """The one writer of signals. Watchers wait on `grown`."""

    def __init__(self, store: Store, clock: Clock, calendar: SessionCalendar) -> None:
        """Keep the store; nothing is read before it is asked for."""
        self._store = store
        self._calendar = calendar
        self._clock = clock
        self._grown = asyncio.Event()

    @property
    def calendar(self) -> SessionCalendar:
        """The calendar by which sessions are counted."""
        return self._calendar

    @property
    def grown(self) -> asyncio.Event:
        """Set at the next publication of this process; take a new one from here after each wait."""
        return self._grown

    async def publish(self, kind: SignalKind, verdicts: Verdicts) -> Published:
        """Apply one scan's verdicts in one transaction; doing it twice changes nothing the second time.

        Raises:
            InvalidInput: A ticker stands twice among the candidates, or a newer session has been published.
            Conflict: A signal was changed by somebody outside of the log.
        """
        now = self._clock.market_now()
        async with self._store.begin() as uow:
            await uow.signal_events.lock()
            newest = await uow.signals.newest_as_of(kind)
            if newest is not None and verdicts.as_of < newest:
                raise InvalidInput(
                    "as_of", f"is {verdicts.as_of}, but {newest} has been published; only newer verdicts count"
                )
            ended, standings = await self._settle(uow, kind, now)
            decisions = decide(
                {signal.candidate.ticker: signal for signal, _ in standings},
                verdicts,
                now,
                new_ids=[secrets.token_hex(12) for _ in verdicts.candidates],
                pending={signal.candidate.ticker for signal, at in standings if at is Standing.PENDING},
            )
            published = await self._write(uow, [*ended, *decisions])
        self._wake()
        return published

    async def settle(self) -> int:
        """End every open signal whose plan has run its course on the stored bars.

        Returns:
            How many ended.
        """
        now = self._clock.market_now()
        async with self._store.begin() as uow:
            await uow.signal_events.lock()
            ended = [one for kind in SignalKind for one in (await self._settle(uow, kind, now))[0]]
            await self._write(uow, ended)
        if ended:
            self._wake()
        return len(ended)

    async def close(self, signal: Signal) -> None:
        """Store the end of one signal, e.g. decided on a trade.

        Raises:
            Conflict: It was changed meanwhile.
        """
        async with self._store.begin() as uow:
            await uow.signal_events.lock()
            await self._write(uow, [Decision(effect=Effect.CLOSED, signal=signal)])
        self._wake()

    async def standings(self) -> list[tuple[Signal, Standing]]:
        """Every open signal and where it stands on the stored bars."""
        now = self._clock.market_now()
        async with self._store.read() as uow:
            return [pair for kind in SignalKind for pair in (await self._settle(uow, kind, now))[1]]

    async def position(self) -> LogPosition:
        """Epoch and retained range."""
        async with self._store.read() as uow:
            return await uow.signal_events.position()

    async def after(self, event_id: int, limit: int) -> list[SignalEvent]:
        """The next events of every kind, oldest first."""
        async with self._store.read() as uow:
            return await uow.signal_events.page(EventFilter(), after=event_id, limit=limit)

    async def active(self, kinds: Sequence[SignalKind]) -> tuple[LogPosition, list[Signal]]:
        """ACTIVE signals and the position of the log that they are the state of."""
        chosen = SignalFilter(kinds=tuple(kinds), states=(SignalState.ACTIVE,))
        async with self._store.read() as uow:
            position = await uow.signal_events.position()
            return position, await uow.signals.page(chosen, order=SignalOrder.SCORE, limit=_MOST_OPEN)

    async def _settle(
        self, uow: UnitOfWork, kind: SignalKind, now: datetime
    ) -> tuple[list[Decision], list[tuple[Signal, Standing]]]:
        """Ends of the open signals of a kind on the stored bars, and those that stay open with their standing."""
        signals = await uow.signals.active(kind)
        pairs = list(zip(signals, await self._progress(uow, signals, kst_date(now)), strict=True))
        ended = [
            Decision(effect=Effect.CLOSED, signal=end(signal, progress, now))
            for signal, progress in pairs
            if progress.standing is Standing.ENDED
        ]
        stay: list[tuple[Signal, Standing]] = [
            (signal, one.standing) for signal, one in pairs if one.standing is not Standing.ENDED
        ]
        return ended, stay

    async def _progress(self, uow: UnitOfWork, signals: Sequence[Signal], until: date) -> list[Progress]:
        if not signals:
            return []
        tickers = sorted({signal.candidate.ticker for signal in signals})
        bars = await uow.bars.columns(min(signal.plan_on for signal in signals), until, tickers)
        factors = await uow.factors.columns(until, tickers)
        return follow(signals, bars, factors, self._calendar, until=until)

    async def _write(self, uow: UnitOfWork, decisions: Sequence[Decision]) -> Published:
        changed = [decision for decision in decisions if decision.effect is not Effect.KEPT]
        # Ends first: a ticker whose signal has just ended may open again in the same publication.
        for decision in changed:
            if decision.effect is not Effect.OPENED:
                await uow.signals.change(decision.signal)
        await uow.signals.add([decision.signal for decision in changed if decision.effect is Effect.OPENED])
        changes = [(CHANGE_OF[decision.effect], decision.signal) for decision in changed]
        events = iter(await uow.signal_events.append(changes, self._clock.market_now()))
        ids = [0 if decision.effect is Effect.KEPT else next(events).event_id for decision in decisions]
        position = await uow.signal_events.position()
        return Published(decisions=decisions, event_ids=ids, newest_event_id=position.last_event_id)

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
