import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.common.v1 import bar_pb2 as _bar_pb2
from kstock.common.v1 import flow_pb2 as _flow_pb2
from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_index_pb2 as _market_index_pb2
from kstock.common.v1 import news_pb2 as _news_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FetchQuotesRequest(_message.Message):
    __slots__ = ("tickers", "venue")
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    tickers: _containers.RepeatedScalarFieldContainer[str]
    venue: _quote_pb2.Venue
    def __init__(self, tickers: _Optional[_Iterable[str]] = ..., venue: _Optional[_Union[_quote_pb2.Venue, str]] = ...) -> None: ...

class FetchProblem(_message.Message):
    __slots__ = ("ticker", "reason")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    reason: str
    def __init__(self, ticker: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class FetchQuotesResponse(_message.Message):
    __slots__ = ("quotes", "problems")
    QUOTES_FIELD_NUMBER: _ClassVar[int]
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    quotes: _containers.RepeatedCompositeFieldContainer[_quote_pb2.Quote]
    problems: _containers.RepeatedCompositeFieldContainer[FetchProblem]
    def __init__(self, quotes: _Optional[_Iterable[_Union[_quote_pb2.Quote, _Mapping]]] = ..., problems: _Optional[_Iterable[_Union[FetchProblem, _Mapping]]] = ...) -> None: ...

class FetchBarsRequest(_message.Message):
    __slots__ = ("ticker", "interval", "since", "until")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    interval: _bar_pb2.BarInterval
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    def __init__(self, ticker: _Optional[str] = ..., interval: _Optional[_Union[_bar_pb2.BarInterval, str]] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class FetchBarsResponse(_message.Message):
    __slots__ = ("bars", "source")
    BARS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    bars: _containers.RepeatedCompositeFieldContainer[_bar_pb2.Bar]
    source: str
    def __init__(self, bars: _Optional[_Iterable[_Union[_bar_pb2.Bar, _Mapping]]] = ..., source: _Optional[str] = ...) -> None: ...

class FetchFlowsRequest(_message.Message):
    __slots__ = ("ticker", "since", "until")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    def __init__(self, ticker: _Optional[str] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class FetchFlowsResponse(_message.Message):
    __slots__ = ("flows",)
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    flows: _containers.RepeatedCompositeFieldContainer[_flow_pb2.Flow]
    def __init__(self, flows: _Optional[_Iterable[_Union[_flow_pb2.Flow, _Mapping]]] = ...) -> None: ...

class FetchNewsRequest(_message.Message):
    __slots__ = ("ticker", "since_time", "limit")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    SINCE_TIME_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    since_time: _timestamp_pb2.Timestamp
    limit: int
    def __init__(self, ticker: _Optional[str] = ..., since_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., limit: _Optional[int] = ...) -> None: ...

class FetchNewsResponse(_message.Message):
    __slots__ = ("news",)
    NEWS_FIELD_NUMBER: _ClassVar[int]
    news: _containers.RepeatedCompositeFieldContainer[_news_pb2.NewsItem]
    def __init__(self, news: _Optional[_Iterable[_Union[_news_pb2.NewsItem, _Mapping]]] = ...) -> None: ...

class FetchInstrumentsRequest(_message.Message):
    __slots__ = ("board", "kinds")
    BOARD_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    board: _instrument_pb2.Board
    kinds: _containers.RepeatedScalarFieldContainer[_instrument_pb2.InstrumentKind]
    def __init__(self, board: _Optional[_Union[_instrument_pb2.Board, str]] = ..., kinds: _Optional[_Iterable[_Union[_instrument_pb2.InstrumentKind, str]]] = ...) -> None: ...

class FetchInstrumentsResponse(_message.Message):
    __slots__ = ("instruments", "as_of", "source")
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    instruments: _containers.RepeatedCompositeFieldContainer[_instrument_pb2.Instrument]
    as_of: _local_date_pb2.LocalDate
    source: str
    def __init__(self, instruments: _Optional[_Iterable[_Union[_instrument_pb2.Instrument, _Mapping]]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., source: _Optional[str] = ...) -> None: ...

class FetchSessionRequest(_message.Message):
    __slots__ = ("trading_date",)
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ...) -> None: ...

class SessionFigures(_message.Message):
    __slots__ = ("ticker", "bar", "shares", "market_cap_krw", "flow")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    BAR_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    MARKET_CAP_KRW_FIELD_NUMBER: _ClassVar[int]
    FLOW_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    bar: _bar_pb2.Bar
    shares: int
    market_cap_krw: int
    flow: _flow_pb2.Flow
    def __init__(self, ticker: _Optional[str] = ..., bar: _Optional[_Union[_bar_pb2.Bar, _Mapping]] = ..., shares: _Optional[int] = ..., market_cap_krw: _Optional[int] = ..., flow: _Optional[_Union[_flow_pb2.Flow, _Mapping]] = ...) -> None: ...

class SessionIndexFigures(_message.Message):
    __slots__ = ("index", "bar", "market_cap_krw")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    BAR_FIELD_NUMBER: _ClassVar[int]
    MARKET_CAP_KRW_FIELD_NUMBER: _ClassVar[int]
    index: _market_index_pb2.MarketIndex
    bar: _market_index_pb2.IndexBar
    market_cap_krw: int
    def __init__(self, index: _Optional[_Union[_market_index_pb2.MarketIndex, str]] = ..., bar: _Optional[_Union[_market_index_pb2.IndexBar, _Mapping]] = ..., market_cap_krw: _Optional[int] = ...) -> None: ...

class SessionRate(_message.Message):
    __slots__ = ("pair", "rate_e4")
    PAIR_FIELD_NUMBER: _ClassVar[int]
    RATE_E4_FIELD_NUMBER: _ClassVar[int]
    pair: str
    rate_e4: int
    def __init__(self, pair: _Optional[str] = ..., rate_e4: _Optional[int] = ...) -> None: ...

class FetchSessionResponse(_message.Message):
    __slots__ = ("instruments", "indices", "rates", "source", "as_of_time", "official")
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    RATES_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    OFFICIAL_FIELD_NUMBER: _ClassVar[int]
    instruments: _containers.RepeatedCompositeFieldContainer[SessionFigures]
    indices: _containers.RepeatedCompositeFieldContainer[SessionIndexFigures]
    rates: _containers.RepeatedCompositeFieldContainer[SessionRate]
    source: str
    as_of_time: _timestamp_pb2.Timestamp
    official: bool
    def __init__(self, instruments: _Optional[_Iterable[_Union[SessionFigures, _Mapping]]] = ..., indices: _Optional[_Iterable[_Union[SessionIndexFigures, _Mapping]]] = ..., rates: _Optional[_Iterable[_Union[SessionRate, _Mapping]]] = ..., source: _Optional[str] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., official: _Optional[bool] = ...) -> None: ...
