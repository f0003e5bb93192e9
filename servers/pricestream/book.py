"""The hub's copy of every topic's newest value, in two layers: what subscribers have been offered, and what came since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from servers.pricestream.pending import Change
from shared.bus.base import FEED_PUBLISHER, GATE_PUBLISHER, BusEntry, publisher_of
from shared.market.topic import MarketGateTopic

PUBLISHERS = (FEED_PUBLISHER, GATE_PUBLISHER)

_GATE = str(MarketGateTopic())


def publisher_of_topic(topic: str) -> str:
    """Who publishes a topic."""
    return GATE_PUBLISHER if topic == _GATE else FEED_PUBLISHER


@dataclass(slots=True)
class TopicValue:
    """One topic of the book.

    `chunk` is the value that subscribers have been offered, None before the first; `seq` the newest number that has arrived.
    `updates` and `gaps` count since the last reset of the counters; `arrived` is machine time.
    """

    chunk: bytes | None = None
    seq: int = 0
    updates: int = 0
    gaps: int = 0
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What has changed since the round before: newest chunks, and publishers that began anew."""

    changed: Mapping[str, Change] = field(default_factory=dict)
    resets: frozenset[str] = frozenset()


class Book:
    """Takes entries from the bus and hands changes out round by round.

    A subscriber that registers between two rounds takes `chunk` as its snapshot; whatever came since reaches it with the
    next round, so it sees every value once and in order.
    """

    def __init__(self) -> None:
        self._values: dict[str, TopicValue] = {}
        self._epochs: dict[str, str] = {}
        self._dirty: dict[str, Change] = {}
        self._resets: set[str] = set()

    @property
    def has_news(self) -> bool:
        """Whether a round would bring anything."""
        return bool(self._dirty or self._resets)

    def epoch(self, publisher: str) -> str:
        """The publisher's epoch; empty before its first."""
        return self._epochs.get(publisher, "")

    def knows(self, epoch: str) -> bool:
        """Whether an epoch is its publisher's current one."""
        return self._epochs.get(publisher_of(epoch)) == epoch

    def chunk(self, topic: str) -> bytes | None:
        """The value that a new subscriber begins with."""
        value = self._values.get(topic)
        return None if value is None else value.chunk

    def value(self, topic: str) -> TopicValue:
        """A topic with its counters; an empty one for a topic that never had a value."""
        return self._values.get(topic) or TopicValue()

    def begin_epoch(self, epoch: str) -> None:
        """A publisher began anew: what is known of its earlier epoch counts no more."""
        publisher = publisher_of(epoch)
        before, self._epochs[publisher] = self._epochs.get(publisher), epoch
        if before in (None, epoch):
            return
        self._resets.add(publisher)
        for topic, value in self._values.items():
            if publisher_of_topic(topic) == publisher:
                value.chunk, value.seq = None, 0
                self._dirty.pop(topic, None)

    def take(self, entries: Iterable[BusEntry], arrived: datetime) -> bool:
        """Take entries of current epochs; older numbers than known and entries of other epochs are passed over.

        Returns:
            Whether a gap in a topic's numbers shows that something was missed.
        """
        gap = False
        for entry in entries:
            if not self.knows(entry.epoch):
                continue
            value = self._values.setdefault(entry.topic, TopicValue())
            if entry.seq <= value.seq:
                continue
            if 0 < value.seq < entry.seq - 1:
                value.gaps += 1
                gap = True
            value.seq, value.arrived = entry.seq, arrived
            value.updates += 1
            before = self._dirty.get(entry.topic)
            self._dirty[entry.topic] = Change(entry.chunk, 1 if before is None else before.weight + 1)
        return gap

    def turn(self) -> Round:
        """Begin a round: what came since the last one becomes what new subscribers begin with."""
        turned = Round(changed=self._dirty, resets=frozenset(self._resets))
        self._dirty, self._resets = {}, set()
        for topic, change in turned.changed.items():
            self._values[topic].chunk = change.chunk
        return turned

    def reset_counters(self) -> None:
        """Count from zero, at the beginning of a market day."""
        for value in self._values.values():
            value.updates = value.gaps = 0
