import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BarInterval(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BAR_INTERVAL_UNSPECIFIED: _ClassVar[BarInterval]
    BAR_INTERVAL_MINUTE: _ClassVar[BarInterval]
    BAR_INTERVAL_MINUTE_5: _ClassVar[BarInterval]
    BAR_INTERVAL_DAY: _ClassVar[BarInterval]
    BAR_INTERVAL_WEEK: _ClassVar[BarInterval]
    BAR_INTERVAL_MONTH: _ClassVar[BarInterval]
BAR_INTERVAL_UNSPECIFIED: BarInterval
BAR_INTERVAL_MINUTE: BarInterval
BAR_INTERVAL_MINUTE_5: BarInterval
BAR_INTERVAL_DAY: BarInterval
BAR_INTERVAL_WEEK: BarInterval
BAR_INTERVAL_MONTH: BarInterval

class Bar(_message.Message):
    __slots__ = ("trading_date", "start_time", "open_krw", "high_krw", "low_krw", "close_krw", "volume_shares", "turnover_krw", "turnover_estimated", "halted", "complete")
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    OPEN_KRW_FIELD_NUMBER: _ClassVar[int]
    HIGH_KRW_FIELD_NUMBER: _ClassVar[int]
    LOW_KRW_FIELD_NUMBER: _ClassVar[int]
    CLOSE_KRW_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SHARES_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_KRW_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    HALTED_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    start_time: _timestamp_pb2.Timestamp
    open_krw: int
    high_krw: int
    low_krw: int
    close_krw: int
    volume_shares: int
    turnover_krw: int
    turnover_estimated: bool
    halted: bool
    complete: bool
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., open_krw: _Optional[int] = ..., high_krw: _Optional[int] = ..., low_krw: _Optional[int] = ..., close_krw: _Optional[int] = ..., volume_shares: _Optional[int] = ..., turnover_krw: _Optional[int] = ..., turnover_estimated: _Optional[bool] = ..., halted: _Optional[bool] = ..., complete: _Optional[bool] = ...) -> None: ...
