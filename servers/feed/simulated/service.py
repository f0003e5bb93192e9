"""FeedService of the invented market: its master, and the record of its sessions."""

import asyncio
from collections.abc import Mapping
from datetime import date

import grpc
from kstock.feed.v1 import feed_service_pb2 as wire

from servers.feed.port import SourceParts
from servers.feed.simulated.intraday import TradedDay, trade_day
from servers.feed.simulated.market import HISTORY_SESSIONS, SimulatedMarket, build_market
from servers.feed.simulated.record import SessionRecord
from servers.feed.simulated.rows import LISTED
from servers.feed.simulated.tape import SOURCE
from shared.market.errors import NotFound
from shared.market.times import kst_date
from shared.rpc.messages.enums import BOARD, INSTRUMENT_KIND
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import local_date_message, required_date

_Context = grpc.aio.ServicerContext[object, object]


class SimulatedService:
    """Answers `kstock.feed.v1.FeedService`; nothing that lies after market time is in its answers."""

    def __init__(self, parts: SourceParts) -> None:
        """Keep the collaborators; the market is built with the first call."""
        self._parts = parts
        self._market: SimulatedMarket | None = None
        self._trades: Mapping[int, TradedDay] = {}
        self._turn = asyncio.Lock()

    async def FetchInstruments(  # noqa: N802  # the name of the RPC
        self, request: wire.FetchInstrumentsRequest, _context: _Context
    ) -> wire.FetchInstrumentsResponse:
        """The master, which never changes here."""
        board = BOARD.from_wire(request.board, "board") if request.HasField("board") else None
        numbered = enumerate(request.kinds)
        kinds = {INSTRUMENT_KIND.from_wire(number, f"kinds[{place}]") for place, number in numbered}
        async with self._turn:
            market = await self._built()
        today = self._parts.calendar.latest_session(kst_date(self._parts.clock.market_now())).day
        response = wire.FetchInstrumentsResponse(as_of=local_date_message(today), source=SOURCE)
        for instrument in market.universe.instruments:
            if board in {None, instrument.board} and (not kinds or instrument.kind in kinds):
                message = instrument_message(instrument, realtime_supported=True)
                message.list_date.CopyFrom(local_date_message(LISTED))
                response.instruments.append(message)
        return response

    async def FetchSession(  # noqa: N802
        self, request: wire.FetchSessionRequest, _context: _Context
    ) -> wire.FetchSessionResponse:
        """The record of a session as far as it is published."""
        day = required_date(request, "trading_date")
        async with self._turn:
            market = await self._built()
            position = _position(market, day)
            record = SessionRecord(market, position, await self._traded(market, position))
        return record.message(self._parts.clock.market_now())

    async def _built(self) -> SimulatedMarket:
        if self._market is None:
            self._market = await asyncio.to_thread(build_market, self._parts.seed, self._parts.calendar)
        return self._market

    async def _traded(self, market: SimulatedMarket, position: int) -> Mapping[int, TradedDay]:
        """The trades of a session, kept for the next call; those of the history are not known."""
        if position not in self._trades:
            live = position >= HISTORY_SESSIONS
            self._trades = {position: await asyncio.to_thread(trade_day, market, position)} if live else {}
        return self._trades


def _position(market: SimulatedMarket, day: date) -> int:
    for position, session in enumerate(market.sessions):
        if session.day == day:
            return position
    raise NotFound("SESSION", day.isoformat())
