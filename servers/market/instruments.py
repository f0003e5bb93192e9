"""Instruments by code and by what people call them."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date

from kstock.market.v1 import market_service_pb2 as wire

from shared.market.errors import InvalidInput, NotFound
from shared.market.instrument import Board, Instrument, InstrumentKind, Ticker
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import Match, MatchKind, is_ambiguous
from shared.rpc.messages.instruments import instrument_message
from shared.store.store import Store

_MATCH_KINDS = {
    MatchKind.CODE: wire.MATCH_KIND_CODE,
    MatchKind.NAME: wire.MATCH_KIND_NAME,
    MatchKind.NICKNAME: wire.MATCH_KIND_NICKNAME,
    MatchKind.FORMER: wire.MATCH_KIND_NICKNAME,
    MatchKind.PREFIX: wire.MATCH_KIND_PREFIX,
    MatchKind.CONTAINS: wire.MATCH_KIND_PREFIX,
    MatchKind.INITIALS: wire.MATCH_KIND_INITIALS,
    MatchKind.SIMILAR: wire.MATCH_KIND_TYPO,
}

_WIDEST_SEARCH = 100
"""Hits looked at when the answer is narrowed to a kind or a board."""


class InstrumentDirectory:
    """The instrument table and its index in memory."""

    def __init__(self, store: Store, streamable: Collection[InstrumentKind]) -> None:
        """Start empty; `load` fills it.

        Args:
            store: Where the masters are.
            streamable: Kinds that the running feed can stream.
        """
        self._store = store
        self._streamable = frozenset(streamable)
        self._index = InstrumentIndex(())
        self._by_ticker: dict[Ticker, Instrument] = {}
        self._loaded = asyncio.Event()

    async def load(self) -> None:
        """Read the table and build the index anew."""
        async with self._store.read() as uow:
            instruments = await uow.instruments.list_all()
            former = await uow.instruments.former_names()
        index = await asyncio.to_thread(InstrumentIndex.load, instruments, former)
        self._by_ticker = {one.ticker: one for one in instruments}
        self._index = index
        self._loaded.set()

    async def ready(self) -> None:
        """Wait for the first load: before it every ticker would look unknown."""
        await self._loaded.wait()

    def get(self, ticker: str) -> Instrument | None:
        """Newest facts of an instrument; None when no master has that ticker."""
        return self._by_ticker.get(Ticker(ticker))

    def listed(self, kinds: Collection[InstrumentKind], board: Board | None) -> dict[str, Instrument]:
        """Everything that is listed now, of these kinds and on this board (None: any), by ticker."""
        return {
            one.ticker: one
            for one in self._by_ticker.values()
            if one.delist_date is None and one.kind in kinds and board in {None, one.board}
        }

    def require(self, ticker: Ticker) -> Instrument:
        """Newest facts of an instrument.

        Raises:
            NotFound: If no master has that ticker.
        """
        found = self._by_ticker.get(ticker)
        if found is None:
            raise NotFound("INSTRUMENT", ticker)
        return found

    def search(
        self, request: wire.SearchInstrumentsRequest, kinds: Sequence[InstrumentKind], board: Board | None
    ) -> Sequence[Match]:
        """Hits of a query, best first.

        Raises:
            InvalidInput: If the query is empty or too long, or the limit out of range.
        """
        query = request.query.strip()
        if not 1 <= len(query) <= 64:
            raise InvalidInput("query", f"has {len(query)} characters; 1 to 64 are possible")
        if not 0 <= request.limit <= 25:
            raise InvalidInput("limit", f"is {request.limit}; 1 to 25 are possible, 0 means 10")
        limit = request.limit or 10
        if not kinds and board is None:
            return self._index.search(query, limit)
        wide = self._index.search(query, _WIDEST_SEARCH)
        return [hit for hit in wide if _fits(hit.instrument, kinds, board)][:limit]

    async def dated(self, ticker: Ticker, day: date) -> wire.GetInstrumentResponse:
        """An instrument with the name, board, statuses and official figures of a day.

        Raises:
            NotFound: If no master has that ticker.
        """
        async with self._store.read() as uow:
            dated = await uow.instruments.dated(ticker, day)
            figure = await uow.share_counts.newest(ticker, until=day)
        message = instrument_message(
            dated.instrument, flags=sorted(dated.flags), realtime_supported=dated.instrument.kind in self._streamable
        )
        if figure is not None:
            message.shares = figure.shares
            if figure.market_cap_krw is not None:
                message.market_cap_krw = figure.market_cap_krw
        return wire.GetInstrumentResponse(instrument=message)

    def answer(self, hits: Sequence[Match]) -> wire.SearchInstrumentsResponse:
        """Hits as they travel."""
        return wire.SearchInstrumentsResponse(
            matches=[
                wire.InstrumentMatch(
                    instrument=instrument_message(
                        hit.instrument, realtime_supported=hit.instrument.kind in self._streamable
                    ),
                    score=hit.score * 100,
                    kind=_MATCH_KINDS[hit.how],
                    matched_text=hit.instrument.ticker if hit.how is MatchKind.CODE else hit.instrument.name,
                )
                for hit in hits
            ],
            ambiguous=is_ambiguous(hits),
        )


def _fits(instrument: Instrument, kinds: Sequence[InstrumentKind], board: Board | None) -> bool:
    return (not kinds or instrument.kind in kinds) and board in {None, instrument.board}
