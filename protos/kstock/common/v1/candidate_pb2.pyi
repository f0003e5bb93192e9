from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SignalKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNAL_KIND_UNSPECIFIED: _ClassVar[SignalKind]
    SIGNAL_KIND_VCP: _ClassVar[SignalKind]
    SIGNAL_KIND_JONGGA: _ClassVar[SignalKind]
    SIGNAL_KIND_DAYTRADING: _ClassVar[SignalKind]
    SIGNAL_KIND_DISPARITY: _ClassVar[SignalKind]
    SIGNAL_KIND_DROP: _ClassVar[SignalKind]
    SIGNAL_KIND_SURGE: _ClassVar[SignalKind]

class Grade(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRADE_UNSPECIFIED: _ClassVar[Grade]
    GRADE_S: _ClassVar[Grade]
    GRADE_A: _ClassVar[Grade]
    GRADE_B: _ClassVar[Grade]
    GRADE_C: _ClassVar[Grade]

class ComponentStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPONENT_STATUS_UNSPECIFIED: _ClassVar[ComponentStatus]
    COMPONENT_STATUS_PASSED: _ClassVar[ComponentStatus]
    COMPONENT_STATUS_PARTIAL: _ClassVar[ComponentStatus]
    COMPONENT_STATUS_FAILED: _ClassVar[ComponentStatus]
    COMPONENT_STATUS_MISSING: _ClassVar[ComponentStatus]
SIGNAL_KIND_UNSPECIFIED: SignalKind
SIGNAL_KIND_VCP: SignalKind
SIGNAL_KIND_JONGGA: SignalKind
SIGNAL_KIND_DAYTRADING: SignalKind
SIGNAL_KIND_DISPARITY: SignalKind
SIGNAL_KIND_DROP: SignalKind
SIGNAL_KIND_SURGE: SignalKind
GRADE_UNSPECIFIED: Grade
GRADE_S: Grade
GRADE_A: Grade
GRADE_B: Grade
GRADE_C: Grade
COMPONENT_STATUS_UNSPECIFIED: ComponentStatus
COMPONENT_STATUS_PASSED: ComponentStatus
COMPONENT_STATUS_PARTIAL: ComponentStatus
COMPONENT_STATUS_FAILED: ComponentStatus
COMPONENT_STATUS_MISSING: ComponentStatus

class Component(_message.Message):
    __slots__ = ("name", "points", "max_points", "status", "evidence")
    NAME_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    MAX_POINTS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    points: float
    max_points: float
    status: ComponentStatus
    evidence: str
    def __init__(self, name: _Optional[str] = ..., points: _Optional[float] = ..., max_points: _Optional[float] = ..., status: _Optional[_Union[ComponentStatus, str]] = ..., evidence: _Optional[str] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("kind", "ticker", "name", "board", "as_of", "score", "max_score", "grade", "detected", "tradable", "components", "reasons", "cautions", "missing", "flags", "setup", "close_krw", "entry_krw", "stop_krw", "target_krw", "turnover_avg20_krw", "market_cap_krw", "volume_shares", "metrics", "rule_version", "target_return_bps")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    KIND_FIELD_NUMBER: _ClassVar[int]
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
    kind: SignalKind
    ticker: str
    name: str
    board: _instrument_pb2.Board
    as_of: _local_date_pb2.LocalDate
    score: float
    max_score: float
    grade: Grade
    detected: bool
    tradable: bool
    components: _containers.RepeatedCompositeFieldContainer[Component]
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
    def __init__(self, kind: _Optional[_Union[SignalKind, str]] = ..., ticker: _Optional[str] = ..., name: _Optional[str] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., score: _Optional[float] = ..., max_score: _Optional[float] = ..., grade: _Optional[_Union[Grade, str]] = ..., detected: _Optional[bool] = ..., tradable: _Optional[bool] = ..., components: _Optional[_Iterable[_Union[Component, _Mapping]]] = ..., reasons: _Optional[_Iterable[str]] = ..., cautions: _Optional[_Iterable[str]] = ..., missing: _Optional[_Iterable[str]] = ..., flags: _Optional[_Iterable[str]] = ..., setup: _Optional[str] = ..., close_krw: _Optional[int] = ..., entry_krw: _Optional[int] = ..., stop_krw: _Optional[int] = ..., target_krw: _Optional[int] = ..., turnover_avg20_krw: _Optional[int] = ..., market_cap_krw: _Optional[int] = ..., volume_shares: _Optional[int] = ..., metrics: _Optional[_Mapping[str, float]] = ..., rule_version: _Optional[str] = ..., target_return_bps: _Optional[int] = ...) -> None: ...
