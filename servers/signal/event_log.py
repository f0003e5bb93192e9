"""Signals and their event log: every change of a signal and its event are one transaction."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from servers.signal.lifecycle import pending_entries
from servers.signal.publishing import CHANGE_OF, Decision, Effect, Verdicts, decide
from shared.clock import Clock
from shared.market.instrument import Ticker
from shared.market.signal import Signal, SignalEvent, SignalKind, SignalState
from shared.store.repositories.signal_events import EventFilter, LogPosition
from shared.store.repositories.signals import SignalFilter, SignalOrder
from shared.store.store import Store
from shared.store.unit_of_work import UnitOfWork

_FAR = date(9999, 12, 31)
_MOST_OPEN = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did: decisions in the order of their events, the id of each (0 for KEPT), the log's newest id."""

    decisions: Sequence[Decision]
    event_ids: Sequence[int]
    newest_event_id: int


class EventLog:
    """The one writer of signals. Watchers wait on `grown`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep the store; nothing is read before it is asked for."""
        self._store = store
        self._clock = clock
        self._grown = asyncio.Event()

    @property
    def grown(self) -> asyncio.Event:
        """Set at the next publication of this process; take a new one from here after each wait."""
        return self._grown

    async def publish(self, kind: SignalKind, verdicts: Verdicts) -> Published:
        """Apply one scan's verdicts in one transaction; doing it twice changes nothing the second time.

        Raises:
            InvalidInput: A ticker stands twice among the candidates.
            Conflict: A signal was changed by somebody outside of the log.
        """
        now = self._clock.market_now()
        async with self._store.begin() as uow:
            await uow.signal_events.lock()
            signals = await uow.signals.active(kind)
            decisions = decide(
                {signal.candidate.ticker: signal for signal in signals},
                verdicts,
                now,
                new_ids=[secrets.token_hex(12) for _ in verdicts.candidates],
                pending=pending_entries(signals, await _highs_since_opening(uow, signals)),
            )
            published = await self._write(uow, decisions)
        self._wake()
        return published

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

    async def _write(self, uow: UnitOfWork, decisions: Sequence[Decision]) -> Published:
        changed = [decision for decision in decisions if decision.effect is not Effect.KEPT]
        await uow.signals.add([decision.signal for decision in changed if decision.effect is Effect.OPENED])
        for decision in changed:
            if decision.effect is not Effect.OPENED:
                await uow.signals.change(decision.signal)
        changes = [(CHANGE_OF[decision.effect], decision.signal) for decision in changed]
        events = iter(await uow.signal_events.append(changes, self._clock.market_now()))
        ids = [0 if decision.effect is Effect.KEPT else next(events).event_id for decision in decisions]
        position = await uow.signal_events.position()
        return Published(decisions=decisions, event_ids=ids, newest_event_id=position.last_event_id)

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()


async def _highs_since_opening(uow: UnitOfWork, signals: Sequence[Signal]) -> dict[Ticker, int]:
    waiting = {signal.candidate.ticker: signal.opened_on for signal in signals if signal.candidate.entry_krw is not None}
    if not waiting:
        return {}
    bars = await uow.bars.columns(min(waiting.values()) + timedelta(days=1), _FAR, list(waiting))
    opened = [int(f"{waiting[Ticker(ticker)]:%Y%m%d}") for ticker in bars.tickers]
    highs: dict[Ticker, int] = {}
    for index, day, high in zip(bars.ticker_index.tolist(), bars.date.tolist(), bars.high.tolist(), strict=True):
        if day > opened[index]:
            ticker = Ticker(bars.tickers[index])
            highs[ticker] = max(high, highs.get(ticker, 0))
    return highs
