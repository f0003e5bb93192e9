import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import bar_pb2 as _bar_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import flow_pb2 as _flow_pb2
from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_gate_pb2 as _market_gate_pb2
from kstock.common.v1 import market_index_pb2 as _market_index_pb2
from kstock.common.v1 import news_pb2 as _news_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from kstock.common.v1 import ranking_pb2 as _ranking_pb2
from kstock.common.v1 import session_pb2 as _session_pb2
from kstock.common.v1 import statistics_pb2 as _statistics_pb2
from kstock.scanner.v1 import scan_pb2 as _scan_pb2
from kstock.signal.v1 import signal_pb2 as _signal_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ActionState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTION_STATE_UNSPECIFIED: _ClassVar[ActionState]
    ACTION_STATE_PREVIEWED: _ClassVar[ActionState]
    ACTION_STATE_DONE: _ClassVar[ActionState]
    ACTION_STATE_UNAVAILABLE: _ClassVar[ActionState]

class NoticeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTICE_KIND_UNSPECIFIED: _ClassVar[NoticeKind]
    NOTICE_KIND_NO_DATA: _ClassVar[NoticeKind]
    NOTICE_KIND_OLDER_DATA: _ClassVar[NoticeKind]
    NOTICE_KIND_PREMISE: _ClassVar[NoticeKind]
    NOTICE_KIND_DECLINED: _ClassVar[NoticeKind]
    NOTICE_KIND_OUT_OF_SCOPE: _ClassVar[NoticeKind]
    NOTICE_KIND_UNAVAILABLE: _ClassVar[NoticeKind]
    NOTICE_KIND_RISK: _ClassVar[NoticeKind]
    NOTICE_KIND_DISCLAIMER: _ClassVar[NoticeKind]
    NOTICE_KIND_HELP: _ClassVar[NoticeKind]
    NOTICE_KIND_SMALL_TALK: _ClassVar[NoticeKind]
ACTION_STATE_UNSPECIFIED: ActionState
ACTION_STATE_PREVIEWED: ActionState
ACTION_STATE_DONE: ActionState
ACTION_STATE_UNAVAILABLE: ActionState
NOTICE_KIND_UNSPECIFIED: NoticeKind
NOTICE_KIND_NO_DATA: NoticeKind
NOTICE_KIND_OLDER_DATA: NoticeKind
NOTICE_KIND_PREMISE: NoticeKind
NOTICE_KIND_DECLINED: NoticeKind
NOTICE_KIND_OUT_OF_SCOPE: NoticeKind
NOTICE_KIND_UNAVAILABLE: NoticeKind
NOTICE_KIND_RISK: NoticeKind
NOTICE_KIND_DISCLAIMER: NoticeKind
NOTICE_KIND_HELP: NoticeKind
NOTICE_KIND_SMALL_TALK: NoticeKind

