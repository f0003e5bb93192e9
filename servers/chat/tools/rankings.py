"""The market as a whole: instruments in the order of a measure, and net buying on whole boards."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, cast

from kstock.common.v1 import ranking_pb2
from kstock.market.v1 import market_service_pb2

from servers.chat.peers import Peers
from servers.chat.tools.arguments import About
from servers.chat.tools.tool import Tool
from shared.market.errors import DataMissing
from shared.market.instrument import Board, InstrumentKind
from shared.rpc.messages.enums import BOARD, INSTRUMENT_KIND
from shared.rpc.messages.times import local_date_message

_MOST_SESSIONS, _MOST_ROWS = 250, 50


class PriceMeasure(StrEnum):
    """What bars tell of instruments."""

    CHANGE = "change"
    TURNOVER = "turnover"
    VOLUME = "volume"
    MARKET_CAP = "market_cap"
    VOLUME_RATIO = "volume_ratio"
    NEW_HIGH = "new_high"
    NEW_LOW = "new_low"
    LIMIT_UP = "limit_up"
    LIMIT_DOWN = "limit_down"


class FlowMeasure(StrEnum):
    """Whose net buying instruments are ordered by."""

    FOREIGN = "foreign_net"
    INSTITUTION = "institution_net"
    BOTH = "both_net"


@dataclass(frozen=True, slots=True)
class PriceRankArguments:
    """A ranking by prices and volumes; with neither `since` nor `sessions` the last day alone counts."""

    measure: Annotated[PriceMeasure, About("what to order by")]
    until: Annotated[date | None, About("last trading day; left out for the newest")] = None
    since: Annotated[date | None, About("first trading day, at most 400 days earlier")] = None
    sessions: Annotated[int | None, About("trading days, counted back", least=1, most=_MOST_SESSIONS)] = None
    board: Annotated[Board | None, About("only this board")] = None
    kinds: Annotated[tuple[InstrumentKind, ...], About("only these kinds; empty for shares", most=12)] = ()
    ascending: Annotated[bool, About("true puts the smallest values first: the largest losses")] = False
    limit: Annotated[int, About("most rows", least=1, most=_MOST_ROWS)] = 10


@dataclass(frozen=True, slots=True)
class FlowRankArguments:
    """A ranking by net buying; with neither `since` nor `sessions` the last day alone counts."""

    measure: Annotated[FlowMeasure, About("whose net buying; both_net only where both agree")]
    until: Annotated[date | None, About("last trading day; left out for the newest published")] = None
    since: Annotated[date | None, About("first trading day, at most 400 days earlier")] = None
    sessions: Annotated[int | None, About("trading days, counted back", least=1, most=_MOST_SESSIONS)] = None
    board: Annotated[Board | None, About("only this board")] = None
    ascending: Annotated[bool, About("true puts the largest net selling first")] = False
    limit: Annotated[int, About("most rows", least=1, most=_MOST_ROWS)] = 10


@dataclass(frozen=True, slots=True)
class MarketFlowArguments:
    """Net buying on a board; with neither `since` nor `sessions` the last day alone counts."""

    board: Annotated[Board, About("the board")]
    until: Annotated[date | None, About("last trading day; left out for the newest published")] = None
    since: Annotated[date | None, About("first trading day, at most 400 days earlier")] = None
    sessions: Annotated[int | None, About("trading days, counted back", least=1, most=_MOST_SESSIONS)] = None


async def _rank_by_price(peers: Peers, arguments: PriceRankArguments) -> market_service_pb2.RankInstrumentsResponse:
    kinds = [INSTRUMENT_KIND.to_wire(kind) for kind in arguments.kinds]
    return await _ranking(peers, arguments, market_service_pb2.RankInstrumentsRequest(kinds=kinds))


async def _rank_by_flow(peers: Peers, arguments: FlowRankArguments) -> market_service_pb2.RankInstrumentsResponse:
    return await _ranking(peers, arguments, market_service_pb2.RankInstrumentsRequest())


async def _ranking(
    peers: Peers, arguments: PriceRankArguments | FlowRankArguments, request: market_service_pb2.RankInstrumentsRequest
) -> market_service_pb2.RankInstrumentsResponse:
    request.measure = wire_measure(arguments.measure)
    request.ascending, request.limit = arguments.ascending, arguments.limit
    if arguments.board is not None:
        request.board = BOARD.to_wire(arguments.board)
    _take_days(request, arguments)
    response = await peers.market.RankInstruments(request)
    if not response.rows:
        raise DataMissing("nothing is stored that could be ranked")
    return response


def wire_measure(measure: PriceMeasure | FlowMeasure) -> ranking_pb2.RankMeasure:
    """The measure as it travels."""
    return cast("ranking_pb2.RankMeasure", ranking_pb2.RankMeasure.Value(f"RANK_MEASURE_{measure.upper()}"))


async def _market_flows(peers: Peers, arguments: MarketFlowArguments) -> market_service_pb2.ListMarketFlowsResponse:
    request = market_service_pb2.ListMarketFlowsRequest(board=BOARD.to_wire(arguments.board))
    _take_days(request, arguments)
    response = await peers.market.ListMarketFlows(request)
    if not response.flows:
        raise DataMissing(f"no flows of {arguments.board} in the period")
    return response


def _take_days(
    request: market_service_pb2.RankInstrumentsRequest | market_service_pb2.ListMarketFlowsRequest,
    arguments: PriceRankArguments | FlowRankArguments | MarketFlowArguments,
) -> None:
    request.session_count = arguments.sessions or 0
    if arguments.since is not None:
        request.since.CopyFrom(local_date_message(arguments.since))
    if arguments.until is not None:
        request.until.CopyFrom(local_date_message(arguments.until))


RANK_BY_PRICE = Tool(
    name="rank_by_price",
    domain="bars",
    description="Instruments ordered by change, turnover, volume, volume ratio or capitalisation over a period of closes; "
    "or those at a new high or low of it, or at a price limit on its last day, the largest first.",
    arguments=PriceRankArguments,
    run=_rank_by_price,
)
RANK_BY_FLOW = Tool(
    name="rank_by_flow",
    domain="flow",
    description="Instruments ordered by net buying of foreigners, institutions or both over a period.",
    arguments=FlowRankArguments,
    run=_rank_by_flow,
)
GET_MARKET_FLOWS = Tool(
    name="get_market_flows",
    domain="flow",
    description="Daily net buying of foreigners, institutions and individuals on a whole board, in won.",
    arguments=MarketFlowArguments,
    run=_market_flows,
)
