"""Price streams while twenty people chat, beside the same streams without them, in turns.

Everything is one process, as `kstock up` is; a model's service, the readers of prices and the people are processes of their
own.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from tests.bench.chatters import CHATS, Chatters, place
from tests.bench.child_process import Lines, child
from tests.bench.figure import Beside, Figure, Spread
from tests.bench.kstock_process import SETTLED_S
from tests.bench.stream_bench import SUBSCRIBERS
from tests.bench.workshop import Workshop

PAIRS = 9
_SECONDS = 3.0
_SETTLE_S = 2.0


@dataclass(slots=True)
class Windows:
    """Ages of updates in ms in windows of one kind, p50 and p99, and how many answers ended in each."""

    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


def figures(workshop: Workshop) -> Iterator[Figure]:
    """Windows with and without chats, in turns."""
    alone, beside = asyncio.run(_measured(*place(workshop)))
    ratios = [with_chats / without for with_chats, without in zip(beside.p99, alone.p99, strict=True)]
    yield Figure(
        name=f"p99 age of a price at {SUBSCRIBERS} readers while {CHATS} people chat",
        measured=Spread.of([100 * (ratio - 1) for ratio in ratios]),
        unit="% more than without",
        at_most=10,
        note=f"{Spread.of(beside.p99)} ms beside {Spread.of(alone.p99)} ms, p50 {Spread.of(beside.p50)} beside "
        f"{Spread.of(alone.p50)} ms; {sum(beside.answers) / PAIRS / _SECONDS:.1f} answers a second",
        beside=Beside(what="times the p99 without chats", ratio=Spread.of(ratios)),
    )


async def _measured(data_dir: Path, moment: str) -> tuple[Windows, Windows]:
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(child("tests.bench.model_service"))
        house = await stack.enter_async_context(
            child("tests.bench.busy_house", str(data_dir), moment, await service.readline())
        )
        address, tickers = json.loads(await house.readline())
        readers = await stack.enter_async_context(child("tests.bench.price_readers", address.rpartition(":")[2], *tickers))
        await readers.readline()
        people = Chatters(await stack.enter_async_context(grpc.aio.insecure_channel(address)))
        await asyncio.sleep(SETTLED_S)
        await people.warm()
        alone, beside = Windows(), Windows()
        for _ in range(PAIRS):
            await _window(readers, people, alone)
            async with asyncio.TaskGroup() as tasks:
                chatting = tasks.create_task(people.chat())
                await _window(readers, people, beside)
                chatting.cancel()
        return alone, beside


async def _window(readers: Lines, people: Chatters, windows: Windows) -> None:
    await asyncio.sleep(_SETTLE_S)
    people.answers.clear()
    await readers.ask()
    await asyncio.sleep(_SECONDS)
    p50, p99, count = json.loads(await readers.ask())
    assert count, "no prices arrive"
    windows.p50.append(p50)
    windows.p99.append(p99)
    windows.answers.append(len(people.answers))
