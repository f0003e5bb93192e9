"""ListMarketFlows: net buying by investor type of a whole board."""

from collections.abc import Iterator
from datetime import date

import numpy as np
from kstock.common.v1 import ranking_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.counted_days import MOST_SESSIONS, counted_days, last_day
from servers.market.horizon import Horizon
from servers.market.instruments import InstrumentDirectory
from servers.market.periods import Period
from shared.market.bars import FlowColumns
from shared.market.instrument import Board, InstrumentKind
from shared.market.sessions import SessionCalendar
from shared.market.times import from_yyyymmdd
from shared.rpc.messages.enums import BOARD
from shared.rpc.messages.times import local_date_message
from shared.store.repositories.indices import MarketFlow
from shared.store.store import Store


class MarketFlowDesk:
    """Answers ListMarketFlows."""

    def __init__(self, store: Store, directory: InstrumentDirectory, horizon: Horizon, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._store = store
        self._directory = directory
        self._horizon = horizon
        self._calendar = calendar

    async def days(self, request: wire.ListMarketFlowsRequest) -> wire.ListMarketFlowsResponse:
        """Days in ascending order, the board's own figures before sums over its instruments.

        Raises:
            InvalidInput: No board, or an impossible period.
        """
        board = BOARD.from_wire(request.board, "board")
        newest = await self._newest(board, last_day(request, self._horizon.flow_day()))
        if newest is None:
            return wire.ListMarketFlowsResponse()
        period = counted_days(request, newest, self._calendar)
        tickers = list(self._directory.listed(frozenset(InstrumentKind), board))
        async with self._store.read() as uow:
            official = await uow.market_flows.newest(board, limit=MOST_SESSIONS, until=period.until)
            known = {one.day for one in official}
            sums = (
                await uow.flows.columns(period.since, period.until, tickers)
                if any(day not in known for day in self._sessions(period))
                else None
            )
        found = {one.day: _message(one) for one in official if one.day >= period.since}
        for one in () if sums is None else _summed(sums):
            found.setdefault(one[0], one[1])
        return wire.ListMarketFlowsResponse(flows=[found[day] for day in sorted(found)])

    async def _newest(self, board: Board, until: date) -> date | None:
        async with self._store.read() as uow:
            official = await uow.market_flows.newest(board, limit=1, until=until)
            by_instrument = await uow.flows.newest_date(until)
        days = [one.day for one in official] + ([by_instrument] if by_instrument else [])
        return max(days, default=None)

    def _sessions(self, period: Period) -> Iterator[date]:
        return (session.day for session in self._calendar.sessions_between(period.since, period.until))


def _message(day: MarketFlow) -> ranking_pb2.MarketFlow:
    return ranking_pb2.MarketFlow(
        trading_date=local_date_message(day.day),
        foreign_net_krw=day.foreign_net_krw,
        institution_net_krw=day.institution_net_krw,
        individual_net_krw=day.individual_net_krw,
        pension_net_krw=day.pension_net_krw,
    )


def _summed(flows: FlowColumns) -> Iterator[tuple[date, ranking_pb2.MarketFlow]]:
    """Sums per day over the instruments that have flows on it."""
    days, row = np.unique(flows.date, return_inverse=True)
    foreign, institution = np.zeros(days.size, dtype=np.int64), np.zeros(days.size, dtype=np.int64)
    np.add.at(foreign, row, flows.foreign_net)
    np.add.at(institution, row, flows.institution_net)
    counts = np.bincount(row, minlength=days.size)
    for place, number in enumerate(days.tolist()):
        day = from_yyyymmdd(number)
        message = ranking_pb2.MarketFlow(
            trading_date=local_date_message(day),
            foreign_net_krw=int(foreign[place]),
            institution_net_krw=int(institution[place]),
            summed_count=int(counts[place]),
        )
        yield day, message
