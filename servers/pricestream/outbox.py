"""What waits to be written to one subscriber, and the count of what became of every update offered to it."""

from collections import Counter, deque
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from kstock.common.v1.quote_pb2 import Quality
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream import frames
from servers.pricestream.audience import Audience
from servers.pricestream.book import publisher_of_topic
from servers.pricestream.pending import NOTHING, Part, Pending
from shared.bus.base import FEED_PUBLISHER


class Outbox:
    """Values, statuses and control messages of one stream.

    Statuses are read after the values of their response. So what must precede values (ADDED, RESET, REMOVED, REJECTED) goes
    out in a response of its own, the `words`; what follows them (CURRENT, NO_VALUE, STALE, FRESH) goes out beside the
    `values`. Memory is bounded by the topics held and by the changes that the hub accepts.

    Args:
        tally: Updates written per topic by all streams of the hub; counted here.

    Attributes:
        audience: The topic set held; the hub changes it.
        offered, delivered, conflated: Updates; at any time offered = delivered + conflated + those waiting.
        pending: Values that wait.
    """

    def __init__(self, tally: Counter[str]) -> None:
        self.audience = Audience(frozenset())
        self.offered = self.delivered = self.conflated = 0
        self.pending: Pending = NOTHING
        self._tally = tally
        self._words: deque[tuple[bytes, bool]] = deque()  # encoded, and whether it is a control message
        self._snapshots: set[str] = set()  # topics whose CURRENT follows their waiting value
        self._no_value: dict[str, None] = {}
        self._stale = self._told_stale = ""

    @property
    def unsent_words(self) -> int:
        """Statuses and control messages that wait to precede values."""
        return len(self._words)

    @property
    def has_values(self) -> bool:
        """Whether a response of values has anything to say."""
        return bool(self.pending or self._no_value or self._staleness_unsaid)

    def add(self, snapshot: Mapping[str, bytes | None]) -> None:
        """Take new topics with the values they begin with; None for a topic without a value."""
        self.tell(*(frames.status(topic, wire.TOPIC_STATE_ADDED) for topic in snapshot))
        values = {topic: chunk for topic, chunk in snapshot.items() if chunk is not None}
        self._snapshots.update(values)
        self._no_value.update((topic, None) for topic in snapshot if topic not in values)
        if values:
            self.offer(Part(values, weight=len(values)))

    def remove(self, topics: AbstractSet[str]) -> None:
        """Give topics up; what waits of them is dropped."""
        self._drop(topics)
        for topic in sorted(topics):
            self._no_value.pop(topic, None)
            self.tell(frames.status(topic, wire.TOPIC_STATE_REMOVED))

    def tell(self, *statuses: bytes) -> None:
        """Say something ahead of the values that follow."""
        self._words.extend((status, False) for status in statuses)

    def tell_control(self, message: bytes) -> None:
        """Say a control message behind what was told so far and ahead of the values that follow."""
        self._words.append((message, True))

    def reset(self, publisher: str) -> None:
        """A publisher began anew: none of its earlier values may be written after this."""
        topics = self.audience.published_by(publisher)
        lost = self._snapshots & topics
        self._drop(topics)
        self._no_value.update((topic, None) for topic in sorted(lost))
        self.tell(self.audience.resets(publisher))

    def offer(self, part: Part) -> int:
        """Take a round's changes; how many updates were conflated, because a newer one replaced them before they left."""
        self.pending, conflated = part.onto(self.pending)
        self.offered += part.weight
        self.conflated += conflated
        return conflated

    def note_staleness(self, reason: str) -> None:
        """The feed's prices are old for this reason; empty when they are not."""
        self._stale = reason

    def drop_all(self) -> None:
        """Nothing more will be written."""
        self._drop(self.pending.chunks.keys())
        self._words.clear()

    def words(self, budget_bytes: int) -> bytes:
        """Statuses that precede values, in order, with at most one control message among them; takes them out."""
        pieces: list[bytes] = []
        size = controls = 0
        while self._words:
            piece, is_control = self._words[0]
            if pieces and (size + len(piece) > budget_bytes or controls + is_control > 1):
                break
            self._words.popleft()
            pieces.append(piece)
            size += len(piece)
            controls += is_control
        return b"".join(pieces)

    def values(self, *, budget_bytes: int, max_updates: int) -> bytes:
        """Waiting values within the budget, at least one, and the statuses that follow them; takes them out."""
        taken, self.pending = self.pending.split(budget_bytes=budget_bytes, max_updates=max_updates)
        self.delivered += len(taken)
        self._tally.update(taken.chunks.keys())
        return taken.joined + self._statuses_after(taken)

    def _statuses_after(self, taken: Pending) -> bytes:
        current = self._settle_snapshots(taken)
        empty = self._settle_empty()
        pieces = [frames.status(topic, wire.TOPIC_STATE_CURRENT, quality) for topic, quality in current.items()]
        pieces += [frames.status(topic, wire.TOPIC_STATE_NO_VALUE) for topic in empty]
        settled = [*current, *empty]
        if self._staleness_unsaid:
            # A topic hears of staleness first with its snapshot, and of freshness only if it has heard of staleness.
            silent = self._snapshots.union(() if self._stale else settled)
            pieces.append(self.audience.staleness(self._stale, apart_from=silent))
            self._told_stale = self._stale
        elif self._stale:
            old = [topic for topic in settled if publisher_of_topic(topic) == FEED_PUBLISHER]
            pieces += [frames.status(topic, wire.TOPIC_STATE_STALE, reason=self._stale) for topic in old]
        return b"".join(pieces)

    @property
    def _staleness_unsaid(self) -> bool:
        return self._stale != self._told_stale and bool(self.audience.published_by(FEED_PUBLISHER))

    def _settle_snapshots(self, taken: Pending) -> dict[str, Quality]:
        """Topics whose snapshot is complete with these values, and the quality of each."""
        if not (self._snapshots or self._no_value):
            return {}
        settled = [topic for topic in taken.chunks if topic in self._snapshots or topic in self._no_value]
        self._snapshots.difference_update(settled)
        for topic in settled:
            self._no_value.pop(topic, None)
        return {topic: frames.quality_of(taken.chunks[topic]) for topic in settled}

    def _settle_empty(self) -> list[str]:
        """Topics that have no value even now; one whose first value still waits is a snapshot after all."""
        late = [topic for topic in self._no_value if topic in self.pending.chunks]
        empty = [topic for topic in self._no_value if topic not in self.pending.chunks]
        self._snapshots.update(late)
        self._no_value.clear()
        return empty

    def _drop(self, topics: AbstractSet[str]) -> None:
        before = len(self.pending)
        self.pending = self.pending.without(topics)
        self.conflated += before - len(self.pending)
        self._snapshots -= topics
