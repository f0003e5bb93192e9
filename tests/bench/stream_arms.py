"""Servers that stream 2,000 price changes a second to every client, each in a process of its own.

`python -m tests.bench.stream_arms ARM` prints its port; then for each line `SECONDS` on its input it makes changes for that
long and prints the CPU seconds that it took.

- `product`: the price stream as it is served.
- `naive`: gRPC, one message per change and client, encoded for each client.
- `json`: one JSON text per change in a WebSocket frame on a plain connection, as the design before this one did.
"""

import asyncio
import json
import random
import struct
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import grpc
from kstock.common.v1 import quote_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.limits import StreamLimits
from servers.pricestream.room import PriceStreamParts, PriceStreamRoom
from shared.bus.base import FEED_LEASE, BusEntry, EventBus
from shared.bus.memory import MemoryBus
from shared.clock import WallClock
from shared.config import LogSettings, ServerSettings
from shared.logging import configure_logging
from shared.metrics import Metrics
from shared.rpc.limits import StreamSlots
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.server import RpcServer, ServerParts
from tests.fixtures.price_house import EveryTicker

TICKS_PER_S = 2_000
TICKERS = tuple(f"{number:06d}" for number in range(1, 201))

_PACE_S = 0.005
_EPOCH = "feed:bench"

Emit = Callable[[list[tuple[str, int]]], Awaitable[None]]
"""Sends changes, each a ticker and its number."""


def quote(ticker: str, seq: int, now: datetime) -> quote_pb2.Quote:
    """A realistic price; `receive_time` is when the change was made."""
    return quote_pb2.Quote(
        ticker=ticker,
        topic_seq=seq,
        price_krw=70_000 + seq % 500,
        change_krw=500,
        change_bps=72,
        open_krw=69_500,
        high_krw=70_500,
        low_krw=69_000,
        volume_shares=1_000_000 + seq,
        turnover_krw=86_419_690_000 + seq,
        venue=quote_pb2.VENUE_CONSOLIDATED,
        quality=quote_pb2.QUALITY_SIMULATED,
        exchange_time=now,
        receive_time=now,
        source="simulated",
        previous_close_krw=69_500,
    )


async def feed_onto(bus: EventBus) -> Emit:
    """Be the one feed of a bus; returns its way onto it."""
    await bus.acquire_lease(FEED_LEASE, "bench", timedelta(days=1))
    await bus.begin_epoch(_EPOCH)

    async def emit(changes: list[tuple[str, int]]) -> None:
        now = datetime.now(UTC)
        await bus.publish(
            [
                BusEntry(topic=f"price:{ticker}", epoch=_EPOCH, seq=seq, chunk=update_chunk(quote(ticker, seq, now)))
                for ticker, seq in changes
            ]
        )

    return emit


@asynccontextmanager
async def product() -> AsyncIterator[tuple[int, Emit]]:
    """The price stream as it is served."""
    clock = WallClock()
    bus = MemoryBus(clock)
    emit = await feed_onto(bus)
    slots = StreamSlots(per_caller=100, in_all=100)
    room = PriceStreamRoom(
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
    parts = ServerParts(services=[room.hosted], slots=slots, drainables=[room])
    server = RpcServer(parts, settings=ServerSettings(listen="127.0.0.1:0"), clock=clock)

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(room.run())
        await server.start()
        yield server.port, emit
        await server.drain()
        running.cancel()


@asynccontextmanager
async def naive() -> AsyncIterator[tuple[int, Emit]]:
    """One message per change and client."""
    queues: set[asyncio.Queue[quote_pb2.Quote]] = set()

    async def subscribe(request: wire.SubscribeRequest, context: object) -> AsyncGenerator[wire.SubscribeResponse, None]:
        queue: asyncio.Queue[quote_pb2.Quote] = asyncio.Queue()
        queues.add(queue)
        try:
            yield wire.SubscribeResponse()
            while True:
                yield wire.SubscribeResponse(quotes=[await queue.get()])
        finally:
            queues.discard(queue)

    handler = grpc.unary_stream_rpc_method_handler(
        subscribe, wire.SubscribeRequest.FromString, wire.SubscribeResponse.SerializeToString
    )
    server = grpc.aio.server()
    service = "kstock.pricestream.v1.PriceStreamService"
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {"Subscribe": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")

    async def emit(changes: list[tuple[str, int]]) -> None:
        now = datetime.now(UTC)
        for ticker, seq in changes:
            changed = quote(ticker, seq, now)
            for queue in queues:
                queue.put_nowait(changed)

    await server.start()
    yield port, emit
    await server.stop(None)


@asynccontextmanager
async def plain_json() -> AsyncIterator[tuple[int, Emit]]:
    """One JSON text per change, sent to one client after the other."""
    writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        await reader.read()
        writers.discard(writer)

    async def emit(changes: list[tuple[str, int]]) -> None:
        now = datetime.now(UTC).isoformat()
        for ticker, seq in changes:
            text = json.dumps(
                {
                    "type": "price_update",
                    "ticker": ticker,
                    "data": {
                        "price": 70_000 + seq % 500,
                        "change": 500,
                        "change_rate": 0.72,
                        "open": 69_500,
                        "high": 70_500,
                        "low": 69_000,
                        "volume": 1_000_000 + seq,
                        "turnover": 86_419_690_000 + seq,
                        "previous_close": 69_500,
                        "venue": "CONSOLIDATED",
                        "quality": "SIMULATED",
                        "source": "simulated",
                        "exchange_time": now,
                    },
                    "timestamp": now,
                }
            ).encode()
            frame = struct.pack(">BBH", 0x81, 126, len(text)) + text
            for writer in tuple(writers):
                writer.write(frame)
                await writer.drain()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], emit
    server.close()


ARMS = {"product": product, "naive": naive, "json": plain_json}


async def make_changes(emit: Emit, seconds: float, first: int, tickers: Sequence[str] = TICKERS) -> int:
    """Change one ticker after the other at an even pace; the next unused number of a change."""
    loop = asyncio.get_running_loop()
    began, made = loop.time(), 0
    while (passed := loop.time() - began) < seconds:
        due = int(passed * TICKS_PER_S) - made
        changes = [
            (tickers[place % len(tickers)], 1 + place // len(tickers)) for place in range(first + made, first + made + due)
        ]
        await emit(changes)
        made += due
        await asyncio.sleep(_PACE_S)
    return first + made


async def serve(arm: str) -> None:
    """Obey the lines on standard input until it ends."""
    loop = asyncio.get_running_loop()
    number = 0
    async with ARMS[arm]() as (port, emit):
        print(port, flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            began, first = time.process_time(), number
            number = await make_changes(emit, float(line), number)
            print(json.dumps({"cpu_s": time.process_time() - began, "changes": number - first}), flush=True)


if __name__ == "__main__":
    configure_logging(LogSettings(level="warning"))
    asyncio.run(serve(sys.argv[1]))
