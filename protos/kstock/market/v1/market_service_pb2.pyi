import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import bar_pb2 as _bar_pb2
from kstock.common.v1 import flow_pb2 as _flow_pb2
from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_gate_pb2 as _market_gate_pb2
from kstock.common.v1 import market_index_pb2 as _market_index_pb2
from kstock.common.v1 import news_pb2 as _news_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from kstock.common.v1 import ranking_pb2 as _ranking_pb2
from kstock.common.v1 import session_pb2 as _session_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MatchKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MATCH_KIND_UNSPECIFIED: _ClassVar[MatchKind]
    MATCH_KIND_CODE: _ClassVar[MatchKind]
    MATCH_KIND_NAME: _ClassVar[MatchKind]
    MATCH_KIND_NICKNAME: _ClassVar[MatchKind]
    MATCH_KIND_PREFIX: _ClassVar[MatchKind]
    MATCH_KIND_INITIALS: _ClassVar[MatchKind]
    MATCH_KIND_TYPO: _ClassVar[MatchKind]

class InstrumentChangeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INSTRUMENT_CHANGE_KIND_UNSPECIFIED: _ClassVar[InstrumentChangeKind]
    INSTRUMENT_CHANGE_KIND_LISTED: _ClassVar[InstrumentChangeKind]
    INSTRUMENT_CHANGE_KIND_DELISTED: _ClassVar[InstrumentChangeKind]
    INSTRUMENT_CHANGE_KIND_SUSPENDED: _ClassVar[InstrumentChangeKind]
    INSTRUMENT_CHANGE_KIND_RESUMED: _ClassVar[InstrumentChangeKind]
    INSTRUMENT_CHANGE_KIND_RENAMED: _ClassVar[InstrumentChangeKind]

class SessionPart(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SESSION_PART_UNSPECIFIED: _ClassVar[SessionPart]
    SESSION_PART_BARS: _ClassVar[SessionPart]
    SESSION_PART_FLOWS: _ClassVar[SessionPart]
MATCH_KIND_UNSPECIFIED: MatchKind
MATCH_KIND_CODE: MatchKind
MATCH_KIND_NAME: MatchKind
MATCH_KIND_NICKNAME: MatchKind
MATCH_KIND_PREFIX: MatchKind
MATCH_KIND_INITIALS: MatchKind
MATCH_KIND_TYPO: MatchKind
INSTRUMENT_CHANGE_KIND_UNSPECIFIED: InstrumentChangeKind
INSTRUMENT_CHANGE_KIND_LISTED: InstrumentChangeKind
INSTRUMENT_CHANGE_KIND_DELISTED: InstrumentChangeKind
INSTRUMENT_CHANGE_KIND_SUSPENDED: InstrumentChangeKind
INSTRUMENT_CHANGE_KIND_RESUMED: InstrumentChangeKind
INSTRUMENT_CHANGE_KIND_RENAMED: InstrumentChangeKind
SESSION_PART_UNSPECIFIED: SessionPart
SESSION_PART_BARS: SessionPart
SESSION_PART_FLOWS: SessionPart

class BatchGetQuotesRequest(_message.Message):
    __slots__ = ("tickers", "max_age", "include_elw", "venue")
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    MAX_AGE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ELW_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    tickers: _containers.RepeatedScalarFieldContainer[str]
    max_age: _duration_pb2.Duration
    include_elw: bool
    venue: _quote_pb2.Venue
    def __init__(self, tickers: _Optional[_Iterable[str]] = ..., max_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., include_elw: _Optional[bool] = ..., venue: _Optional[_Union[_quote_pb2.Venue, str]] = ...) -> None: ...

class TickerProblem(_message.Message):
    __slots__ = ("ticker", "reason")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    reason: str
    def __init__(self, ticker: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class BatchGetQuotesResponse(_message.Message):
    __slots__ = ("quotes", "cached_count", "fetched_count", "missing_tickers", "invalid_tickers", "failed_tickers", "excluded_tickers")
    QUOTES_FIELD_NUMBER: _ClassVar[int]
    CACHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FETCHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_TICKERS_FIELD_NUMBER: _ClassVar[int]
    INVALID_TICKERS_FIELD_NUMBER: _ClassVar[int]
    FAILED_TICKERS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_TICKERS_FIELD_NUMBER: _ClassVar[int]
    quotes: _containers.RepeatedCompositeFieldContainer[_quote_pb2.Quote]
    cached_count: int
    fetched_count: int
    missing_tickers: _containers.RepeatedScalarFieldContainer[str]
    invalid_tickers: _containers.RepeatedCompositeFieldContainer[TickerProblem]
    failed_tickers: _containers.RepeatedCompositeFieldContainer[TickerProblem]
    excluded_tickers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, quotes: _Optional[_Iterable[_Union[_quote_pb2.Quote, _Mapping]]] = ..., cached_count: _Optional[int] = ..., fetched_count: _Optional[int] = ..., missing_tickers: _Optional[_Iterable[str]] = ..., invalid_tickers: _Optional[_Iterable[_Union[TickerProblem, _Mapping]]] = ..., failed_tickers: _Optional[_Iterable[_Union[TickerProblem, _Mapping]]] = ..., excluded_tickers: _Optional[_Iterable[str]] = ...) -> None: ...

class SearchInstrumentsRequest(_message.Message):
    __slots__ = ("query", "limit", "kinds", "board")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    query: str
    limit: int
    kinds: _containers.RepeatedScalarFieldContainer[_instrument_pb2.InstrumentKind]
    board: _instrument_pb2.Board
    def __init__(self, query: _Optional[str] = ..., limit: _Optional[int] = ..., kinds: _Optional[_Iterable[_Union[_instrument_pb2.InstrumentKind, str]]] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ...) -> None: ...

class InstrumentMatch(_message.Message):
    __slots__ = ("instrument", "score", "kind", "matched_text")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MATCHED_TEXT_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    score: float
    kind: MatchKind
    matched_text: str
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., score: _Optional[float] = ..., kind: _Optional[_Union[MatchKind, str]] = ..., matched_text: _Optional[str] = ...) -> None: ...

