"""The hub: every value is encoded once by its publisher, merged once per topic set, and joined once per payload.

A plain data structure without tasks or transport; `relay.py` drives it. Values come in between rounds; a round offers what
has changed to every subscriber of a changed topic and never waits for one of them.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from servers.pricestream.audience import Audience
from servers.pricestream.book import Book, Round
from servers.pricestream.demand import Demand
from servers.pricestream.limits import StreamLimits
from servers.pricestream.pending import Part
from servers.pricestream.subscriber import CloseReason, Moment, Subscriber, Terms
from servers.pricestream.timetable import Timetable
from shared.market.errors import LimitExceeded
from shared.metrics import StreamMetrics


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChange:
    """What to change about a stream's topics.

    Attributes:
        add: Topics to add; held ones are left alone unless they are removed as well.
        remove: Topics to remove; others are ignored.
        refusals: Encoded REJECTED statuses of what was asked for and cannot be added.
    """

    add: Sequence[str] = ()
    remove: AbstractSet[str] = frozenset()
    refusals: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """How many topics a change has added and removed."""

    added: int
    removed: int


class Hub:
    """Topics, subscribers, and the index between them.

    Attributes:
        book: Newest values.
        subscribers: Open streams by their id.
        demand: Topics that somebody holds.
        timetable: When subscribers want to be woken.
        stale_reason: Why the feed's prices are old; empty when they are not.
        informed: Set once the newest values and their staleness have been looked up, or could not be; before that a stream
            would begin empty.
        offered_by_topic, delivered_by_topic: Updates of all streams since the last reset of the counters.
    """

    def __init__(self, limits: StreamLimits, *, metrics: StreamMetrics, rng: random.Random) -> None:
        self.book = Book()
        self.subscribers: dict[str, Subscriber] = {}
        self.demand = Demand(limits.linger_s)
        self.timetable = Timetable()
        self.stale_reason = ""
        self.informed = asyncio.Event()
        self.offered_by_topic: Counter[str] = Counter()
        self.delivered_by_topic: Counter[str] = Counter()
        self._limits = limits
        self._metrics = metrics
        self._rng = rng
        self._audiences: dict[frozenset[str], Audience] = {}
        self._members: dict[Audience, dict[Subscriber, None]] = {}
        self._index: dict[str, dict[Audience, None]] = {}  # dicts as sets: half the memory
        self._round_number = 0
        self._round: Round | None = None
        self._parts: dict[Audience, Part] = {}
        self._staleness_is_news = False

    @property
    def has_news(self) -> bool:
        """Whether a round would bring anything to anybody."""
        return self.book.has_news or self._staleness_is_news

    def register(self, terms: Terms, opened: Moment) -> Subscriber:
        """Take a stream in, without topics at first."""
        subscriber = Subscriber(
            terms, self._limits, opened=opened, tally=self.delivered_by_topic, metrics=self._metrics, rng=self._rng
        )
        subscriber.round = self._round_number
        subscriber.outbox.note_staleness(self.stale_reason)
        self.subscribers[terms.stream_id] = subscriber
        self._join(subscriber, frozenset())
        return subscriber

    def change(self, subscriber: Subscriber, change: TopicChange, now: float) -> Applied:
        """Add and remove topics of a stream.

        Each added topic begins with the value that everybody has been offered; what came since reaches it with the next
        round.

        Raises:
            LimitExceeded: TOO_MANY_TOPICS, or RATE_LIMITED when the client does not read what its changes bring about.
        """
        before = subscriber.outbox.audience.topics
        removed = before & change.remove
        added = [sys.intern(topic) for topic in dict.fromkeys(change.add) if topic not in before or topic in removed]
        after = frozenset(dict.fromkeys([*(before - removed), *added]))  # by way of a dict: half the memory
        self._check_size(subscriber, len(after), len(added) + len(removed) + len(change.refusals))
        self._settle(subscriber, now)
        if removed:
            subscriber.outbox.remove(removed)
        self._move(subscriber, after, now)
        if added:
            subscriber.outbox.add({topic: self.book.chunk(topic) for topic in added})
            self.offered_by_topic.update(topic for topic in added if self.book.chunk(topic) is not None)
        subscriber.outbox.tell(*change.refusals)
        self.arrange(subscriber, now)
        return Applied(added=len(added), removed=len(removed))

    def leave(self, subscriber: Subscriber, now: float, reason: CloseReason = CloseReason.CLIENT_LEFT) -> None:
        """Let a stream go: from now on it is offered nothing."""
        if self.subscribers.pop(subscriber.terms.stream_id, None) is None:
            return
        self._move(subscriber, frozenset(), now)
        self._part_from(subscriber)
        self.timetable.forget(subscriber)
        subscriber.close(reason)

    def check(self, now: float) -> None:
        """End what is too slow or too old, wake what owes a heartbeat; called a few times per second."""
        for subscriber in tuple(self.subscribers.values()):
            subscriber.check(now)
            if subscriber.was_too_slow:
                self.leave(subscriber, now)
                if subscriber.is_writing:
                    subscriber.abort()

    def note_staleness(self, reason: str) -> None:
        """The feed's prices are old for this reason, or fresh again when it is empty."""
        if reason != self.stale_reason:
            self.stale_reason = reason
            self._staleness_is_news = True
            self._metrics.feed_stale.set(1 if reason else 0)

    def run_round(self, clock: Callable[[], float]) -> Iterator[None]:
        """Offer what has changed to whom it concerns.

        Args:
            clock: Monotonic seconds.

        Yields:
            Whenever others should get a turn; subscribers may come, change and go meanwhile.
        """
        visits, began = 0, clock()
        self._round_number += 1
        self._round, self._parts = self.book.turn(), {}
        touched = self._touched(self._round)
        self._staleness_is_news = False
        self._count_offered(self._round)
        for audience in touched:
            for subscriber in tuple(self._members.get(audience, ())):
                self._settle(subscriber, clock())
                visits += 1
                if visits >= self._limits.visit_subscribers or clock() - began >= self._limits.visit_s:
                    yield
                    visits, began = 0, clock()
        self._round = None

    def arrange(self, subscriber: Subscriber, now: float) -> None:
        """Wake a subscriber when it may be written to, now or later."""
        at = subscriber.next_write(now)
        if at is None:
            return
        if at <= now:
            subscriber.wakeup.set()
        else:
            self.timetable.plan(subscriber, at)

    def reset_counters(self) -> None:
        """Count per topic from zero, at the beginning of a market day."""
        self.book.reset_counters()
        self.offered_by_topic.clear()
        self.delivered_by_topic.clear()

    def _settle(self, subscriber: Subscriber, now: float) -> None:
        """Bring the running round to a subscriber that it has not reached yet."""
        if self._round is None or subscriber.round == self._round_number:
            return
        subscriber.round = self._round_number
        audience = subscriber.outbox.audience
        for publisher in self._round.resets:
            if audience.published_by(publisher):
                subscriber.outbox.reset(publisher)
        part = self._parts.get(audience)
        if part is None:
            part = self._parts[audience] = audience.part_of(self._round.changed)
        if part.chunks:
            subscriber.offer(part)
        subscriber.outbox.note_staleness(self.stale_reason)
        self.arrange(subscriber, now)

    def _touched(self, turned: Round) -> tuple[Audience, ...]:
        if turned.resets or self._staleness_is_news:
            return tuple(self._members)
        return tuple(set().union(*(self._index.get(topic, ()) for topic in turned.changed)))

    def _count_offered(self, turned: Round) -> None:
        self._metrics.updates_in.inc(sum(change.weight for change in turned.changed.values()))
        holders = self.demand.holders
        for topic, change in turned.changed.items():
            if topic in holders:
                self.offered_by_topic[topic] += change.weight * holders[topic]

    def _check_size(self, subscriber: Subscriber, topics: int, statuses: int) -> None:
        if topics > self._limits.max_topics:
            raise LimitExceeded("TOO_MANY_TOPICS", f"{self._limits.max_topics} topics per stream")
        if subscriber.outbox.unsent_words + statuses > self._limits.max_unsent_statuses:
            raise LimitExceeded("RATE_LIMITED", f"{self._limits.max_unsent_statuses} topic statuses that were not read yet")

    def _move(self, subscriber: Subscriber, topics: frozenset[str], now: float) -> None:
        before = subscriber.outbox.audience.topics
        if topics == before:
            return
        self._part_from(subscriber)
        self._join(subscriber, topics)
        self.demand.hold(topics - before)
        self.demand.release(before - topics, now)
        self._metrics.topics.set(len(self.demand.holders))

    def _join(self, subscriber: Subscriber, topics: frozenset[str]) -> None:
        audience = self._audiences.get(topics)
        if audience is None:
            audience = self._audiences[topics] = Audience(topics)
            self._members[audience] = {}
            for topic in topics:
                self._index.setdefault(topic, {})[audience] = None
        self._members[audience][subscriber] = None
        subscriber.outbox.audience = audience

    def _part_from(self, subscriber: Subscriber) -> None:
        audience = subscriber.outbox.audience
        members = self._members[audience]
        members.pop(subscriber, None)
        if members:
            return
        del self._members[audience], self._audiences[audience.topics]
        for topic in audience.topics:
            holders = self._index[topic]
            del holders[audience]
            if not holders:
                del self._index[topic]
