"""Writing the invented market into its store: the sessions before a start, headlines, and which session was opened last.

What a running session leaves behind is brought in by the daily ingest, like that of any other source.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from servers.feed.simulated.headlines import headlines_of
from servers.feed.simulated.indices import index_bars
from servers.feed.simulated.intraday import TradedDay, trade_day
from servers.feed.simulated.market import HISTORY_SESSIONS, SimulatedMarket
from servers.feed.simulated.rows import Span, observations
from servers.feed.simulated.tape import SOURCE
from shared.store.provenance import Provenance, SourceRank
from shared.store.repositories.news import Headline
from shared.store.store import Store
from shared.store.unit_of_work import UnitOfWork

_OPENED = "simulated_sessions"
_NEWS_SESSIONS = 60


class Ledger:
    """The store of a simulated market, seen by its source."""

    def __init__(self, store: Store, market: SimulatedMarket) -> None:
        """Keep the collaborators."""
        self._store = store
        self._market = market

    async def last_opened(self) -> int:
        """Position of the session that was opened last; the one before the first live session when none was."""
        async with self._store.read() as unit:
            return HISTORY_SESSIONS - 1 + await unit.meta.generation(_OPENED)

    async def open_session(self, position: int) -> None:
        """Complete everything before a session and note that it is open, so that no later start goes back behind it."""
        await self._complete(position)
        opened = await self.last_opened()
        async with self._store.begin() as unit:
            for _ in range(position - opened):
                await unit.meta.bump_generation(_OPENED)

    async def close_last_opened(self) -> int:
        """Complete everything up to and with the session that was opened last; returns its position."""
        position = await self.last_opened()
        await self._complete(position + 1)
        return position

    async def add_news(self, headlines: Sequence[Headline]) -> None:
        """Store headlines that have just been published."""
        async with self._store.begin() as unit:
            await unit.news.add(headlines, SOURCE)
            await unit.meta.bump_generation("news")

    def headlines(self, position: int) -> list[Headline]:
        """Headlines of a session in order of time."""
        return headlines_of(self._market, position)

    async def _complete(self, end: int) -> None:
        """Store every session before `end` that is not stored yet, the newest stored one again if its flows are missing."""
        async with self._store.read() as unit:
            newest = await unit.bars.newest_date()
            flows = await unit.flows.newest(self._market.universe.tickers[0], limit=1)
        if flows and flows[-1].day == self._market.sessions[end - 1].day:
            return
        first = 0 if newest is None else self._market.position_of(newest)
        live = range(max(first, HISTORY_SESSIONS), end)
        days = {position: await asyncio.to_thread(trade_day, self._market, position) for position in live}
        span = Span(self._market, first, end)
        news = [
            headline for position in range(max(first, end - _NEWS_SESSIONS), end) for headline in self.headlines(position)
        ]
        async with self._store.begin() as unit:
            if newest is None:
                await unit.instruments.observe(observations(self._market), SOURCE)
            await self._write_prices(unit, span, days)
            await self._write_flows(unit, span)
            await unit.news.add(news, SOURCE)
            await unit.meta.bump_generation("news")

    async def _write_prices(self, unit: UnitOfWork, span: Span, days: Mapping[int, TradedDay]) -> None:
        provenance, positions = self._provenance(span), range(span.first, span.end)
        await unit.bars.upsert(span.bars(days), provenance)
        await unit.share_counts.upsert(span.capital(), provenance)
        await unit.instruments.refresh_capital()
        bars = [bar for position in positions for bar in index_bars(self._market, position, days.get(position))]
        await unit.indices.upsert(bars, provenance)
        await unit.fx.upsert(span.dollars(), provenance)
        for name in ("bars", "index", "instruments"):
            await unit.meta.bump_generation(name)

    async def _write_flows(self, unit: UnitOfWork, span: Span) -> None:
        await unit.flows.upsert(span.flows(), self._provenance(span))
        await unit.meta.bump_generation("flows")

    def _provenance(self, span: Span) -> Provenance:
        closed: datetime = self._market.sessions[span.end - 1].closes
        return Provenance(source=SOURCE, rank=SourceRank.EXCHANGE, fetched_time=closed)
