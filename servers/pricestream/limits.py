"""Every number of the price stream; `realtime.md` section 1 is where the defaults come from."""

from dataclasses import dataclass
from datetime import timedelta

from shared.config import StreamSettings

_STATUS_BYTES = 96  # what is said beside values about one topic takes no more


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLimits:
    """Limits and pace; durations are seconds of machine time, sizes bytes.

    Attributes:
        min_window_s: Shortest time between two dispatches, and between two responses that a client may ask for.
        default_window_s: Time between two responses for a client that asks for nothing.
        max_window_s: Longest time between two responses that a client may ask for.
        heartbeat_s: Silence before a heartbeat, for a client that asks for nothing.
        jitter: Share by which heartbeats and lifetimes vary, so that streams drift apart.
        lifetime_s: Age at which a stream is told to come back.
        reconnect_within_s: Clients told to go come back spread over this time.
        max_batch_bytes: Most bytes of values in one response, apart from one value that is larger by itself.
        max_batch_updates: Most updates in one response.
        max_unsent_statuses: Topics changed faster than the client reads: beyond this a change is refused.
        slow_after_s: A stream that cannot be written to for this long is slow.
        close_after_s: ... and for this long is ended.
        linger_s: Demand for a topic outlives its last subscriber by this time.
        visit_subscribers: The dispatcher yields after this many subscribers ...
        visit_s: ... or after this time.
    """

    min_window_s: float = 0.050
    default_window_s: float = 0.250
    max_window_s: float = 60.0
    heartbeat_s: float = 15.0
    min_heartbeat_s: float = 5.0
    max_heartbeat_s: float = 60.0
    jitter: float = 0.1
    lifetime_s: float = 3600.0
    reconnect_within_s: float = 5.0
    max_streams: int = 1200
    max_streams_per_principal: int = 5
    max_topics: int = 500
    max_changes_per_second: int = 20
    max_request_bytes: int = 64 * 1024
    max_forced_quotes_per_minute: int = 60
    max_batch_bytes: int = 256 * 1024
    max_batch_updates: int = 4096
    max_unsent_statuses: int = 2000
    min_credit_bytes: int = 16 * 1024
    max_credit_bytes: int = 1024 * 1024
    slow_after_s: float = 10.0
    close_after_s: float = 30.0
    linger_s: float = 30.0
    visit_subscribers: int = 200
    visit_s: float = 0.005

    @classmethod
    def from_settings(cls, settings: StreamSettings) -> "StreamLimits":
        """What the operator set, the specification's defaults for the rest."""
        return cls(
            min_window_s=settings.min_window.total_seconds(),
            default_window_s=settings.default_window.total_seconds(),
            heartbeat_s=settings.heartbeat.total_seconds(),
            lifetime_s=settings.lifetime.total_seconds(),
            max_streams=settings.max_streams,
            max_streams_per_principal=settings.max_streams_per_principal,
            max_topics=settings.max_topics,
        )

    @property
    def max_response_bytes(self) -> int:
        """Largest response: values and the statuses that stand beside them."""
        return self.max_batch_bytes + _STATUS_BYTES * self.max_topics + _STATUS_BYTES

    def window_s(self, wished: timedelta | None) -> float:
        """Granted time between two responses."""
        if wished is None:
            return max(self.min_window_s, self.default_window_s)
        return max(self.min_window_s, min(self.max_window_s, wished.total_seconds()))

    def silence_s(self, wished: timedelta | None) -> float:
        """Granted silence before a heartbeat."""
        if wished is None:
            return self.heartbeat_s
        return max(self.min_heartbeat_s, min(self.max_heartbeat_s, wished.total_seconds()))

    def credit_bytes(self, wished: int) -> int:
        """Granted credit; 0 stays 0, which means no credit flow."""
        return max(self.min_credit_bytes, min(self.max_credit_bytes, wished)) if wished > 0 else 0
