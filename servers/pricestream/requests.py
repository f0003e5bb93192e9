"""From requests to what the hub understands; every refusal names the field."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from google.protobuf.unknown_fields import UnknownFieldSet
from kstock.common.v1 import topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.limits import StreamLimits
from shared.market.errors import InvalidInput, LimitExceeded
from shared.rpc.messages.times import optional_duration
from shared.rpc.messages.topics import read_topic


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
        window_s=limits.window_s(optional_duration(request, "min_update_interval")),
        heartbeat_s=limits.silence_s(optional_duration(request, "heartbeat_interval")),
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


def _read_topics(topics: Iterable[topic_pb2.Topic], path: str, limits: StreamLimits) -> AskedTopics:
    texts: dict[str, None] = {}
    unknown = []
    for position, topic in enumerate(topics):
        if position >= limits.max_topics:
            raise LimitExceeded("TOO_MANY_TOPICS", f"{limits.max_topics} topics per stream")
        if topic.WhichOneof("kind") is None and len(UnknownFieldSet(topic)):
            unknown.append(topic)  # a kind of a newer contract
        else:
            texts[str(read_topic(topic, f"{path}[{position}]"))] = None
    return AskedTopics(texts=tuple(texts), unknown=tuple(unknown))
