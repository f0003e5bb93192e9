import datetime

from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.alert.v1 import delivery_pb2 as _delivery_pb2
from kstock.alert.v1 import rule_pb2 as _rule_pb2
from kstock.alert.v1 import user_pb2 as _user_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateRuleRequest(_message.Message):
    __slots__ = ("user_ref", "rule", "preview", "idempotency_key")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    rule: _rule_pb2.Rule
    preview: bool
    idempotency_key: str
    def __init__(self, user_ref: _Optional[str] = ..., rule: _Optional[_Union[_rule_pb2.Rule, _Mapping]] = ..., preview: _Optional[bool] = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class CreateRuleResponse(_message.Message):
    __slots__ = ("rule", "current_value", "already_met")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CURRENT_VALUE_FIELD_NUMBER: _ClassVar[int]
    ALREADY_MET_FIELD_NUMBER: _ClassVar[int]
    rule: _rule_pb2.Rule
    current_value: str
    already_met: bool
    def __init__(self, rule: _Optional[_Union[_rule_pb2.Rule, _Mapping]] = ..., current_value: _Optional[str] = ..., already_met: _Optional[bool] = ...) -> None: ...

class ListRulesRequest(_message.Message):
    __slots__ = ("user_ref", "ticker", "page_size", "page_token")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    ticker: str
    page_size: int
    page_token: str
    def __init__(self, user_ref: _Optional[str] = ..., ticker: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRulesResponse(_message.Message):
    __slots__ = ("rules", "next_page_token", "max_rules")
    RULES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    MAX_RULES_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[_rule_pb2.Rule]
    next_page_token: str
    max_rules: int
    def __init__(self, rules: _Optional[_Iterable[_Union[_rule_pb2.Rule, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., max_rules: _Optional[int] = ...) -> None: ...

class SnoozeRuleRequest(_message.Message):
    __slots__ = ("user_ref", "rule_id", "until_time")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    rule_id: str
    until_time: _timestamp_pb2.Timestamp
    def __init__(self, user_ref: _Optional[str] = ..., rule_id: _Optional[str] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SnoozeRuleResponse(_message.Message):
    __slots__ = ("rule",)
    RULE_FIELD_NUMBER: _ClassVar[int]
    rule: _rule_pb2.Rule
    def __init__(self, rule: _Optional[_Union[_rule_pb2.Rule, _Mapping]] = ...) -> None: ...

class DeleteRuleRequest(_message.Message):
    __slots__ = ("user_ref", "rule_id")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    rule_id: str
    def __init__(self, user_ref: _Optional[str] = ..., rule_id: _Optional[str] = ...) -> None: ...

class DeleteRuleResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TestRuleRequest(_message.Message):
    __slots__ = ("user_ref", "rule_id")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    rule_id: str
    def __init__(self, user_ref: _Optional[str] = ..., rule_id: _Optional[str] = ...) -> None: ...

class TestRuleResponse(_message.Message):
    __slots__ = ("fired_count", "fired_times", "delivery_id")
    FIRED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRED_TIMES_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    fired_count: int
    fired_times: _containers.RepeatedCompositeFieldContainer[_timestamp_pb2.Timestamp]
    delivery_id: str
    def __init__(self, fired_count: _Optional[int] = ..., fired_times: _Optional[_Iterable[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]]] = ..., delivery_id: _Optional[str] = ...) -> None: ...

class SetRouteRequest(_message.Message):
    __slots__ = ("user_ref", "route")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    route: _rule_pb2.Route
    def __init__(self, user_ref: _Optional[str] = ..., route: _Optional[_Union[_rule_pb2.Route, _Mapping]] = ...) -> None: ...

class SetRouteResponse(_message.Message):
    __slots__ = ("route",)
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    route: _rule_pb2.Route
    def __init__(self, route: _Optional[_Union[_rule_pb2.Route, _Mapping]] = ...) -> None: ...

class ListRoutesRequest(_message.Message):
    __slots__ = ("platform", "channel")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    platform: str
    channel: str
    def __init__(self, platform: _Optional[str] = ..., channel: _Optional[str] = ...) -> None: ...

class ListRoutesResponse(_message.Message):
    __slots__ = ("routes",)
    ROUTES_FIELD_NUMBER: _ClassVar[int]
    routes: _containers.RepeatedCompositeFieldContainer[_rule_pb2.Route]
    def __init__(self, routes: _Optional[_Iterable[_Union[_rule_pb2.Route, _Mapping]]] = ...) -> None: ...

class GetUserRequest(_message.Message):
    __slots__ = ("user_ref",)
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    def __init__(self, user_ref: _Optional[str] = ...) -> None: ...

class GetUserResponse(_message.Message):
    __slots__ = ("user",)
    USER_FIELD_NUMBER: _ClassVar[int]
    user: _user_pb2.User
    def __init__(self, user: _Optional[_Union[_user_pb2.User, _Mapping]] = ...) -> None: ...

class UpdateUserRequest(_message.Message):
    __slots__ = ("user_ref", "user", "update_mask")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    user: _user_pb2.User
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, user_ref: _Optional[str] = ..., user: _Optional[_Union[_user_pb2.User, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateUserResponse(_message.Message):
    __slots__ = ("user",)
    USER_FIELD_NUMBER: _ClassVar[int]
    user: _user_pb2.User
    def __init__(self, user: _Optional[_Union[_user_pb2.User, _Mapping]] = ...) -> None: ...

class DeleteUserRequest(_message.Message):
    __slots__ = ("user_ref",)
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    def __init__(self, user_ref: _Optional[str] = ...) -> None: ...

class DeleteUserResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListAuditEntriesRequest(_message.Message):
    __slots__ = ("actor", "action", "since_time", "page_size", "page_token")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    SINCE_TIME_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    actor: str
    action: str
    since_time: _timestamp_pb2.Timestamp
    page_size: int
    page_token: str
    def __init__(self, actor: _Optional[str] = ..., action: _Optional[str] = ..., since_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAuditEntriesResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_user_pb2.AuditEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[_user_pb2.AuditEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AddWatchItemsRequest(_message.Message):
    __slots__ = ("user_ref", "tickers")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    tickers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, user_ref: _Optional[str] = ..., tickers: _Optional[_Iterable[str]] = ...) -> None: ...

class AddWatchItemsResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_user_pb2.WatchItem]
    def __init__(self, items: _Optional[_Iterable[_Union[_user_pb2.WatchItem, _Mapping]]] = ...) -> None: ...

class ListWatchItemsRequest(_message.Message):
    __slots__ = ("user_ref",)
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    def __init__(self, user_ref: _Optional[str] = ...) -> None: ...

class ListWatchItemsResponse(_message.Message):
    __slots__ = ("items", "max_items")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    MAX_ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_user_pb2.WatchItem]
    max_items: int
    def __init__(self, items: _Optional[_Iterable[_Union[_user_pb2.WatchItem, _Mapping]]] = ..., max_items: _Optional[int] = ...) -> None: ...

class RemoveWatchItemsRequest(_message.Message):
    __slots__ = ("user_ref", "tickers")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    tickers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, user_ref: _Optional[str] = ..., tickers: _Optional[_Iterable[str]] = ...) -> None: ...

class RemoveWatchItemsResponse(_message.Message):
    __slots__ = ("items", "absent_tickers")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ABSENT_TICKERS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_user_pb2.WatchItem]
    absent_tickers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, items: _Optional[_Iterable[_Union[_user_pb2.WatchItem, _Mapping]]] = ..., absent_tickers: _Optional[_Iterable[str]] = ...) -> None: ...

class LeaseDeliveriesRequest(_message.Message):
    __slots__ = ("platform", "worker", "max_in_flight")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    MAX_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    platform: str
    worker: str
    max_in_flight: int
    def __init__(self, platform: _Optional[str] = ..., worker: _Optional[str] = ..., max_in_flight: _Optional[int] = ...) -> None: ...

class LeaseDeliveriesResponse(_message.Message):
    __slots__ = ("delivery", "send_time")
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    delivery: _delivery_pb2.Delivery
    send_time: _timestamp_pb2.Timestamp
    def __init__(self, delivery: _Optional[_Union[_delivery_pb2.Delivery, _Mapping]] = ..., send_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReportDeliveryRequest(_message.Message):
    __slots__ = ("delivery_id", "worker", "report")
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    delivery_id: str
    worker: str
    report: _delivery_pb2.SendReport
    def __init__(self, delivery_id: _Optional[str] = ..., worker: _Optional[str] = ..., report: _Optional[_Union[_delivery_pb2.SendReport, _Mapping]] = ...) -> None: ...

class ReportDeliveryResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: _delivery_pb2.DeliveryState
    def __init__(self, state: _Optional[_Union[_delivery_pb2.DeliveryState, str]] = ...) -> None: ...

class ListDeadLettersRequest(_message.Message):
    __slots__ = ("platform", "page_size", "page_token")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    platform: str
    page_size: int
    page_token: str
    def __init__(self, platform: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDeadLettersResponse(_message.Message):
    __slots__ = ("letters", "next_page_token")
    LETTERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    letters: _containers.RepeatedCompositeFieldContainer[_delivery_pb2.DeadLetter]
    next_page_token: str
    def __init__(self, letters: _Optional[_Iterable[_Union[_delivery_pb2.DeadLetter, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RequeueDeliveryRequest(_message.Message):
    __slots__ = ("delivery_id",)
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    delivery_id: str
    def __init__(self, delivery_id: _Optional[str] = ...) -> None: ...

class RequeueDeliveryResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: _delivery_pb2.DeliveryState
    def __init__(self, state: _Optional[_Union[_delivery_pb2.DeliveryState, str]] = ...) -> None: ...

class PurgeDeliveryRequest(_message.Message):
    __slots__ = ("delivery_id",)
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    delivery_id: str
    def __init__(self, delivery_id: _Optional[str] = ...) -> None: ...

class PurgeDeliveryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
