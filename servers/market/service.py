"""MarketService: quotes, instruments, bars, flows, headlines, indices, the gate and the calendar."""

from dataclasses import dataclass

import grpc
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.bars import BarDesk
from servers.market.calendar_days import CalendarDesk
from servers.market.day_desk import DayDesk
from servers.market.flows import FlowDesk
from servers.market.gate import GateDesk
from servers.market.horizon import Horizon
from servers.market.indices import IndexDesk
from servers.market.instruments import InstrumentDirectory
from servers.market.market_flows import MarketFlowDesk
from servers.market.news import NewsDesk
from servers.market.quotes import QuoteDesk
from servers.market.rankings import RankingDesk
from shared.market.instrument import Ticker, parse_ticker
from shared.rpc.messages.enums import BOARD, INSTRUMENT_KIND
from shared.rpc.messages.times import optional_date

_Context = grpc.aio.ServicerContext[object, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Who answers what."""

    directory: InstrumentDirectory
    horizon: Horizon
    quotes: QuoteDesk
    bars: BarDesk
    flows: FlowDesk
    news: NewsDesk
    indices: IndexDesk
    gate: GateDesk
    calendar: CalendarDesk
    day: DayDesk
    rankings: RankingDesk
    market_flows: MarketFlowDesk


class MarketService:
    """Answers `kstock.market.v1.MarketService`."""

    def __init__(self, desks: Desks) -> None:
        """Keep the desks."""
        self._desks = desks

    async def BatchGetQuotes(  # noqa: N802  # the name of the RPC
        self, request: wire.BatchGetQuotesRequest, _context: _Context
    ) -> wire.BatchGetQuotesResponse:
        """Quotes of up to 200 tickers."""
        return await self._desks.quotes.batch(request)

    async def SearchInstruments(  # noqa: N802
        self, request: wire.SearchInstrumentsRequest, _context: _Context
    ) -> wire.SearchInstrumentsResponse:
        """Instruments by what people call them."""
        numbered = enumerate(request.kinds)
        kinds = [INSTRUMENT_KIND.from_wire(number, f"kinds[{place}]") for place, number in numbered]
        board = BOARD.from_wire(request.board, "board") if request.HasField("board") else None
        directory = self._desks.directory
        await directory.ready()
        return directory.answer(directory.search(request, kinds, board))

    async def GetInstrument(  # noqa: N802
        self, request: wire.GetInstrumentRequest, _context: _Context
    ) -> wire.GetInstrumentResponse:
        """One instrument as of a day."""
        today = self._desks.horizon.today()
        day = min(optional_date(request, "as_of") or today, today)
        return await self._desks.directory.dated(parse_ticker(request.ticker), day)

    async def ListBars(self, request: wire.ListBarsRequest, _context: _Context) -> wire.ListBarsResponse:  # noqa: N802
        """A page of a chart."""
        return await self._desks.bars.page(await self._known(request.ticker), request)

    async def ListFlows(self, request: wire.ListFlowsRequest, _context: _Context) -> wire.ListFlowsResponse:  # noqa: N802
        """A page of flows."""
        return await self._desks.flows.page(await self._known(request.ticker), request)

    async def ListNews(self, request: wire.ListNewsRequest, _context: _Context) -> wire.ListNewsResponse:  # noqa: N802
        """A page of headlines."""
        ticker = await self._known(request.ticker) if request.ticker else None
        return await self._desks.news.page(ticker, request)

    async def ListIndexLevels(  # noqa: N802
        self, request: wire.ListIndexLevelsRequest, _context: _Context
    ) -> wire.ListIndexLevelsResponse:
        """Current levels of indices."""
        return await self._desks.indices.levels(request)

    async def ListIndexBars(  # noqa: N802
        self, request: wire.ListIndexBarsRequest, _context: _Context
    ) -> wire.ListIndexBarsResponse:
        """A page of index bars."""
        return await self._desks.indices.bars(request)

    async def GetMarketGate(  # noqa: N802
        self, request: wire.GetMarketGateRequest, _context: _Context
    ) -> wire.GetMarketGateResponse:
        """The market gate."""
        return await self._desks.gate.gate(request)

    async def GetSession(self, request: wire.GetSessionRequest, _context: _Context) -> wire.GetSessionResponse:  # noqa: N802
        """One day of the calendar."""
        return await self._desks.calendar.session(request)

    async def ListSessions(  # noqa: N802
        self, request: wire.ListSessionsRequest, _context: _Context
    ) -> wire.ListSessionsResponse:
        """A period of the calendar."""
        return self._desks.calendar.sessions(request)

    async def RankInstruments(  # noqa: N802
        self, request: wire.RankInstrumentsRequest, _context: _Context
    ) -> wire.RankInstrumentsResponse:
        """Instruments in the order of a measure."""
        await self._desks.directory.ready()
        return await self._desks.rankings.ranking(request)

    async def ListMarketFlows(  # noqa: N802
        self, request: wire.ListMarketFlowsRequest, _context: _Context
    ) -> wire.ListMarketFlowsResponse:
        """Net buying on a whole board."""
        await self._desks.directory.ready()
        return await self._desks.market_flows.days(request)

    async def SyncInstruments(  # noqa: N802
        self, request: wire.SyncInstrumentsRequest, _context: _Context
    ) -> wire.SyncInstrumentsResponse:
        """The masters before a session opens."""
        return await self._desks.day.sync(request)

    async def CloseSession(  # noqa: N802
        self, request: wire.CloseSessionRequest, _context: _Context
    ) -> wire.CloseSessionResponse:
        """The end of a session for quotes."""
        return await self._desks.day.close(request)

    async def IngestSession(  # noqa: N802
        self, request: wire.IngestSessionRequest, _context: _Context
    ) -> wire.IngestSessionResponse:
        """The record of a session that is over."""
        return await self._desks.day.ingest(request)

    async def _known(self, text: str) -> Ticker:
        ticker = parse_ticker(text)
        await self._desks.directory.ready()
        return self._desks.directory.require(ticker).ticker
