"""The bus on a server that is restarted, freezes, closes connections, or is spoken to by strangers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from shared.bus.base import BusBatch, BusEntry, BusUnavailable, ControlMessage, EpochSuperseded
from shared.bus.redis import RedisBus
from tests.fixtures.eventually import eventually
from tests.fixtures.valkey import ValkeyServer

Item = TypeVar("Item")
Connect = Callable[[], RedisBus]


def entry(topic: str, seq: int) -> BusEntry:
    return BusEntry(topic=topic, epoch="feed:1", seq=seq, chunk=f"{topic} {seq}".encode())


async def following(items: AsyncIterator[Item]) -> Item:
    async with asyncio.timeout(10):
        return await anext(items)


async def until_reload(batches: AsyncIterator[BusBatch]) -> BusBatch:
    batch = await following(batches)
    while not batch.reload:
        batch = await following(batches)
    return batch


@asynccontextmanager
async def read_all(messages: AsyncIterator[ControlMessage]) -> AsyncIterator[asyncio.Queue[bytes]]:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def read() -> None:
        async for message in messages:
            heard.put_nowait(message.payload)

    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read())
        yield heard
        reading.cancel()


async def test_after_a_restart_without_memory_the_publisher_fills_the_server_and_followers_reload(
    connect: Connect, own_valkey: ValkeyServer
) -> None:
    feed, hub = connect(), connect()
    await feed.begin_epoch("feed:1")
    await feed.publish([entry("price:005930", 1), entry("price:000660", 1)])
    async with hub.subscribe() as batches:
        await until_reload(batches)
        own_valkey.stop()
        own_valkey.start()
        await until_reload(batches)
        assert await hub.latest() == {}
        await feed.publish([entry("price:005930", 2)])
        refilled = await following(batches)
    assert set(refilled.entries) == {entry("price:005930", 2), entry("price:000660", 1)}
    assert await hub.latest() == {made.topic: made for made in refilled.entries}
    assert await hub.current_epoch("feed") == "feed:1"


async def test_a_connection_dropped_while_subscribed_is_replaced_and_asks_for_a_reload(
    connect: Connect, own_valkey: ValkeyServer
) -> None:
    feed, hub = connect(), connect()
    await feed.begin_epoch("feed:1")
    async with hub.subscribe() as batches:
        await until_reload(batches)
        for seq in range(1, 4):
            own_valkey.command("CLIENT", "KILL", "TYPE", "pubsub")
            await until_reload(batches)
            await feed.publish([entry("price:005930", seq)])
            assert (await following(batches)).entries == (entry("price:005930", seq),)


async def test_entries_of_a_failed_publish_go_out_with_the_next_one(connect: Connect, own_valkey: ValkeyServer) -> None:
    feed, hub = connect(), connect()
    await feed.begin_epoch("feed:1")
    own_valkey.stop()
    with pytest.raises(BusUnavailable):
        await feed.publish([entry("price:005930", 1), entry("price:000660", 1)])
    with pytest.raises(BusUnavailable):
        await feed.publish([entry("price:005930", 2)])
    own_valkey.start()
    await feed.publish([])
    assert await hub.latest() == {"price:005930": entry("price:005930", 2), "price:000660": entry("price:000660", 1)}


async def test_a_gap_in_the_numbering_asks_for_a_reload(connect: Connect, own_valkey: ValkeyServer) -> None:
    feed, hub = connect(), connect()
    await feed.begin_epoch("feed:1")
    async with hub.subscribe() as batches:
        await until_reload(batches)
        await feed.publish([entry("price:005930", 1)])
        assert not (await following(batches)).reload
        own_valkey.command("INCR", "kstock:1:test:batches")
        await feed.publish([entry("price:005930", 3)])
        gap = await following(batches)
    assert (gap.reload, gap.entries) == (True, (entry("price:005930", 3),))


async def test_garbage_on_the_channel_asks_for_a_reload_and_ends_nothing(connect: Connect, own_valkey: ValkeyServer) -> None:
    feed, hub = connect(), connect()
    await feed.begin_epoch("feed:1")
    async with hub.subscribe() as batches:
        await until_reload(batches)
        for garbage in ("nonsense", "0000000000000001", "0000000000000001xyzxyzxyz"):
            own_valkey.command("PUBLISH", "kstock:1:test:entries", garbage)
            assert (await following(batches)).reload
        await feed.publish([entry("price:005930", 1)])
        assert (await following(batches)).entries == (entry("price:005930", 1),)


async def test_an_inbox_hears_its_channels_again_after_a_restart(connect: Connect, own_valkey: ValkeyServer) -> None:
    sender, listener = connect(), connect()
    async with listener.listen_control("demand") as inbox, read_all(aiter(inbox)) as heard:
        assert await inbox.join("stream.a")
        own_valkey.stop()
        with pytest.raises(BusUnavailable):
            await sender.send_control("stream.a", b"lost")
        assert await inbox.join("stream.b") is False
        own_valkey.start()
        await eventually(lambda: sender.send_control("stream.b", b"again"))
        async with asyncio.timeout(10):
            assert await heard.get() == b"again"
            assert await sender.send_control("stream.a", b"and again") == 1
            assert await heard.get() == b"and again"


async def test_a_follower_may_start_before_the_server(connect: Connect, own_valkey: ValkeyServer) -> None:
    own_valkey.stop()
    feed, hub = connect(), connect()
    async with hub.subscribe() as batches:
        own_valkey.start()
        await until_reload(batches)
        await feed.begin_epoch("feed:1")
        assert (await following(batches)).epoch == "feed:1"


async def test_a_publisher_that_was_taken_over_during_an_outage_learns_it(
    connect: Connect, own_valkey: ValkeyServer
) -> None:
    old, new = connect(), connect()
    await old.begin_epoch("feed:1")
    own_valkey.stop()
    with pytest.raises(BusUnavailable):
        await old.publish([entry("price:005930", 1)])
    own_valkey.start()
    await new.begin_epoch("feed:2")
    with pytest.raises(EpochSuperseded):
        await old.publish([])
    assert await new.latest() == {}


async def test_a_server_that_freezes_is_an_outage_not_a_hang(connect: Connect, own_valkey: ValkeyServer) -> None:
    feed = connect()
    await feed.begin_epoch("feed:1")
    own_valkey.freeze()
    async with asyncio.timeout(8):
        with pytest.raises(BusUnavailable):
            await feed.publish([entry("price:005930", 1)])
    own_valkey.thaw()
    await feed.publish([])
    assert await feed.latest() == {"price:005930": entry("price:005930", 1)}
