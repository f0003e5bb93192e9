import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import feed_status_pb2 as _feed_status_pb2
from kstock.common.v1 import topic_pb2 as _topic_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StreamKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STREAM_KIND_UNSPECIFIED: _ClassVar[StreamKind]
    STREAM_KIND_PRICE: _ClassVar[StreamKind]
    STREAM_KIND_SIGNAL: _ClassVar[StreamKind]
STREAM_KIND_UNSPECIFIED: StreamKind
STREAM_KIND_PRICE: StreamKind
STREAM_KIND_SIGNAL: StreamKind

class ListFeedsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListFeedsResponse(_message.Message):
    __slots__ = ("feeds",)
    FEEDS_FIELD_NUMBER: _ClassVar[int]
    feeds: _containers.RepeatedCompositeFieldContainer[_feed_status_pb2.FeedStatus]
    def __init__(self, feeds: _Optional[_Iterable[_Union[_feed_status_pb2.FeedStatus, _Mapping]]] = ...) -> None: ...

class GetMonitorStateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MonitoredTicker(_message.Message):
    __slots__ = ("ticker", "score", "subscribed", "pinned", "price_krw", "cooldown_until_time")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBED_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    PRICE_KRW_FIELD_NUMBER: _ClassVar[int]
    COOLDOWN_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    score: float
    subscribed: bool
    pinned: bool
    price_krw: int
    cooldown_until_time: _timestamp_pb2.Timestamp
    def __init__(self, ticker: _Optional[str] = ..., score: _Optional[float] = ..., subscribed: _Optional[bool] = ..., pinned: _Optional[bool] = ..., price_krw: _Optional[int] = ..., cooldown_until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetMonitorStateResponse(_message.Message):
    __slots__ = ("enabled", "safe_mode", "scan_interval", "universe_size", "last_scan_time", "last_scan_calls", "tickers")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    SAFE_MODE_FIELD_NUMBER: _ClassVar[int]
    SCAN_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    UNIVERSE_SIZE_FIELD_NUMBER: _ClassVar[int]
    LAST_SCAN_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_SCAN_CALLS_FIELD_NUMBER: _ClassVar[int]
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    safe_mode: bool
    scan_interval: _duration_pb2.Duration
    universe_size: int
    last_scan_time: _timestamp_pb2.Timestamp
    last_scan_calls: int
    tickers: _containers.RepeatedCompositeFieldContainer[MonitoredTicker]
    def __init__(self, enabled: _Optional[bool] = ..., safe_mode: _Optional[bool] = ..., scan_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., universe_size: _Optional[int] = ..., last_scan_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_scan_calls: _Optional[int] = ..., tickers: _Optional[_Iterable[_Union[MonitoredTicker, _Mapping]]] = ...) -> None: ...

class ListStreamsRequest(_message.Message):
    __slots__ = ("kind", "page_size", "page_token")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    kind: StreamKind
    page_size: int
    page_token: str
    def __init__(self, kind: _Optional[_Union[StreamKind, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class StreamInfo(_message.Message):
    __slots__ = ("stream_id", "kind", "principal", "state", "topics", "open_time", "stream_seq", "offered_updates", "delivered_updates", "conflated_updates", "written_bytes", "unacknowledged_bytes")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    OPEN_TIME_FIELD_NUMBER: _ClassVar[int]
    STREAM_SEQ_FIELD_NUMBER: _ClassVar[int]
    OFFERED_UPDATES_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_UPDATES_FIELD_NUMBER: _ClassVar[int]
    CONFLATED_UPDATES_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_BYTES_FIELD_NUMBER: _ClassVar[int]
    UNACKNOWLEDGED_BYTES_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    kind: StreamKind
    principal: str
    state: str
    topics: int
    open_time: _timestamp_pb2.Timestamp
    stream_seq: int
    offered_updates: int
    delivered_updates: int
    conflated_updates: int
    written_bytes: int
    unacknowledged_bytes: int
    def __init__(self, stream_id: _Optional[str] = ..., kind: _Optional[_Union[StreamKind, str]] = ..., principal: _Optional[str] = ..., state: _Optional[str] = ..., topics: _Optional[int] = ..., open_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stream_seq: _Optional[int] = ..., offered_updates: _Optional[int] = ..., delivered_updates: _Optional[int] = ..., conflated_updates: _Optional[int] = ..., written_bytes: _Optional[int] = ..., unacknowledged_bytes: _Optional[int] = ...) -> None: ...

class ListStreamsResponse(_message.Message):
    __slots__ = ("streams", "next_page_token", "total_count", "max_streams")
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAX_STREAMS_FIELD_NUMBER: _ClassVar[int]
    streams: _containers.RepeatedCompositeFieldContainer[StreamInfo]
    next_page_token: str
    total_count: int
    max_streams: int
    def __init__(self, streams: _Optional[_Iterable[_Union[StreamInfo, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_count: _Optional[int] = ..., max_streams: _Optional[int] = ...) -> None: ...

class ListTopicsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class TopicInfo(_message.Message):
    __slots__ = ("topic", "text", "subscribers", "updates", "delivered", "conflated", "gaps", "topic_seq", "update_time")
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    UPDATES_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_FIELD_NUMBER: _ClassVar[int]
    CONFLATED_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    TOPIC_SEQ_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    topic: _topic_pb2.Topic
    text: str
    subscribers: int
    updates: int
    delivered: int
    conflated: int
    gaps: int
    topic_seq: int
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, topic: _Optional[_Union[_topic_pb2.Topic, _Mapping]] = ..., text: _Optional[str] = ..., subscribers: _Optional[int] = ..., updates: _Optional[int] = ..., delivered: _Optional[int] = ..., conflated: _Optional[int] = ..., gaps: _Optional[int] = ..., topic_seq: _Optional[int] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListTopicsResponse(_message.Message):
    __slots__ = ("topics", "next_page_token", "total_count")
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    topics: _containers.RepeatedCompositeFieldContainer[TopicInfo]
    next_page_token: str
    total_count: int
    def __init__(self, topics: _Optional[_Iterable[_Union[TopicInfo, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_count: _Optional[int] = ...) -> None: ...

class CloseStreamRequest(_message.Message):
    __slots__ = ("stream_id",)
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    def __init__(self, stream_id: _Optional[str] = ...) -> None: ...

class CloseStreamResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListJobsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class JobRun(_message.Message):
    __slots__ = ("due_time", "started_time", "duration_ms", "result", "detail")
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    STARTED_TIME_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    due_time: _timestamp_pb2.Timestamp
    started_time: _timestamp_pb2.Timestamp
    duration_ms: int
    result: str
    detail: str
    def __init__(self, due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., started_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., duration_ms: _Optional[int] = ..., result: _Optional[str] = ..., detail: _Optional[str] = ...) -> None: ...

class JobInfo(_message.Message):
    __slots__ = ("job", "schedule", "last_run", "next_time")
    JOB_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_FIELD_NUMBER: _ClassVar[int]
    NEXT_TIME_FIELD_NUMBER: _ClassVar[int]
    job: str
    schedule: str
    last_run: JobRun
    next_time: _timestamp_pb2.Timestamp
    def __init__(self, job: _Optional[str] = ..., schedule: _Optional[str] = ..., last_run: _Optional[_Union[JobRun, _Mapping]] = ..., next_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListJobsResponse(_message.Message):
    __slots__ = ("jobs",)
    JOBS_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[JobInfo]
    def __init__(self, jobs: _Optional[_Iterable[_Union[JobInfo, _Mapping]]] = ...) -> None: ...

class RunJobRequest(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: str
    def __init__(self, job: _Optional[str] = ...) -> None: ...

class RunJobResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: JobRun
    def __init__(self, run: _Optional[_Union[JobRun, _Mapping]] = ...) -> None: ...

class DrainRequest(_message.Message):
    __slots__ = ("grace",)
    GRACE_FIELD_NUMBER: _ClassVar[int]
    grace: _duration_pb2.Duration
    def __init__(self, grace: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class DrainResponse(_message.Message):
    __slots__ = ("streams",)
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    streams: int
    def __init__(self, streams: _Optional[int] = ...) -> None: ...
