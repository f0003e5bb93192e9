import asyncio
import random

import pytest

from shared.market.errors import Conflict
from shared.market.signal import SignalChange
from shared.store.origin import Origin
from shared.store.repositories.signal_events import EventFilter
from shared.store.store import Store
from tests.contract.store.rows import MONDAY, NOON, SAMSUNG, bars, candidate, fetched, signal
from tests.fakes.clock import FakeClock

PUBLISHERS, ROUNDS = 6, 8


async def publish(store: Store, name: int, chance: random.Random) -> None:
    for turn in range(ROUNDS):
        async with store.begin() as uow:
            opened = [
                signal(f"{name}-{turn}-{each}", verdict=candidate(f"{name}{turn:03}{each:02}"))
                for each in range(chance.randint(1, 3))
            ]
            await uow.signals.add(opened)
            await uow.signal_events.append([(SignalChange.OPENED, one) for one in opened], NOON)
            # Whoever took a number first may well be the last to commit.
            for _ in range(chance.randint(0, 4)):
                await uow.meta.generation("bars")


async def watch(store: Store, done: asyncio.Event) -> list[int]:
    """Event ids in the order in which a reader that only asks for later ones sees them."""
    seen: list[int] = []
    while True:
        ended = done.is_set()
        async with store.read() as uow:
            events = await uow.signal_events.page(EventFilter(), after=seen[-1] if seen else 0, limit=3)
        seen += [event.event_id for event in events]
        if ended and not events:
            return seen


async def test_a_reader_that_goes_forward_never_misses_an_event(store: Store, store_url: str) -> None:
    done = asyncio.Event()
    # A second process would have a store of its own.
    async with (
        await Store.open(store_url, origin=Origin.REAL, clock=FakeClock()) as second,
        asyncio.TaskGroup() as watchers,
    ):
        watching = [watchers.create_task(watch(reader, done)) for reader in (store, second)]
        async with asyncio.TaskGroup() as publishers:
            for name in range(PUBLISHERS):
                publishers.create_task(publish(second if name % 2 else store, name, random.Random(name)))
        done.set()
    async with store.read() as uow:
        last = (await uow.signal_events.position()).last_event_id
    assert last >= PUBLISHERS * ROUNDS
    for watched in watching:
        assert watched.result() == list(range(1, last + 1))


async def test_of_two_that_open_the_same_signal_at_once_one_is_told(store: Store, store_url: str) -> None:
    async def open_signal(publisher: Store, name: str) -> str:
        async with publisher.begin() as uow:
            await uow.signals.add([signal(name)])
        return name

    async with await Store.open(store_url, origin=Origin.REAL, clock=FakeClock()) as second:
        outcomes = await asyncio.gather(open_signal(store, "a"), open_signal(second, "b"), return_exceptions=True)
    opened = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(opened) == 1
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, str)] == [Conflict]
    async with store.read() as uow:
        assert [one.signal_id for one in await uow.signals.active()] == opened


@pytest.mark.parametrize("claim", ["lock", "append"])
async def test_who_claims_the_log_first_commits_first(store: Store, store_url: str, claim: str) -> None:
    order: list[str] = []
    claimed = asyncio.Event()

    async def publish_one(publisher: Store, name: str, statements: int) -> None:
        async with publisher.begin() as uow:
            opened = signal(name, verdict=candidate(f"{len(name):06}"))
            if claim == "lock":
                await uow.signal_events.lock()
            await uow.signals.add([opened])
            await uow.signal_events.append([(SignalChange.OPENED, opened)], NOON)
            claimed.set()
            for _ in range(statements):
                await uow.signals.active()
        order.append(name)

    async def second(publisher: Store) -> None:
        await claimed.wait()
        await publish_one(publisher, "second", 0)

    async with await Store.open(store_url, origin=Origin.REAL, clock=FakeClock()) as other:
        await asyncio.gather(publish_one(store, "one", 30), second(other))
    assert order == ["one", "second"]
    async with store.read() as uow:
        events = await uow.signal_events.page(EventFilter(), after=0, limit=9)
    assert [event.signal.signal_id for event in events] == ["one", "second"]


async def test_a_reader_keeps_its_snapshot_while_others_write(store: Store) -> None:
    async with store.read() as reading:
        assert await reading.bars.count() == 0
        async with store.begin() as writing:
            await writing.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
        assert await reading.bars.count() == 0
    async with store.read() as reading:
        assert await reading.bars.count() == 1


async def test_many_writers_of_one_process_take_turns(store: Store) -> None:
    async def raise_generation() -> int:
        async with store.begin() as uow:
            return await uow.meta.bump_generation("bars")

    raised = await asyncio.gather(*(raise_generation() for _ in range(20)))
    assert sorted(raised) == list(range(1, 21))


async def test_a_cancelled_writer_leaves_the_store_usable(store: Store) -> None:
    entered = asyncio.Event()

    async def linger() -> None:
        async with store.begin() as uow:
            await uow.meta.bump_generation("bars")
            entered.set()
            await asyncio.Event().wait()

    lingering = asyncio.ensure_future(linger())
    await entered.wait()
    lingering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lingering
    async with store.begin() as uow:
        assert await uow.meta.bump_generation("bars") == 1
