"""The watch over the store's counters."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

from servers.market.generations import GenerationWatch
from shared.market.errors import StoreUnusable
from tests.fakes.clock import FakeClock


class Counters:
    """A store that has nothing but counters, and can be out of reach."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.lost = False

    @asynccontextmanager
    async def read(self):
        if self.lost:
            raise StoreUnusable("out of reach")
        yield SimpleNamespace(meta=self)

    async def generations(self) -> dict[str, int]:
        return dict(self.values)


def watched():
    store, clock, calls = Counters(), FakeClock(), []

    async def bars() -> None:
        calls.append("bars")

    async def news() -> None:
        calls.append("news")

    return store, clock, calls, GenerationWatch(store, clock, {"bars": [bars], "news": [news]})


async def test_the_first_look_loads_everything():
    _, _, calls, watch = watched()
    await watch.look()
    assert calls == ["bars", "news"]


async def test_only_what_changed_is_loaded_again():
    store, _, calls, watch = watched()
    await watch.look()
    store.values["news"] = 1
    await watch.look()
    await watch.look()
    assert calls == ["bars", "news", "news"]


async def test_a_store_out_of_reach_is_looked_for_again():
    store, clock, calls, watch = watched()
    await watch.look()
    store.lost = True
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watch.run())
        await clock.advance(3)
        store.lost, store.values = False, {"bars": 5}
        await clock.advance(3)
        running.cancel()
    assert calls == ["bars", "news", "bars"]
