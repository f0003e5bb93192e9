import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_gate_pb2 as _market_gate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TickerStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TICKER_STATUS_UNSPECIFIED: _ClassVar[TickerStatus]
    TICKER_STATUS_OK: _ClassVar[TickerStatus]
    TICKER_STATUS_HALTED: _ClassVar[TickerStatus]
    TICKER_STATUS_SHORT_HISTORY: _ClassVar[TickerStatus]
    TICKER_STATUS_BAD_ADJUST: _ClassVar[TickerStatus]
    TICKER_STATUS_NO_DATA: _ClassVar[TickerStatus]
    TICKER_STATUS_NOT_ELIGIBLE: _ClassVar[TickerStatus]
    TICKER_STATUS_FAILED: _ClassVar[TickerStatus]

class ScanState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCAN_STATE_UNSPECIFIED: _ClassVar[ScanState]
    SCAN_STATE_RUNNING: _ClassVar[ScanState]
    SCAN_STATE_COMPLETED: _ClassVar[ScanState]
    SCAN_STATE_PARTIAL: _ClassVar[ScanState]
    SCAN_STATE_FAILED: _ClassVar[ScanState]
    SCAN_STATE_CANCELLED: _ClassVar[ScanState]

class ScanSort(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCAN_SORT_UNSPECIFIED: _ClassVar[ScanSort]
    SCAN_SORT_SCORE: _ClassVar[ScanSort]
    SCAN_SORT_MARKET_CAP: _ClassVar[ScanSort]
    SCAN_SORT_VOLUME: _ClassVar[ScanSort]

class SortOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SORT_ORDER_UNSPECIFIED: _ClassVar[SortOrder]
    SORT_ORDER_DESC: _ClassVar[SortOrder]
    SORT_ORDER_ASC: _ClassVar[SortOrder]
TICKER_STATUS_UNSPECIFIED: TickerStatus
TICKER_STATUS_OK: TickerStatus
TICKER_STATUS_HALTED: TickerStatus
TICKER_STATUS_SHORT_HISTORY: TickerStatus
TICKER_STATUS_BAD_ADJUST: TickerStatus
TICKER_STATUS_NO_DATA: TickerStatus
TICKER_STATUS_NOT_ELIGIBLE: TickerStatus
TICKER_STATUS_FAILED: TickerStatus
SCAN_STATE_UNSPECIFIED: ScanState
SCAN_STATE_RUNNING: ScanState
SCAN_STATE_COMPLETED: ScanState
SCAN_STATE_PARTIAL: ScanState
SCAN_STATE_FAILED: ScanState
SCAN_STATE_CANCELLED: ScanState
SCAN_SORT_UNSPECIFIED: ScanSort
SCAN_SORT_SCORE: ScanSort
SCAN_SORT_MARKET_CAP: ScanSort
SCAN_SORT_VOLUME: ScanSort
SORT_ORDER_UNSPECIFIED: SortOrder
SORT_ORDER_DESC: SortOrder
SORT_ORDER_ASC: SortOrder

class ScanOptions(_message.Message):
    __slots__ = ("board", "exclude_elw", "min_market_cap_krw", "max_tickers", "top_n", "sort_by", "sort_order", "min_score")
    BOARD_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_ELW_FIELD_NUMBER: _ClassVar[int]
    MIN_MARKET_CAP_KRW_FIELD_NUMBER: _ClassVar[int]
    MAX_TICKERS_FIELD_NUMBER: _ClassVar[int]
    TOP_N_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    board: _instrument_pb2.Board
    exclude_elw: bool
    min_market_cap_krw: int
    max_tickers: int
    top_n: int
    sort_by: ScanSort
    sort_order: SortOrder
    min_score: float
    def __init__(self, board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., exclude_elw: _Optional[bool] = ..., min_market_cap_krw: _Optional[int] = ..., max_tickers: _Optional[int] = ..., top_n: _Optional[int] = ..., sort_by: _Optional[_Union[ScanSort, str]] = ..., sort_order: _Optional[_Union[SortOrder, str]] = ..., min_score: _Optional[float] = ...) -> None: ...

class SkippedTicker(_message.Message):
    __slots__ = ("ticker", "name", "status", "reason")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    name: str
    status: TickerStatus
    reason: str
    def __init__(self, ticker: _Optional[str] = ..., name: _Optional[str] = ..., status: _Optional[_Union[TickerStatus, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class StatusCount(_message.Message):
    __slots__ = ("status", "count")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    status: TickerStatus
    count: int
    def __init__(self, status: _Optional[_Union[TickerStatus, str]] = ..., count: _Optional[int] = ...) -> None: ...

class ItemTally(_message.Message):
    __slots__ = ("item", "earned_count", "missing")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    EARNED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    item: str
    earned_count: int
    missing: bool
    def __init__(self, item: _Optional[str] = ..., earned_count: _Optional[int] = ..., missing: _Optional[bool] = ...) -> None: ...

class ScanRun(_message.Message):
    __slots__ = ("run_id", "kind", "state", "as_of", "options", "universe_size", "judged_count", "detected_count", "returned_count", "published_count", "published", "universe_estimated", "status_counts", "skipped", "dead_rules", "rule_version", "problem", "started_time", "finished_time", "duration_ms", "live_time", "gate_colour", "item_tallies")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    UNIVERSE_SIZE_FIELD_NUMBER: _ClassVar[int]
    JUDGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DETECTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RETURNED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    UNIVERSE_ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    STATUS_COUNTS_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    DEAD_RULES_FIELD_NUMBER: _ClassVar[int]
    RULE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    STARTED_TIME_FIELD_NUMBER: _ClassVar[int]
    FINISHED_TIME_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    LIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    GATE_COLOUR_FIELD_NUMBER: _ClassVar[int]
    ITEM_TALLIES_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    kind: _candidate_pb2.SignalKind
    state: ScanState
    as_of: _local_date_pb2.LocalDate
    options: ScanOptions
    universe_size: int
    judged_count: int
    detected_count: int
    returned_count: int
    published_count: int
    published: bool
    universe_estimated: bool
    status_counts: _containers.RepeatedCompositeFieldContainer[StatusCount]
    skipped: _containers.RepeatedCompositeFieldContainer[SkippedTicker]
    dead_rules: _containers.RepeatedScalarFieldContainer[str]
    rule_version: str
    problem: str
    started_time: _timestamp_pb2.Timestamp
    finished_time: _timestamp_pb2.Timestamp
    duration_ms: int
    live_time: _timestamp_pb2.Timestamp
    gate_colour: _market_gate_pb2.GateColour
    item_tallies: _containers.RepeatedCompositeFieldContainer[ItemTally]
    def __init__(self, run_id: _Optional[str] = ..., kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., state: _Optional[_Union[ScanState, str]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., options: _Optional[_Union[ScanOptions, _Mapping]] = ..., universe_size: _Optional[int] = ..., judged_count: _Optional[int] = ..., detected_count: _Optional[int] = ..., returned_count: _Optional[int] = ..., published_count: _Optional[int] = ..., published: _Optional[bool] = ..., universe_estimated: _Optional[bool] = ..., status_counts: _Optional[_Iterable[_Union[StatusCount, _Mapping]]] = ..., skipped: _Optional[_Iterable[_Union[SkippedTicker, _Mapping]]] = ..., dead_rules: _Optional[_Iterable[str]] = ..., rule_version: _Optional[str] = ..., problem: _Optional[str] = ..., started_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finished_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., duration_ms: _Optional[int] = ..., live_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., gate_colour: _Optional[_Union[_market_gate_pb2.GateColour, str]] = ..., item_tallies: _Optional[_Iterable[_Union[ItemTally, _Mapping]]] = ...) -> None: ...
