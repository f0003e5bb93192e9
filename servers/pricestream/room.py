"""The room as the composition root sees it: put together here, run there."""

import asyncio
import random
from collections.abc import Container
from dataclasses import dataclass

from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.hub import Hub
from servers.pricestream.limits import StreamLimits
from servers.pricestream.ops import StreamOps
from servers.pricestream.relay import Relay
from servers.pricestream.service import PriceStreamServicer
from servers.pricestream.streams import Streams
from shared.bus.base import EventBus
from shared.clock import Clock
from shared.metrics import StreamMetrics
from shared.rpc.handlers import HostedService
from shared.rpc.limits import StreamSlots


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStreamParts:
    """What the room needs from the house.

    Attributes:
        bus: Prices, demand and changes of streams travel on it.
        clock: Both clocks.
        directory: Tickers that exist; asked at each subscription, so that it may be reloaded meanwhile.
        slots: Streams per caller, counted by the server.
        metrics: Where the room counts.
        replica: Name of this process among the replicas on the bus.
        limits: Every number.
        rng: Jitter.
    """

    bus: EventBus
    clock: Clock
    directory: Container[str]
    slots: StreamSlots
    metrics: StreamMetrics
    replica: str
    limits: StreamLimits
    rng: random.Random


class PriceStreamRoom:
    """The price stream of one process.

    Attributes:
        hosted: The service, for the server.
        ops: The room's part of OpsService.
    """

    name = "pricestream"

    def __init__(self, parts: PriceStreamParts) -> None:
        hub = Hub(parts.limits, metrics=parts.metrics, rng=parts.rng)
        self._streams = Streams(
            hub, bus=parts.bus, clock=parts.clock, limits=parts.limits, directory=parts.directory, rng=parts.rng
        )
        self._relay = Relay(
            hub,
            bus=parts.bus,
            clock=parts.clock,
            limits=parts.limits,
            replica=parts.replica,
            metrics=parts.metrics,
        )
        self.ops = StreamOps(hub, self._streams)
        self.hosted = HostedService(
            descriptor=wire.DESCRIPTOR.services_by_name["PriceStreamService"],
            servicer=PriceStreamServicer(self._streams, hub, limits=parts.limits, slots=parts.slots),
            encoded=frozenset({"Subscribe"}),
        )

    async def run(self) -> None:
        """Serve until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._relay.run(), name="pricestream-relay")
            tasks.create_task(self._streams.listen(), name="pricestream-changes")

    async def drain(self) -> None:
        """Send every stream away and return when the last one has ended."""
        await self._streams.drain()
