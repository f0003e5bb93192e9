"""The room as the composition root sees it: put together here, run there."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import grpc
from kstock.market.v1 import market_service_pb2

from servers.market.bars import BarDesk
from servers.market.calendar_days import CalendarDesk
from servers.market.closing import ClosingPrices
from servers.market.day_desk import DayDesk
from servers.market.feed_line import FeedLine
from servers.market.flows import FlowDesk
from servers.market.gate import GateDesk
from servers.market.generations import GenerationWatch
from servers.market.horizon import Horizon
from servers.market.import_files import ImportFiles
from servers.market.indices import IndexDesk
from servers.market.instruments import InstrumentDirectory
from servers.market.live import LiveValues
from servers.market.market_flows import MarketFlowDesk
from servers.market.masters import MasterDesk
from servers.market.news import NewsDesk
from servers.market.quotes import QuoteDesk, QuoteSources
from servers.market.rankings import RankingDesk
from servers.market.series import SeriesCache
from servers.market.service import Desks, MarketService
from servers.market.session_record import RecordDesk
from servers.market.stored_quotes import StoredQuotes
from shared.bus.base import EventBus
from shared.clock import Clock
from shared.market.instrument import InstrumentKind
from shared.market.sessions import SessionCalendar
from shared.rpc.handlers import HostedService
from shared.store.store import Store

STREAMABLE = frozenset(InstrumentKind) - {InstrumentKind.ELW}
"""Kinds that a feed streams unless it says otherwise; warrants are polled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketParts:
    """What the room needs from the house.

    `streamable` are the kinds that the running feed can stream; `feed` leads to the feed's room, None where there is none.
    `import_paths` are read again every day, and what cannot be stored of them goes below `data_dir`.
    """

    store: Store
    bus: EventBus
    clock: Clock
    calendar: SessionCalendar
    streamable: Collection[InstrumentKind] = STREAMABLE
    feed: grpc.aio.Channel | None = None
    import_paths: Sequence[Path] = ()
    data_dir: Path = Path()


class MarketRoom:
    """The market service of one process.

    Attributes:
        hosted: The service, for the server.
    """

    name = "market"

    def __init__(self, parts: MarketParts) -> None:
        store, calendar = parts.store, parts.calendar
        horizon = Horizon(parts.clock, calendar, store.origin)
        directory = InstrumentDirectory(store, parts.streamable)
        series = SeriesCache(store)
        live = LiveValues(parts.bus, horizon)
        stored, indices = StoredQuotes(store, horizon, calendar), IndexDesk(store, live, horizon)
        self._closing = ClosingPrices(parts.bus, parts.clock, calendar, forget=lambda: stored.forget() + indices.forget())
        days = CalendarDesk(store, horizon, calendar)
        rankings = RankingDesk(store, directory, horizon, calendar)
        desks = Desks(
            directory=directory,
            horizon=horizon,
            quotes=QuoteDesk(directory, QuoteSources(live=live, closing=self._closing, stored=stored), horizon),
            bars=BarDesk(store, series, horizon, calendar),
            flows=FlowDesk(store, series, horizon),
            news=NewsDesk(store, horizon),
            indices=indices,
            gate=GateDesk(store, live, horizon),
            calendar=days,
            day=_day_desk(parts, self._closing, horizon),
            rankings=rankings,
            market_flows=MarketFlowDesk(store, directory, horizon, calendar),
        )

        async def forget() -> None:
            stored.forget()
            indices.forget()
            days.forget()

        listeners = {"instruments": [directory.load], "bars": [series.reload, rankings.reload, forget], "index": [forget]}
        self._watch = GenerationWatch(store, parts.clock, listeners)
        descriptor = market_service_pb2.DESCRIPTOR.services_by_name["MarketService"]
        self.hosted = HostedService(descriptor=descriptor, servicer=MarketService(desks))

    async def load(self) -> None:
        """Read what answers need in memory; `run` does it as well and keeps it current."""
        await self._watch.look()

    async def run(self) -> None:
        """Follow changes of the store, and the end of sessions, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch.run(), name="market-generations")
            tasks.create_task(self._closing.run(), name=self._closing.name)


def _day_desk(parts: MarketParts, closing: ClosingPrices, horizon: Horizon) -> DayDesk:
    feed = FeedLine(parts.feed)
    files = ImportFiles(
        parts.import_paths, store=parts.store, clock=parts.clock, calendar=parts.calendar, data_dir=parts.data_dir
    )
    masters = MasterDesk(parts.store, feed, files, parts.calendar)
    records = RecordDesk(parts.store, feed, files)
    return DayDesk(masters, records, closing, horizon=horizon, calendar=parts.calendar)
