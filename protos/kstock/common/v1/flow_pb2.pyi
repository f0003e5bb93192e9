import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Flow(_message.Message):
    __slots__ = ("trading_date", "foreign_net_krw", "institution_net_krw", "pension_net_krw", "foreign_net_shares", "institution_net_shares", "foreign_hold_shares", "foreign_hold_bps", "turnover_krw", "from_shares", "provisional", "publish_time", "source")
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    PENSION_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_NET_SHARES_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_NET_SHARES_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_HOLD_SHARES_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_HOLD_BPS_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_KRW_FIELD_NUMBER: _ClassVar[int]
    FROM_SHARES_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    foreign_net_krw: int
    institution_net_krw: int
    pension_net_krw: int
    foreign_net_shares: int
    institution_net_shares: int
    foreign_hold_shares: int
    foreign_hold_bps: int
    turnover_krw: int
    from_shares: bool
    provisional: bool
    publish_time: _timestamp_pb2.Timestamp
    source: str
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., foreign_net_krw: _Optional[int] = ..., institution_net_krw: _Optional[int] = ..., pension_net_krw: _Optional[int] = ..., foreign_net_shares: _Optional[int] = ..., institution_net_shares: _Optional[int] = ..., foreign_hold_shares: _Optional[int] = ..., foreign_hold_bps: _Optional[int] = ..., turnover_krw: _Optional[int] = ..., from_shares: _Optional[bool] = ..., provisional: _Optional[bool] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ...) -> None: ...
