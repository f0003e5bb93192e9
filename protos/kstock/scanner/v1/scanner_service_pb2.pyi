import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import feed_status_pb2 as _feed_status_pb2
from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_gate_pb2 as _market_gate_pb2
from kstock.common.v1 import statistics_pb2 as _statistics_pb2
from kstock.scanner.v1 import scan_pb2 as _scan_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BacktestEntry(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BACKTEST_ENTRY_UNSPECIFIED: _ClassVar[BacktestEntry]
    BACKTEST_ENTRY_NEXT_OPEN: _ClassVar[BacktestEntry]
    BACKTEST_ENTRY_TRIGGER: _ClassVar[BacktestEntry]
    BACKTEST_ENTRY_CLOSE: _ClassVar[BacktestEntry]
BACKTEST_ENTRY_UNSPECIFIED: BacktestEntry
BACKTEST_ENTRY_NEXT_OPEN: BacktestEntry
BACKTEST_ENTRY_TRIGGER: BacktestEntry
BACKTEST_ENTRY_CLOSE: BacktestEntry

class RunScanRequest(_message.Message):
    __slots__ = ("kind", "board", "exclude_elw", "min_market_cap_krw", "max_tickers", "top_n", "sort_by", "sort_order", "min_score", "as_of", "idempotency_key", "completed_only")
    KIND_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_ELW_FIELD_NUMBER: _ClassVar[int]
    MIN_MARKET_CAP_KRW_FIELD_NUMBER: _ClassVar[int]
    MAX_TICKERS_FIELD_NUMBER: _ClassVar[int]
    TOP_N_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_ONLY_FIELD_NUMBER: _ClassVar[int]
    kind: _candidate_pb2.SignalKind
    board: _instrument_pb2.Board
    exclude_elw: bool
    min_market_cap_krw: int
    max_tickers: int
    top_n: int
    sort_by: _scan_pb2.ScanSort
    sort_order: _scan_pb2.SortOrder
    min_score: float
    as_of: _local_date_pb2.LocalDate
    idempotency_key: str
    completed_only: bool
    def __init__(self, kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., exclude_elw: _Optional[bool] = ..., min_market_cap_krw: _Optional[int] = ..., max_tickers: _Optional[int] = ..., top_n: _Optional[int] = ..., sort_by: _Optional[_Union[_scan_pb2.ScanSort, str]] = ..., sort_order: _Optional[_Union[_scan_pb2.SortOrder, str]] = ..., min_score: _Optional[float] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., completed_only: _Optional[bool] = ...) -> None: ...

class RunScanResponse(_message.Message):
    __slots__ = ("started", "progress", "candidate", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: ScanStarted
    progress: ScanProgress
    candidate: ScanCandidate
    finished: ScanFinished
    def __init__(self, started: _Optional[_Union[ScanStarted, _Mapping]] = ..., progress: _Optional[_Union[ScanProgress, _Mapping]] = ..., candidate: _Optional[_Union[ScanCandidate, _Mapping]] = ..., finished: _Optional[_Union[ScanFinished, _Mapping]] = ...) -> None: ...

class ScanStarted(_message.Message):
    __slots__ = ("run_id", "kind", "as_of", "attached", "started_time")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    ATTACHED_FIELD_NUMBER: _ClassVar[int]
    STARTED_TIME_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    kind: _candidate_pb2.SignalKind
    as_of: _local_date_pb2.LocalDate
    attached: bool
    started_time: _timestamp_pb2.Timestamp
    def __init__(self, run_id: _Optional[str] = ..., kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., attached: _Optional[bool] = ..., started_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ScanProgress(_message.Message):
    __slots__ = ("stage", "done", "total")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    stage: str
    done: int
    total: int
    def __init__(self, stage: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class ScanCandidate(_message.Message):
    __slots__ = ("rank", "candidate")
    RANK_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    rank: int
    candidate: _candidate_pb2.Candidate
    def __init__(self, rank: _Optional[int] = ..., candidate: _Optional[_Union[_candidate_pb2.Candidate, _Mapping]] = ...) -> None: ...

class ScanFinished(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: _scan_pb2.ScanRun
    def __init__(self, run: _Optional[_Union[_scan_pb2.ScanRun, _Mapping]] = ...) -> None: ...

class GetScanRunRequest(_message.Message):
    __slots__ = ("run_id",)
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    def __init__(self, run_id: _Optional[str] = ...) -> None: ...

class GetScanRunResponse(_message.Message):
    __slots__ = ("run", "candidates")
    RUN_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    run: _scan_pb2.ScanRun
    candidates: _containers.RepeatedCompositeFieldContainer[_candidate_pb2.Candidate]
    def __init__(self, run: _Optional[_Union[_scan_pb2.ScanRun, _Mapping]] = ..., candidates: _Optional[_Iterable[_Union[_candidate_pb2.Candidate, _Mapping]]] = ...) -> None: ...

class ListScanRunsRequest(_message.Message):
    __slots__ = ("kinds", "states", "as_of", "page_size", "page_token")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[_candidate_pb2.SignalKind]
    states: _containers.RepeatedScalarFieldContainer[_scan_pb2.ScanState]
    as_of: _local_date_pb2.LocalDate
    page_size: int
    page_token: str
    def __init__(self, kinds: _Optional[_Iterable[_Union[_candidate_pb2.SignalKind, str]]] = ..., states: _Optional[_Iterable[_Union[_scan_pb2.ScanState, str]]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListScanRunsResponse(_message.Message):
    __slots__ = ("runs", "next_page_token")
    RUNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[_scan_pb2.ScanRun]
    next_page_token: str
    def __init__(self, runs: _Optional[_Iterable[_Union[_scan_pb2.ScanRun, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelScanRunRequest(_message.Message):
    __slots__ = ("run_id",)
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    def __init__(self, run_id: _Optional[str] = ...) -> None: ...

class CancelScanRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: _scan_pb2.ScanRun
    def __init__(self, run: _Optional[_Union[_scan_pb2.ScanRun, _Mapping]] = ...) -> None: ...

class AnalyzeInstrumentRequest(_message.Message):
    __slots__ = ("ticker", "kinds", "as_of")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    kinds: _containers.RepeatedScalarFieldContainer[_candidate_pb2.SignalKind]
    as_of: _local_date_pb2.LocalDate
    def __init__(self, ticker: _Optional[str] = ..., kinds: _Optional[_Iterable[_Union[_candidate_pb2.SignalKind, str]]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class StrategyAnalysis(_message.Message):
    __slots__ = ("kind", "status", "reason", "candidate")
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    kind: _candidate_pb2.SignalKind
    status: _scan_pb2.TickerStatus
    reason: str
    candidate: _candidate_pb2.Candidate
    def __init__(self, kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., status: _Optional[_Union[_scan_pb2.TickerStatus, str]] = ..., reason: _Optional[str] = ..., candidate: _Optional[_Union[_candidate_pb2.Candidate, _Mapping]] = ...) -> None: ...

class AnalyzeInstrumentResponse(_message.Message):
    __slots__ = ("ticker", "name", "as_of", "analyses")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    ANALYSES_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    name: str
    as_of: _local_date_pb2.LocalDate
    analyses: _containers.RepeatedCompositeFieldContainer[StrategyAnalysis]
    def __init__(self, ticker: _Optional[str] = ..., name: _Optional[str] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., analyses: _Optional[_Iterable[_Union[StrategyAnalysis, _Mapping]]] = ...) -> None: ...

class RunBacktestRequest(_message.Message):
    __slots__ = ("kind", "since", "until", "board", "trigger_entry", "seed", "run_id")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_ENTRY_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    kind: _candidate_pb2.SignalKind
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    board: _instrument_pb2.Board
    trigger_entry: bool
    seed: int
    run_id: str
    def __init__(self, kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., trigger_entry: _Optional[bool] = ..., seed: _Optional[int] = ..., run_id: _Optional[str] = ...) -> None: ...

class RunBacktestResponse(_message.Message):
    __slots__ = ("started", "progress", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: BacktestStarted
    progress: BacktestProgress
    finished: BacktestFinished
    def __init__(self, started: _Optional[_Union[BacktestStarted, _Mapping]] = ..., progress: _Optional[_Union[BacktestProgress, _Mapping]] = ..., finished: _Optional[_Union[BacktestFinished, _Mapping]] = ...) -> None: ...

class BacktestStarted(_message.Message):
    __slots__ = ("run_id", "session_count", "rule_version", "kind", "since", "until", "resumed_count", "restart_reason", "entry", "board")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_COUNT_FIELD_NUMBER: _ClassVar[int]
    RULE_VERSION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    RESUMED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESTART_REASON_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    session_count: int
    rule_version: str
    kind: _candidate_pb2.SignalKind
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    resumed_count: int
    restart_reason: str
    entry: BacktestEntry
    board: _instrument_pb2.Board
    def __init__(self, run_id: _Optional[str] = ..., session_count: _Optional[int] = ..., rule_version: _Optional[str] = ..., kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., resumed_count: _Optional[int] = ..., restart_reason: _Optional[str] = ..., entry: _Optional[_Union[BacktestEntry, str]] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ...) -> None: ...

class BacktestProgress(_message.Message):
    __slots__ = ("session", "done", "total")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    session: _local_date_pb2.LocalDate
    done: int
    total: int
    def __init__(self, session: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., done: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class EquityPoint(_message.Message):
    __slots__ = ("session", "signal_bps", "control_bps")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_BPS_FIELD_NUMBER: _ClassVar[int]
    CONTROL_BPS_FIELD_NUMBER: _ClassVar[int]
    session: _local_date_pb2.LocalDate
    signal_bps: int
    control_bps: int
    def __init__(self, session: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., signal_bps: _Optional[int] = ..., control_bps: _Optional[int] = ...) -> None: ...

class BacktestFinished(_message.Message):
    __slots__ = ("run_id", "rows", "equity", "unfilled", "costs", "caveats", "equity_horizon_sessions", "started", "eligible_per_session", "found_per_session", "computed_time")
    class UnfilledEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    EQUITY_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    CAVEATS_FIELD_NUMBER: _ClassVar[int]
    EQUITY_HORIZON_SESSIONS_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    ELIGIBLE_PER_SESSION_FIELD_NUMBER: _ClassVar[int]
    FOUND_PER_SESSION_FIELD_NUMBER: _ClassVar[int]
    COMPUTED_TIME_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    rows: _containers.RepeatedCompositeFieldContainer[_statistics_pb2.OutcomeStatistics]
    equity: _containers.RepeatedCompositeFieldContainer[EquityPoint]
    unfilled: _containers.ScalarMap[str, int]
    costs: str
    caveats: _containers.RepeatedScalarFieldContainer[str]
    equity_horizon_sessions: int
    started: BacktestStarted
    eligible_per_session: float
    found_per_session: float
    computed_time: _timestamp_pb2.Timestamp
    def __init__(self, run_id: _Optional[str] = ..., rows: _Optional[_Iterable[_Union[_statistics_pb2.OutcomeStatistics, _Mapping]]] = ..., equity: _Optional[_Iterable[_Union[EquityPoint, _Mapping]]] = ..., unfilled: _Optional[_Mapping[str, int]] = ..., costs: _Optional[str] = ..., caveats: _Optional[_Iterable[str]] = ..., equity_horizon_sessions: _Optional[int] = ..., started: _Optional[_Union[BacktestStarted, _Mapping]] = ..., eligible_per_session: _Optional[float] = ..., found_per_session: _Optional[float] = ..., computed_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class JudgeSignalsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class JudgeSignalsResponse(_message.Message):
    __slots__ = ("signal_count", "unresolved_count", "skipped_count", "as_of")
    SIGNAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNRESOLVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_COUNT_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    signal_count: int
    unresolved_count: int
    skipped_count: int
    as_of: _local_date_pb2.LocalDate
    def __init__(self, signal_count: _Optional[int] = ..., unresolved_count: _Optional[int] = ..., skipped_count: _Optional[int] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class PrepareSessionRequest(_message.Message):
    __slots__ = ("trading_date",)
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class PrepareSessionResponse(_message.Message):
    __slots__ = ("bars_as_of", "ticker_count", "eligible_count", "watched_count", "gate_colour", "gate_level", "feeds")
    BARS_AS_OF_FIELD_NUMBER: _ClassVar[int]
    TICKER_COUNT_FIELD_NUMBER: _ClassVar[int]
    ELIGIBLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    WATCHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    GATE_COLOUR_FIELD_NUMBER: _ClassVar[int]
    GATE_LEVEL_FIELD_NUMBER: _ClassVar[int]
    FEEDS_FIELD_NUMBER: _ClassVar[int]
    bars_as_of: _local_date_pb2.LocalDate
    ticker_count: int
    eligible_count: int
    watched_count: int
    gate_colour: _market_gate_pb2.GateColour
    gate_level: int
    feeds: _containers.RepeatedCompositeFieldContainer[_feed_status_pb2.FeedStatus]
    def __init__(self, bars_as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., ticker_count: _Optional[int] = ..., eligible_count: _Optional[int] = ..., watched_count: _Optional[int] = ..., gate_colour: _Optional[_Union[_market_gate_pb2.GateColour, str]] = ..., gate_level: _Optional[int] = ..., feeds: _Optional[_Iterable[_Union[_feed_status_pb2.FeedStatus, _Mapping]]] = ...) -> None: ...
