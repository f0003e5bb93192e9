"""From requests to what the hub understands; every refusal names the field."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.unknown_fields import UnknownFieldSet
from kstock.common.v1 import market_index_pb2, quote_pb2, topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.limits import StreamLimits
from shared.market.errors import InvalidInput, LimitExceeded
from shared.market.instrument import parse_ticker
from shared.market.quote import Venue
from shared.market.topic import FeedStatusTopic, IndexTopic, MarketGateTopic, MarketIndex, PriceTopic, Topic

_MAX_CHANGE_ID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTopics:
    """Topics of a request: canonical texts without repetition, and kinds that this version does not know, as they came."""

    texts: tuple[str, ...]
    unknown: tuple[topic_pb2.Topic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What `Subscribe` asks for, within the limits; durations in seconds."""

    topics: AskedTopics
    window_s: float
    heartbeat_s: float
    credit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionChange:
    """What `UpdateSubscription` asks for."""

    stream_id: str
    change_id: str
    add: AskedTopics
    remove: frozenset[str] = field(default_factory=frozenset)
    ack_stream_seq: int = 0

    @property
    def changes_topics(self) -> bool:
        """Whether it is more than a return of credit."""
        return bool(self.add.texts or self.add.unknown or self.remove)


def read_subscription(request: wire.SubscribeRequest, limits: StreamLimits) -> Subscription:
    """Check a `Subscribe` request.

    Raises:
        InvalidInput: No topic, or one that is malformed.
        LimitExceeded: TOO_MANY_TOPICS.
    """
    if not request.topics:
        raise InvalidInput("topics", f"is empty; give 1 to {limits.max_topics} topics")
    if request.credit_bytes < 0:
        raise InvalidInput("credit_bytes", "is negative; 0 means no credit flow")
    return Subscription(
        topics=_read_topics(request.topics, "topics", limits),
        window_s=limits.window_s(_wish(request, "min_update_interval")),
        heartbeat_s=limits.silence_s(_wish(request, "heartbeat_interval")),
        credit_bytes=limits.credit_bytes(request.credit_bytes),
    )


def read_change(request: wire.UpdateSubscriptionRequest, limits: StreamLimits) -> SubscriptionChange:
    """Check an `UpdateSubscription` request.

    Raises:
        InvalidInput: No stream, nothing to do, or a topic that is malformed.
        LimitExceeded: TOO_MANY_TOPICS.
    """
    if not request.stream_id:
        raise InvalidInput("stream_id", "is empty; it is in the `opened` message of the stream")
    if len(request.change_id) > _MAX_CHANGE_ID:
        raise InvalidInput("change_id", f"is longer than {_MAX_CHANGE_ID} characters")
    change = SubscriptionChange(
        stream_id=request.stream_id,
        change_id=request.change_id,
        add=_read_topics(request.add, "add", limits),
        remove=frozenset(_read_topics(request.remove, "remove", limits).texts),
        ack_stream_seq=request.ack_stream_seq,
    )
    if not (change.changes_topics or change.ack_stream_seq):
        raise InvalidInput("add", "nothing to add, to remove or to acknowledge")
    return change


def read_topic(topic: topic_pb2.Topic, path: str) -> Topic | None:
    """The typed topic; None for a kind that only a newer contract knows.

    Raises:
        InvalidInput: No kind at all, or a malformed one.
    """
    kind = topic.WhichOneof("kind")
    if kind == "price":
        return _read_price(topic.price, f"{path}.price")
    if kind == "market_index":
        return IndexTopic(MarketIndex(_enum_name(market_index_pb2.MarketIndex, topic.market_index, f"{path}.market_index")))
    if kind == "market_gate":
        return MarketGateTopic()
    if kind == "feed_status":
        return FeedStatusTopic()
    if len(UnknownFieldSet(topic)):
        return None
    raise InvalidInput(path, "names no topic; set price, market_index, market_gate or feed_status")


def _read_topics(topics: Iterable[topic_pb2.Topic], path: str, limits: StreamLimits) -> AskedTopics:
    texts: dict[str, None] = {}
    unknown = []
    for position, topic in enumerate(topics):
        if position >= limits.max_topics:
            raise LimitExceeded("TOO_MANY_TOPICS", f"{limits.max_topics} topics per stream")
        known = read_topic(topic, f"{path}[{position}]")
        if known is None:
            unknown.append(topic)
        else:
            texts[str(known)] = None
    return AskedTopics(texts=tuple(texts), unknown=tuple(unknown))


def _read_price(price: topic_pb2.PriceTopic, path: str) -> PriceTopic:
    ticker = parse_ticker(price.ticker, f"{path}.ticker")
    if not price.HasField("venue"):
        return PriceTopic(ticker)
    return PriceTopic(ticker, Venue(_enum_name(quote_pb2.Venue, price.venue, f"{path}.venue")))


def _enum_name(enum: type[quote_pb2.Venue] | type[market_index_pb2.MarketIndex], number: int, path: str) -> str:
    """Name of an enum's value without its prefix, e.g. `KRX`."""
    prefix = enum.Name(0).removesuffix("UNSPECIFIED")
    if number == 0 or number not in enum.values():
        known = ", ".join(name.removeprefix(prefix) for name in enum.keys()[1:])
        raise InvalidInput(path, f"{number} means nothing here; known are {known}")
    return enum.Name(number).removeprefix(prefix)


def _wish(request: wire.SubscribeRequest, name: str) -> timedelta | None:
    if not request.HasField(name):
        return None
    duration: Duration = getattr(request, name)
    if duration.seconds < 0 or duration.nanos < 0:
        raise InvalidInput(name, "is negative")
    return timedelta(seconds=min(duration.seconds, 3600), microseconds=duration.nanos // 1000)
