"""ListFlows: net buying by investor type of one instrument."""

from datetime import date, datetime, time, timedelta

from kstock.common.v1 import flow_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.horizon import Horizon
from servers.market.periods import read_period
from servers.market.series import SeriesCache, TickerSeries
from shared.market.instrument import Ticker
from shared.market.times import from_yyyymmdd, kst_datetime, yyyymmdd
from shared.rpc.messages.times import local_date_message, timestamp_message
from shared.rpc.paging import next_page_token, page_cursor, page_size
from shared.store.repositories.flows import FlowDetail
from shared.store.store import Store

_PUBLISHED = time(18)


class FlowDesk:
    """Answers ListFlows for instruments that exist."""

    def __init__(self, store: Store, series: SeriesCache, horizon: Horizon) -> None:
        """Keep the collaborators."""
        self._store = store
        self._series = series
        self._horizon = horizon

    async def page(self, ticker: Ticker, request: wire.ListFlowsRequest) -> wire.ListFlowsResponse:
        """One page, the newest days first, each page in ascending order.

        Raises:
            InvalidInput: If the period ends before it begins, or the page token is of another query.
        """
        period, size = read_period(request, self._horizon.flow_day()), page_size(request)
        cursor = page_cursor(request, (int,))
        until = period.until
        if cursor is not None:
            until = min(until, from_yyyymmdd(int(cursor[0])) - timedelta(days=1))
        async with self._store.read() as uow:
            found = await uow.flows.details(ticker, since=period.since, until=until, limit=size + 1)
        page = found[-size:]
        turnover = _turnover(await self._series.get(ticker)) if page else {}
        token = next_page_token(request, (yyyymmdd(page[0].day),)) if len(found) > size else ""
        return wire.ListFlowsResponse(flows=[_message(day, turnover) for day in page], next_page_token=token)


def _turnover(series: TickerSeries) -> dict[int, int]:
    return dict(zip(series.bars.date.tolist(), series.bars.turnover.tolist(), strict=True))


def _message(day: FlowDetail, turnover: dict[int, int]) -> flow_pb2.Flow:
    in_won = day.foreign_net_krw is not None
    return flow_pb2.Flow(
        trading_date=local_date_message(day.day),
        foreign_net_krw=day.foreign_net_krw if in_won else _won(day.foreign_net_shares, day.close),
        institution_net_krw=day.institution_net_krw if in_won else _won(day.institution_net_shares, day.close),
        pension_net_krw=day.pension_net_krw,
        foreign_net_shares=day.foreign_net_shares,
        institution_net_shares=day.institution_net_shares,
        foreign_hold_shares=day.foreign_held_shares,
        turnover_krw=turnover.get(yyyymmdd(day.day)),
        from_shares=not in_won,
        publish_time=timestamp_message(_published(day.day)),
        source=day.source,
    )


def _won(shares: int | None, close: int | None) -> int | None:
    return None if shares is None or close is None else shares * close


def _published(day: date) -> datetime:
    return kst_datetime(day, _PUBLISHED)