class DataBlock(_message.Message):
    __slots__ = ("number", "title", "text", "badge", "citations", "quote_card", "quote_table", "bars_summary", "comparison", "flow_table", "signal_list", "signal_card", "analysis_card", "index_table", "index_summary", "gate_card", "session_card", "news_list", "instrument_card", "scoreboard_table", "definition", "choices", "action_card", "chart_image", "notice", "calculation_table", "ranking_table", "market_flow_table")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    BADGE_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    QUOTE_CARD_FIELD_NUMBER: _ClassVar[int]
    QUOTE_TABLE_FIELD_NUMBER: _ClassVar[int]
    BARS_SUMMARY_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    FLOW_TABLE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_LIST_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_CARD_FIELD_NUMBER: _ClassVar[int]
    ANALYSIS_CARD_FIELD_NUMBER: _ClassVar[int]
    INDEX_TABLE_FIELD_NUMBER: _ClassVar[int]
    INDEX_SUMMARY_FIELD_NUMBER: _ClassVar[int]
    GATE_CARD_FIELD_NUMBER: _ClassVar[int]
    SESSION_CARD_FIELD_NUMBER: _ClassVar[int]
    NEWS_LIST_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_CARD_FIELD_NUMBER: _ClassVar[int]
    SCOREBOARD_TABLE_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    ACTION_CARD_FIELD_NUMBER: _ClassVar[int]
    CHART_IMAGE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    CALCULATION_TABLE_FIELD_NUMBER: _ClassVar[int]
    RANKING_TABLE_FIELD_NUMBER: _ClassVar[int]
    MARKET_FLOW_TABLE_FIELD_NUMBER: _ClassVar[int]
    number: int
    title: str
    text: str
    badge: str
    citations: _containers.RepeatedScalarFieldContainer[int]
    quote_card: QuoteCard
    quote_table: QuoteTable
    bars_summary: BarsSummary
    comparison: Comparison
    flow_table: FlowTable
    signal_list: SignalList
    signal_card: SignalCard
    analysis_card: AnalysisCard
    index_table: IndexTable
    index_summary: IndexSummary
    gate_card: GateCard
    session_card: SessionCard
    news_list: NewsList
    instrument_card: InstrumentCard
    scoreboard_table: ScoreboardTable
    definition: Definition
    choices: Choices
    action_card: ActionCard
    chart_image: ChartImage
    notice: Notice
    calculation_table: CalculationTable
    ranking_table: RankingTable
    market_flow_table: MarketFlowTable
    def __init__(self, number: _Optional[int] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., badge: _Optional[str] = ..., citations: _Optional[_Iterable[int]] = ..., quote_card: _Optional[_Union[QuoteCard, _Mapping]] = ..., quote_table: _Optional[_Union[QuoteTable, _Mapping]] = ..., bars_summary: _Optional[_Union[BarsSummary, _Mapping]] = ..., comparison: _Optional[_Union[Comparison, _Mapping]] = ..., flow_table: _Optional[_Union[FlowTable, _Mapping]] = ..., signal_list: _Optional[_Union[SignalList, _Mapping]] = ..., signal_card: _Optional[_Union[SignalCard, _Mapping]] = ..., analysis_card: _Optional[_Union[AnalysisCard, _Mapping]] = ..., index_table: _Optional[_Union[IndexTable, _Mapping]] = ..., index_summary: _Optional[_Union[IndexSummary, _Mapping]] = ..., gate_card: _Optional[_Union[GateCard, _Mapping]] = ..., session_card: _Optional[_Union[SessionCard, _Mapping]] = ..., news_list: _Optional[_Union[NewsList, _Mapping]] = ..., instrument_card: _Optional[_Union[InstrumentCard, _Mapping]] = ..., scoreboard_table: _Optional[_Union[ScoreboardTable, _Mapping]] = ..., definition: _Optional[_Union[Definition, _Mapping]] = ..., choices: _Optional[_Union[Choices, _Mapping]] = ..., action_card: _Optional[_Union[ActionCard, _Mapping]] = ..., chart_image: _Optional[_Union[ChartImage, _Mapping]] = ..., notice: _Optional[_Union[Notice, _Mapping]] = ..., calculation_table: _Optional[_Union[CalculationTable, _Mapping]] = ..., ranking_table: _Optional[_Union[RankingTable, _Mapping]] = ..., market_flow_table: _Optional[_Union[MarketFlowTable, _Mapping]] = ...) -> None: ...

class QuoteCard(_message.Message):
    __slots__ = ("instrument", "quote", "phase", "signals")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    QUOTE_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    quote: _quote_pb2.Quote
    phase: _session_pb2.SessionPhase
    signals: _containers.RepeatedCompositeFieldContainer[_signal_pb2.Signal]
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., quote: _Optional[_Union[_quote_pb2.Quote, _Mapping]] = ..., phase: _Optional[_Union[_session_pb2.SessionPhase, str]] = ..., signals: _Optional[_Iterable[_Union[_signal_pb2.Signal, _Mapping]]] = ...) -> None: ...

class QuoteTable(_message.Message):
    __slots__ = ("rows", "missing")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[QuoteCard]
    missing: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, rows: _Optional[_Iterable[_Union[QuoteCard, _Mapping]]] = ..., missing: _Optional[_Iterable[str]] = ...) -> None: ...

