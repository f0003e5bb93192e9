"""What a store holds after the program that wrote to it was killed."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.store.origin import Origin
from shared.store.repositories.signal_events import EventFilter
from shared.store.repositories.signals import SignalFilter
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.faults.store.writer import STEPS

REPOSITORY = Path(__file__).resolve().parents[3]
TRANSACTIONS = 3
SEEDS = range(50) if os.environ.get("FAULT_SEEDS") == "all" else range(1)


async def start(url: str, transactions: int, step: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.faults.store.writer", url, str(transactions), step)
    return await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=subprocess.PIPE)


async def stored_transactions(url: str) -> int:
    """Number of whole transactions in the store; fails when one is there in part."""
    async with await Store.open(url, origin=Origin.REAL, clock=FakeClock()) as store, store.read() as uow:
        count = await uow.signals.count(SignalFilter())
        events = await uow.signal_events.page(EventFilter(), after=0, limit=10_000)
        assert [event.event_id for event in events] == list(range(1, count + 1))
        assert [event.signal.signal_id for event in events] == [f"signal-{number}" for number in range(1, count + 1)]
        assert await uow.bars.count() == count
        assert await uow.meta.generation("bars") == count
        assert (await uow.signal_events.position()).last_event_id == count
        return count


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_between_two_statements_loses_nothing_acknowledged(store_url: str, step: str) -> None:
    writer = await start(store_url, TRANSACTIONS, step)
    acknowledged, _ = await writer.communicate()
    assert writer.returncode == -signal.SIGKILL
    assert acknowledged.split() == [b"1", b"2"]
    assert await stored_transactions(store_url) == (TRANSACTIONS if step == "committed" else TRANSACTIONS - 1)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_kill_at_any_moment_leaves_whole_transactions(store_url: str, seed: int) -> None:
    chance = random.Random(seed)
    writer = await start(store_url, 10_000, "")
    assert writer.stdout is not None
    acknowledged = 0
    for _ in range(chance.randint(1, 30)):
        acknowledged = int(await writer.stdout.readline())
    # Inside one of the next transactions, a different place each time.
    await asyncio.sleep(chance.uniform(0.0, 0.02))
    writer.kill()
    rest, _ = await writer.communicate()
    acknowledged += len(rest.split())
    assert acknowledged <= await stored_transactions(store_url) <= acknowledged + 1
