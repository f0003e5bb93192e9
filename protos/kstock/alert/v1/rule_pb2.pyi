import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import market_gate_pb2 as _market_gate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Comparison(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPARISON_UNSPECIFIED: _ClassVar[Comparison]
    COMPARISON_AT_LEAST: _ClassVar[Comparison]
    COMPARISON_AT_MOST: _ClassVar[Comparison]
COMPARISON_UNSPECIFIED: Comparison
COMPARISON_AT_LEAST: Comparison
COMPARISON_AT_MOST: Comparison

class PriceCondition(_message.Message):
    __slots__ = ("comparison", "price_krw")
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    PRICE_KRW_FIELD_NUMBER: _ClassVar[int]
    comparison: Comparison
    price_krw: int
    def __init__(self, comparison: _Optional[_Union[Comparison, str]] = ..., price_krw: _Optional[int] = ...) -> None: ...

class ChangeCondition(_message.Message):
    __slots__ = ("comparison", "change_bps")
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    CHANGE_BPS_FIELD_NUMBER: _ClassVar[int]
    comparison: Comparison
    change_bps: int
    def __init__(self, comparison: _Optional[_Union[Comparison, str]] = ..., change_bps: _Optional[int] = ...) -> None: ...

class VolumeCondition(_message.Message):
    __slots__ = ("ratio_e2",)
    RATIO_E2_FIELD_NUMBER: _ClassVar[int]
    ratio_e2: int
    def __init__(self, ratio_e2: _Optional[int] = ...) -> None: ...

class ReturnCondition(_message.Message):
    __slots__ = ("minutes", "return_bps")
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    minutes: int
    return_bps: int
    def __init__(self, minutes: _Optional[int] = ..., return_bps: _Optional[int] = ...) -> None: ...

class DisparityCondition(_message.Message):
    __slots__ = ("disparity_bps",)
    DISPARITY_BPS_FIELD_NUMBER: _ClassVar[int]
    disparity_bps: int
    def __init__(self, disparity_bps: _Optional[int] = ...) -> None: ...

class SignalCondition(_message.Message):
    __slots__ = ("kind", "min_grade")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MIN_GRADE_FIELD_NUMBER: _ClassVar[int]
    kind: _candidate_pb2.SignalKind
    min_grade: _candidate_pb2.Grade
    def __init__(self, kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., min_grade: _Optional[_Union[_candidate_pb2.Grade, str]] = ...) -> None: ...

class FlowStreakCondition(_message.Message):
    __slots__ = ("days", "foreign", "institution")
    DAYS_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_FIELD_NUMBER: _ClassVar[int]
    days: int
    foreign: bool
    institution: bool
    def __init__(self, days: _Optional[int] = ..., foreign: _Optional[bool] = ..., institution: _Optional[bool] = ...) -> None: ...

class GateCondition(_message.Message):
    __slots__ = ("colour",)
    COLOUR_FIELD_NUMBER: _ClassVar[int]
    colour: _market_gate_pb2.GateColour
    def __init__(self, colour: _Optional[_Union[_market_gate_pb2.GateColour, str]] = ...) -> None: ...

class NewsCondition(_message.Message):
    __slots__ = ("contains",)
    CONTAINS_FIELD_NUMBER: _ClassVar[int]
    contains: str
    def __init__(self, contains: _Optional[str] = ...) -> None: ...

class Rule(_message.Message):
    __slots__ = ("rule_id", "ticker", "name", "price", "change", "volume", "minutes_return", "disparity", "signal", "flow_streak", "gate", "news", "repeating", "cooldown", "expire_time", "snoozed_until_time", "summary", "route_id", "create_time", "last_fired_time")
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    MINUTES_RETURN_FIELD_NUMBER: _ClassVar[int]
    DISPARITY_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    FLOW_STREAK_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    NEWS_FIELD_NUMBER: _ClassVar[int]
    REPEATING_FIELD_NUMBER: _ClassVar[int]
    COOLDOWN_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    SNOOZED_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    ROUTE_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_FIRED_TIME_FIELD_NUMBER: _ClassVar[int]
    rule_id: str
    ticker: str
    name: str
    price: PriceCondition
    change: ChangeCondition
    volume: VolumeCondition
    minutes_return: ReturnCondition
    disparity: DisparityCondition
    signal: SignalCondition
    flow_streak: FlowStreakCondition
    gate: GateCondition
    news: NewsCondition
    repeating: bool
    cooldown: _duration_pb2.Duration
    expire_time: _timestamp_pb2.Timestamp
    snoozed_until_time: _timestamp_pb2.Timestamp
    summary: str
    route_id: str
    create_time: _timestamp_pb2.Timestamp
    last_fired_time: _timestamp_pb2.Timestamp
    def __init__(self, rule_id: _Optional[str] = ..., ticker: _Optional[str] = ..., name: _Optional[str] = ..., price: _Optional[_Union[PriceCondition, _Mapping]] = ..., change: _Optional[_Union[ChangeCondition, _Mapping]] = ..., volume: _Optional[_Union[VolumeCondition, _Mapping]] = ..., minutes_return: _Optional[_Union[ReturnCondition, _Mapping]] = ..., disparity: _Optional[_Union[DisparityCondition, _Mapping]] = ..., signal: _Optional[_Union[SignalCondition, _Mapping]] = ..., flow_streak: _Optional[_Union[FlowStreakCondition, _Mapping]] = ..., gate: _Optional[_Union[GateCondition, _Mapping]] = ..., news: _Optional[_Union[NewsCondition, _Mapping]] = ..., repeating: _Optional[bool] = ..., cooldown: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., snoozed_until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., summary: _Optional[str] = ..., route_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_fired_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Route(_message.Message):
    __slots__ = ("route_id", "platform", "channel", "thread", "topics", "min_grade", "disabled_reason")
    ROUTE_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    MIN_GRADE_FIELD_NUMBER: _ClassVar[int]
    DISABLED_REASON_FIELD_NUMBER: _ClassVar[int]
    route_id: str
    platform: str
    channel: str
    thread: str
    topics: _containers.RepeatedScalarFieldContainer[str]
    min_grade: _candidate_pb2.Grade
    disabled_reason: str
    def __init__(self, route_id: _Optional[str] = ..., platform: _Optional[str] = ..., channel: _Optional[str] = ..., thread: _Optional[str] = ..., topics: _Optional[_Iterable[str]] = ..., min_grade: _Optional[_Union[_candidate_pb2.Grade, str]] = ..., disabled_reason: _Optional[str] = ...) -> None: ...