class BarsSummary(_message.Message):
    __slots__ = ("instrument", "first_date", "last_date", "base_close_krw", "base_date", "last_close_krw", "change_krw", "change_bps", "high_krw", "high_date", "low_krw", "low_date", "mean_volume_shares", "mean_turnover_krw", "session_count", "bars", "quality", "unexplained_jump")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    FIRST_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_DATE_FIELD_NUMBER: _ClassVar[int]
    BASE_CLOSE_KRW_FIELD_NUMBER: _ClassVar[int]
    BASE_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_CLOSE_KRW_FIELD_NUMBER: _ClassVar[int]
    CHANGE_KRW_FIELD_NUMBER: _ClassVar[int]
    CHANGE_BPS_FIELD_NUMBER: _ClassVar[int]
    HIGH_KRW_FIELD_NUMBER: _ClassVar[int]
    HIGH_DATE_FIELD_NUMBER: _ClassVar[int]
    LOW_KRW_FIELD_NUMBER: _ClassVar[int]
    LOW_DATE_FIELD_NUMBER: _ClassVar[int]
    MEAN_VOLUME_SHARES_FIELD_NUMBER: _ClassVar[int]
    MEAN_TURNOVER_KRW_FIELD_NUMBER: _ClassVar[int]
    SESSION_COUNT_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    UNEXPLAINED_JUMP_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    first_date: _local_date_pb2.LocalDate
    last_date: _local_date_pb2.LocalDate
    base_close_krw: int
    base_date: _local_date_pb2.LocalDate
    last_close_krw: int
    change_krw: int
    change_bps: int
    high_krw: int
    high_date: _local_date_pb2.LocalDate
    low_krw: int
    low_date: _local_date_pb2.LocalDate
    mean_volume_shares: int
    mean_turnover_krw: int
    session_count: int
    bars: _containers.RepeatedCompositeFieldContainer[_bar_pb2.Bar]
    quality: _quote_pb2.Quality
    unexplained_jump: bool
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., first_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., last_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., base_close_krw: _Optional[int] = ..., base_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., last_close_krw: _Optional[int] = ..., change_krw: _Optional[int] = ..., change_bps: _Optional[int] = ..., high_krw: _Optional[int] = ..., high_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., low_krw: _Optional[int] = ..., low_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., mean_volume_shares: _Optional[int] = ..., mean_turnover_krw: _Optional[int] = ..., session_count: _Optional[int] = ..., bars: _Optional[_Iterable[_Union[_bar_pb2.Bar, _Mapping]]] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ..., unexplained_jump: _Optional[bool] = ...) -> None: ...

class Comparison(_message.Message):
    __slots__ = ("rows",)
    ROWS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[BarsSummary]
    def __init__(self, rows: _Optional[_Iterable[_Union[BarsSummary, _Mapping]]] = ...) -> None: ...

class FlowTable(_message.Message):
    __slots__ = ("instrument", "flows", "foreign_sum_krw", "institution_sum_krw", "foreign_streak_days", "institution_streak_days", "foreign_hold_change_shares")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_SUM_KRW_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_SUM_KRW_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_STREAK_DAYS_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_STREAK_DAYS_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_HOLD_CHANGE_SHARES_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    flows: _containers.RepeatedCompositeFieldContainer[_flow_pb2.Flow]
    foreign_sum_krw: int
    institution_sum_krw: int
    foreign_streak_days: int
    institution_streak_days: int
    foreign_hold_change_shares: int
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., flows: _Optional[_Iterable[_Union[_flow_pb2.Flow, _Mapping]]] = ..., foreign_sum_krw: _Optional[int] = ..., institution_sum_krw: _Optional[int] = ..., foreign_streak_days: _Optional[int] = ..., institution_streak_days: _Optional[int] = ..., foreign_hold_change_shares: _Optional[int] = ...) -> None: ...

class SignalList(_message.Message):
    __slots__ = ("signals", "total_count", "scan_run", "quotes")
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    SCAN_RUN_FIELD_NUMBER: _ClassVar[int]
    QUOTES_FIELD_NUMBER: _ClassVar[int]
    signals: _containers.RepeatedCompositeFieldContainer[_signal_pb2.Signal]
    total_count: int
    scan_run: _scan_pb2.ScanRun
    quotes: _containers.RepeatedCompositeFieldContainer[_quote_pb2.Quote]
    def __init__(self, signals: _Optional[_Iterable[_Union[_signal_pb2.Signal, _Mapping]]] = ..., total_count: _Optional[int] = ..., scan_run: _Optional[_Union[_scan_pb2.ScanRun, _Mapping]] = ..., quotes: _Optional[_Iterable[_Union[_quote_pb2.Quote, _Mapping]]] = ...) -> None: ...

class SignalCard(_message.Message):
    __slots__ = ("signal", "quote", "statistics")
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    QUOTE_FIELD_NUMBER: _ClassVar[int]
    STATISTICS_FIELD_NUMBER: _ClassVar[int]
    signal: _signal_pb2.Signal
    quote: _quote_pb2.Quote
    statistics: _statistics_pb2.OutcomeStatistics
    def __init__(self, signal: _Optional[_Union[_signal_pb2.Signal, _Mapping]] = ..., quote: _Optional[_Union[_quote_pb2.Quote, _Mapping]] = ..., statistics: _Optional[_Union[_statistics_pb2.OutcomeStatistics, _Mapping]] = ...) -> None: ...

