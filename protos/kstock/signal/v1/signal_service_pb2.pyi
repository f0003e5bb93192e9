import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import statistics_pb2 as _statistics_pb2
from kstock.signal.v1 import signal_pb2 as _signal_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ResetReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESET_REASON_UNSPECIFIED: _ClassVar[ResetReason]
    RESET_REASON_START: _ClassVar[ResetReason]
    RESET_REASON_EPOCH_CHANGED: _ClassVar[ResetReason]
    RESET_REASON_COMPACTED: _ClassVar[ResetReason]
    RESET_REASON_AHEAD: _ClassVar[ResetReason]

class SignalOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNAL_ORDER_UNSPECIFIED: _ClassVar[SignalOrder]
    SIGNAL_ORDER_SCORE: _ClassVar[SignalOrder]
    SIGNAL_ORDER_UPDATED: _ClassVar[SignalOrder]
    SIGNAL_ORDER_OPENED: _ClassVar[SignalOrder]

class PublishEffect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PUBLISH_EFFECT_UNSPECIFIED: _ClassVar[PublishEffect]
    PUBLISH_EFFECT_OPENED: _ClassVar[PublishEffect]
    PUBLISH_EFFECT_REVISED: _ClassVar[PublishEffect]
    PUBLISH_EFFECT_KEPT: _ClassVar[PublishEffect]
    PUBLISH_EFFECT_CLOSED: _ClassVar[PublishEffect]
RESET_REASON_UNSPECIFIED: ResetReason
RESET_REASON_START: ResetReason
RESET_REASON_EPOCH_CHANGED: ResetReason
RESET_REASON_COMPACTED: ResetReason
RESET_REASON_AHEAD: ResetReason
SIGNAL_ORDER_UNSPECIFIED: SignalOrder
SIGNAL_ORDER_SCORE: SignalOrder
SIGNAL_ORDER_UPDATED: SignalOrder
SIGNAL_ORDER_OPENED: SignalOrder
PUBLISH_EFFECT_UNSPECIFIED: PublishEffect
PUBLISH_EFFECT_OPENED: PublishEffect
PUBLISH_EFFECT_REVISED: PublishEffect
PUBLISH_EFFECT_KEPT: PublishEffect
PUBLISH_EFFECT_CLOSED: PublishEffect

class WatchSignalsRequest(_message.Message):
    __slots__ = ("after_event_id", "epoch", "kinds", "heartbeat_interval")
    AFTER_EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    after_event_id: int
    epoch: str
    kinds: _containers.RepeatedScalarFieldContainer[_candidate_pb2.SignalKind]
    heartbeat_interval: _duration_pb2.Duration
    def __init__(self, after_event_id: _Optional[int] = ..., epoch: _Optional[str] = ..., kinds: _Optional[_Iterable[_Union[_candidate_pb2.SignalKind, str]]] = ..., heartbeat_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class WatchSignalsResponse(_message.Message):
    __slots__ = ("events", "snapshot", "stream_seq", "send_time", "opened", "resumed", "reset", "snapshot_complete", "heartbeat", "going_away")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    STREAM_SEQ_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    RESET_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    GOING_AWAY_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_signal_pb2.SignalEvent]
    snapshot: _containers.RepeatedCompositeFieldContainer[_signal_pb2.Signal]
    stream_seq: int
    send_time: _timestamp_pb2.Timestamp
    opened: WatchOpened
    resumed: WatchResumed
    reset: WatchReset
    snapshot_complete: SnapshotComplete
    heartbeat: WatchHeartbeat
    going_away: WatchGoingAway
    def __init__(self, events: _Optional[_Iterable[_Union[_signal_pb2.SignalEvent, _Mapping]]] = ..., snapshot: _Optional[_Iterable[_Union[_signal_pb2.Signal, _Mapping]]] = ..., stream_seq: _Optional[int] = ..., send_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., opened: _Optional[_Union[WatchOpened, _Mapping]] = ..., resumed: _Optional[_Union[WatchResumed, _Mapping]] = ..., reset: _Optional[_Union[WatchReset, _Mapping]] = ..., snapshot_complete: _Optional[_Union[SnapshotComplete, _Mapping]] = ..., heartbeat: _Optional[_Union[WatchHeartbeat, _Mapping]] = ..., going_away: _Optional[_Union[WatchGoingAway, _Mapping]] = ...) -> None: ...

