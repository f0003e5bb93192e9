"""Which topics the clients of this replica want."""

from collections import Counter
from collections.abc import Iterable


class Demand:
    """Counts holders per topic; a topic outlives its last holder by `linger_s`, so that a reconnect does not unsubscribe it.

    Attributes:
        holders: Streams per topic; only topics that have any.
    """

    def __init__(self, linger_s: float) -> None:
        self.holders: Counter[str] = Counter()
        self._linger_s = linger_s
        self._lingering: dict[str, float] = {}  # topic -> when it ends; in order, since all linger equally long

    def hold(self, topics: Iterable[str]) -> None:
        """One more stream holds these."""
        for topic in topics:
            self.holders[topic] += 1
            self._lingering.pop(topic, None)

    def release(self, topics: Iterable[str], now: float) -> None:
        """One stream less holds these."""
        for topic in topics:
            self.holders[topic] -= 1
            if not self.holders[topic]:
                del self.holders[topic]
                self._lingering[topic] = now + self._linger_s

    def wanted(self, now: float) -> frozenset[str]:
        """Topics that are held or were held a moment ago."""
        while self._lingering and next(iter(self._lingering.values())) <= now:
            del self._lingering[next(iter(self._lingering))]
        return frozenset(self.holders) | frozenset(self._lingering)