class AnalysisRow(_message.Message):
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

class AnalysisCard(_message.Message):
    __slots__ = ("instrument", "as_of", "rows")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    as_of: _local_date_pb2.LocalDate
    rows: _containers.RepeatedCompositeFieldContainer[AnalysisRow]
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., rows: _Optional[_Iterable[_Union[AnalysisRow, _Mapping]]] = ...) -> None: ...

class IndexTable(_message.Message):
    __slots__ = ("levels", "phase")
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedCompositeFieldContainer[_market_index_pb2.IndexLevel]
    phase: _session_pb2.SessionPhase
    def __init__(self, levels: _Optional[_Iterable[_Union[_market_index_pb2.IndexLevel, _Mapping]]] = ..., phase: _Optional[_Union[_session_pb2.SessionPhase, str]] = ...) -> None: ...

class IndexSummary(_message.Message):
    __slots__ = ("index", "first_date", "last_date", "base_close_e2", "base_date", "last_close_e2", "change_bps", "bars")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    FIRST_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_DATE_FIELD_NUMBER: _ClassVar[int]
    BASE_CLOSE_E2_FIELD_NUMBER: _ClassVar[int]
    BASE_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_CLOSE_E2_FIELD_NUMBER: _ClassVar[int]
    CHANGE_BPS_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    index: _market_index_pb2.MarketIndex
    first_date: _local_date_pb2.LocalDate
    last_date: _local_date_pb2.LocalDate
    base_close_e2: int
    base_date: _local_date_pb2.LocalDate
    last_close_e2: int
    change_bps: int
    bars: _containers.RepeatedCompositeFieldContainer[_market_index_pb2.IndexBar]
    def __init__(self, index: _Optional[_Union[_market_index_pb2.MarketIndex, str]] = ..., first_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., last_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., base_close_e2: _Optional[int] = ..., base_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., last_close_e2: _Optional[int] = ..., change_bps: _Optional[int] = ..., bars: _Optional[_Iterable[_Union[_market_index_pb2.IndexBar, _Mapping]]] = ...) -> None: ...

class GateCard(_message.Message):
    __slots__ = ("gate",)
    GATE_FIELD_NUMBER: _ClassVar[int]
    gate: _market_gate_pb2.MarketGate
    def __init__(self, gate: _Optional[_Union[_market_gate_pb2.MarketGate, _Mapping]] = ...) -> None: ...

class SessionCard(_message.Message):
    __slots__ = ("phase", "market_time", "days", "next_session")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    MARKET_TIME_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_SESSION_FIELD_NUMBER: _ClassVar[int]
    phase: _session_pb2.SessionPhase
    market_time: _timestamp_pb2.Timestamp
    days: _containers.RepeatedCompositeFieldContainer[_session_pb2.SessionDay]
    next_session: _local_date_pb2.LocalDate
    def __init__(self, phase: _Optional[_Union[_session_pb2.SessionPhase, str]] = ..., market_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., days: _Optional[_Iterable[_Union[_session_pb2.SessionDay, _Mapping]]] = ..., next_session: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class NewsList(_message.Message):
    __slots__ = ("instrument", "news")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    NEWS_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    news: _containers.RepeatedCompositeFieldContainer[_news_pb2.NewsItem]
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., news: _Optional[_Iterable[_Union[_news_pb2.NewsItem, _Mapping]]] = ...) -> None: ...

class InstrumentCard(_message.Message):
    __slots__ = ("instrument",)
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ...) -> None: ...

class ScoreboardTable(_message.Message):
    __slots__ = ("rows", "costs")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[_statistics_pb2.OutcomeStatistics]
    costs: str
    def __init__(self, rows: _Optional[_Iterable[_Union[_statistics_pb2.OutcomeStatistics, _Mapping]]] = ..., costs: _Optional[str] = ...) -> None: ...

class Definition(_message.Message):
    __slots__ = ("term", "definition", "example", "limits")
    TERM_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    EXAMPLE_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    term: str
    definition: str
    example: str
    limits: str
    def __init__(self, term: _Optional[str] = ..., definition: _Optional[str] = ..., example: _Optional[str] = ..., limits: _Optional[str] = ...) -> None: ...

class Choice(_message.Message):
    __slots__ = ("label", "reply", "ticker")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    label: str
    reply: str
    ticker: str
    def __init__(self, label: _Optional[str] = ..., reply: _Optional[str] = ..., ticker: _Optional[str] = ...) -> None: ...

