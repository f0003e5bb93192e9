"""RankInstruments: the market in the order of a measure."""

import asyncio
from datetime import date, timedelta

from kstock.common.v1 import ranking_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.counted_days import counted_days, last_day
from servers.market.horizon import Horizon
from servers.market.instruments import InstrumentDirectory
from servers.market.periods import Period
from servers.market.ranked import BY_BARS, Order, Ranking, ranked_by_bars, ranked_by_flows
from shared.market.bars import BarColumns, FactorColumns
from shared.market.errors import InvalidInput
from shared.market.instrument import Instrument, InstrumentKind
from shared.market.sessions import SessionCalendar
from shared.market.times import yyyymmdd
from shared.rpc.messages.enums import BOARD, INSTRUMENT_KIND, QUALITY
from shared.rpc.messages.times import local_date_message
from shared.store.store import Store

_SHARES = frozenset(
    {
        InstrumentKind.COMMON,
        InstrumentKind.PREFERRED,
        InstrumentKind.FOREIGN,
        InstrumentKind.DEPOSITARY_RECEIPT,
        InstrumentKind.REIT,
        InstrumentKind.SPAC,
    }
)
_USUAL_LIMIT, _MOST_ROWS = 10, 50
_BEFORE, _BEFORE_RATIO = timedelta(days=15), timedelta(days=45)
"""Calendar days before a period in which the session before it lies, or all that its volume is compared with."""
_KEPT_SPANS = 4
"""Spans of bars of the whole market kept: reading a month takes longer than everything else."""
_USUAL_SPAN = timedelta(days=75)
"""Calendar days up to the last one that are read at least: enough for rankings of a day, a week and a month."""


class RankingDesk:
    """Answers RankInstruments."""

    def __init__(self, store: Store, directory: InstrumentDirectory, horizon: Horizon, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._store = store
        self._directory = directory
        self._horizon = horizon
        self._calendar = calendar
        self._spans: dict[tuple[date, date], tuple[BarColumns, FactorColumns]] = {}

    async def ranking(self, request: wire.RankInstrumentsRequest) -> wire.RankInstrumentsResponse:
        """The first rows of a ranking.

        Raises:
            InvalidInput: No measure, too many rows, or an impossible period.
        """
        if request.measure not in ranking_pb2.RankMeasure.values() or not request.measure:
            raise InvalidInput("measure", f"is {request.measure}; give one of the named measures")
        if not 0 <= request.limit <= _MOST_ROWS:
            raise InvalidInput("limit", f"is {request.limit}; 1 to {_MOST_ROWS} are possible, 0 means {_USUAL_LIMIT}")
        newest = await self._newest(request)
        if newest is None:
            return wire.RankInstrumentsResponse()
        period = counted_days(request, newest, self._calendar)
        instruments = self._instruments(request)
        found = await self._found(request, period, instruments)
        if not found.rows:
            return wire.RankInstrumentsResponse()
        return wire.RankInstrumentsResponse(
            rows=found.rows,
            first_date=local_date_message(period.since),
            last_date=local_date_message(period.until),
            compared_count=found.compared_count,
            quality=QUALITY.to_wire(self._horizon.close_quality),
        )

    def _instruments(self, request: wire.RankInstrumentsRequest) -> dict[str, Instrument]:
        numbered = enumerate(request.kinds)
        kinds = frozenset(INSTRUMENT_KIND.from_wire(number, f"kinds[{place}]") for place, number in numbered) or _SHARES
        board = BOARD.from_wire(request.board, "board") if request.HasField("board") else None
        return self._directory.listed(kinds, board)

    async def _newest(self, request: wire.RankInstrumentsRequest) -> date | None:
        async with self._store.read() as uow:
            if request.measure in BY_BARS:
                return await uow.bars.newest_date(last_day(request, self._horizon.bar_day()))
            return await uow.flows.newest_date(last_day(request, self._horizon.flow_day()))

    async def reload(self) -> None:
        """Forget bars that were read; the store has other ones now."""
        self._spans = {}

    async def _found(
        self, request: wire.RankInstrumentsRequest, period: Period, instruments: dict[str, Instrument]
    ) -> Ranking:
        order = Order(ascending=request.ascending, limit=request.limit or _USUAL_LIMIT)
        if request.measure not in BY_BARS:
            async with self._store.read() as uow:
                flows = await uow.flows.columns(period.since, period.until)
            return ranked_by_flows(flows, instruments, measure=request.measure, order=order)
        by_ratio = request.measure == ranking_pb2.RANK_MEASURE_VOLUME_RATIO
        bars, factors = await self._span(period.since - (_BEFORE_RATIO if by_ratio else _BEFORE), period.until)
        days = (yyyymmdd(period.since), yyyymmdd(period.until))
        return await asyncio.to_thread(
            ranked_by_bars, bars, factors, instruments, measure=request.measure, days=days, order=order
        )

    async def _span(self, since: date, until: date) -> tuple[BarColumns, FactorColumns]:
        """Bars and factors of everything listed, read once while they stay the same."""
        since = min(since, until - _USUAL_SPAN)
        for (first, last), span in self._spans.items():
            if last == until and first <= since:
                return span
        listed = list(self._directory.listed(frozenset(InstrumentKind), None))
        spans = self._spans
        async with self._store.read() as uow:
            found = (await uow.bars.columns(since, until, listed), await uow.factors.columns(until))
        if len(spans) >= _KEPT_SPANS:
            del spans[next(iter(spans))]
        spans[(since, until)] = found
        return found
