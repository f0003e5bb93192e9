"""The room as the composition root sees it: put together here, run there."""

from collections.abc import Collection
from dataclasses import dataclass

from kstock.market.v1 import market_service_pb2

from servers.market.bars import BarDesk
from servers.market.calendar_days import CalendarDesk
from servers.market.flows import FlowDesk
from servers.market.gate import GateDesk
from servers.market.generations import GenerationWatch
from servers.market.horizon import Horizon
from servers.market.indices import IndexDesk
from servers.market.instruments import InstrumentDirectory
from servers.market.live import LiveValues
from servers.market.market_flows import MarketFlowDesk
from servers.market.news import NewsDesk
from servers.market.quotes import QuoteDesk
from servers.market.rankings import RankingDesk
from servers.market.series import SeriesCache
from servers.market.service import Desks, MarketService
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
    """What the room needs from the house. `streamable` are the kinds that the running feed can stream."""

    store: Store
    bus: EventBus
    clock: Clock
    calendar: SessionCalendar
    streamable: Collection[InstrumentKind] = STREAMABLE


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
        desks = Desks(
            directory=directory,
            horizon=horizon,
            quotes=QuoteDesk(directory, live, StoredQuotes(store, horizon, calendar), horizon),
            bars=BarDesk(store, series, horizon, calendar),
            flows=FlowDesk(store, series, horizon),
            news=NewsDesk(store, horizon),
            indices=IndexDesk(store, live, horizon),
            gate=GateDesk(store, live, horizon),
            calendar=CalendarDesk(store, horizon, calendar),
            rankings=RankingDesk(store, directory, horizon, calendar),
            market_flows=MarketFlowDesk(store, directory, horizon, calendar),
        )
        listeners = {"instruments": [directory.load], "bars": [series.reload]}
        self._watch = GenerationWatch(store, parts.clock, listeners)
        descriptor = market_service_pb2.DESCRIPTOR.services_by_name["MarketService"]
        self.hosted = HostedService(descriptor=descriptor, servicer=MarketService(desks))

    async def load(self) -> None:
        """Read what answers need in memory; `run` does it as well and keeps it current."""
        await self._watch.look()

    async def run(self) -> None:
        """Follow changes of the store until cancelled."""
        await self._watch.run()
