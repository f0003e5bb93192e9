"""One subscriber of the hub: what may be written to it now, and how slow it is.

A plain state machine without tasks, transport or clock. Whoever serves it calls `take` for the next response, hands it to
its transport, and calls `wrote` when the transport has taken it; nobody else writes to that client.
"""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream import frames
from servers.pricestream.credit import CreditWindow
from servers.pricestream.limits import StreamLimits
from servers.pricestream.outbox import Outbox
from servers.pricestream.pending import Part
from shared.metrics import StreamMetrics
from shared.rpc.messages.chunks import envelope


class StreamState(StrEnum):
    """OPEN until the snapshot is written; CONFLATING while updates are replaced because the client cannot take them."""

    OPEN = "OPEN"
    LIVE = "LIVE"
    CONFLATING = "CONFLATING"
    SLOW = "SLOW"
    CLOSED = "CLOSED"


class CloseReason(StrEnum):
    """Why a stream ended."""

    CLIENT_LEFT = "CLIENT_LEFT"
    MAX_AGE = "MAX_AGE"
    DRAIN = "DRAIN"
    CLOSED_BY_OPERATOR = "CLOSED_BY_OPERATOR"
    SLOW_CONSUMER = "SLOW_CONSUMER"
    WRITE_TIMEOUT = "WRITE_TIMEOUT"


