"""The project's own reconnecting client against the real price stream."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from shared.bus.memory import MemoryBus
from shared.clock import WallClock
from shared.market.topic import parse_topic
from shared.rpc.client import Target, open_channel
from shared.rpc.price_stream import PriceStreamClient, PriceStreamWishes
from shared.rpc.reconnect import StreamLost
from tests.fixtures.eventually import eventually
from tests.fixtures.stream_server import QUICK, TestFeed, stream_server
from tests.fixtures.stream_validator import StreamValidator

TICKERS = ("000001", "000002")


async def test_it_comes_back_after_a_drain_with_its_topics_and_returns_credit_on_the_way() -> None:
    bus, limits = MemoryBus(WallClock()), replace(QUICK, reconnect_within_s=0.05)
    feed, validators, lost = TestFeed(bus), [StreamValidator()], list[StreamLost]()
    await feed.take_over()
    await feed.tick(*TICKERS)
    reached = asyncio.Event()
    wanted = {"price:000001": 40, "price:000002": 40}

    async def follow(port: int) -> None:
        channel = open_channel(Target(address=f"127.0.0.1:{port}"), clock=WallClock())
        client = PriceStreamClient(channel, clock=WallClock(), wishes=PriceStreamWishes(credit_bytes=16_384))
        async with channel, aclosing(client.watch([parse_topic("price:000001")])) as items:
            async for item in items:
                if isinstance(item, wire.SubscribeResponse):
                    validators[-1].take(item)
                    if item.HasField("opened") and len(validators) == 1:
                        await client.change(add=[parse_topic("price:000002")])
                else:
                    lost.append(item)
                    validators.append(StreamValidator())
                if {text: topic.seq for text, topic in validators[-1].topics.items()} == wanted:
                    reached.set()

    async def change_prices() -> None:
        while feed.seqs["000001"] < 40:
            await feed.tick(*TICKERS)
            await asyncio.sleep(0.005)

    async def has_both() -> bool:
        return len(validators[0].topics) == 2

    async with asyncio.TaskGroup() as tasks:
        async with stream_server(bus, limits=limits) as first:
            port = first.server.port
            following = tasks.create_task(follow(port))
            await eventually(has_both)
        async with stream_server(bus, limits=limits, port=port), asyncio.timeout(20):
            await change_prices()
            await reached.wait()
            following.cancel()
    assert lost[0].reason == "DRAIN"
    assert validators[0].going_away == "DRAIN"
    assert set(validators[-1].topics) == set(wanted)
