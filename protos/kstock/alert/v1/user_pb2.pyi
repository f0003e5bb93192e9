import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_PENDING: _ClassVar[Role]
    ROLE_USER: _ClassVar[Role]
    ROLE_ADMIN: _ClassVar[Role]
    ROLE_BLOCKED: _ClassVar[Role]

class Noise(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOISE_UNSPECIFIED: _ClassVar[Noise]
    NOISE_ON: _ClassVar[Noise]
    NOISE_SILENT: _ClassVar[Noise]
    NOISE_OFF: _ClassVar[Noise]

class ColourScheme(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLOUR_SCHEME_UNSPECIFIED: _ClassVar[ColourScheme]
    COLOUR_SCHEME_KOREAN: _ClassVar[ColourScheme]
    COLOUR_SCHEME_GLOBAL: _ClassVar[ColourScheme]
ROLE_UNSPECIFIED: Role
ROLE_PENDING: Role
ROLE_USER: Role
ROLE_ADMIN: Role
ROLE_BLOCKED: Role
NOISE_UNSPECIFIED: Noise
NOISE_ON: Noise
NOISE_SILENT: Noise
NOISE_OFF: Noise
COLOUR_SCHEME_UNSPECIFIED: ColourScheme
COLOUR_SCHEME_KOREAN: ColourScheme
COLOUR_SCHEME_GLOBAL: ColourScheme

class NoiseSetting(_message.Message):
    __slots__ = ("topic", "noise")
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    NOISE_FIELD_NUMBER: _ClassVar[int]
    topic: str
    noise: Noise
    def __init__(self, topic: _Optional[str] = ..., noise: _Optional[_Union[Noise, str]] = ...) -> None: ...

class User(_message.Message):
    __slots__ = ("user_ref", "language", "quiet_from_minute", "quiet_until_minute", "noise", "colours", "role", "topics", "disclaimer_time", "create_time")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    QUIET_FROM_MINUTE_FIELD_NUMBER: _ClassVar[int]
    QUIET_UNTIL_MINUTE_FIELD_NUMBER: _ClassVar[int]
    NOISE_FIELD_NUMBER: _ClassVar[int]
    COLOURS_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    DISCLAIMER_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    language: str
    quiet_from_minute: int
    quiet_until_minute: int
    noise: _containers.RepeatedCompositeFieldContainer[NoiseSetting]
    colours: ColourScheme
    role: Role
    topics: _containers.RepeatedScalarFieldContainer[str]
    disclaimer_time: _timestamp_pb2.Timestamp
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, user_ref: _Optional[str] = ..., language: _Optional[str] = ..., quiet_from_minute: _Optional[int] = ..., quiet_until_minute: _Optional[int] = ..., noise: _Optional[_Iterable[_Union[NoiseSetting, _Mapping]]] = ..., colours: _Optional[_Union[ColourScheme, str]] = ..., role: _Optional[_Union[Role, str]] = ..., topics: _Optional[_Iterable[str]] = ..., disclaimer_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WatchItem(_message.Message):
    __slots__ = ("ticker", "name", "create_time")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    name: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, ticker: _Optional[str] = ..., name: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AuditEntry(_message.Message):
    __slots__ = ("entry_id", "entry_time", "actor", "action", "target", "detail")
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRY_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    entry_id: int
    entry_time: _timestamp_pb2.Timestamp
    actor: str
    action: str
    target: str
    detail: str
    def __init__(self, entry_id: _Optional[int] = ..., entry_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., action: _Optional[str] = ..., target: _Optional[str] = ..., detail: _Optional[str] = ...) -> None: ...
