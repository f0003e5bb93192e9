"""Encoding of what is not a price: topic statuses, control messages, and the end of each response.

Everything here is a piece of a `SubscribeResponse`; pieces joined in any order are one response.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from kstock.common.v1 import quote_pb2, topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from shared.market.topic import IndexTopic, MarketGateTopic, PriceTopic, parse_topic


def topic_message(text: str) -> topic_pb2.Topic:
    """The wire form of a topic given by its canonical text."""
    topic = parse_topic(text)
    if isinstance(topic, PriceTopic):
        return topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker=topic.ticker, venue=f"VENUE_{topic.venue}"))
    if isinstance(topic, IndexTopic):
        return topic_pb2.Topic(market_index=f"MARKET_INDEX_{topic.index}")
    if isinstance(topic, MarketGateTopic):
        return topic_pb2.Topic(market_gate=topic_pb2.MarketGateTopic())
    return topic_pb2.Topic(feed_status=topic_pb2.FeedStatusTopic())


@lru_cache(maxsize=50_000)
def status(topic: str, state: wire.TopicState, quality: quote_pb2.Quality | None = None, reason: str = "") -> bytes:
    """What happened to a topic; encoded once for all streams.

    Args:
        topic: Canonical text form.
        state: What happened.
        quality: Of the topic's current value, where there is one.
        reason: Why, where that is worth saying.
    """
    told = wire.TopicStatus(topic=topic_message(topic), state=state, quality=quality, reason=reason)
    return wire.SubscribeResponse(topic_statuses=(told,)).SerializeToString()


def rejected(topic: topic_pb2.Topic, reason: str) -> bytes:
    """A topic that was not subscribed, in the form in which the client asked for it."""
    told = wire.TopicStatus(topic=topic, state=wire.TOPIC_STATE_REJECTED, reason=reason)
    return wire.SubscribeResponse(topic_statuses=(told,)).SerializeToString()


def quality_of(chunk: bytes) -> quote_pb2.Quality:
    """Quality that the one value of a chunk carries."""
    values = wire.SubscribeResponse.FromString(chunk)
    qualities = [value.quality for field in (values.quotes, values.indices, values.gates) for value in field]
    return qualities[0] if qualities else quote_pb2.QUALITY_UNSPECIFIED


def all_stale(chunk: bytes) -> bool:
    """Whether a chunk of feed states says that no feed has anything better than old prices."""
    feeds = wire.SubscribeResponse.FromString(chunk).feed_statuses
    return bool(feeds) and all(feed.quality == quote_pb2.QUALITY_STALE for feed in feeds)


def opened(message: wire.StreamOpened) -> bytes:
    """The first control message of a stream."""
    return wire.SubscribeResponse(opened=message).SerializeToString()


def heartbeat(message: wire.StreamHeartbeat) -> bytes:
    """A sign of life with the stream's totals."""
    return wire.SubscribeResponse(heartbeat=message).SerializeToString()


def change_applied(change_id: str, *, added: int, removed: int, rejected: int) -> bytes:
    """Acknowledgement of a change; counts of topics."""
    message = wire.ChangeApplied(change_id=change_id, added=added, removed=removed, rejected=rejected)
    return wire.SubscribeResponse(change_applied=message).SerializeToString()


def slow(*, unacknowledged_bytes: int, closes_after_s: float) -> bytes:
    """Warning that credit is overdue."""
    message = wire.SlowWarning(unacknowledged_bytes=unacknowledged_bytes, closes_after=timedelta(seconds=closes_after_s))
    return wire.SubscribeResponse(slow=message).SerializeToString()


def going_away(reason: str, *, reconnect_after_s: float) -> bytes:
    """Announcement of the stream's end."""
    message = wire.GoingAway(reason=reason, reconnect_after=timedelta(seconds=reconnect_after_s))
    return wire.SubscribeResponse(going_away=message).SerializeToString()


def end(stream_seq: int, send_time: datetime) -> bytes:
    """Number and time of a response."""
    return wire.SubscribeResponse(stream_seq=stream_seq, send_time=send_time).SerializeToString()
