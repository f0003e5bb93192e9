"""A clock that stands still until a test advances it."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

from shared.clock import ClockMode

_SETTLING_TURNS = 50
"""Turns of the loop given to woken tasks before time moves on; enough for a chain of a dozen awaits."""


class FakeClock:
    """Both clocks under a test's control: they start together and `advance` moves them by the same step.

    Sleepers wake in the order of their moments, each seeing exactly the time it waited for, so a run is the same every time.
    """

    def __init__(self, at: datetime = datetime(2026, 3, 11, tzinfo=UTC), *, mode: ClockMode = ClockMode.WALL) -> None:
        self.mode = mode
        self._market = at.astimezone(UTC)
        self._machine = at.astimezone(UTC)
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def market_now(self) -> datetime:
        return self._market

    def machine_now(self) -> datetime:
        return self._machine

    def monotonic(self) -> float:
        return self._elapsed

    @property
    def sleeping(self) -> int:
        """How many tasks wait for this clock."""
        return sum(not future.done() for _, _, future in self._sleepers)

    async def sleep_machine(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        await self._wait(self._elapsed + seconds)

    async def sleep_market_until(self, moment: datetime) -> None:
        while (remaining := (moment - self._market).total_seconds()) > 0:
            await self._wait(self._elapsed + remaining)

    async def advance(self, seconds: float = 0.0) -> None:
        """Move both clocks forward, waking every sleeper on the way and letting it work before time goes on."""
        end = self._elapsed + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._move_to(self._sleepers[0][0])
            while self._sleepers and self._sleepers[0][0] <= self._elapsed:
                _, _, future = heapq.heappop(self._sleepers)
                if not future.done():
                    future.set_result(None)
            await self.settle()
        self._move_to(end)

    async def advance_to(self, moment: datetime) -> None:
        """Move both clocks forward until market time is `moment`."""
        await self.advance((moment - self._market).total_seconds())

    def shift_market(self, by: timedelta) -> None:
        """Let market time jump without waking anybody, e.g. backwards like a corrected wall clock."""
        self._market += by

    async def settle(self) -> None:
        """Let every task that can run do so."""
        for _ in range(_SETTLING_TURNS):
            await asyncio.sleep(0)

    async def _wait(self, until: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (until, next(self._order), future))
        await future

    def _move_to(self, elapsed: float) -> None:
        step = timedelta(seconds=elapsed - self._elapsed)
        self._market += step
        self._machine += step
        self._elapsed = elapsed
