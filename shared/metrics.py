"""Prometheus metrics, made once per process and handed down; no ticker and no client is ever a label."""

from dataclasses import dataclass, field
from enum import Enum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
_BYTES = (128, 512, 1024, 4096, 16384, 65536, 262144, 1048576)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamMetrics:
    """The price stream of one process.

    Attributes:
        streams: Open streams by `state`: OPEN, LIVE, CONFLATING, SLOW.
        transitions: Edges of the state machine by the `state` entered, CLOSED included.
        topics: Topics with at least one subscriber.
        updates_in: Changes taken from the bus.
        delivered: Updates written to streams, counted per stream.
        conflated: Updates replaced by a newer one before a stream took them, counted per stream.
        bus_reloads: Times that the latest values were read again, because something was or may have been missed on the bus.
        batch_bytes: Size of responses.
        write_seconds: Time from handing a response to the transport until it took it.
        credit_blocked_seconds: Time that streams waited for credit.
        slow_closed: Streams ended because their reader was too slow, by `reason`: SLOW_CONSUMER, WRITE_TIMEOUT.
        loop_lag_seconds: How late the dispatcher was called.
        feed_stale: 1 while prices are marked stale.
    """

    streams: Gauge
    transitions: Counter
    topics: Gauge
    updates_in: Counter
    delivered: Counter
    conflated: Counter
    bus_reloads: Counter
    batch_bytes: Histogram
    write_seconds: Histogram
    credit_blocked_seconds: Counter
    slow_closed: Counter
    loop_lag_seconds: Histogram
    feed_stale: Gauge

    @classmethod
    def on(cls, registry: CollectorRegistry) -> "StreamMetrics":
        """Make the metrics on a registry; once per registry."""
        name = "kstock_stream_{}".format
        return cls(
            streams=Gauge(name("streams"), "Open streams", ["state"], registry=registry),
            transitions=Counter(name("transitions"), "State changes of streams", ["state"], registry=registry),
            topics=Gauge(name("topics"), "Topics with a subscriber", registry=registry),
            updates_in=Counter(name("updates_in"), "Changes taken from the bus", registry=registry),
            delivered=Counter(name("delivered"), "Updates written to streams", registry=registry),
            conflated=Counter(name("conflated"), "Updates replaced before they were written", registry=registry),
            bus_reloads=Counter(name("bus_reloads"), "Readings of every latest value", registry=registry),
            batch_bytes=Histogram(name("batch_bytes"), "Size of responses", buckets=_BYTES, registry=registry),
            write_seconds=Histogram(name("write_seconds"), "Duration of a write", buckets=_SECONDS, registry=registry),
            credit_blocked_seconds=Counter(name("credit_blocked_seconds"), "Time without credit", registry=registry),
            slow_closed=Counter(name("slow_closed"), "Streams ended for slowness", ["reason"], registry=registry),
            loop_lag_seconds=Histogram(name("loop_lag_seconds"), "Lateness of timers", buckets=_SECONDS, registry=registry),
            feed_stale=Gauge(name("feed_stale"), "1 while prices are marked stale", registry=registry),
        )


class CallMetrics:
    """Calls to the services of one process; an observer of its server."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Make the metrics on a registry; once per registry."""
        name = "kstock_rpc_{}".format
        self._calls = Counter(name("calls"), "Ended calls", ["method", "code"], registry=registry)
        self._seconds = Histogram(
            name("seconds"),
            "Duration of calls; streams last as long as they live",
            ["method"],
            buckets=_SECONDS,
            registry=registry,
        )

    def call_ended(self, method: str, code: Enum, seconds: float) -> None:
        """Count a call by the name of its status."""
        self._calls.labels(method, code.name).inc()
        self._seconds.labels(method).observe(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Every metric of one process. Rooms get the part that is theirs."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    stream: StreamMetrics = field(init=False)
    calls: CallMetrics = field(init=False)

    def __post_init__(self) -> None:
        """Make the parts on the registry."""
        object.__setattr__(self, "stream", StreamMetrics.on(self.registry))
        object.__setattr__(self, "calls", CallMetrics(self.registry))

    def exposition(self) -> bytes:
        """All values in the text format that Prometheus reads."""
        return generate_latest(self.registry)
