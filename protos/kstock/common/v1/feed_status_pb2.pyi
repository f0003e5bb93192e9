import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FeedState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FEED_STATE_UNSPECIFIED: _ClassVar[FeedState]
    FEED_STATE_STOPPED: _ClassVar[FeedState]
    FEED_STATE_AUTH: _ClassVar[FeedState]
    FEED_STATE_CONNECTING: _ClassVar[FeedState]
    FEED_STATE_SUBSCRIBING: _ClassVar[FeedState]
    FEED_STATE_LIVE: _ClassVar[FeedState]
    FEED_STATE_DEGRADED: _ClassVar[FeedState]
    FEED_STATE_BACKOFF: _ClassVar[FeedState]
    FEED_STATE_SAFE_MODE: _ClassVar[FeedState]
    FEED_STATE_BLOCKED: _ClassVar[FeedState]
    FEED_STATE_CLOSED_SESSION: _ClassVar[FeedState]
FEED_STATE_UNSPECIFIED: FeedState
FEED_STATE_STOPPED: FeedState
FEED_STATE_AUTH: FeedState
FEED_STATE_CONNECTING: FeedState
FEED_STATE_SUBSCRIBING: FeedState
FEED_STATE_LIVE: FeedState
FEED_STATE_DEGRADED: FeedState
FEED_STATE_BACKOFF: FeedState
FEED_STATE_SAFE_MODE: FeedState
FEED_STATE_BLOCKED: FeedState
FEED_STATE_CLOSED_SESSION: FeedState

class FeedStatus(_message.Message):
    __slots__ = ("feed", "topic_seq", "state", "reason", "quality", "since_time", "last_frame_time", "active_subscriptions", "target_subscriptions", "retry_delay")
    FEED_FIELD_NUMBER: _ClassVar[int]
    TOPIC_SEQ_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    SINCE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_FRAME_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_SUBSCRIPTIONS_FIELD_NUMBER: _ClassVar[int]
    TARGET_SUBSCRIPTIONS_FIELD_NUMBER: _ClassVar[int]
    RETRY_DELAY_FIELD_NUMBER: _ClassVar[int]
    feed: str
    topic_seq: int
    state: FeedState
    reason: str
    quality: _quote_pb2.Quality
    since_time: _timestamp_pb2.Timestamp
    last_frame_time: _timestamp_pb2.Timestamp
    active_subscriptions: int
    target_subscriptions: int
    retry_delay: _duration_pb2.Duration
    def __init__(self, feed: _Optional[str] = ..., topic_seq: _Optional[int] = ..., state: _Optional[_Union[FeedState, str]] = ..., reason: _Optional[str] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ..., since_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_frame_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., active_subscriptions: _Optional[int] = ..., target_subscriptions: _Optional[int] = ..., retry_delay: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
