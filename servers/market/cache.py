"""Values read from the store that are served again while they are young, and how young that is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from shared.market.sessions import SessionPhase

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheTtl:
    """Age up to which a cached value is served: while a session runs, and otherwise."""

    running: timedelta
    closed: timedelta

    def at(self, phase: SessionPhase) -> timedelta:
        """The age that holds in a phase of the market."""
        return self.running if phase is SessionPhase.REGULAR else self.closed


PRICE_TTL = CacheTtl(running=timedelta(seconds=60), closed=timedelta(seconds=300))
MARKET_TTL = CacheTtl(running=timedelta(seconds=30), closed=timedelta(seconds=300))
"""For levels of indices. Signals have none: they are read from their log, which is never old."""


class AgedCache(Generic[_K, _V]):
    """Values with the market time at which they were read; one clock, no background work."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start empty; `now` gives market time."""
        self._now = now
        self._values: dict[_K, tuple[datetime, _V]] = {}

    def fresh(self, keys: Iterable[_K], max_age: timedelta) -> dict[_K, _V]:
        """Those of the keys that were read at most `max_age` ago; an age of zero finds nothing."""
        if max_age <= timedelta(0):
            return {}
        since = self._now() - max_age
        found = ((key, self._values[key]) for key in keys if key in self._values)
        return {key: value for key, (read, value) in found if read >= since}

    def put(self, values: Mapping[_K, _V], *, read: datetime) -> None:
        """Keep values that were read at a moment."""
        self._values.update((key, (read, value)) for key, value in values.items())

    def clear(self) -> int:
        """Drop everything; returns how many values that were."""
        dropped = len(self._values)
        self._values.clear()
        return dropped