class Choices(_message.Message):
    __slots__ = ("question", "choices")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    question: str
    choices: _containers.RepeatedCompositeFieldContainer[Choice]
    def __init__(self, question: _Optional[str] = ..., choices: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ...) -> None: ...

class ActionCard(_message.Message):
    __slots__ = ("action", "state", "ticker", "summary", "target_id", "confirm_reply")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TICKER_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    TARGET_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIRM_REPLY_FIELD_NUMBER: _ClassVar[int]
    action: str
    state: ActionState
    ticker: str
    summary: str
    target_id: str
    confirm_reply: str
    def __init__(self, action: _Optional[str] = ..., state: _Optional[_Union[ActionState, str]] = ..., ticker: _Optional[str] = ..., summary: _Optional[str] = ..., target_id: _Optional[str] = ..., confirm_reply: _Optional[str] = ...) -> None: ...

class ChartImage(_message.Message):
    __slots__ = ("instrument", "media_type", "image", "alt_text", "bars")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    ALT_TEXT_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    media_type: str
    image: bytes
    alt_text: str
    bars: _containers.RepeatedCompositeFieldContainer[_bar_pb2.Bar]
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., media_type: _Optional[str] = ..., image: _Optional[bytes] = ..., alt_text: _Optional[str] = ..., bars: _Optional[_Iterable[_Union[_bar_pb2.Bar, _Mapping]]] = ...) -> None: ...

class Notice(_message.Message):
    __slots__ = ("kind", "message", "suggestions")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    kind: NoticeKind
    message: str
    suggestions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[NoticeKind, str]] = ..., message: _Optional[str] = ..., suggestions: _Optional[_Iterable[str]] = ...) -> None: ...

class CalculationInput(_message.Message):
    __slots__ = ("label", "text", "value")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    label: str
    text: str
    value: float
    def __init__(self, label: _Optional[str] = ..., text: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class Calculation(_message.Message):
    __slots__ = ("label", "text", "value", "formula", "inputs")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    label: str
    text: str
    value: float
    formula: str
    inputs: _containers.RepeatedCompositeFieldContainer[CalculationInput]
    def __init__(self, label: _Optional[str] = ..., text: _Optional[str] = ..., value: _Optional[float] = ..., formula: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[CalculationInput, _Mapping]]] = ...) -> None: ...

class CalculationTable(_message.Message):
    __slots__ = ("calculations",)
    CALCULATIONS_FIELD_NUMBER: _ClassVar[int]
    calculations: _containers.RepeatedCompositeFieldContainer[Calculation]
    def __init__(self, calculations: _Optional[_Iterable[_Union[Calculation, _Mapping]]] = ...) -> None: ...

class RankingTable(_message.Message):
    __slots__ = ("measure", "first_date", "last_date", "rows", "compared_count")
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    FIRST_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_DATE_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    COMPARED_COUNT_FIELD_NUMBER: _ClassVar[int]
    measure: _ranking_pb2.RankMeasure
    first_date: _local_date_pb2.LocalDate
    last_date: _local_date_pb2.LocalDate
    rows: _containers.RepeatedCompositeFieldContainer[_ranking_pb2.RankedInstrument]
    compared_count: int
    def __init__(self, measure: _Optional[_Union[_ranking_pb2.RankMeasure, str]] = ..., first_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., last_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., rows: _Optional[_Iterable[_Union[_ranking_pb2.RankedInstrument, _Mapping]]] = ..., compared_count: _Optional[int] = ...) -> None: ...

class MarketFlowTable(_message.Message):
    __slots__ = ("board", "flows", "foreign_sum_krw", "institution_sum_krw", "individual_sum_krw")
    BOARD_FIELD_NUMBER: _ClassVar[int]
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_SUM_KRW_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_SUM_KRW_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_SUM_KRW_FIELD_NUMBER: _ClassVar[int]
    board: _instrument_pb2.Board
    flows: _containers.RepeatedCompositeFieldContainer[_ranking_pb2.MarketFlow]
    foreign_sum_krw: int
    institution_sum_krw: int
    individual_sum_krw: int
    def __init__(self, board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., flows: _Optional[_Iterable[_Union[_ranking_pb2.MarketFlow, _Mapping]]] = ..., foreign_sum_krw: _Optional[int] = ..., institution_sum_krw: _Optional[int] = ..., individual_sum_krw: _Optional[int] = ...) -> None: ...