_REMEMBERED_CHANGES = 64
_TOO_SLOW = frozenset({CloseReason.SLOW_CONSUMER, CloseReason.WRITE_TIMEOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, in the three times that a stream needs: monotonic seconds, machine time and market time."""

    monotonic: float
    machine: datetime
    market: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was granted to a stream; durations in seconds of machine time."""

    stream_id: str
    principal: str
    window_s: float
    heartbeat_s: float
    credit_bytes: int
    lifetime_s: float


class Subscriber:
    """State of one stream.

    Attributes:
        terms: What it was granted.
        opened: When it was opened.
        outbox: What waits for it.
        credit: What its client has not yet acknowledged.
        state: Where it stands.
        close_reason: Why it ends; None while nobody wants it to.
        changes: Ids of its newest changes, so that a repeated one applies once.
        stream_seq: Number of its newest response.
        written_bytes: Size of its responses so far.
        round: Number of the newest round that it has been offered; the hub's.
        wakeup: Set when `take` is worth calling again.
        abort: Cancels whatever writes to it; for a write that does not come back.
    """

    def __init__(
        self,
        terms: Terms,
        limits: StreamLimits,
        *,
        opened: Moment,
        tally: Counter[str],
        metrics: StreamMetrics,
        rng: random.Random,
    ) -> None:
        self.terms = terms
        self.opened = opened
        self.outbox = Outbox(tally)
        self.credit = CreditWindow(terms.credit_bytes)
        self.state = StreamState.OPEN
        self.close_reason: CloseReason | None = None
        self.changes: deque[str] = deque(maxlen=_REMEMBERED_CHANGES)
        self.stream_seq = self.written_bytes = 0
        self.round = 0
        self.wakeup = asyncio.Event()
        self.abort: Callable[[], object] = self.wakeup.set
        self._limits = limits
        self._metrics = metrics
        self._rng = rng
        self._counted = (0, 0)
        self._last_values = float("-inf")
        self._write_began: float | None = None
        self._blocked_since: float | None = None
        self._slow_unsaid = self._goodbye_said = False
        self._ends_at = opened.monotonic + terms.lifetime_s
        self._heartbeat_at = self._next_heartbeat(opened.monotonic)
        metrics.streams.labels(self.state).inc()
        metrics.transitions.labels(self.state).inc()

    @property
    def ended(self) -> bool:
        """Whether nothing will be written any more."""
        return self._goodbye_said or self.state is StreamState.CLOSED

    @property
    def was_too_slow(self) -> bool:
        """Whether the stream was ended because its reader did not keep up."""
        return self.close_reason in _TOO_SLOW

    @property
    def is_writing(self) -> bool:
        """Whether a response is on its way into the transport."""
        return self._write_began is not None

    def offer(self, part: Part) -> None:
        """Take a round's changes; a value that still waits is replaced."""
        conflated = self.outbox.offer(part)
        if conflated and self.state is StreamState.LIVE and (self.is_writing or self._blocked_since is not None):
            self._enter(StreamState.CONFLATING)

    def acknowledge(self, stream_seq: int, now: float) -> None:
        """The client has processed everything up to `stream_seq`."""
        if not self.credit.acknowledge(stream_seq) or self._blocked_since is None:
            return
        self._metrics.credit_blocked_seconds.inc(max(0.0, now - self._blocked_since))
        self._blocked_since = now if self.credit.exhausted else None
        self._slow_unsaid = False
        if self.state is StreamState.SLOW:
            self._enter(StreamState.CONFLATING)

    def go_away(self, reason: CloseReason) -> None:
        """End the stream as soon as what waits for it, and a farewell, are written."""
        if self.close_reason is None:
            self.close_reason = reason
            self.wakeup.set()

    def close(self, reason: CloseReason) -> None:
        """End the stream; nothing more is written."""
        if self.state is StreamState.CLOSED:
            return
        self.close_reason = self.close_reason or reason
        self.outbox.drop_all()
        self._count()
        self._enter(StreamState.CLOSED)
        if self.was_too_slow:
            self._metrics.slow_closed.labels(self.close_reason).inc()
        self.wakeup.set()

    def check(self, now: float) -> None:
        """Look at everything that is due by the passing of time alone; called a few times per second."""
        since = self._write_began if self._write_began is not None else self._blocked_since
        if since is not None:
            self._check_stall(now - since)
        elif now >= self._ends_at:
            self.go_away(CloseReason.MAX_AGE)
        if self._slow_unsaid or now >= self._heartbeat_at:
            self.wakeup.set()

    def next_write(self, now: float) -> float | None:
        """When `take` has something to give, apart from heartbeats; None while nothing waits or nothing may be written."""
        if self.ended or self.is_writing:
            return None
        if self.close_reason is not None:
            return now
        if self._blocked_since is not None:
            return None
        if self.outbox.unsent_words:
            return now
        return max(now, self._last_values + self.terms.window_s) if self.outbox.has_values else None

    def take(self, moment: Moment) -> bytes | None:
        """The next response, which the caller now writes; None when there is nothing to write now."""
        if self.ended or self.is_writing:
            return None
        body = self._next_body(moment)
        if body is None:
            return None
        self.stream_seq += 1
        response = body + envelope(self.stream_seq, moment.machine)
        self._note_write(len(response), moment.monotonic)
        return response

    def wrote(self, now: float) -> None:
        """The transport has taken the response."""
        if self._write_began is None:
            return
        self._metrics.write_seconds.observe(now - self._write_began)
        self._write_began = None
        if self.state is StreamState.CLOSED or self._blocked_since is not None:
            return
        self._slow_unsaid = False
        if not (self.outbox.has_values or self.outbox.unsent_words):
            self._enter(StreamState.LIVE)
        elif self.state is StreamState.SLOW:
            self._enter(StreamState.CONFLATING)

    def _next_body(self, moment: Moment) -> bytes | None:
        now = moment.monotonic
        if self._blocked_since is None:
            if self.outbox.unsent_words:
                return self.outbox.words(self._budget())
            in_time = now >= self._last_values + self.terms.window_s
            if self.outbox.has_values and (in_time or self.close_reason is not None):
                self._last_values = now
                return self.outbox.values(budget_bytes=self._budget(), max_updates=self._limits.max_batch_updates)
        return self._control(moment)

    def _control(self, moment: Moment) -> bytes | None:
        """A message that does not wait for credit."""
        if self.close_reason is not None:
            self._goodbye_said = True
            after = self._rng.uniform(0, self._limits.reconnect_within_s)
            return frames.going_away(self.close_reason, reconnect_after_s=after)
        if self._slow_unsaid and self._blocked_since is not None:
            self._slow_unsaid = False
            left = self._blocked_since + self._limits.close_after_s - moment.monotonic
            return frames.slow(unacknowledged_bytes=self.credit.unacknowledged, closes_after_s=max(0.0, left))
        return self._heartbeat(moment) if moment.monotonic >= self._heartbeat_at else None

    def _heartbeat(self, moment: Moment) -> bytes:
        box = self.outbox
        return frames.heartbeat(
            wire.StreamHeartbeat(
                market_time=moment.market,
                offered_updates=box.offered,
                delivered_updates=box.delivered,
                conflated_updates=box.conflated,
                pending_updates=len(box.pending),
                topics=len(box.audience.topics),
            )
        )

    def _budget(self) -> int:
        largest = self._limits.max_batch_bytes
        return largest if self.credit.remaining is None else min(largest, self.credit.remaining)

    def _note_write(self, size: int, now: float) -> None:
        self._write_began = now
        self._heartbeat_at = self._next_heartbeat(now)
        self.written_bytes += size
        self._count()
        self._metrics.batch_bytes.observe(size)
        self.credit.sent(self.stream_seq, size)
        if self._blocked_since is None and self.credit.exhausted:
            self._blocked_since = now

    def _count(self) -> None:
        """Bring the process's totals up to date with this stream's."""
        delivered, conflated = self._counted
        self._counted = (self.outbox.delivered, self.outbox.conflated)
        self._metrics.delivered.inc(self.outbox.delivered - delivered)
        self._metrics.conflated.inc(self.outbox.conflated - conflated)

    def _check_stall(self, stalled_s: float) -> None:
        if stalled_s >= self._limits.close_after_s:
            self.close(CloseReason.WRITE_TIMEOUT if self.is_writing else CloseReason.SLOW_CONSUMER)
        elif stalled_s >= self._limits.slow_after_s and self.state is not StreamState.SLOW:
            self._slow_unsaid = True
            self._enter(StreamState.SLOW)

    def _next_heartbeat(self, now: float) -> float:
        jitter = self._limits.jitter
        return now + self.terms.heartbeat_s * self._rng.uniform(1 - jitter, 1 + jitter)

    def _enter(self, state: StreamState) -> None:
        if state is self.state:
            return
        self._metrics.streams.labels(self.state).dec()
        if state is not StreamState.CLOSED:
            self._metrics.streams.labels(state).inc()
        self._metrics.transitions.labels(state).inc()
        self.state = state
