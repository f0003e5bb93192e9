"""The event log of signals: gap-free numbers in commit order, replayable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from shared.market.instrument import Ticker
from shared.market.signal import Signal, SignalChange, SignalEvent, SignalKind
from shared.store.repositories.base import Repository
from shared.store.signal_json import dump_signal, load_signal
from shared.store.tables.signals import event_logs, signal_events

_LOG = "signals"
KEPT_EVENTS = 10_000
"""Events that trimming keeps however old they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPosition:
    """Where the log stands. `epoch` changes only when the log is lost; replay is possible after `earliest_event_id` - 1."""

    epoch: str
    earliest_event_id: int
    last_event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events; an empty field filters nothing."""

    kinds: tuple[SignalKind, ...] = ()
    tickers: tuple[Ticker, ...] = ()
    signal_id: str = ""
    changes: tuple[SignalChange, ...] = ()


class SignalEventRepository(Repository):
    """Append, replay, trim."""

    async def lock(self) -> LogPosition:
        """Make this unit of work the only publisher until it ends; call it before reading what will be changed."""
        # Writing the row takes its lock on PostgreSQL; on SQLite the transaction has the whole store already.
        await self._connection.execute(
            update(event_logs).where(event_logs.c.name == _LOG).values(last_event_id=event_logs.c.last_event_id)
        )
        return await self.position()

    async def position(self) -> LogPosition:
        """Epoch and retained range of the log."""
        found = await self._connection.execute(
            select(event_logs.c.epoch, event_logs.c.earliest_event_id, event_logs.c.last_event_id).where(
                event_logs.c.name == _LOG
            )
        )
        return LogPosition(**found.mappings().one())

    async def append(self, changes: Sequence[tuple[SignalChange, Signal]], time: datetime) -> list[SignalEvent]:
        """Add events at the end of the log.

        The signals must be stored already in the same unit of work. The counter row is updated first and stays locked
        until the commit: a later number can never be seen before an earlier one.

        Args:
            changes: What happened, in order.
            time: Market time of the events, UTC.
        """
        if not changes:
            return []
        raised = await self._connection.execute(
            update(event_logs)
            .where(event_logs.c.name == _LOG)
            .values(last_event_id=event_logs.c.last_event_id + len(changes))
            .returning(event_logs.c.last_event_id)
        )
        first = int(raised.scalar_one()) - len(changes) + 1
        events = [
            SignalEvent(event_id=first + offset, change=change, signal=signal, time=time)
            for offset, (change, signal) in enumerate(changes)
        ]
        await self._connection.execute(insert(signal_events), [_row(event) for event in events])
        return events

    async def page(self, chosen: EventFilter, *, after: int, limit: int) -> list[SignalEvent]:
        """Events with a greater id that the filter chooses, oldest first."""
        query = select(signal_events).where(signal_events.c.event_id > after)
        if chosen.kinds:
            query = query.where(signal_events.c.kind.in_(chosen.kinds))
        if chosen.tickers:
            query = query.where(signal_events.c.ticker.in_(chosen.tickers))
        if chosen.changes:
            query = query.where(signal_events.c.change.in_(chosen.changes))
        if chosen.signal_id:
            query = query.where(signal_events.c.signal_id == chosen.signal_id)
        found = await self._connection.execute(query.order_by(signal_events.c.event_id).limit(limit))
        return [_event(row) for row in found.mappings()]

    async def trim(self, older_than: datetime, *, keep: int = KEPT_EVENTS) -> int:
        """Drop events before a time, except the newest `keep`; signals themselves stay.

        Args:
            older_than: Start of the oldest session that is kept (30 sessions back).
            keep: Number of newest events that stay in any case.

        Returns:
            Number of events dropped.
        """
        position = await self.lock()
        newest_kept = position.last_event_id - keep + 1
        kept_by_age = await self._connection.execute(
            select(func.min(signal_events.c.event_id)).where(signal_events.c.time >= older_than)
        )
        earliest = min(newest_kept, kept_by_age.scalar_one() or newest_kept)
        if earliest <= position.earliest_event_id:
            return 0
        dropped = await self._connection.execute(delete(signal_events).where(signal_events.c.event_id < earliest))
        await self._connection.execute(
            update(event_logs).where(event_logs.c.name == _LOG).values(earliest_event_id=earliest)
        )
        return dropped.rowcount


def _event(row: RowMapping) -> SignalEvent:
    return SignalEvent(event_id=row["event_id"], change=row["change"], signal=load_signal(row["signal"]), time=row["time"])


def _row(event: SignalEvent) -> dict[str, Any]:
    candidate = event.signal.candidate
    return {
        "event_id": event.event_id,
        "change": event.change,
        "signal_id": event.signal.signal_id,
        "kind": candidate.kind,
        "ticker": candidate.ticker,
        "time": event.time,
        "signal": dump_signal(event.signal),
    }
