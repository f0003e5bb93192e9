"""Price stream and market room in one process, as `kstock up` runs them: `python -m tests.bench.market_house STORE`.

Prints its port, then makes 2,000 price changes a second until its input ends.
"""

import asyncio
import random
import sys

from servers.market.room import MarketParts, MarketRoom
from servers.pricestream.limits import StreamLimits
from servers.pricestream.room import PriceStreamParts, PriceStreamRoom
from shared.bus.memory import MemoryBus
from shared.clock import WallClock
from shared.config import LogSettings, ServerSettings
from shared.logging import configure_logging
from shared.market.sessions import SessionCalendar
from shared.metrics import Metrics
from shared.rpc.limits import StreamSlots
from shared.rpc.server import RpcServer, ServerParts
from shared.store.store import Store
from tests.bench.stream_arms import feed_onto, make_changes
from tests.fixtures.price_house import EveryTicker

_HOUR_S = 3_600.0


async def serve(store_file: str) -> None:
    """Serve until the input ends."""
    clock = WallClock()
    bus = MemoryBus(clock)
    emit = await feed_onto(bus)

    slots = StreamSlots(per_caller=100, in_all=100)
    prices = PriceStreamRoom(
        PriceStreamParts(
            bus=bus,
            clock=clock,
            directory=EveryTicker(),
            slots=slots,
            metrics=Metrics().stream,
            replica="bench",
            limits=StreamLimits(),
            rng=random.Random(1),
        )
    )
    async with await Store.open(store_file, origin=None, clock=clock) as store:
        market = MarketRoom(MarketParts(store=store, bus=bus, clock=clock, calendar=SessionCalendar.load()))
        parts = ServerParts(services=[prices.hosted, market.hosted], slots=slots, drainables=[prices])
        server = RpcServer(parts, settings=ServerSettings(listen="127.0.0.1:0"), clock=clock)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(room.run()) for room in (prices, market)]
            running.append(tasks.create_task(make_changes(emit, _HOUR_S, 0)))
            await server.start()
            print(server.port, flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
            await server.drain()
            for task in running:
                task.cancel()


if __name__ == "__main__":
    configure_logging(LogSettings(level="warning"))
    asyncio.run(serve(sys.argv[1]))
