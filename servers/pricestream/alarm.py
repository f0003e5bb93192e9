"""Waiting for a moment that may turn out to be earlier than it seemed."""

import asyncio

from shared.clock import Clock


class Alarm:
    """One waiter; others may call it earlier."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rang = asyncio.Event()
        self._due = float("inf")

    def ring(self) -> None:
        """Wake the waiter now, or let its next wait end at once."""
        self._rang.set()

    def by(self, moment: float) -> None:
        """Wake the waiter no later than that; monotonic seconds."""
        if moment < self._due:
            self._rang.set()

    async def wait(self, until: float) -> None:
        """Return at `until`, or when somebody rings or asks for an earlier moment."""
        self._due = until
        if not self._rang.is_set():
            async with asyncio.TaskGroup() as tasks:
                timer = tasks.create_task(self._clock.sleep_machine(until - self._clock.monotonic()))
                timer.add_done_callback(lambda _: self._rang.set())
                await self._rang.wait()
                timer.cancel()
        self._rang.clear()
        self._due = float("-inf")
