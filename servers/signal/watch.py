"""One stream of signal events: what is missed first, then what happens, by one loop over one cursor."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from google.protobuf.message import Message
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.signal.event_log import EventLog
from servers.signal.tail import EventTail
from shared.clock import Clock
from shared.market.signal import SignalEvent, SignalKind
from shared.rpc.messages.signals import signal_event_message, signal_message
from shared.rpc.messages.times import duration_message, timestamp_message
from shared.store.repositories.signal_events import LogPosition

_EVENTS_PER_RESPONSE = 100
"""About 200 KiB: far below a client's default limit of 4 MiB."""

_SNAPSHOT_PER_RESPONSE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """What a client asked for. `after` None: it knows nothing and wants a snapshot. `kinds` empty: all."""

    after: int | None
    epoch: str
    kinds: Collection[SignalKind]
    heartbeat_s: float


class Watch:
    """State of one stream; `end` makes it say goodbye and finish."""

    def __init__(self, log: EventLog, tail: EventTail, clock: Clock, options: WatchOptions, *, principal: str) -> None:
        """Nothing is read before `responses`; `principal` names who watches."""
        self.stream_id = secrets.token_hex(16)
        self.principal = principal
        self.kinds = options.kinds
        self.opened = clock.machine_now()
        self.stream_seq = 0
        self.delivered = 0
        self._log = log
        self._tail = tail
        self._clock = clock
        self._options = options
        self._cursor = 0
        self._written = clock.monotonic()
        self._ending = asyncio.Event()
        self._goodbye = signal_service_pb2.WatchGoingAway()

    def end(self, reason: str, reconnect_after: timedelta) -> None:
        """Finish the stream after what is being written: MAX_AGE, DRAIN or CLOSED_BY_OPERATOR."""
        self._goodbye.reason = reason
        self._goodbye.reconnect_after.CopyFrom(duration_message(reconnect_after))
        self._ending.set()

    async def responses(self) -> AsyncIterator[signal_service_pb2.WatchSignalsResponse]:
        """Responses in order until `end` or cancellation."""
        position = await self._log.position()
        yield self._response(opened=self._opened(position))
        reason = self._reset_reason(position)
        if reason is None:
            self._cursor = self._options.after or 0
            async for response in self._replay(position.last_event_id):
                yield response
        else:
            async for response in self._snapshot(reason, position):
                yield response
        async for response in self._live():
            yield response
        yield self._response(going_away=self._goodbye)

    def _opened(self, position: LogPosition) -> signal_service_pb2.WatchOpened:
        return signal_service_pb2.WatchOpened(
            stream_id=self.stream_id,
            epoch=position.epoch,
            newest_event_id=position.last_event_id,
            heartbeat_interval=duration_message(timedelta(seconds=self._options.heartbeat_s)),
        )

    def _reset_reason(self, position: LogPosition) -> signal_service_pb2.ResetReason | None:
        after = self._options.after
        if after is None:
            return signal_service_pb2.RESET_REASON_START
        if self._options.epoch and self._options.epoch != position.epoch:
            return signal_service_pb2.RESET_REASON_EPOCH_CHANGED
        if after > position.last_event_id:
            return signal_service_pb2.RESET_REASON_AHEAD
        return signal_service_pb2.RESET_REASON_COMPACTED if after < position.earliest_event_id - 1 else None

    async def _replay(self, until: int) -> AsyncIterator[signal_service_pb2.WatchSignalsResponse]:
        replayed = 0
        while self._cursor < until and not self._ending.is_set():
            # The table can be ahead of the tail for a moment.
            await self._tail.wait_beyond(self._cursor)
            events = await self._next(min(_EVENTS_PER_RESPONSE, until - self._cursor))
            replayed += len(events)
            if events:
                yield self._response(events=events)
        yield self._response(resumed=signal_service_pb2.WatchResumed(replayed_count=replayed, event_id=self._cursor))

    async def _snapshot(
        self, reason: signal_service_pb2.ResetReason, position: LogPosition
    ) -> AsyncIterator[signal_service_pb2.WatchSignalsResponse]:
        earliest = position.earliest_event_id if position.last_event_id else 0
        yield self._response(reset=signal_service_pb2.WatchReset(reason=reason, earliest_event_id=earliest))
        position, signals = await self._log.active(tuple(self._options.kinds))
        for start in range(0, len(signals), _SNAPSHOT_PER_RESPONSE):
            some = signals[start : start + _SNAPSHOT_PER_RESPONSE]
            yield self._response(snapshot=[signal_message(signal) for signal in some])
        self._cursor = position.last_event_id
        complete = signal_service_pb2.SnapshotComplete(signal_count=len(signals), event_id=self._cursor)
        yield self._response(snapshot_complete=complete)

    async def _live(self) -> AsyncIterator[signal_service_pb2.WatchSignalsResponse]:
        while not self._ending.is_set():
            events = await self._next(_EVENTS_PER_RESPONSE)
            if events:
                yield self._response(events=events)
            elif self._silence_left() <= 0:
                yield self._response(heartbeat=await self._heartbeat())
            elif self._cursor >= self._tail.newest_event_id:
                await self._something_happens()

    async def _next(self, limit: int) -> list[signal_pb2.SignalEvent]:
        events = await self._tail.read(self._cursor, limit)
        if events:
            self._cursor = events[-1].event_id
        wanted = self._wanted(events)
        self.delivered += len(wanted)
        return [signal_event_message(event) for event in wanted]

    def _wanted(self, events: Sequence[SignalEvent]) -> list[SignalEvent]:
        kinds = self._options.kinds
        return [event for event in events if not kinds or event.signal.candidate.kind in kinds]

    def _silence_left(self) -> float:
        return self._options.heartbeat_s - (self._clock.monotonic() - self._written)

    async def _something_happens(self) -> None:
        """Wait for an event, the end of the stream, or the next heartbeat."""
        waits = {asyncio.ensure_future(self._tail.wait_beyond(self._cursor)), asyncio.ensure_future(self._ending.wait())}
        try:
            await asyncio.wait(waits, timeout=self._silence_left(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _heartbeat(self) -> signal_service_pb2.WatchHeartbeat:
        position = await self._log.position()
        return signal_service_pb2.WatchHeartbeat(
            event_id=self._cursor, epoch=position.epoch, market_time=timestamp_message(self._clock.market_now())
        )

    def _response(self, **parts: Message | Sequence[Message]) -> signal_service_pb2.WatchSignalsResponse:
        self.stream_seq += 1
        self._written = self._clock.monotonic()
        return signal_service_pb2.WatchSignalsResponse(
            stream_seq=self.stream_seq,
            send_time=timestamp_message(self._clock.machine_now()),
            **parts,  # type: ignore[arg-type]  # one of the fields of the message
        )
