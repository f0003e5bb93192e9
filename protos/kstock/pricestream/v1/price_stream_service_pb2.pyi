import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import feed_status_pb2 as _feed_status_pb2
from kstock.common.v1 import market_gate_pb2 as _market_gate_pb2
from kstock.common.v1 import market_index_pb2 as _market_index_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from kstock.common.v1 import topic_pb2 as _topic_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TopicState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TOPIC_STATE_UNSPECIFIED: _ClassVar[TopicState]
    TOPIC_STATE_ADDED: _ClassVar[TopicState]
    TOPIC_STATE_CURRENT: _ClassVar[TopicState]
    TOPIC_STATE_NO_VALUE: _ClassVar[TopicState]
    TOPIC_STATE_STALE: _ClassVar[TopicState]
    TOPIC_STATE_FRESH: _ClassVar[TopicState]
    TOPIC_STATE_RESET: _ClassVar[TopicState]
    TOPIC_STATE_REMOVED: _ClassVar[TopicState]
    TOPIC_STATE_REJECTED: _ClassVar[TopicState]
TOPIC_STATE_UNSPECIFIED: TopicState
TOPIC_STATE_ADDED: TopicState
TOPIC_STATE_CURRENT: TopicState
TOPIC_STATE_NO_VALUE: TopicState
TOPIC_STATE_STALE: TopicState
TOPIC_STATE_FRESH: TopicState
TOPIC_STATE_RESET: TopicState
TOPIC_STATE_REMOVED: TopicState
TOPIC_STATE_REJECTED: TopicState

class SubscribeRequest(_message.Message):
    __slots__ = ("topics", "heartbeat_interval", "min_update_interval", "credit_bytes")
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    MIN_UPDATE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    topics: _containers.RepeatedCompositeFieldContainer[_topic_pb2.Topic]
    heartbeat_interval: _duration_pb2.Duration
    min_update_interval: _duration_pb2.Duration
    credit_bytes: int
    def __init__(self, topics: _Optional[_Iterable[_Union[_topic_pb2.Topic, _Mapping]]] = ..., heartbeat_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., min_update_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., credit_bytes: _Optional[int] = ...) -> None: ...

class SubscribeResponse(_message.Message):
    __slots__ = ("quotes", "indices", "gates", "feed_statuses", "topic_statuses", "stream_seq", "send_time", "opened", "heartbeat", "change_applied", "slow", "going_away")
    QUOTES_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    GATES_FIELD_NUMBER: _ClassVar[int]
    FEED_STATUSES_FIELD_NUMBER: _ClassVar[int]
    TOPIC_STATUSES_FIELD_NUMBER: _ClassVar[int]
    STREAM_SEQ_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    CHANGE_APPLIED_FIELD_NUMBER: _ClassVar[int]
    SLOW_FIELD_NUMBER: _ClassVar[int]
    GOING_AWAY_FIELD_NUMBER: _ClassVar[int]
    quotes: _containers.RepeatedCompositeFieldContainer[_quote_pb2.Quote]
    indices: _containers.RepeatedCompositeFieldContainer[_market_index_pb2.IndexLevel]
    gates: _containers.RepeatedCompositeFieldContainer[_market_gate_pb2.MarketGate]
    feed_statuses: _containers.RepeatedCompositeFieldContainer[_feed_status_pb2.FeedStatus]
    topic_statuses: _containers.RepeatedCompositeFieldContainer[TopicStatus]
    stream_seq: int
    send_time: _timestamp_pb2.Timestamp
    opened: StreamOpened
    heartbeat: StreamHeartbeat
    change_applied: ChangeApplied
    slow: SlowWarning
    going_away: GoingAway
    def __init__(self, quotes: _Optional[_Iterable[_Union[_quote_pb2.Quote, _Mapping]]] = ..., indices: _Optional[_Iterable[_Union[_market_index_pb2.IndexLevel, _Mapping]]] = ..., gates: _Optional[_Iterable[_Union[_market_gate_pb2.MarketGate, _Mapping]]] = ..., feed_statuses: _Optional[_Iterable[_Union[_feed_status_pb2.FeedStatus, _Mapping]]] = ..., topic_statuses: _Optional[_Iterable[_Union[TopicStatus, _Mapping]]] = ..., stream_seq: _Optional[int] = ..., send_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., opened: _Optional[_Union[StreamOpened, _Mapping]] = ..., heartbeat: _Optional[_Union[StreamHeartbeat, _Mapping]] = ..., change_applied: _Optional[_Union[ChangeApplied, _Mapping]] = ..., slow: _Optional[_Union[SlowWarning, _Mapping]] = ..., going_away: _Optional[_Union[GoingAway, _Mapping]] = ...) -> None: ...

