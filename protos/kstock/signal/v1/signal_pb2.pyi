import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SignalState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNAL_STATE_UNSPECIFIED: _ClassVar[SignalState]
    SIGNAL_STATE_ACTIVE: _ClassVar[SignalState]
    SIGNAL_STATE_CLOSED: _ClassVar[SignalState]
    SIGNAL_STATE_EXPIRED: _ClassVar[SignalState]
    SIGNAL_STATE_INVALIDATED: _ClassVar[SignalState]

class SignalChange(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNAL_CHANGE_UNSPECIFIED: _ClassVar[SignalChange]
    SIGNAL_CHANGE_OPENED: _ClassVar[SignalChange]
    SIGNAL_CHANGE_REVISED: _ClassVar[SignalChange]
    SIGNAL_CHANGE_CLOSED: _ClassVar[SignalChange]
SIGNAL_STATE_UNSPECIFIED: SignalState
SIGNAL_STATE_ACTIVE: SignalState
SIGNAL_STATE_CLOSED: SignalState
SIGNAL_STATE_EXPIRED: SignalState
SIGNAL_STATE_INVALIDATED: SignalState
SIGNAL_CHANGE_UNSPECIFIED: SignalChange
SIGNAL_CHANGE_OPENED: SignalChange
SIGNAL_CHANGE_REVISED: SignalChange
SIGNAL_CHANGE_CLOSED: SignalChange

class SignalOutcome(_message.Message):
    __slots__ = ("filled", "entry_on", "entry_price_krw", "exit_on", "exit_price_krw", "exit_reason", "net_return_bps", "favourable_bps", "adverse_bps", "bars_held", "ambiguous")
    FILLED_FIELD_NUMBER: _ClassVar[int]
    ENTRY_ON_FIELD_NUMBER: _ClassVar[int]
    ENTRY_PRICE_KRW_FIELD_NUMBER: _ClassVar[int]
    EXIT_ON_FIELD_NUMBER: _ClassVar[int]
    EXIT_PRICE_KRW_FIELD_NUMBER: _ClassVar[int]
    EXIT_REASON_FIELD_NUMBER: _ClassVar[int]
    NET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    FAVOURABLE_BPS_FIELD_NUMBER: _ClassVar[int]
    ADVERSE_BPS_FIELD_NUMBER: _ClassVar[int]
    BARS_HELD_FIELD_NUMBER: _ClassVar[int]
    AMBIGUOUS_FIELD_NUMBER: _ClassVar[int]
    filled: bool
    entry_on: _local_date_pb2.LocalDate
    entry_price_krw: int
    exit_on: _local_date_pb2.LocalDate
    exit_price_krw: int
    exit_reason: str
    net_return_bps: int
    favourable_bps: int
    adverse_bps: int
    bars_held: int
    ambiguous: bool
    def __init__(self, filled: _Optional[bool] = ..., entry_on: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., entry_price_krw: _Optional[int] = ..., exit_on: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., exit_price_krw: _Optional[int] = ..., exit_reason: _Optional[str] = ..., net_return_bps: _Optional[int] = ..., favourable_bps: _Optional[int] = ..., adverse_bps: _Optional[int] = ..., bars_held: _Optional[int] = ..., ambiguous: _Optional[bool] = ...) -> None: ...

class Signal(_message.Message):
    __slots__ = ("signal_id", "revision", "kind", "state", "ticker", "name", "board", "as_of", "score", "max_score", "grade", "detected", "tradable", "components", "reasons", "cautions", "missing", "flags", "setup", "close_krw", "entry_krw", "stop_krw", "target_krw", "turnover_avg20_krw", "market_cap_krw", "volume_shares", "metrics", "rule_version", "target_return_bps", "opened_price_krw", "opened_on", "opened_time", "updated_time", "closed_time", "close_reason", "close_price_krw", "outcome", "previous_grade", "plan_on")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    SIGNAL_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    MAX_SCORE_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    DETECTED_FIELD_NUMBER: _ClassVar[int]
    TRADABLE_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    CAUTIONS_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    SETUP_FIELD_NUMBER: _ClassVar[int]
    CLOSE_KRW_FIELD_NUMBER: _ClassVar[int]
    ENTRY_KRW_FIELD_NUMBER: _ClassVar[int]
    STOP_KRW_FIELD_NUMBER: _ClassVar[int]
    TARGET_KRW_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_AVG20_KRW_FIELD_NUMBER: _ClassVar[int]
    MARKET_CAP_KRW_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SHARES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    RULE_VERSION_FIELD_NUMBER: _ClassVar[int]
    TARGET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    OPENED_PRICE_KRW_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    OPENED_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATED_TIME_FIELD_NUMBER: _ClassVar[int]
    CLOSED_TIME_FIELD_NUMBER: _ClassVar[int]
    CLOSE_REASON_FIELD_NUMBER: _ClassVar[int]
    CLOSE_PRICE_KRW_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_GRADE_FIELD_NUMBER: _ClassVar[int]
    PLAN_ON_FIELD_NUMBER: _ClassVar[int]
    signal_id: str
    revision: int
    kind: _candidate_pb2.SignalKind
    state: SignalState
    ticker: str
    name: str
    board: _instrument_pb2.Board
    as_of: _local_date_pb2.LocalDate
    score: float
    max_score: float
    grade: _candidate_pb2.Grade
    detected: bool
    tradable: bool
    components: _containers.RepeatedCompositeFieldContainer[_candidate_pb2.Component]
    reasons: _containers.RepeatedScalarFieldContainer[str]
    cautions: _containers.RepeatedScalarFieldContainer[str]
    missing: _containers.RepeatedScalarFieldContainer[str]
    flags: _containers.RepeatedScalarFieldContainer[str]
    setup: str
    close_krw: int
    entry_krw: int
    stop_krw: int
    target_krw: int
    turnover_avg20_krw: int
    market_cap_krw: int
    volume_shares: int
    metrics: _containers.ScalarMap[str, float]
    rule_version: str
    target_return_bps: int
    opened_price_krw: int
    opened_on: _local_date_pb2.LocalDate
    opened_time: _timestamp_pb2.Timestamp
    updated_time: _timestamp_pb2.Timestamp
    closed_time: _timestamp_pb2.Timestamp
    close_reason: str
    close_price_krw: int
    outcome: SignalOutcome
    previous_grade: _candidate_pb2.Grade
    plan_on: _local_date_pb2.LocalDate
    def __init__(self, signal_id: _Optional[str] = ..., revision: _Optional[int] = ..., kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., state: _Optional[_Union[SignalState, str]] = ..., ticker: _Optional[str] = ..., name: _Optional[str] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., score: _Optional[float] = ..., max_score: _Optional[float] = ..., grade: _Optional[_Union[_candidate_pb2.Grade, str]] = ..., detected: _Optional[bool] = ..., tradable: _Optional[bool] = ..., components: _Optional[_Iterable[_Union[_candidate_pb2.Component, _Mapping]]] = ..., reasons: _Optional[_Iterable[str]] = ..., cautions: _Optional[_Iterable[str]] = ..., missing: _Optional[_Iterable[str]] = ..., flags: _Optional[_Iterable[str]] = ..., setup: _Optional[str] = ..., close_krw: _Optional[int] = ..., entry_krw: _Optional[int] = ..., stop_krw: _Optional[int] = ..., target_krw: _Optional[int] = ..., turnover_avg20_krw: _Optional[int] = ..., market_cap_krw: _Optional[int] = ..., volume_shares: _Optional[int] = ..., metrics: _Optional[_Mapping[str, float]] = ..., rule_version: _Optional[str] = ..., target_return_bps: _Optional[int] = ..., opened_price_krw: _Optional[int] = ..., opened_on: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., opened_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., closed_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., close_reason: _Optional[str] = ..., close_price_krw: _Optional[int] = ..., outcome: _Optional[_Union[SignalOutcome, _Mapping]] = ..., previous_grade: _Optional[_Union[_candidate_pb2.Grade, str]] = ..., plan_on: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class SignalEvent(_message.Message):
    __slots__ = ("event_id", "change", "signal", "event_time")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    event_id: int
    change: SignalChange
    signal: Signal
    event_time: _timestamp_pb2.Timestamp
    def __init__(self, event_id: _Optional[int] = ..., change: _Optional[_Union[SignalChange, str]] = ..., signal: _Optional[_Union[Signal, _Mapping]] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
