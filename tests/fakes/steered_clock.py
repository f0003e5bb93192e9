"""A clock whose market time a test moves, while machines run in real time, only more often awake."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime

from shared.clock import ClockMode, WallClock


class SteeredClock:
    """Market time stands where it was sent last; naps of machine time are cut short, so that loops look again soon.

    Unlike with `FakeClock` real sockets, threads and databases can take part: the test sends market time on when they are
    done.
    """

    def __init__(self, at: datetime, *, mode: ClockMode = ClockMode.SIMULATED, haste: float = 8.0) -> None:
        """Stand at a moment; a nap lasts `haste` times less than it should."""
        self.mode = mode
        self._wall = WallClock()
        self._haste = haste
        self._market = at.astimezone(UTC)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def market_now(self) -> datetime:
        return self._market

    def machine_now(self) -> datetime:
        return self._wall.machine_now()

    def monotonic(self) -> float:
        return self._wall.monotonic()

    async def sleep_machine(self, seconds: float) -> None:
        await self._wall.sleep_machine(seconds / self._haste)

    async def sleep_market_until(self, moment: datetime) -> None:
        while self._market < moment:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._sleepers, (moment, next(self._order), future))
            await future

    def send_to(self, moment: datetime) -> None:
        """Move market time forward and wake whoever waited for it."""
        self._market = max(self._market, moment.astimezone(UTC))
        while self._sleepers and self._sleepers[0][0] <= self._market:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