class TopicStatus(_message.Message):
    __slots__ = ("topic", "state", "quality", "reason")
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    topic: _topic_pb2.Topic
    state: TopicState
    quality: _quote_pb2.Quality
    reason: str
    def __init__(self, topic: _Optional[_Union[_topic_pb2.Topic, _Mapping]] = ..., state: _Optional[_Union[TopicState, str]] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class StreamOpened(_message.Message):
    __slots__ = ("stream_id", "epoch", "heartbeat_interval", "min_update_interval", "credit_bytes", "max_topics", "max_batch_bytes", "market_time")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    MIN_UPDATE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_TOPICS_FIELD_NUMBER: _ClassVar[int]
    MAX_BATCH_BYTES_FIELD_NUMBER: _ClassVar[int]
    MARKET_TIME_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    epoch: str
    heartbeat_interval: _duration_pb2.Duration
    min_update_interval: _duration_pb2.Duration
    credit_bytes: int
    max_topics: int
    max_batch_bytes: int
    market_time: _timestamp_pb2.Timestamp
    def __init__(self, stream_id: _Optional[str] = ..., epoch: _Optional[str] = ..., heartbeat_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., min_update_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., credit_bytes: _Optional[int] = ..., max_topics: _Optional[int] = ..., max_batch_bytes: _Optional[int] = ..., market_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StreamHeartbeat(_message.Message):
    __slots__ = ("market_time", "offered_updates", "delivered_updates", "conflated_updates", "pending_updates", "topics")
    MARKET_TIME_FIELD_NUMBER: _ClassVar[int]
    OFFERED_UPDATES_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_UPDATES_FIELD_NUMBER: _ClassVar[int]
    CONFLATED_UPDATES_FIELD_NUMBER: _ClassVar[int]
    PENDING_UPDATES_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    market_time: _timestamp_pb2.Timestamp
    offered_updates: int
    delivered_updates: int
    conflated_updates: int
    pending_updates: int
    topics: int
    def __init__(self, market_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offered_updates: _Optional[int] = ..., delivered_updates: _Optional[int] = ..., conflated_updates: _Optional[int] = ..., pending_updates: _Optional[int] = ..., topics: _Optional[int] = ...) -> None: ...

class ChangeApplied(_message.Message):
    __slots__ = ("change_id", "added", "removed", "rejected")
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    change_id: str
    added: int
    removed: int
    rejected: int
    def __init__(self, change_id: _Optional[str] = ..., added: _Optional[int] = ..., removed: _Optional[int] = ..., rejected: _Optional[int] = ...) -> None: ...

class SlowWarning(_message.Message):
    __slots__ = ("unacknowledged_bytes", "closes_after")
    UNACKNOWLEDGED_BYTES_FIELD_NUMBER: _ClassVar[int]
    CLOSES_AFTER_FIELD_NUMBER: _ClassVar[int]
    unacknowledged_bytes: int
    closes_after: _duration_pb2.Duration
    def __init__(self, unacknowledged_bytes: _Optional[int] = ..., closes_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class GoingAway(_message.Message):
    __slots__ = ("reason", "reconnect_after")
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECONNECT_AFTER_FIELD_NUMBER: _ClassVar[int]
    reason: str
    reconnect_after: _duration_pb2.Duration
    def __init__(self, reason: _Optional[str] = ..., reconnect_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class UpdateSubscriptionRequest(_message.Message):
    __slots__ = ("stream_id", "change_id", "add", "remove", "ack_stream_seq")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    ADD_FIELD_NUMBER: _ClassVar[int]
    REMOVE_FIELD_NUMBER: _ClassVar[int]
    ACK_STREAM_SEQ_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    change_id: str
    add: _containers.RepeatedCompositeFieldContainer[_topic_pb2.Topic]
    remove: _containers.RepeatedCompositeFieldContainer[_topic_pb2.Topic]
    ack_stream_seq: int
    def __init__(self, stream_id: _Optional[str] = ..., change_id: _Optional[str] = ..., add: _Optional[_Iterable[_Union[_topic_pb2.Topic, _Mapping]]] = ..., remove: _Optional[_Iterable[_Union[_topic_pb2.Topic, _Mapping]]] = ..., ack_stream_seq: _Optional[int] = ...) -> None: ...

class UpdateSubscriptionResponse(_message.Message):
    __slots__ = ("change_id",)
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    change_id: str
    def __init__(self, change_id: _Optional[str] = ...) -> None: ...

class GetLimitsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetLimitsResponse(_message.Message):
    __slots__ = ("max_streams", "streams_in_use", "max_topics_per_stream", "topics_in_use", "max_changes_per_second", "max_request_bytes", "min_update_interval", "default_update_interval", "min_heartbeat_interval", "max_heartbeat_interval", "min_credit_bytes", "max_credit_bytes", "max_forced_quotes_per_minute")
    MAX_STREAMS_FIELD_NUMBER: _ClassVar[int]
    STREAMS_IN_USE_FIELD_NUMBER: _ClassVar[int]
    MAX_TOPICS_PER_STREAM_FIELD_NUMBER: _ClassVar[int]
    TOPICS_IN_USE_FIELD_NUMBER: _ClassVar[int]
    MAX_CHANGES_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    MAX_REQUEST_BYTES_FIELD_NUMBER: _ClassVar[int]
    MIN_UPDATE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_UPDATE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    MIN_HEARTBEAT_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    MAX_HEARTBEAT_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    MIN_CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_FORCED_QUOTES_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    max_streams: int
    streams_in_use: int
    max_topics_per_stream: int
    topics_in_use: int
    max_changes_per_second: int
    max_request_bytes: int
    min_update_interval: _duration_pb2.Duration
    default_update_interval: _duration_pb2.Duration
    min_heartbeat_interval: _duration_pb2.Duration
    max_heartbeat_interval: _duration_pb2.Duration
    min_credit_bytes: int
    max_credit_bytes: int
    max_forced_quotes_per_minute: int
    def __init__(self, max_streams: _Optional[int] = ..., streams_in_use: _Optional[int] = ..., max_topics_per_stream: _Optional[int] = ..., topics_in_use: _Optional[int] = ..., max_changes_per_second: _Optional[int] = ..., max_request_bytes: _Optional[int] = ..., min_update_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., default_update_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., min_heartbeat_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_heartbeat_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., min_credit_bytes: _Optional[int] = ..., max_credit_bytes: _Optional[int] = ..., max_forced_quotes_per_minute: _Optional[int] = ...) -> None: ...
