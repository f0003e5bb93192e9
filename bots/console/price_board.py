"""What a follower of prices knows: the newest value of each topic, what the stream said of it, and market time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kstock.common.v1 import feed_status_pb2, market_gate_pb2, market_index_pb2, quote_pb2, topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2

from bots.console.instruments import Followed
from bots.core import wire
from shared.clock import Clock
from shared.market.instrument import Ticker
from shared.market.quote import Venue
from shared.market.topic import FeedStatusTopic, IndexTopic, MarketGateTopic, MarketIndex, PriceTopic, Topic

Value = quote_pb2.Quote | market_index_pb2.IndexLevel | market_gate_pb2.MarketGate | feed_status_pb2.FeedStatus

_TOLD = frozenset(
    {
        stream_pb2.TOPIC_STATE_NO_VALUE,
        stream_pb2.TOPIC_STATE_STALE,
        stream_pb2.TOPIC_STATE_FRESH,
        stream_pb2.TOPIC_STATE_REMOVED,
        stream_pb2.TOPIC_STATE_REJECTED,
    }
)
"""States that a person wants to hear of; the others are steps of the protocol."""


@dataclass(slots=True, kw_only=True)
class Row:
    """One topic: its newest value, the last state that is worth telling, and whether its source is silent or lost."""

    followed: Followed
    value: Value | None = None
    status: stream_pb2.TopicStatus | None = None
    stale: bool = False

    @property
    def is_rejected(self) -> bool:
        """Whether the server does not know the topic."""
        return self.status is not None and self.status.state == stream_pb2.TOPIC_STATE_REJECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row that has a new value, or only a new state."""

    row: Row
    is_update: bool


class PriceBoard:
    """The rows of one follower, in the order in which they were asked for."""

    def __init__(self, followed: Iterable[Followed], clock: Clock) -> None:
        """Start without any value.

        Args:
            followed: The topics.
            clock: Machine time, to carry market time on from the last moment that the server told.
        """
        self._rows = {str(one.topic): Row(followed=one) for one in followed}
        self._clock = clock
        self._market_time = datetime.fromtimestamp(0, UTC)
        self._told_at = clock.monotonic()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(self._rows.values())

    def now(self) -> datetime:
        """Market time as far as this follower knows it; exact while the market runs at the pace of the machine."""
        return self._market_time + timedelta(seconds=self._clock.monotonic() - self._told_at)

    def apply(self, response: stream_pb2.SubscribeResponse) -> list[Change]:
        """Take over what a response says.

        Returns:
            What changed, values before states, as the contract orders them.
        """
        self._note_time(response)
        changes = [change for topic, value in _values(response) for change in self._update(topic, value)]
        for status in response.topic_statuses:
            changes += self._note_status(status)
        return changes

    def lost(self) -> None:
        """The stream broke: what is known is no longer live."""
        for row in self._rows.values():
            row.stale = row.value is not None

    def _note_time(self, response: stream_pb2.SubscribeResponse) -> None:
        match response.WhichOneof("control"):
            case "opened":
                self._market_time = wire.moment(response.opened.market_time)
            case "heartbeat":
                self._market_time = wire.moment(response.heartbeat.market_time)
            case _:
                return
        self._told_at = self._clock.monotonic()

    def _update(self, topics: Iterable[Topic], value: Value) -> Iterator[Change]:
        row = next((self._rows[str(topic)] for topic in topics if str(topic) in self._rows), None)
        if row is not None:
            row.value, row.status, row.stale = value, None, False
            yield Change(row=row, is_update=True)

    def _note_status(self, status: stream_pb2.TopicStatus) -> list[Change]:
        if status.state not in _TOLD:
            return []
        rows = self._about(status)
        for row in rows:
            row.status = None if status.state == stream_pb2.TOPIC_STATE_FRESH else status
            row.stale = status.state == stream_pb2.TOPIC_STATE_STALE
        return [Change(row=row, is_update=False) for row in rows]

    def _about(self, status: stream_pb2.TopicStatus) -> list[Row]:
        if not status.HasField("topic"):
            return list(self._rows.values())
        return [self._rows[str(topic)] for topic in _topics(status.topic) if str(topic) in self._rows]


def _values(response: stream_pb2.SubscribeResponse) -> Iterator[tuple[tuple[Topic, ...], Value]]:
    """Each value with the topics under which it may have been asked for, the likeliest first."""
    for quote in response.quotes:
        ticker = Ticker(quote.ticker)
        yield (_price(ticker, quote.venue), PriceTopic(ticker)), quote
    for level in response.indices:
        yield (_index(level.index),), level
    for gate in response.gates:
        yield (MarketGateTopic(),), gate
    for status in response.feed_statuses:
        yield (FeedStatusTopic(),), status


def _topics(message: topic_pb2.Topic) -> tuple[Topic, ...]:
    match message.WhichOneof("kind"):
        case "price":
            return (_price(Ticker(message.price.ticker), message.price.venue),)
        case "market_index":
            return (_index(message.market_index),)
        case "market_gate":
            return (MarketGateTopic(),)
        case "feed_status":
            return (FeedStatusTopic(),)
    return ()


def _price(ticker: Ticker, venue: int) -> PriceTopic:
    name = wire.word(quote_pb2.Venue, venue)
    return PriceTopic(ticker, Venue(name)) if name in Venue.__members__ else PriceTopic(ticker)


def _index(number: int) -> Topic:
    name = wire.word(market_index_pb2.MarketIndex, number)
    return IndexTopic(MarketIndex(name)) if name in MarketIndex.__members__ else FeedStatusTopic()
