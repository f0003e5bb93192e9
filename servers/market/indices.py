"""ListIndexLevels and ListIndexBars."""

from collections.abc import Sequence
from datetime import date, timedelta

from kstock.common.v1 import market_index_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.cache import MARKET_TTL, AgedCache
from servers.market.horizon import Horizon
from servers.market.live import LiveValues
from servers.market.periods import read_period
from shared.market.index_level import IndexLevel
from shared.market.times import from_yyyymmdd, yyyymmdd
from shared.market.topic import MarketIndex
from shared.rpc.messages.enums import MARKET_INDEX
from shared.rpc.messages.index_levels import index_level_message
from shared.rpc.messages.times import local_date_message, read_timestamp
from shared.rpc.paging import next_page_token, page_cursor, page_size
from shared.store.repositories.indices import IndexBar
from shared.store.store import Store

_SOURCE = "krx"


class IndexDesk:
    """Answers what is asked about indices."""

    def __init__(self, store: Store, live: LiveValues, horizon: Horizon) -> None:
        """Keep the collaborators."""
        self._store = store
        self._live = live
        self._horizon = horizon
        self._cached: AgedCache[tuple[date, MarketIndex], IndexLevel] = AgedCache(lambda: horizon.now)

    def forget(self) -> int:
        """Drop every cached close; returns how many that were."""
        return self._cached.clear()

    async def levels(self, request: wire.ListIndexLevelsRequest) -> wire.ListIndexLevelsResponse:
        """Streamed levels, or the newest stored closes where those are newer.

        Raises:
            BusUnavailable: The bus does not answer.
        """
        numbered = enumerate(request.indices)
        asked = [MARKET_INDEX.from_wire(number, f"indices[{place}]") for place, number in numbered] or list(MarketIndex)
        wanted = list(dict.fromkeys(asked))
        found = await self._live.levels(wanted)
        last_close = self._horizon.closed(self._horizon.bar_day())
        old = [index for index in wanted if index not in found or read_timestamp(found[index].exchange_time) < last_close]
        for close in await self._closes(old):
            known = found.get(close.index)
            if known is None or read_timestamp(known.exchange_time) < close.exchange_time:
                found[close.index] = index_level_message(close)
        return wire.ListIndexLevelsResponse(
            levels=[found[index] for index in wanted if index in found],
            missing_indices=[MARKET_INDEX.to_wire(index) for index in wanted if index not in found],
        )

    async def bars(self, request: wire.ListIndexBarsRequest) -> wire.ListIndexBarsResponse:
        """One page of daily bars, the newest first, each page in ascending order.

        Raises:
            InvalidInput: No index, a period that ends before it begins, or a token of another query.
        """
        index = MARKET_INDEX.from_wire(request.index, "index")
        period, size = read_period(request, self._horizon.bar_day()), page_size(request)
        cursor = page_cursor(request, (int,))
        until = period.until
        if cursor is not None:
            until = min(until, from_yyyymmdd(int(cursor[0])) - timedelta(days=1))
        async with self._store.read() as uow:
            found = await uow.indices.newest(index, limit=size + 1, until=until)
        inside = [bar for bar in found if bar.day >= period.since]
        page = inside[-size:]
        token = next_page_token(request, (yyyymmdd(page[0].day),)) if len(inside) > size else ""
        return wire.ListIndexBarsResponse(
            bars=[_bar_message(bar) for bar in page], next_page_token=token, sources=[_SOURCE] if page else []
        )

    async def _closes(self, indices: Sequence[MarketIndex]) -> list[IndexLevel]:
        until, read = self._horizon.bar_day(), self._horizon.now
        allowed = MARKET_TTL.at(self._horizon.phase())
        cached = {
            index: level for (_, index), level in self._cached.fresh([(until, one) for one in indices], allowed).items()
        }
        unread = [index for index in indices if index not in cached]
        if unread:
            async with self._store.read() as uow:
                series = [await uow.indices.newest(index, limit=2, until=until) for index in unread]
            closes = {bars[-1].index_name: self._close(bars) for bars in series if bars}
            self._cached.put({(until, index): level for index, level in closes.items()}, read=read)
            cached |= closes
        return [cached[index] for index in indices if index in cached]

    def _close(self, bars: Sequence[IndexBar]) -> IndexLevel:
        bar, closed = bars[-1], self._horizon.closed(bars[-1].day)
        return IndexLevel(
            index=bar.index_name,
            level_e2=bar.close_e2,
            previous_close_e2=bars[-2].close_e2 if len(bars) > 1 else None,
            open_e2=bar.open_e2,
            high_e2=bar.high_e2,
            low_e2=bar.low_e2,
            volume_shares=bar.volume,
            turnover_krw=bar.turnover,
            quality=self._horizon.close_quality,
            exchange_time=closed,
            receive_time=closed,
            source=_SOURCE,
        )


def _bar_message(bar: IndexBar) -> market_index_pb2.IndexBar:
    return market_index_pb2.IndexBar(
        trading_date=local_date_message(bar.day),
        open_e2=bar.open_e2,
        high_e2=bar.high_e2,
        low_e2=bar.low_e2,
        close_e2=bar.close_e2,
        volume_shares=bar.volume,
        turnover_krw=bar.turnover,
    )
