"""The market as a whole, instruments, net buying and headlines."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import flow_pb2, instrument_pb2, market_gate_pb2, market_index_pb2, news_pb2
from kstock.market.v1 import market_service_pb2

from servers.chat.peers import Peers
from servers.chat.tools.arguments import About
from servers.chat.tools.prices import change_bps
from servers.chat.tools.tool import Tool
from shared.market.errors import DataMissing
from shared.market.times import kst_datetime
from shared.market.topic import MarketIndex
from shared.rpc.messages.enums import MARKET_INDEX
from shared.rpc.messages.times import local_date_message, read_local_date, timestamp_message

_PAGE = 500
_LONGEST_NAME = 64
_MARGIN = timedelta(days=15)
"""Calendar days before a period in which the session before it certainly lies."""


@dataclass(frozen=True, slots=True)
class NoArguments:
    """A tool without arguments."""


@dataclass(frozen=True, slots=True)
class DatesArguments:
    """A period of the calendar."""

    since: Annotated[date, About("first date")]
    until: Annotated[date, About("last date, at most 400 days after the first")]


@dataclass(frozen=True, slots=True)
class TickerArguments:
    """One instrument."""

    ticker: Annotated[str, About("six-character code")]


@dataclass(frozen=True, slots=True)
class SearchArguments:
    """A name or a part of one."""

    query: Annotated[str, About("code, official or English name, nickname, initial consonants, also with a typing error")]
    limit: Annotated[int, About("most matches", least=1, most=25)] = 5


@dataclass(frozen=True, slots=True)
class FlowArguments:
    """Net buying of one instrument; with `sessions` the days are counted back from `until`."""

    ticker: Annotated[str, About("six-character code")]
    until: Annotated[date | None, About("last trading day; left out for the newest published")] = None
    since: Annotated[date | None, About("first trading day; left out when sessions are counted")] = None
    sessions: Annotated[int | None, About("trading days, newest last", least=1, most=250)] = None


@dataclass(frozen=True, slots=True)
class IndicesArguments:
    """Indices, none for all."""

    indices: Annotated[tuple[MarketIndex, ...], About("indices; empty for all", most=3)] = ()


@dataclass(frozen=True, slots=True)
class IndexHistoryArguments:
    """Development of one index; with `sessions` the days are counted back from `until`."""

    index: Annotated[MarketIndex, About("the index")]
    until: Annotated[date, About("last trading day")]
    since: Annotated[date | None, About("first trading day; left out when sessions are counted")] = None
    sessions: Annotated[int | None, About("trading days, newest last", least=1, most=490)] = None


@dataclass(frozen=True, slots=True)
class NewsArguments:
    """Headlines, newest first."""

    ticker: Annotated[str, About("six-character code; empty for the whole market")] = ""
    limit: Annotated[int, About("most headlines", least=1, most=20)] = 5
    since: Annotated[date | None, About("first day")] = None
    until: Annotated[date | None, About("last day")] = None


@dataclass(frozen=True, slots=True)
class GateArguments:
    """Market gate of a day."""

    as_of: Annotated[date | None, About("trading day; left out for the newest")] = None


async def _session(peers: Peers, _: NoArguments) -> market_service_pb2.GetSessionResponse:
    return await peers.market.GetSession(market_service_pb2.GetSessionRequest())


async def _sessions(peers: Peers, arguments: DatesArguments) -> market_service_pb2.ListSessionsResponse:
    request = market_service_pb2.ListSessionsRequest(
        since=local_date_message(arguments.since), until=local_date_message(arguments.until)
    )
    return await peers.market.ListSessions(request)


async def _instrument(peers: Peers, arguments: TickerArguments) -> instrument_pb2.Instrument:
    response = await peers.market.GetInstrument(market_service_pb2.GetInstrumentRequest(ticker=arguments.ticker))
    return response.instrument


async def _search(peers: Peers, arguments: SearchArguments) -> tuple[market_service_pb2.InstrumentMatch, ...]:
    request = market_service_pb2.SearchInstrumentsRequest(query=arguments.query[:_LONGEST_NAME], limit=arguments.limit)
    return tuple((await peers.market.SearchInstruments(request)).matches)


async def _flows(peers: Peers, arguments: FlowArguments) -> tuple[flow_pb2.Flow, ...]:
    request = market_service_pb2.ListFlowsRequest(ticker=arguments.ticker, page_size=arguments.sessions or _PAGE)
    if arguments.since is not None:
        request.since.CopyFrom(local_date_message(arguments.since))
    if arguments.until is not None:
        request.until.CopyFrom(local_date_message(arguments.until))
    response = await peers.market.ListFlows(request)
    if not response.flows:
        raise DataMissing(f"no flows of {arguments.ticker} in the period")
    return tuple(response.flows)


async def _index_levels(peers: Peers, arguments: IndicesArguments) -> tuple[market_index_pb2.IndexLevel, ...]:
    wanted = [MARKET_INDEX.to_wire(index) for index in arguments.indices]
    response = await peers.market.ListIndexLevels(market_service_pb2.ListIndexLevelsRequest(indices=wanted))
    if not response.levels:
        raise DataMissing("no index level is stored")
    return tuple(response.levels)


async def _index_history(peers: Peers, arguments: IndexHistoryArguments) -> block_pb2.IndexSummary:
    request = market_service_pb2.ListIndexBarsRequest(
        index=MARKET_INDEX.to_wire(arguments.index),
        until=local_date_message(arguments.until),
        page_size=(arguments.sessions + 1) if arguments.sessions else _PAGE,
    )
    if arguments.since is not None:
        request.since.CopyFrom(local_date_message(arguments.since - _MARGIN))
    bars = list((await peers.market.ListIndexBars(request)).bars)
    first = len(bars) - arguments.sessions if arguments.sessions else _position(bars, arguments.since)
    first = max(0, first)
    if first >= len(bars):
        raise DataMissing(f"no bars of {arguments.index} in the period")
    period, base = bars[first:], bars[max(0, first - 1)]
    return block_pb2.IndexSummary(
        index=request.index,
        first_date=period[0].trading_date,
        last_date=period[-1].trading_date,
        base_close_e2=base.close_e2,
        base_date=base.trading_date,
        last_close_e2=period[-1].close_e2,
        change_bps=change_bps(period[-1].close_e2, base.close_e2),
        bars=period,
    )


def _position(bars: list[market_index_pb2.IndexBar], since: date | None) -> int:
    days = (read_local_date(bar.trading_date) for bar in bars)
    return next((place for place, day in enumerate(days) if since is None or day >= since), len(bars))


async def _gate(peers: Peers, arguments: GateArguments) -> market_gate_pb2.MarketGate:
    request = market_service_pb2.GetMarketGateRequest()
    if arguments.as_of is not None:
        request.as_of.CopyFrom(local_date_message(arguments.as_of))
    return (await peers.market.GetMarketGate(request)).gate


async def _news(peers: Peers, arguments: NewsArguments) -> tuple[news_pb2.NewsItem, ...]:
    request = market_service_pb2.ListNewsRequest(ticker=arguments.ticker, page_size=arguments.limit)
    if arguments.since is not None:
        request.since_time.CopyFrom(timestamp_message(_midnight(arguments.since)))
    if arguments.until is not None:
        request.until_time.CopyFrom(timestamp_message(_midnight(arguments.until + timedelta(days=1))))
    return tuple((await peers.market.ListNews(request)).news)


def _midnight(day: date) -> datetime:
    return kst_datetime(day, time.min)


GET_SESSION = Tool(
    name="get_session",
    domain="session",
    description="Market time, phase of the session, neighbouring sessions and the newest trading day with data.",
    arguments=NoArguments,
    run=_session,
)
LIST_SESSIONS = Tool(
    name="list_sessions",
    domain="session",
    description="Sessions and holidays of the Korean exchange in a period, with reasons and opening hours.",
    arguments=DatesArguments,
    run=_sessions,
)
GET_INSTRUMENT = Tool(
    name="get_instrument",
    domain="instruments",
    description="Name, board, kind, sector, listing date, share count, market capitalisation and statuses of one code.",
    arguments=TickerArguments,
    run=_instrument,
)
SEARCH_INSTRUMENTS = Tool(
    name="search_instruments",
    domain="instruments",
    description="Instruments by code, name, nickname or initial consonants, the best match first.",
    arguments=SearchArguments,
    run=_search,
)
GET_FLOWS = Tool(
    name="get_flows",
    domain="flow",
    description="Daily net buying of foreigners and institutions of one instrument, in won.",
    arguments=FlowArguments,
    run=_flows,
)
GET_INDEX_LEVELS = Tool(
    name="get_index_levels",
    domain="market",
    description="Current or newest levels of KOSPI, KOSDAQ and KOSPI 200 with change, quality, time and source.",
    arguments=IndicesArguments,
    run=_index_levels,
)
GET_INDEX_HISTORY = Tool(
    name="get_index_history",
    domain="market",
    description="Development of one index over a period.",
    arguments=IndexHistoryArguments,
    run=_index_history,
)
GET_MARKET_GATE = Tool(
    name="get_market_gate",
    domain="market",
    description="Level and colour of the market gate with its reasons.",
    arguments=GateArguments,
    run=_gate,
)
GET_NEWS = Tool(
    name="get_news",
    domain="news",
    description="Newest headlines about one instrument or the market, with publisher, time and address.",
    arguments=NewsArguments,
    run=_news,
)
