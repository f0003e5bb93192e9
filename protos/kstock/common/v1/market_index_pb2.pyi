import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MarketIndex(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MARKET_INDEX_UNSPECIFIED: _ClassVar[MarketIndex]
    MARKET_INDEX_KOSPI: _ClassVar[MarketIndex]
    MARKET_INDEX_KOSDAQ: _ClassVar[MarketIndex]
    MARKET_INDEX_KOSPI200: _ClassVar[MarketIndex]
MARKET_INDEX_UNSPECIFIED: MarketIndex
MARKET_INDEX_KOSPI: MarketIndex
MARKET_INDEX_KOSDAQ: MarketIndex
MARKET_INDEX_KOSPI200: MarketIndex

class IndexLevel(_message.Message):
    __slots__ = ("index", "topic_seq", "level_e2", "change_e2", "change_bps", "open_e2", "high_e2", "low_e2", "volume_shares", "turnover_krw", "quality", "exchange_time", "receive_time", "source")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    TOPIC_SEQ_FIELD_NUMBER: _ClassVar[int]
    LEVEL_E2_FIELD_NUMBER: _ClassVar[int]
    CHANGE_E2_FIELD_NUMBER: _ClassVar[int]
    CHANGE_BPS_FIELD_NUMBER: _ClassVar[int]
    OPEN_E2_FIELD_NUMBER: _ClassVar[int]
    HIGH_E2_FIELD_NUMBER: _ClassVar[int]
    LOW_E2_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SHARES_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_KRW_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    index: MarketIndex
    topic_seq: int
    level_e2: int
    change_e2: int
    change_bps: int
    open_e2: int
    high_e2: int
    low_e2: int
    volume_shares: int
    turnover_krw: int
    quality: _quote_pb2.Quality
    exchange_time: _timestamp_pb2.Timestamp
    receive_time: _timestamp_pb2.Timestamp
    source: str
    def __init__(self, index: _Optional[_Union[MarketIndex, str]] = ..., topic_seq: _Optional[int] = ..., level_e2: _Optional[int] = ..., change_e2: _Optional[int] = ..., change_bps: _Optional[int] = ..., open_e2: _Optional[int] = ..., high_e2: _Optional[int] = ..., low_e2: _Optional[int] = ..., volume_shares: _Optional[int] = ..., turnover_krw: _Optional[int] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ..., exchange_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receive_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ...) -> None: ...

class IndexBar(_message.Message):
    __slots__ = ("trading_date", "open_e2", "high_e2", "low_e2", "close_e2", "volume_shares", "turnover_krw")
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    OPEN_E2_FIELD_NUMBER: _ClassVar[int]
    HIGH_E2_FIELD_NUMBER: _ClassVar[int]
    LOW_E2_FIELD_NUMBER: _ClassVar[int]
    CLOSE_E2_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SHARES_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_KRW_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    open_e2: int
    high_e2: int
    low_e2: int
    close_e2: int
    volume_shares: int
    turnover_krw: int
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., open_e2: _Optional[int] = ..., high_e2: _Optional[int] = ..., low_e2: _Optional[int] = ..., close_e2: _Optional[int] = ..., volume_shares: _Optional[int] = ..., turnover_krw: _Optional[int] = ...) -> None: ...
