"""What subscribers with identical topic sets share: built once, whoever asks."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream import frames
from servers.pricestream.book import publisher_of_topic
from servers.pricestream.pending import Change, Part
from shared.bus.base import FEED_PUBLISHER


class Audience:
    """One set of topics, for all subscribers that hold exactly these."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self._by_publisher: dict[str, frozenset[str]] = {}
        self._pieces: dict[tuple[str, wire.TopicState, str], bytes] = {}

    def part_of(self, changed: Mapping[str, Change]) -> Part:
        """What a round's changes bring to this topic set."""
        if len(changed) <= len(self.topics):
            mine = {topic: change for topic, change in changed.items() if topic in self.topics}
        else:
            mine = {topic: changed[topic] for topic in self.topics if topic in changed}
        weight = sum(change.weight for change in mine.values())
        return Part({topic: change.chunk for topic, change in mine.items()}, weight=weight)

    def published_by(self, publisher: str) -> frozenset[str]:
        """Topics of this set that come from a publisher."""
        if publisher not in self._by_publisher:
            mine = frozenset(topic for topic in self.topics if publisher_of_topic(topic) == publisher)
            self._by_publisher[publisher] = self.topics if len(mine) == len(self.topics) else mine
        return self._by_publisher[publisher]

    def resets(self, publisher: str) -> bytes:
        """RESET of every topic that comes from a publisher."""
        return self._statuses(publisher, wire.TOPIC_STATE_RESET, "FEED_TAKEOVER")

    def staleness(self, reason: str, *, apart_from: AbstractSet[str]) -> bytes:
        """STALE with a reason, or FRESH without one, of the topics that come from the feed, apart from some."""
        state = wire.TOPIC_STATE_STALE if reason else wire.TOPIC_STATE_FRESH
        mine = self.published_by(FEED_PUBLISHER)
        if mine.isdisjoint(apart_from):
            return self._statuses(FEED_PUBLISHER, state, reason)
        return b"".join(frames.status(topic, state, reason=reason) for topic in sorted(mine - apart_from))

    def _statuses(self, publisher: str, state: wire.TopicState, reason: str) -> bytes:
        key = (publisher, state, reason)
        if key not in self._pieces:
            topics = sorted(self.published_by(publisher))
            self._pieces[key] = b"".join(frames.status(topic, state, reason=reason) for topic in topics)
        return self._pieces[key]
