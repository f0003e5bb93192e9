import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_index_pb2 as _market_index_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GateColour(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GATE_COLOUR_UNSPECIFIED: _ClassVar[GateColour]
    GATE_COLOUR_GREEN: _ClassVar[GateColour]
    GATE_COLOUR_YELLOW: _ClassVar[GateColour]
    GATE_COLOUR_RED: _ClassVar[GateColour]
GATE_COLOUR_UNSPECIFIED: GateColour
GATE_COLOUR_GREEN: GateColour
GATE_COLOUR_YELLOW: GateColour
GATE_COLOUR_RED: GateColour

class GateIndexPart(_message.Message):
    __slots__ = ("index", "level_e2", "change_bps", "trend_points", "today_points", "status")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    LEVEL_E2_FIELD_NUMBER: _ClassVar[int]
    CHANGE_BPS_FIELD_NUMBER: _ClassVar[int]
    TREND_POINTS_FIELD_NUMBER: _ClassVar[int]
    TODAY_POINTS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    index: _market_index_pb2.MarketIndex
    level_e2: int
    change_bps: int
    trend_points: float
    today_points: float
    status: str
    def __init__(self, index: _Optional[_Union[_market_index_pb2.MarketIndex, str]] = ..., level_e2: _Optional[int] = ..., change_bps: _Optional[int] = ..., trend_points: _Optional[float] = ..., today_points: _Optional[float] = ..., status: _Optional[str] = ...) -> None: ...

class MarketGate(_message.Message):
    __slots__ = ("topic_seq", "level", "colour", "raw_colour", "indices", "breadth_bps", "breadth_points", "reasons", "missing", "as_of", "quality", "exchange_time", "receive_time", "rule_version")
    TOPIC_SEQ_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    COLOUR_FIELD_NUMBER: _ClassVar[int]
    RAW_COLOUR_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    BREADTH_BPS_FIELD_NUMBER: _ClassVar[int]
    BREADTH_POINTS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    RULE_VERSION_FIELD_NUMBER: _ClassVar[int]
    topic_seq: int
    level: int
    colour: GateColour
    raw_colour: GateColour
    indices: _containers.RepeatedCompositeFieldContainer[GateIndexPart]
    breadth_bps: int
    breadth_points: float
    reasons: _containers.RepeatedScalarFieldContainer[str]
    missing: _containers.RepeatedScalarFieldContainer[str]
    as_of: _local_date_pb2.LocalDate
    quality: _quote_pb2.Quality
    exchange_time: _timestamp_pb2.Timestamp
    receive_time: _timestamp_pb2.Timestamp
    rule_version: str
    def __init__(self, topic_seq: _Optional[int] = ..., level: _Optional[int] = ..., colour: _Optional[_Union[GateColour, str]] = ..., raw_colour: _Optional[_Union[GateColour, str]] = ..., indices: _Optional[_Iterable[_Union[GateIndexPart, _Mapping]]] = ..., breadth_bps: _Optional[int] = ..., breadth_points: _Optional[float] = ..., reasons: _Optional[_Iterable[str]] = ..., missing: _Optional[_Iterable[str]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ..., exchange_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receive_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., rule_version: _Optional[str] = ...) -> None: ...
