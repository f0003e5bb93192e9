"""What every bus promises, whichever one carries it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from shared.bus.base import BusEntry, EpochSuperseded, EventBus, new_epoch, publisher_of
from tests.fixtures.eventually import eventually

Item = TypeVar("Item")
Connect = Callable[[], EventBus]
TTL = timedelta(seconds=20)


async def following(items: AsyncIterator[Item]) -> Item:
    async with asyncio.timeout(5):
        return await anext(items)


async def unheard(sender: EventBus, channel: str) -> bool:
    return await sender.send_control(channel, b"late") == 0


def entry(topic: str = "price:005930", seq: int = 1, *, epoch: str = "feed:1", chunk: bytes = b"chunk") -> BusEntry:
    return BusEntry(topic=topic, epoch=epoch, seq=seq, chunk=chunk)


async def test_a_follower_first_hears_that_it_must_reload(connect: Connect) -> None:
    async with connect().subscribe() as batches:
        first = await following(batches)
    assert first.reload
    assert first.entries == ()


async def test_published_entries_reach_every_follower_in_order(connect: Connect) -> None:
    feed, one, two = connect(), connect(), connect()
    await feed.begin_epoch("feed:1")
    async with one.subscribe() as first, two.subscribe() as second:
        for batches in (first, second):
            await following(batches)
        await feed.publish([entry(seq=1), entry("market:kospi", 1)])
        await feed.publish([entry(seq=2, chunk=b"\x00\xff newer")])
        for batches in (first, second):
            batch = await following(batches)
            assert batch.entries == (entry(seq=1), entry("market:kospi", 1))
            assert (batch.epoch, batch.reload) == ("feed:1", False)
            assert (await following(batches)).entries == (entry(seq=2, chunk=b"\x00\xff newer"),)


async def test_latest_holds_the_newest_entry_of_each_topic(connect: Connect) -> None:
    feed, reader = connect(), connect()
    await feed.begin_epoch("feed:1")
    await feed.publish([entry(seq=1), entry("market:kospi", 7)])
    await feed.publish([entry(seq=2)])
    newest = {"price:005930": entry(seq=2), "market:kospi": entry("market:kospi", 7)}
    assert await reader.latest() == newest
    assert await reader.latest(["price:005930", "price:000660"]) == {"price:005930": entry(seq=2)}
    assert await reader.latest([]) == {}


async def test_a_fresh_bus_has_no_values_and_no_epoch(connect: Connect) -> None:
    bus = connect()
    assert await bus.latest() == {}
    assert await bus.current_epoch("feed") is None


async def test_many_entries_in_one_call_all_arrive(connect: Connect) -> None:
    feed, reader = connect(), connect()
    await feed.begin_epoch("feed:1")
    entries = [entry(f"price:{number:06d}") for number in range(1203)]
    heard: list[BusEntry] = []
    async with reader.subscribe() as batches:
        await feed.publish(entries)
        while len(heard) < len(entries):
            heard += (await following(batches)).entries
    assert heard == entries
    assert len(await reader.latest()) == len(entries)


async def test_a_new_epoch_is_announced_and_older_values_stay_readable(connect: Connect) -> None:
    old, new, reader = connect(), connect(), connect()
    await old.begin_epoch("feed:1")
    await old.publish([entry(seq=9)])
    async with reader.subscribe() as batches:
        await following(batches)
        await new.begin_epoch("feed:2")
        announced = await following(batches)
    assert (announced.epoch, announced.entries) == ("feed:2", ())
    assert await reader.current_epoch("feed") == "feed:2"
    assert await reader.latest() == {"price:005930": entry(seq=9)}


async def test_a_superseded_publisher_is_refused_and_changes_nothing(connect: Connect) -> None:
    old, new = connect(), connect()
    await old.begin_epoch("feed:1")
    await new.begin_epoch("feed:2")
    await new.publish([entry(seq=1, epoch="feed:2")])
    with pytest.raises(EpochSuperseded):
        await old.publish([entry(seq=10)])
    assert await new.latest() == {"price:005930": entry(seq=1, epoch="feed:2")}


async def test_publishers_have_epochs_of_their_own(connect: Connect) -> None:
    bus = connect()
    await bus.begin_epoch("feed:1")
    await bus.begin_epoch("gate:1")
    await bus.publish([entry()])
    await bus.publish([entry("market-gate", epoch="gate:1")])
    await bus.begin_epoch("gate:2")
    await bus.publish([entry(seq=2)])
    with pytest.raises(EpochSuperseded):
        await bus.publish([entry("market-gate", 2, epoch="gate:1")])
    assert await bus.latest() == {"price:005930": entry(seq=2), "market-gate": entry("market-gate", epoch="gate:1")}


def test_every_epoch_is_new_and_names_its_publisher() -> None:
    one, two = new_epoch("feed"), new_epoch("feed")
    assert one != two
    assert publisher_of(one) == publisher_of(two) == "feed"


async def test_publishing_before_an_epoch_begins_is_refused(connect: Connect) -> None:
    bus = connect()
    with pytest.raises(EpochSuperseded):
        await bus.publish([entry()])
    assert await bus.latest() == {}


async def test_one_call_cannot_publish_for_two_epochs(connect: Connect) -> None:
    bus = connect()
    await bus.begin_epoch("feed:1")
    with pytest.raises(ValueError, match="share one epoch"):
        await bus.publish([entry(), entry("market:kospi", epoch="feed:2")])


async def test_publishing_nothing_is_nothing(connect: Connect) -> None:
    bus = connect()
    await bus.publish([])
    assert await bus.latest() == {}


async def test_a_control_message_reaches_every_inbox_of_its_channel_and_counts_them(connect: Connect) -> None:
    sender, one, two = connect(), connect(), connect()
    async with one.listen_control("demand") as first, two.listen_control("demand", "other") as second:
        assert await sender.send_control("demand", b"\x00 1") == 2
        assert await sender.send_control("other", b"2") == 1
        assert await sender.send_control("nobody", b"3") == 0
        assert (await following(aiter(first))).payload == b"\x00 1"
        heard = [await following(aiter(second)) for _ in range(2)]
    assert [(message.channel, message.payload) for message in heard] == [("demand", b"\x00 1"), ("other", b"2")]


async def test_an_inbox_joins_and_leaves_channels_while_it_is_read(connect: Connect) -> None:
    sender, listener = connect(), connect()
    heard: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()

    async with listener.listen_control() as inbox, asyncio.TaskGroup() as tasks:

        async def read() -> None:
            async for message in inbox:
                heard.put_nowait((message.channel, message.payload))

        reading = tasks.create_task(read())
        assert await sender.send_control("stream.a", b"0") == 0
        assert await inbox.join("stream.a")
        assert await inbox.join("stream.b")
        assert await sender.send_control("stream.a", b"1") == 1
        await inbox.leave("stream.a")
        await inbox.leave("never joined")
        await eventually(lambda: unheard(sender, "stream.a"))
        assert await sender.send_control("stream.b", b"2") == 1
        async with asyncio.timeout(5):
            messages = [await heard.get()]
            while messages[-1] != ("stream.b", b"2"):
                messages.append(await heard.get())
        reading.cancel()
    assert messages[0] == ("stream.a", b"1")


async def test_a_closed_inbox_is_heard_by_nobody(connect: Connect) -> None:
    sender, listener = connect(), connect()
    async with listener.listen_control("demand"):
        pass
    await eventually(lambda: unheard(sender, "demand"))


async def test_a_lease_has_one_holder(connect: Connect) -> None:
    one, two = connect(), connect()
    assert await one.acquire_lease("feed", "a", TTL)
    assert not await two.acquire_lease("feed", "b", TTL)
    assert await one.acquire_lease("feed", "a", TTL)
    assert await two.lease_owner("feed") == "a"
    assert await two.acquire_lease("another", "b", TTL)


async def test_only_the_holder_renews_and_releases_a_lease(connect: Connect) -> None:
    bus = connect()
    assert not await bus.renew_lease("feed", "a", TTL)
    await bus.acquire_lease("feed", "a", TTL)
    assert not await bus.renew_lease("feed", "b", TTL)
    assert not await bus.release_lease("feed", "b")
    assert await bus.renew_lease("feed", "a", TTL)
    assert await bus.release_lease("feed", "a")
    assert await bus.lease_owner("feed") is None
    assert await bus.acquire_lease("feed", "b", TTL)


async def test_a_lease_that_is_not_renewed_becomes_free(connect: Connect) -> None:
    bus = connect()
    await bus.acquire_lease("feed", "a", timedelta(milliseconds=20))
    await eventually(lambda: bus.acquire_lease("feed", "b", TTL))
    assert not await bus.renew_lease("feed", "a", TTL)


async def test_renewing_prolongs_a_lease(connect: Connect) -> None:
    bus = connect()
    await bus.acquire_lease("short", "a", timedelta(milliseconds=60))
    await bus.acquire_lease("feed", "a", timedelta(milliseconds=60))
    assert await bus.renew_lease("feed", "a", TTL)
    await eventually(lambda: bus.acquire_lease("short", "b", TTL))
    assert await bus.lease_owner("feed") == "a"


async def test_work_on_the_bus_ends_when_it_is_cancelled_whatever_it_waits_for(connect: Connect) -> None:
    bus = connect()
    await bus.begin_epoch("feed:1")

    async def work() -> None:
        async with bus.subscribe() as batches, bus.listen_control("demand"):
            while True:
                await bus.publish([entry()])
                await bus.latest()
                await anext(batches)
                await asyncio.sleep(0)  # within one process nothing else gives others a turn

    for turns in range(80):
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            working = tasks.create_task(work())
            for _ in range(turns):
                await asyncio.sleep(0)
            working.cancel()
        assert working.cancelled()
