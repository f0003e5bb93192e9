import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Venue(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VENUE_UNSPECIFIED: _ClassVar[Venue]
    VENUE_KRX: _ClassVar[Venue]
    VENUE_NXT: _ClassVar[Venue]
    VENUE_CONSOLIDATED: _ClassVar[Venue]

class Quality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUALITY_UNSPECIFIED: _ClassVar[Quality]
    QUALITY_REALTIME: _ClassVar[Quality]
    QUALITY_POLLED: _ClassVar[Quality]
    QUALITY_DELAYED: _ClassVar[Quality]
    QUALITY_STALE: _ClassVar[Quality]
    QUALITY_CLOSED: _ClassVar[Quality]
    QUALITY_REPLAYED: _ClassVar[Quality]
    QUALITY_SIMULATED: _ClassVar[Quality]

class QuoteOrigin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUOTE_ORIGIN_UNSPECIFIED: _ClassVar[QuoteOrigin]
    QUOTE_ORIGIN_STREAM: _ClassVar[QuoteOrigin]
    QUOTE_ORIGIN_POLL: _ClassVar[QuoteOrigin]
    QUOTE_ORIGIN_STORE: _ClassVar[QuoteOrigin]
VENUE_UNSPECIFIED: Venue
VENUE_KRX: Venue
VENUE_NXT: Venue
VENUE_CONSOLIDATED: Venue
QUALITY_UNSPECIFIED: Quality
QUALITY_REALTIME: Quality
QUALITY_POLLED: Quality
QUALITY_DELAYED: Quality
QUALITY_STALE: Quality
QUALITY_CLOSED: Quality
QUALITY_REPLAYED: Quality
QUALITY_SIMULATED: Quality
QUOTE_ORIGIN_UNSPECIFIED: QuoteOrigin
QUOTE_ORIGIN_STREAM: QuoteOrigin
QUOTE_ORIGIN_POLL: QuoteOrigin
QUOTE_ORIGIN_STORE: QuoteOrigin

class Quote(_message.Message):
    __slots__ = ("ticker", "topic_seq", "price_krw", "change_krw", "change_bps", "open_krw", "high_krw", "low_krw", "volume_shares", "turnover_krw", "venue", "quality", "exchange_time", "receive_time", "source", "previous_close_krw", "origin")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    TOPIC_SEQ_FIELD_NUMBER: _ClassVar[int]
    PRICE_KRW_FIELD_NUMBER: _ClassVar[int]
    CHANGE_KRW_FIELD_NUMBER: _ClassVar[int]
    CHANGE_BPS_FIELD_NUMBER: _ClassVar[int]
    OPEN_KRW_FIELD_NUMBER: _ClassVar[int]
    HIGH_KRW_FIELD_NUMBER: _ClassVar[int]
    LOW_KRW_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SHARES_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_KRW_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_CLOSE_KRW_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    topic_seq: int
    price_krw: int
    change_krw: int
    change_bps: int
    open_krw: int
    high_krw: int
    low_krw: int
    volume_shares: int
    turnover_krw: int
    venue: Venue
    quality: Quality
    exchange_time: _timestamp_pb2.Timestamp
    receive_time: _timestamp_pb2.Timestamp
    source: str
    previous_close_krw: int
    origin: QuoteOrigin
    def __init__(self, ticker: _Optional[str] = ..., topic_seq: _Optional[int] = ..., price_krw: _Optional[int] = ..., change_krw: _Optional[int] = ..., change_bps: _Optional[int] = ..., open_krw: _Optional[int] = ..., high_krw: _Optional[int] = ..., low_krw: _Optional[int] = ..., volume_shares: _Optional[int] = ..., turnover_krw: _Optional[int] = ..., venue: _Optional[_Union[Venue, str]] = ..., quality: _Optional[_Union[Quality, str]] = ..., exchange_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receive_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., previous_close_krw: _Optional[int] = ..., origin: _Optional[_Union[QuoteOrigin, str]] = ...) -> None: ...