class SearchInstrumentsResponse(_message.Message):
    __slots__ = ("matches", "ambiguous")
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    AMBIGUOUS_FIELD_NUMBER: _ClassVar[int]
    matches: _containers.RepeatedCompositeFieldContainer[InstrumentMatch]
    ambiguous: bool
    def __init__(self, matches: _Optional[_Iterable[_Union[InstrumentMatch, _Mapping]]] = ..., ambiguous: _Optional[bool] = ...) -> None: ...

class GetInstrumentRequest(_message.Message):
    __slots__ = ("ticker", "as_of")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    as_of: _local_date_pb2.LocalDate
    def __init__(self, ticker: _Optional[str] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class GetInstrumentResponse(_message.Message):
    __slots__ = ("instrument",)
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    instrument: _instrument_pb2.Instrument
    def __init__(self, instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ...) -> None: ...

class ListBarsRequest(_message.Message):
    __slots__ = ("ticker", "interval", "since", "until", "adjusted", "adjusted_as_of", "include_halted", "page_size", "page_token")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    ADJUSTED_FIELD_NUMBER: _ClassVar[int]
    ADJUSTED_AS_OF_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_HALTED_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    interval: _bar_pb2.BarInterval
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    adjusted: bool
    adjusted_as_of: _local_date_pb2.LocalDate
    include_halted: bool
    page_size: int
    page_token: str
    def __init__(self, ticker: _Optional[str] = ..., interval: _Optional[_Union[_bar_pb2.BarInterval, str]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., adjusted: _Optional[bool] = ..., adjusted_as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., include_halted: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListBarsResponse(_message.Message):
    __slots__ = ("bars", "next_page_token", "adjusted_as_of", "unexplained_jumps", "quality", "sources")
    BARS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ADJUSTED_AS_OF_FIELD_NUMBER: _ClassVar[int]
    UNEXPLAINED_JUMPS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    bars: _containers.RepeatedCompositeFieldContainer[_bar_pb2.Bar]
    next_page_token: str
    adjusted_as_of: _local_date_pb2.LocalDate
    unexplained_jumps: _containers.RepeatedCompositeFieldContainer[_local_date_pb2.LocalDate]
    quality: _quote_pb2.Quality
    sources: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, bars: _Optional[_Iterable[_Union[_bar_pb2.Bar, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., adjusted_as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., unexplained_jumps: _Optional[_Iterable[_Union[_local_date_pb2.LocalDate, _Mapping]]] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ..., sources: _Optional[_Iterable[str]] = ...) -> None: ...

class ListFlowsRequest(_message.Message):
    __slots__ = ("ticker", "since", "until", "page_size", "page_token")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    page_size: int
    page_token: str
    def __init__(self, ticker: _Optional[str] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFlowsResponse(_message.Message):
    __slots__ = ("flows", "next_page_token")
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    flows: _containers.RepeatedCompositeFieldContainer[_flow_pb2.Flow]
    next_page_token: str
    def __init__(self, flows: _Optional[_Iterable[_Union[_flow_pb2.Flow, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListNewsRequest(_message.Message):
    __slots__ = ("ticker", "since_time", "until_time", "page_size", "page_token")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    SINCE_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    since_time: _timestamp_pb2.Timestamp
    until_time: _timestamp_pb2.Timestamp
    page_size: int
    page_token: str
    def __init__(self, ticker: _Optional[str] = ..., since_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListNewsResponse(_message.Message):
    __slots__ = ("news", "next_page_token")
    NEWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    news: _containers.RepeatedCompositeFieldContainer[_news_pb2.NewsItem]
    next_page_token: str
    def __init__(self, news: _Optional[_Iterable[_Union[_news_pb2.NewsItem, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListIndexLevelsRequest(_message.Message):
    __slots__ = ("indices",)
    INDICES_FIELD_NUMBER: _ClassVar[int]
    indices: _containers.RepeatedScalarFieldContainer[_market_index_pb2.MarketIndex]
    def __init__(self, indices: _Optional[_Iterable[_Union[_market_index_pb2.MarketIndex, str]]] = ...) -> None: ...

class ListIndexLevelsResponse(_message.Message):
    __slots__ = ("levels", "missing_indices")
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    MISSING_INDICES_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedCompositeFieldContainer[_market_index_pb2.IndexLevel]
    missing_indices: _containers.RepeatedScalarFieldContainer[_market_index_pb2.MarketIndex]
    def __init__(self, levels: _Optional[_Iterable[_Union[_market_index_pb2.IndexLevel, _Mapping]]] = ..., missing_indices: _Optional[_Iterable[_Union[_market_index_pb2.MarketIndex, str]]] = ...) -> None: ...

class ListIndexBarsRequest(_message.Message):
    __slots__ = ("index", "since", "until", "page_size", "page_token")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    index: _market_index_pb2.MarketIndex
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    page_size: int
    page_token: str
    def __init__(self, index: _Optional[_Union[_market_index_pb2.MarketIndex, str]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListIndexBarsResponse(_message.Message):
    __slots__ = ("bars", "next_page_token", "sources")
    BARS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    bars: _containers.RepeatedCompositeFieldContainer[_market_index_pb2.IndexBar]
    next_page_token: str
    sources: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, bars: _Optional[_Iterable[_Union[_market_index_pb2.IndexBar, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., sources: _Optional[_Iterable[str]] = ...) -> None: ...

class GetMarketGateRequest(_message.Message):
    __slots__ = ("as_of",)
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    as_of: _local_date_pb2.LocalDate
    def __init__(self, as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class GetMarketGateResponse(_message.Message):
    __slots__ = ("gate",)
    GATE_FIELD_NUMBER: _ClassVar[int]
    gate: _market_gate_pb2.MarketGate
    def __init__(self, gate: _Optional[_Union[_market_gate_pb2.MarketGate, _Mapping]] = ...) -> None: ...

class GetSessionRequest(_message.Message):
    __slots__ = ("date",)
    DATE_FIELD_NUMBER: _ClassVar[int]
    date: _local_date_pb2.LocalDate
    def __init__(self, date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class GetSessionResponse(_message.Message):
    __slots__ = ("day", "phase", "previous_session", "next_session", "market_time", "clock_mode", "newest_stored_session")
    DAY_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_SESSION_FIELD_NUMBER: _ClassVar[int]
    NEXT_SESSION_FIELD_NUMBER: _ClassVar[int]
    MARKET_TIME_FIELD_NUMBER: _ClassVar[int]
    CLOCK_MODE_FIELD_NUMBER: _ClassVar[int]
    NEWEST_STORED_SESSION_FIELD_NUMBER: _ClassVar[int]
    day: _session_pb2.SessionDay
    phase: _session_pb2.SessionPhase
    previous_session: _local_date_pb2.LocalDate
    next_session: _local_date_pb2.LocalDate
    market_time: _timestamp_pb2.Timestamp
    clock_mode: str
    newest_stored_session: _local_date_pb2.LocalDate
    def __init__(self, day: _Optional[_Union[_session_pb2.SessionDay, _Mapping]] = ..., phase: _Optional[_Union[_session_pb2.SessionPhase, str]] = ..., previous_session: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., next_session: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., market_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., clock_mode: _Optional[str] = ..., newest_stored_session: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class ListSessionsRequest(_message.Message):
    __slots__ = ("since", "until")
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    def __init__(self, since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class ListSessionsResponse(_message.Message):
    __slots__ = ("days",)
    DAYS_FIELD_NUMBER: _ClassVar[int]
    days: _containers.RepeatedCompositeFieldContainer[_session_pb2.SessionDay]
    def __init__(self, days: _Optional[_Iterable[_Union[_session_pb2.SessionDay, _Mapping]]] = ...) -> None: ...

class RankInstrumentsRequest(_message.Message):
    __slots__ = ("measure", "since", "until", "session_count", "board", "kinds", "ascending", "limit")
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    SESSION_COUNT_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    ASCENDING_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    measure: _ranking_pb2.RankMeasure
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    session_count: int
    board: _instrument_pb2.Board
    kinds: _containers.RepeatedScalarFieldContainer[_instrument_pb2.InstrumentKind]
    ascending: bool
    limit: int
    def __init__(self, measure: _Optional[_Union[_ranking_pb2.RankMeasure, str]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., session_count: _Optional[int] = ..., board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., kinds: _Optional[_Iterable[_Union[_instrument_pb2.InstrumentKind, str]]] = ..., ascending: _Optional[bool] = ..., limit: _Optional[int] = ...) -> None: ...

class RankInstrumentsResponse(_message.Message):
    __slots__ = ("rows", "first_date", "last_date", "compared_count", "quality")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    FIRST_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARED_COUNT_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[_ranking_pb2.RankedInstrument]
    first_date: _local_date_pb2.LocalDate
    last_date: _local_date_pb2.LocalDate
    compared_count: int
    quality: _quote_pb2.Quality
    def __init__(self, rows: _Optional[_Iterable[_Union[_ranking_pb2.RankedInstrument, _Mapping]]] = ..., first_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., last_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., compared_count: _Optional[int] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ...) -> None: ...

class ListMarketFlowsRequest(_message.Message):
    __slots__ = ("board", "since", "until", "session_count")
    BOARD_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    SESSION_COUNT_FIELD_NUMBER: _ClassVar[int]
    board: _instrument_pb2.Board
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    session_count: int
    def __init__(self, board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., session_count: _Optional[int] = ...) -> None: ...

class ListMarketFlowsResponse(_message.Message):
    __slots__ = ("flows",)
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    flows: _containers.RepeatedCompositeFieldContainer[_ranking_pb2.MarketFlow]
    def __init__(self, flows: _Optional[_Iterable[_Union[_ranking_pb2.MarketFlow, _Mapping]]] = ...) -> None: ...

class SyncInstrumentsRequest(_message.Message):
    __slots__ = ("trading_date",)
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class InstrumentChange(_message.Message):
    __slots__ = ("ticker", "name", "kind")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    name: str
    kind: InstrumentChangeKind
    def __init__(self, ticker: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[_Union[InstrumentChangeKind, str]] = ...) -> None: ...

class SyncInstrumentsResponse(_message.Message):
    __slots__ = ("listed_count", "suspended_count", "elw_count", "changes", "change_count", "source", "file_count", "stored_row_count")
    LISTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ELW_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    CHANGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    FILE_COUNT_FIELD_NUMBER: _ClassVar[int]
    STORED_ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    listed_count: int
    suspended_count: int
    elw_count: int
    changes: _containers.RepeatedCompositeFieldContainer[InstrumentChange]
    change_count: int
    source: str
    file_count: int
    stored_row_count: int
    def __init__(self, listed_count: _Optional[int] = ..., suspended_count: _Optional[int] = ..., elw_count: _Optional[int] = ..., changes: _Optional[_Iterable[_Union[InstrumentChange, _Mapping]]] = ..., change_count: _Optional[int] = ..., source: _Optional[str] = ..., file_count: _Optional[int] = ..., stored_row_count: _Optional[int] = ...) -> None: ...

class CloseSessionRequest(_message.Message):
    __slots__ = ("trading_date",)
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class CloseSessionResponse(_message.Message):
    __slots__ = ("kept_count", "dropped_count", "replica_count", "price_ttl", "market_ttl")
    KEPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    DROPPED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REPLICA_COUNT_FIELD_NUMBER: _ClassVar[int]
    PRICE_TTL_FIELD_NUMBER: _ClassVar[int]
    MARKET_TTL_FIELD_NUMBER: _ClassVar[int]
    kept_count: int
    dropped_count: int
    replica_count: int
    price_ttl: _duration_pb2.Duration
    market_ttl: _duration_pb2.Duration
    def __init__(self, kept_count: _Optional[int] = ..., dropped_count: _Optional[int] = ..., replica_count: _Optional[int] = ..., price_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., market_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class IngestSessionRequest(_message.Message):
    __slots__ = ("trading_date", "part")
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    part: SessionPart
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., part: _Optional[_Union[SessionPart, str]] = ...) -> None: ...

class IngestSessionResponse(_message.Message):
    __slots__ = ("known_count", "listed_count", "stored_count", "source", "file_count", "stored_row_count")
    KNOWN_COUNT_FIELD_NUMBER: _ClassVar[int]
    LISTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    STORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    FILE_COUNT_FIELD_NUMBER: _ClassVar[int]
    STORED_ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    known_count: int
    listed_count: int
    stored_count: int
    source: str
    file_count: int
    stored_row_count: int
    def __init__(self, known_count: _Optional[int] = ..., listed_count: _Optional[int] = ..., stored_count: _Optional[int] = ..., source: _Optional[str] = ..., file_count: _Optional[int] = ..., stored_row_count: _Optional[int] = ...) -> None: ...
