"""A program that publishes signals one transaction after another, says so, and kills itself where it is told to.

Usage: python -m tests.faults.store.writer URL TRANSACTIONS STEP. It prints the number of every transaction whose commit it
has seen, and dies at STEP of the last one.
"""

import asyncio
import os
import signal as signals
import sys

from shared.clock import WallClock
from shared.market.signal import SignalChange
from shared.store.store import Store
from tests.contract.store.rows import MONDAY, NOON, bars, candidate, fetched, signal

STEPS = ("begun", "signal stored", "event appended", "bars stored", "generation raised", "committed")


class Fate:
    """Kills this process at one step, as suddenly as a power cut would."""

    def __init__(self, step: str) -> None:
        self.step = step

    def reach(self, step: str) -> None:
        if step == self.step:
            os.kill(os.getpid(), signals.SIGKILL)


async def transaction(store: Store, number: int, fate: Fate) -> None:
    ticker = f"{number:06}"
    async with store.begin() as uow:
        fate.reach("begun")
        opened = signal(f"signal-{number}", verdict=candidate(ticker))
        await uow.signals.add([opened])
        fate.reach("signal stored")
        await uow.signal_events.append([(SignalChange.OPENED, opened)], NOON)
        fate.reach("event appended")
        await uow.bars.upsert(bars((ticker, MONDAY, 100)), fetched())
        fate.reach("bars stored")
        await uow.meta.bump_generation("bars")
        fate.reach("generation raised")
    fate.reach("committed")


async def main(url: str, transactions: int, step: str) -> None:
    store = await Store.open(url, origin=None, clock=WallClock())
    for number in range(1, transactions + 1):
        await transaction(store, number, Fate(step if number == transactions else ""))
        print(number, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
