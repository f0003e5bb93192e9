"""2,000 price changes a second to ten subscribers of 200 topics each: the price stream beside simpler servers.

All arms get the same changes at the same pace, in turns, one at a time; their clients read in this process. The server's CPU
is that of its own process. Latency is the age of an update when its client has decoded it; the product's contains its
batching window, so it is the price of being cheap, and it sends only the newest of what changed within a window.
"""

import asyncio
import json
import statistics
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import grpc
from kstock.pricestream.v1 import price_stream_service_pb2 as wire
from kstock.pricestream.v1 import price_stream_service_pb2_grpc as stream_grpc

from tests.bench.figure import Beside, Figure, Spread
from tests.bench.stream_arms import ARMS, TICKERS, TICKS_PER_S
from tests.bench.workshop import Workshop
from tests.fixtures.price_house import request

SUBSCRIBERS = 10
_SETTLE_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFigures:
    """One arm over all its measurements.

    `cpu` is the server's CPU seconds per second, `p50_ms`/`p99_ms` the age of updates at their reader, `updates` what one
    subscriber decoded per second and `messages` in how many messages.
    """

    cpu: Spread
    p50_ms: Spread
    p99_ms: Spread
    updates: float
    messages: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFigures:
    """All arms, and the server's CPU of each simpler one divided by the product's, pair by pair."""

    arms: dict[str, ArmFigures]
    cpu_ratio: dict[str, Spread]


def figures(_workshop: Workshop) -> Iterator[Figure]:
    """The product beside both simpler servers."""
    found = bench_stream()
    ours, naive = found.arms["product"], found.arms["naive"]
    name = f"{TICKS_PER_S:,} changes a second to {SUBSCRIBERS} subscribers of {len(TICKERS)} topics"
    yield Figure(
        name=f"{name}: server CPU",
        measured=ours.cpu,
        unit="cores",
        beside=Beside(what="times less CPU than one message per change and client", ratio=found.cpu_ratio["naive"]),
        note=f"{ours.updates:,.0f} updates in {ours.messages:.0f} messages a second each, that server {naive.updates:,.0f}; "
        f"a server that writes one JSON text per change takes {found.cpu_ratio['json']} times our CPU",
    )
    note = f"p50 {ours.p50_ms} ms; batches of 50 ms; one message per change and client: p99 {naive.p99_ms} ms"
    yield Figure(name=f"{name}: p99 age of an update at its reader", measured=ours.p99_ms, unit="ms", note=note)


@dataclass(slots=True)
class Readings:
    """What the readers of one arm have seen in one measurement."""

    ages_ms: list[float] = field(default_factory=list)
    messages: int = 0

    def forget(self) -> None:
        self.ages_ms, self.messages = [], 0

    def take(self, made: list[datetime]) -> None:
        now = datetime.now(UTC)
        self.messages += 1
        self.ages_ms += [(now - moment).total_seconds() * 1e3 for moment in made]


@dataclass(slots=True)
class Arm:
    """A server process and its connected readers."""

    process: Process
    readings: Readings = field(default_factory=Readings)

    async def measure(self, seconds: float) -> tuple[float, Readings]:
        """Let it stream for a while; CPU seconds per second, and what was read."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.readings.forget()
        self.process.stdin.write(f"{seconds}\n".encode())
        answer = json.loads(await self.process.stdout.readline())
        await asyncio.sleep(_SETTLE_S)
        return answer["cpu_s"] / seconds, Readings(ages_ms=self.readings.ages_ms, messages=self.readings.messages)


async def read_grpc(port: int, readings: Readings, connected: Callable[[], None], tickers: Sequence[str] = TICKERS) -> None:
    """Read a price stream until cancelled."""
    options = (("grpc.use_local_subchannel_pool", 1),)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        asked = request(*(f"price:{ticker}" for ticker in tickers), min_update_interval={"nanos": 50_000_000})
        call = stream_grpc.PriceStreamServiceStub(channel).Subscribe(asked)
        await call.read()
        connected()
        while True:
            response: wire.SubscribeResponse = await call.read()
            readings.take([quote.receive_time.ToDatetime(UTC) for quote in response.quotes])


async def read_json(port: int, readings: Readings, connected: Callable[[], None]) -> None:
    """Read WebSocket frames of JSON until cancelled."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    connected()
    try:
        while True:
            _, _, size = struct.unpack(">BBH", await reader.readexactly(4))
            readings.take([datetime.fromisoformat(json.loads(await reader.readexactly(size))["timestamp"])])
    finally:
        writer.close()


READERS: dict[str, Callable[[int, Readings, Callable[[], None]], Awaitable[None]]] = {
    "product": read_grpc,
    "naive": read_grpc,
    "json": read_json,
}


@asynccontextmanager
async def running(name: str) -> AsyncIterator[Arm]:
    """An arm's server with all its readers connected."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.stream_arms", name, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        arm = Arm(process)
        connected = asyncio.Semaphore(0)
        async with asyncio.TaskGroup() as tasks:
            readers = [tasks.create_task(READERS[name](port, arm.readings, connected.release)) for _ in range(SUBSCRIBERS)]
            for _ in readers:
                await connected.acquire()
            yield arm
            for reader in readers:
                reader.cancel()
    finally:
        process.stdin.close()
        await process.wait()


async def compare(*, pairs: int = 9, seconds: float = 1.0) -> StreamFigures:
    """Measure all arms in turns.

    Args:
        pairs: Measurements of each arm.
        seconds: Length of each.
    """
    cpu: dict[str, list[float]] = {name: [] for name in ARMS}
    seen: dict[str, list[Readings]] = {name: [] for name in ARMS}
    async with AsyncExitStack() as stack:
        arms = {name: await stack.enter_async_context(running(name)) for name in ARMS}
        for arm in arms.values():
            await arm.measure(0.3)  # warms it
        for turn in range(pairs):
            for name in list(arms) if turn % 2 else list(arms)[::-1]:
                used, readings = await arms[name].measure(seconds)
                cpu[name].append(used)
                seen[name].append(readings)
    return StreamFigures(
        arms={name: _figures(cpu[name], seen[name], seconds) for name in ARMS},
        cpu_ratio={
            name: Spread.of([other / ours for other, ours in zip(cpu[name], cpu["product"], strict=True)])
            for name in ARMS
            if name != "product"
        },
    )


def bench_stream(*, pairs: int = 9, seconds: float = 1.0) -> StreamFigures:
    """Measure all arms; see `compare`."""
    return asyncio.run(compare(pairs=pairs, seconds=seconds))


def _figures(cpu: list[float], seen: list[Readings], seconds: float) -> ArmFigures:
    percentiles = [statistics.quantiles(readings.ages_ms, n=100) for readings in seen]
    per_reader_second = SUBSCRIBERS * seconds
    return ArmFigures(
        cpu=Spread.of(cpu),
        p50_ms=Spread.of([one[49] for one in percentiles]),
        p99_ms=Spread.of([one[98] for one in percentiles]),
        updates=statistics.median(len(readings.ages_ms) for readings in seen) / per_reader_second,
        messages=statistics.median(readings.messages for readings in seen) / per_reader_second,
    )
