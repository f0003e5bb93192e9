"""Random sequences of faults under a reading client: it ends with the newest values and no promise was broken."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import grpc
import pytest
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from shared.bus.base import FEED_LEASE, BusUnavailable
from shared.bus.redis import RedisBus
from shared.clock import WallClock
from tests.faults.seeds import fault_seeds
from tests.fixtures.price_house import request, topic_of
from tests.fixtures.stream_server import StreamServer, TestFeed, stream_server
from tests.fixtures.stream_validator import StreamValidator
from tests.fixtures.valkey import ValkeyServer

TICKERS = [f"{number:06d}" for number in range(1, 9)]
STEPS = 25
LEASE = timedelta(minutes=10)


class Turmoil:
    """A feed, two replicas on one Valkey, and a client that reads one of them."""

    def __init__(self, rng: random.Random, *, valkey: ValkeyServer, feed: TestFeed, replicas: list[StreamServer]) -> None:
        self.rng = rng
        self.valkey = valkey
        self.feed = feed
        self.replicas = replicas
        self.stubs = [replica.stub() for replica in replicas]
        self.validator = StreamValidator()
        self.call: grpc.aio.UnaryStreamCall | None = None
        self.wanted: set[str] = set()
        self.faults: list[Callable[[], Awaitable[None]]] = [
            self.tick,
            self.tick,
            self.tick,
            self.change_topics,
            self.move,
            self.drop_followers,
            self.drop_everybody,
            self.restart_without_memory,
            self.take_over,
            self.rest,
        ]

    async def tick(self) -> None:
        """Prices change; a feed whose bus is away keeps the newest and goes on."""
        try:
            await self.feed.tick(*self.rng.sample(TICKERS, self.rng.randint(1, len(TICKERS))))
        except BusUnavailable:
            return

    async def change_topics(self) -> None:
        """Through any replica; with the bus away a change may not find its stream, which a client answers by a new one."""
        add, remove = set(self.rng.sample(TICKERS, 2)), set(self.rng.sample(TICKERS, 2))
        change = wire.UpdateSubscriptionRequest(
            stream_id=self.validator.stream_id,
            add=[topic_of(f"price:{ticker}") for ticker in sorted(add)],
            remove=[topic_of(f"price:{ticker}") for ticker in sorted(remove)],
        )
        self.wanted = (self.wanted - remove) | add
        try:
            await self.rng.choice(self.stubs).UpdateSubscription(change)
        except grpc.aio.AioRpcError as error:
            if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.NOT_FOUND):
                raise
            await self.move()

    async def move(self) -> None:
        """The client opens a new stream, on any replica."""
        if self.call is not None:
            self.call.cancel()
        self.wanted = self.wanted or set(TICKERS[:3])
        self.validator = StreamValidator()
        topics = (f"price:{ticker}" for ticker in sorted(self.wanted))
        self.call = self.rng.choice(self.stubs).Subscribe(request(*topics, credit_bytes=0))
        self.validator.take(await self.call.read())

    async def drop_followers(self) -> None:
        self.valkey.command("CLIENT", "KILL", "TYPE", "pubsub")

    async def drop_everybody(self) -> None:
        self.valkey.command("CLIENT", "KILL", "TYPE", "normal")
        await self.drop_followers()

    async def restart_without_memory(self) -> None:
        self.valkey.stop()
        await self.tick()
        self.valkey.start()
        await self.hold_lease()

    async def take_over(self) -> None:
        try:
            await self.feed.take_over()
        except BusUnavailable:
            await self.feed.take_over()
        await self.feed.tick(*TICKERS)

    async def rest(self) -> None:
        await asyncio.sleep(self.rng.uniform(0, 0.1))

    async def hold_lease(self) -> None:
        """What the owner of a feed does all the time; the first command after a cut may find a dead connection."""
        try:
            await self.feed.bus.acquire_lease(FEED_LEASE, "feed", LEASE)
        except BusUnavailable:
            await self.feed.bus.acquire_lease(FEED_LEASE, "feed", LEASE)

    async def read_until_newest(self) -> None:
        """Read until every wanted topic has its newest number and is not stale."""
        async with asyncio.timeout(20):
            while not self._is_newest():
                assert self.call is not None
                self.validator.take(await self.call.read())

    def _is_newest(self) -> bool:
        known = {text.removeprefix("price:"): topic.seq for text, topic in self.validator.topics.items()}
        return not self.validator.stale and known == {ticker: self.feed.seqs[ticker] for ticker in self.wanted}


@pytest.mark.parametrize("seed", fault_seeds(30, sample=3))
async def test_a_client_ends_with_the_newest_values_whatever_happened(seed: int, own_valkey: ValkeyServer) -> None:
    rng = random.Random(seed)
    buses = [RedisBus(own_valkey.url, namespace="test", clock=WallClock()) for _ in range(3)]
    feed = TestFeed(buses[0])
    await feed.take_over()
    await feed.tick(*TICKERS)
    async with stream_server(buses[1], replica="one") as one, stream_server(buses[2], replica="two") as two:
        turmoil = Turmoil(rng, valkey=own_valkey, feed=feed, replicas=[one, two])
        await turmoil.move()
        for _ in range(STEPS):
            await rng.choice(turmoil.faults)()
        await turmoil.hold_lease()
        await turmoil.tick()
        await feed.tick(*TICKERS)
        await turmoil.read_until_newest()
        assert turmoil.call is not None
        turmoil.call.cancel()
    for bus in buses:
        await bus.close()
