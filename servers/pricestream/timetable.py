"""When each subscriber may be written to next."""

import heapq
import itertools
from collections.abc import Callable

from servers.pricestream.subscriber import Subscriber


class Timetable:
    """Subscribers by the time at which they want to be woken; one entry each, the earliest counts.

    Attributes:
        notify: Called with each newly planned time, so that whoever waits for `earliest` waits no longer than that.
    """

    def __init__(self) -> None:
        self.notify: Callable[[float], object] = float
        self._heap: list[tuple[float, int, Subscriber]] = []
        self._order = itertools.count()
        self._planned: dict[Subscriber, float] = {}

    @property
    def earliest(self) -> float | None:
        """The next time at which somebody is due; None when nobody waits."""
        while self._heap and self._planned.get(self._heap[0][2]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def plan(self, subscriber: Subscriber, at: float) -> None:
        """Wake a subscriber at that time, unless it is woken before."""
        if at < self._planned.get(subscriber, float("inf")):
            self._planned[subscriber] = at
            heapq.heappush(self._heap, (at, next(self._order), subscriber))
            self.notify(at)

    def forget(self, subscriber: Subscriber) -> None:
        """Wake a subscriber no more."""
        self._planned.pop(subscriber, None)

    def wake(self, now: float) -> None:
        """Wake everybody who is due."""
        while (earliest := self.earliest) is not None and earliest <= now:
            _, _, subscriber = heapq.heappop(self._heap)
            del self._planned[subscriber]
            subscriber.wakeup.set()
