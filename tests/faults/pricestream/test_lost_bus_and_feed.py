"""The bus restarts, connections drop, the feed dies and another takes over, under clients that keep reading."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import grpc
import pytest

from shared.bus.base import FEED_LEASE
from shared.bus.redis import RedisBus
from shared.clock import WallClock
from tests.fixtures.price_house import request
from tests.fixtures.stream_server import StreamServer, TestFeed, stream_server
from tests.fixtures.stream_validator import StreamValidator
from tests.fixtures.valkey import ValkeyServer

TICKERS = ("000001", "000002", "000003")
TEN_MINUTES = timedelta(minutes=10)
TOPICS = {f"price:{ticker}" for ticker in TICKERS}


@dataclass(slots=True)
class Scene:
    """A feed, a replica and one reading client, on a Valkey of their own."""

    valkey: ValkeyServer
    feed: TestFeed
    server: StreamServer
    call: grpc.aio.UnaryStreamCall
    validator: StreamValidator

    async def read_until_current(self) -> None:
        """Read until the client has the newest number of every topic."""
        async with asyncio.timeout(15):
            while not self._is_current():
                self.validator.take(await self.call.read())

    async def read_until_stale(self, stale: set[str]) -> None:
        async with asyncio.timeout(15):
            while self.validator.stale != stale:
                self.validator.take(await self.call.read())

    def _is_current(self) -> bool:
        return all(self.validator.topics[f"price:{ticker}"].seq == self.feed.seqs[ticker] for ticker in TICKERS)


@pytest.fixture
async def scene(own_valkey: ValkeyServer) -> AsyncIterator[Scene]:
    buses = [RedisBus(own_valkey.url, namespace="test", clock=WallClock()) for _ in range(2)]
    feed = TestFeed(buses[0])
    await feed.take_over()
    await feed.tick(*TICKERS)
    async with stream_server(buses[1]) as server:
        call = server.stub().Subscribe(request(*sorted(TOPICS)))
        validator = StreamValidator()
        validator.take(await call.read())
        yield Scene(own_valkey, feed, server, call, validator)
        call.cancel()
    for bus in buses:
        await bus.close()


async def test_a_bus_that_restarts_without_memory_means_stale_then_fresh_and_current(scene: Scene) -> None:
    await scene.read_until_current()
    scene.valkey.stop()
    await scene.read_until_stale(TOPICS)
    scene.valkey.start()
    await scene.feed.bus.acquire_lease(FEED_LEASE, "feed", TEN_MINUTES)
    await scene.feed.tick(*TICKERS)
    await scene.read_until_stale(set())
    await scene.read_until_current()


async def test_connections_dropped_in_the_middle_lose_no_newest_value(scene: Scene) -> None:
    for _ in range(8):
        await scene.feed.tick(*TICKERS)
        scene.valkey.command("CLIENT", "KILL", "TYPE", "pubsub")
        await scene.feed.tick(*TICKERS)
        await scene.read_until_current()


async def test_a_feed_that_dies_makes_prices_stale_and_its_successor_resets_them(scene: Scene) -> None:
    await scene.read_until_current()
    old_epoch = scene.feed.epoch
    await scene.feed.bus.release_lease(FEED_LEASE, "feed")
    await scene.read_until_stale(TOPICS)
    await scene.feed.take_over()
    await scene.feed.tick(*TICKERS)
    await scene.read_until_stale(set())
    await scene.read_until_current()
    assert scene.feed.epoch != old_epoch
    assert {topic.seq for topic in scene.validator.topics.values()} == {1}
