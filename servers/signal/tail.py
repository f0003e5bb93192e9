"""The newest part of the event log in memory, kept up with the table; what every watcher reads first."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from servers.signal.event_log import EventLog
from shared.market.signal import SignalEvent

_KEPT = 2_000
_STEP = 1_000
_POLL_S = 1.0
"""Another process may publish into the same store; its events are found by looking."""


class EventTail:
    """Recent events by id without a gap; a component of the signal room."""

    name = "signal-tail"

    def __init__(self, log: EventLog) -> None:
        """Start empty; `run` fills it."""
        self._log = log
        self._events: deque[SignalEvent] = deque(maxlen=_KEPT)
        self._newest = 0
        self._grown = asyncio.Event()

    @property
    def newest_event_id(self) -> int:
        """The newest event that is known here."""
        return self._newest

    async def run(self) -> None:
        """Follow the log until cancelled."""
        self._newest = (await self._log.position()).last_event_id
        while True:
            grown = self._log.grown
            await self._catch_up()
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL_S):
                    await grown.wait()

    async def read(self, after: int, limit: int) -> Sequence[SignalEvent]:
        """Up to `limit` events with a greater id, oldest first; from memory where it reaches back that far."""
        if after >= self._newest:
            return ()
        if not self._events or after < self._events[0].event_id - 1:
            return await self._log.after(after, min(limit, _STEP))
        skipped = after + 1 - self._events[0].event_id
        return [self._events[index] for index in range(skipped, min(skipped + limit, len(self._events)))]

    async def wait_beyond(self, event_id: int) -> None:
        """Return once the log holds an event with a greater id."""
        while self._newest <= event_id:
            await self._grown.wait()

    async def _catch_up(self) -> None:
        while events := await self._log.after(self._newest, _STEP):
            self._events.extend(events)
            self._newest = events[-1].event_id
            grown, self._grown = self._grown, asyncio.Event()
            grown.set()