class WatchOpened(_message.Message):
    __slots__ = ("stream_id", "epoch", "newest_event_id", "heartbeat_interval")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    NEWEST_EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    epoch: str
    newest_event_id: int
    heartbeat_interval: _duration_pb2.Duration
    def __init__(self, stream_id: _Optional[str] = ..., epoch: _Optional[str] = ..., newest_event_id: _Optional[int] = ..., heartbeat_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class WatchResumed(_message.Message):
    __slots__ = ("replayed_count", "event_id")
    REPLAYED_COUNT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    replayed_count: int
    event_id: int
    def __init__(self, replayed_count: _Optional[int] = ..., event_id: _Optional[int] = ...) -> None: ...

class WatchReset(_message.Message):
    __slots__ = ("reason", "earliest_event_id")
    REASON_FIELD_NUMBER: _ClassVar[int]
    EARLIEST_EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    reason: ResetReason
    earliest_event_id: int
    def __init__(self, reason: _Optional[_Union[ResetReason, str]] = ..., earliest_event_id: _Optional[int] = ...) -> None: ...

class SnapshotComplete(_message.Message):
    __slots__ = ("signal_count", "event_id")
    SIGNAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    signal_count: int
    event_id: int
    def __init__(self, signal_count: _Optional[int] = ..., event_id: _Optional[int] = ...) -> None: ...

class WatchHeartbeat(_message.Message):
    __slots__ = ("event_id", "epoch", "market_time")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    MARKET_TIME_FIELD_NUMBER: _ClassVar[int]
    event_id: int
    epoch: str
    market_time: _timestamp_pb2.Timestamp
    def __init__(self, event_id: _Optional[int] = ..., epoch: _Optional[str] = ..., market_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WatchGoingAway(_message.Message):
    __slots__ = ("reason", "reconnect_after")
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECONNECT_AFTER_FIELD_NUMBER: _ClassVar[int]
    reason: str
    reconnect_after: _duration_pb2.Duration
    def __init__(self, reason: _Optional[str] = ..., reconnect_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class GetSignalRequest(_message.Message):
    __slots__ = ("signal_id",)
    SIGNAL_ID_FIELD_NUMBER: _ClassVar[int]
    signal_id: str
    def __init__(self, signal_id: _Optional[str] = ...) -> None: ...

class GetSignalResponse(_message.Message):
    __slots__ = ("signal",)
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    signal: _signal_pb2.Signal
    def __init__(self, signal: _Optional[_Union[_signal_pb2.Signal, _Mapping]] = ...) -> None: ...

class ListSignalsRequest(_message.Message):
    __slots__ = ("kinds", "states", "ticker", "grades", "board", "min_score", "opened_since", "opened_until", "order", "page_size", "page_token")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    GRADES_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    OPENED_SINCE_FIELD_NUMBER: _ClassVar[int]
    OPENED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[_candidate_pb2.SignalKind]
    states: _containers.RepeatedScalarFieldContainer[_signal_pb2.SignalState]
    ticker: str
    grades: _containers.RepeatedScalarFieldContainer[_candidate_pb2.Grade]
    board: _instrument_pb2.Board
    min_score: float
    opened_since: _local_date_pb2.LocalDate
    opened_until: _local_date_pb2.LocalDate
    order: SignalOrder
    page_size: int
    page_token: str
    def __init__(self, kinds: _Optional[_Iterable[_Union[_candidate_pb2.SignalKind, str]]] = ..., states: _Optional[_Iterable[_Union[_signal_pb2.SignalState, str]]] = ..., ticker: _Optional[str] = ..., grades: _Optional[_Iterable[_Union[_candidate_pb2.Grade, str]]] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., min_score: _Optional[float] = ..., opened_since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., opened_until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., order: _Optional[_Union[SignalOrder, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSignalsResponse(_message.Message):
    __slots__ = ("signals", "next_page_token", "total_count", "market_time")
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    MARKET_TIME_FIELD_NUMBER: _ClassVar[int]
    signals: _containers.RepeatedCompositeFieldContainer[_signal_pb2.Signal]
    next_page_token: str
    total_count: int
    market_time: _timestamp_pb2.Timestamp
    def __init__(self, signals: _Optional[_Iterable[_Union[_signal_pb2.Signal, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_count: _Optional[int] = ..., market_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListSignalEventsRequest(_message.Message):
    __slots__ = ("after_event_id", "kinds", "ticker", "signal_id", "page_size", "page_token")
    AFTER_EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    after_event_id: int
    kinds: _containers.RepeatedScalarFieldContainer[_candidate_pb2.SignalKind]
    ticker: str
    signal_id: str
    page_size: int
    page_token: str
    def __init__(self, after_event_id: _Optional[int] = ..., kinds: _Optional[_Iterable[_Union[_candidate_pb2.SignalKind, str]]] = ..., ticker: _Optional[str] = ..., signal_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSignalEventsResponse(_message.Message):
    __slots__ = ("events", "next_page_token", "epoch", "earliest_event_id", "newest_event_id")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    EARLIEST_EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    NEWEST_EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_signal_pb2.SignalEvent]
    next_page_token: str
    epoch: str
    earliest_event_id: int
    newest_event_id: int
    def __init__(self, events: _Optional[_Iterable[_Union[_signal_pb2.SignalEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., epoch: _Optional[str] = ..., earliest_event_id: _Optional[int] = ..., newest_event_id: _Optional[int] = ...) -> None: ...

class GetScoreboardRequest(_message.Message):
    __slots__ = ("kinds", "horizons", "since", "until", "backtest_run_id", "newest_backtests")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    HORIZONS_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    BACKTEST_RUN_ID_FIELD_NUMBER: _ClassVar[int]
    NEWEST_BACKTESTS_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[_candidate_pb2.SignalKind]
    horizons: _containers.RepeatedScalarFieldContainer[int]
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    backtest_run_id: str
    newest_backtests: bool
    def __init__(self, kinds: _Optional[_Iterable[_Union[_candidate_pb2.SignalKind, str]]] = ..., horizons: _Optional[_Iterable[int]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., backtest_run_id: _Optional[str] = ..., newest_backtests: _Optional[bool] = ...) -> None: ...

class GetScoreboardResponse(_message.Message):
    __slots__ = ("rows", "costs", "computed_time", "as_of")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    COMPUTED_TIME_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[_statistics_pb2.OutcomeStatistics]
    costs: str
    computed_time: _timestamp_pb2.Timestamp
    as_of: _local_date_pb2.LocalDate
    def __init__(self, rows: _Optional[_Iterable[_Union[_statistics_pb2.OutcomeStatistics, _Mapping]]] = ..., costs: _Optional[str] = ..., computed_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class PublishSignalsRequest(_message.Message):
    __slots__ = ("kind", "as_of", "run_id", "candidates", "complete", "unjudged_tickers")
    KIND_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    UNJUDGED_TICKERS_FIELD_NUMBER: _ClassVar[int]
    kind: _candidate_pb2.SignalKind
    as_of: _local_date_pb2.LocalDate
    run_id: str
    candidates: _containers.RepeatedCompositeFieldContainer[_candidate_pb2.Candidate]
    complete: bool
    unjudged_tickers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., run_id: _Optional[str] = ..., candidates: _Optional[_Iterable[_Union[_candidate_pb2.Candidate, _Mapping]]] = ..., complete: _Optional[bool] = ..., unjudged_tickers: _Optional[_Iterable[str]] = ...) -> None: ...

class PublishedSignal(_message.Message):
    __slots__ = ("signal_id", "ticker", "effect", "event_id")
    SIGNAL_ID_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    signal_id: str
    ticker: str
    effect: PublishEffect
    event_id: int
    def __init__(self, signal_id: _Optional[str] = ..., ticker: _Optional[str] = ..., effect: _Optional[_Union[PublishEffect, str]] = ..., event_id: _Optional[int] = ...) -> None: ...

class PublishSignalsResponse(_message.Message):
    __slots__ = ("signals", "newest_event_id")
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    NEWEST_EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    signals: _containers.RepeatedCompositeFieldContainer[PublishedSignal]
    newest_event_id: int
    def __init__(self, signals: _Optional[_Iterable[_Union[PublishedSignal, _Mapping]]] = ..., newest_event_id: _Optional[int] = ...) -> None: ...
