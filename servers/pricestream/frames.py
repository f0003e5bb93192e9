"""Encoding of what is not a price: topic statuses and control messages.

Everything here is a piece of a `SubscribeResponse`; pieces joined in any order are one response.
"""

from datetime import timedelta
from functools import lru_cache

from kstock.common.v1 import quote_pb2, topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from shared.market.topic import parse_topic
from shared.rpc.messages.chunks import read_chunk, status_chunk
from shared.rpc.messages.topics import topic_message


@lru_cache(maxsize=50_000)
def status(topic: str, state: wire.TopicState, quality: quote_pb2.Quality | None = None, reason: str = "") -> bytes:
    """What happened to a topic; encoded once for all streams.

    Args:
        topic: Canonical text form.
        state: What happened.
        quality: Of the topic's current value, where there is one.
        reason: Why, where that is worth saying.
    """
    message = topic_message(parse_topic(topic))
    return status_chunk(wire.TopicStatus(topic=message, state=state, quality=quality, reason=reason))


def rejected(topic: topic_pb2.Topic, reason: str) -> bytes:
    """A topic that was not subscribed, in the form in which the client asked for it."""
    return status_chunk(wire.TopicStatus(topic=topic, state=wire.TOPIC_STATE_REJECTED, reason=reason))


def quality_of(chunk: bytes) -> quote_pb2.Quality:
    """Quality that the one value of a chunk carries."""
    values = read_chunk(chunk)
    qualities = [value.quality for field in (values.quotes, values.indices, values.gates) for value in field]
    return qualities[0] if qualities else quote_pb2.QUALITY_UNSPECIFIED


def all_stale(chunk: bytes) -> bool:
    """Whether a chunk of feed states says that no feed has anything better than old prices."""
    feeds = read_chunk(chunk).feed_statuses
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
