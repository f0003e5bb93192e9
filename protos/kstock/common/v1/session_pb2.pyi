import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SessionPhase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SESSION_PHASE_UNSPECIFIED: _ClassVar[SessionPhase]
    SESSION_PHASE_PRE_OPEN: _ClassVar[SessionPhase]
    SESSION_PHASE_REGULAR: _ClassVar[SessionPhase]
    SESSION_PHASE_CLOSED: _ClassVar[SessionPhase]
    SESSION_PHASE_AFTER_HOURS: _ClassVar[SessionPhase]
    SESSION_PHASE_HOLIDAY: _ClassVar[SessionPhase]
SESSION_PHASE_UNSPECIFIED: SessionPhase
SESSION_PHASE_PRE_OPEN: SessionPhase
SESSION_PHASE_REGULAR: SessionPhase
SESSION_PHASE_CLOSED: SessionPhase
SESSION_PHASE_AFTER_HOURS: SessionPhase
SESSION_PHASE_HOLIDAY: SessionPhase

class SessionDay(_message.Message):
    __slots__ = ("date", "open", "reason", "open_time", "close_time")
    DATE_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OPEN_TIME_FIELD_NUMBER: _ClassVar[int]
    CLOSE_TIME_FIELD_NUMBER: _ClassVar[int]
    date: _local_date_pb2.LocalDate
    open: bool
    reason: str
    open_time: _timestamp_pb2.Timestamp
    close_time: _timestamp_pb2.Timestamp
    def __init__(self, date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., open: _Optional[bool] = ..., reason: _Optional[str] = ..., open_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., close_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
