"""How much one caller may take: calls per time, and streams at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from shared.clock import Clock
from shared.market.errors import LimitExceeded

_MANY_KEYS = 10_000
"""Above this many remembered callers the ones that have their whole allowance back are forgotten."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimiter:
    """Token buckets: each key may do `count` things per `per`, all of them at once if it likes."""

    def __init__(self, count: int, per: timedelta, clock: Clock) -> None:
        self._count = count
        self._per_second = count / per.total_seconds()
        self._limit = f"{count} per {per.total_seconds():g} s"
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str, amount: int = 1) -> None:
        """Take from a key's allowance.

        Args:
            key: Who takes, e.g. a principal's name.
            amount: How much, at most the whole allowance.

        Raises:
            LimitExceeded: RATE_LIMITED with the time after which there is enough; nothing is taken then.
        """
        bucket = self._filled(key)
        missing = amount - bucket.tokens
        if missing > 0:
            raise LimitExceeded("RATE_LIMITED", self._limit, timedelta(seconds=missing / self._per_second))
        bucket.tokens -= amount

    def _filled(self, key: str) -> _Bucket:
        now = self._clock.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= _MANY_KEYS:
                self._forget_rested(now)
            bucket = self._buckets[key] = _Bucket(float(self._count), now)
        bucket.tokens = min(self._count, bucket.tokens + (now - bucket.filled_at) * self._per_second)
        bucket.filled_at = now
        return bucket

    def _forget_rested(self, now: float) -> None:
        whole = self._count / self._per_second
        rested = [key for key, bucket in self._buckets.items() if now - bucket.filled_at >= whole]
        for key in rested:
            del self._buckets[key]


class StreamSlots:
    """Open streams, per caller and in all."""

    def __init__(self, *, per_caller: int, in_all: int) -> None:
        self.per_caller = per_caller
        self.in_all = in_all
        self._open: dict[str, int] = {}

    @property
    def total(self) -> int:
        """Streams open on this server."""
        return sum(self._open.values())

    def open_for(self, caller: str) -> int:
        """Streams that a caller holds on this server."""
        return self._open.get(caller, 0)

    @contextmanager
    def hold(self, caller: str, *, exempt: bool = False) -> Iterator[None]:
        """Hold one slot.

        Args:
            caller: Name of the principal.
            exempt: True for rooms of this product, which need several streams each; they count in all only.

        Raises:
            LimitExceeded: TOO_MANY_STREAMS.
        """
        if self.total >= self.in_all:
            raise LimitExceeded("TOO_MANY_STREAMS", f"{self.in_all} streams on this server", timedelta(seconds=5))
        if not exempt and self.open_for(caller) >= self.per_caller:
            raise LimitExceeded("TOO_MANY_STREAMS", f"{self.per_caller} streams per caller")
        self._open[caller] = self.open_for(caller) + 1
        try:
            yield
        finally:
            left = self._open[caller] - 1
            if left:
                self._open[caller] = left
            else:
                del self._open[caller]
