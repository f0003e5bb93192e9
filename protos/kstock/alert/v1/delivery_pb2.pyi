import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_NORMAL: _ClassVar[Severity]
    SEVERITY_CRITICAL: _ClassVar[Severity]

class DeliveryState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_STATE_UNSPECIFIED: _ClassVar[DeliveryState]
    DELIVERY_STATE_PENDING: _ClassVar[DeliveryState]
    DELIVERY_STATE_SENDING: _ClassVar[DeliveryState]
    DELIVERY_STATE_SENT: _ClassVar[DeliveryState]
    DELIVERY_STATE_RETRY: _ClassVar[DeliveryState]
    DELIVERY_STATE_DEAD: _ClassVar[DeliveryState]
    DELIVERY_STATE_UNKNOWN: _ClassVar[DeliveryState]

class SendResult(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEND_RESULT_UNSPECIFIED: _ClassVar[SendResult]
    SEND_RESULT_SENT: _ClassVar[SendResult]
    SEND_RESULT_RATE_LIMITED: _ClassVar[SendResult]
    SEND_RESULT_FAILED: _ClassVar[SendResult]
    SEND_RESULT_AMBIGUOUS: _ClassVar[SendResult]
    SEND_RESULT_REJECTED: _ClassVar[SendResult]
    SEND_RESULT_CHANNEL_GONE: _ClassVar[SendResult]
SEVERITY_UNSPECIFIED: Severity
SEVERITY_NORMAL: Severity
SEVERITY_CRITICAL: Severity
DELIVERY_STATE_UNSPECIFIED: DeliveryState
DELIVERY_STATE_PENDING: DeliveryState
DELIVERY_STATE_SENDING: DeliveryState
DELIVERY_STATE_SENT: DeliveryState
DELIVERY_STATE_RETRY: DeliveryState
DELIVERY_STATE_DEAD: DeliveryState
DELIVERY_STATE_UNKNOWN: DeliveryState
SEND_RESULT_UNSPECIFIED: SendResult
SEND_RESULT_SENT: SendResult
SEND_RESULT_RATE_LIMITED: SendResult
SEND_RESULT_FAILED: SendResult
SEND_RESULT_AMBIGUOUS: SendResult
SEND_RESULT_REJECTED: SendResult
SEND_RESULT_CHANNEL_GONE: SendResult

class DeliveryField(_message.Message):
    __slots__ = ("label", "value")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    label: str
    value: str
    def __init__(self, label: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class Delivery(_message.Message):
    __slots__ = ("delivery_id", "key", "platform", "channel", "thread", "severity", "headline", "fields", "ticker", "rule_id", "silent", "resend", "attempt", "lease_until_time", "decided_time")
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    HEADLINE_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    RESEND_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    LEASE_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    DECIDED_TIME_FIELD_NUMBER: _ClassVar[int]
    delivery_id: str
    key: str
    platform: str
    channel: str
    thread: str
    severity: Severity
    headline: str
    fields: _containers.RepeatedCompositeFieldContainer[DeliveryField]
    ticker: str
    rule_id: str
    silent: bool
    resend: bool
    attempt: int
    lease_until_time: _timestamp_pb2.Timestamp
    decided_time: _timestamp_pb2.Timestamp
    def __init__(self, delivery_id: _Optional[str] = ..., key: _Optional[str] = ..., platform: _Optional[str] = ..., channel: _Optional[str] = ..., thread: _Optional[str] = ..., severity: _Optional[_Union[Severity, str]] = ..., headline: _Optional[str] = ..., fields: _Optional[_Iterable[_Union[DeliveryField, _Mapping]]] = ..., ticker: _Optional[str] = ..., rule_id: _Optional[str] = ..., silent: _Optional[bool] = ..., resend: _Optional[bool] = ..., attempt: _Optional[int] = ..., lease_until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., decided_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DeadLetter(_message.Message):
    __slots__ = ("delivery", "state", "last_error", "attempts", "dead_time")
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    DEAD_TIME_FIELD_NUMBER: _ClassVar[int]
    delivery: Delivery
    state: DeliveryState
    last_error: str
    attempts: int
    dead_time: _timestamp_pb2.Timestamp
    def __init__(self, delivery: _Optional[_Union[Delivery, _Mapping]] = ..., state: _Optional[_Union[DeliveryState, str]] = ..., last_error: _Optional[str] = ..., attempts: _Optional[int] = ..., dead_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SendReport(_message.Message):
    __slots__ = ("result", "provider_message_id", "retry_after", "error")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    result: SendResult
    provider_message_id: str
    retry_after: _duration_pb2.Duration
    error: str
    def __init__(self, result: _Optional[_Union[SendResult, str]] = ..., provider_message_id: _Optional[str] = ..., retry_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., error: _Optional[str] = ...) -> None: ...
