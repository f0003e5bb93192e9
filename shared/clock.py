"""The two clocks, and the only place that reads the time.

Market time decides about the market: session, today, bars, ages, jobs, signal life, alert cooldown. Machine time decides
about machines: deadlines, windows, heartbeats, leases, retries. They are the same only in `wall` mode.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from shared.market.errors import InvalidInput

_LONGEST_SLEEP_S = 30.0
"""Wall clocks are corrected and laptops sleep: a long wait looks at the clock again at least this often."""


class ClockMode(StrEnum):
    """Where market time comes from."""

    WALL = "wall"
    FIXED = "fixed"
    REPLAY = "replay"
    SIMULATED = "simulated"


class Clock(Protocol):
    """Market time and machine time of one process."""

    @property
    def mode(self) -> ClockMode:
        """Where market time comes from."""
        ...

    def market_now(self) -> datetime:
        """Market time, UTC."""
        ...

    def machine_now(self) -> datetime:
        """Wall time of this machine, UTC; may be corrected backwards."""
        ...

    def monotonic(self) -> float:
        """Seconds of machine time since some start; never goes back and never leaves this process."""
        ...

    async def sleep_machine(self, seconds: float) -> None:
        """Sleep for a duration of machine time; zero or less only yields to the loop."""
        ...

    async def sleep_market_until(self, moment: datetime) -> None:
        """Return once market time has reached `moment`; at once when it already has."""
        ...


class _MachineTime:
    """Machine time, which is real in every mode."""

    def machine_now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep_machine(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class WallClock(_MachineTime):
    """Market time is the time on the wall."""

    mode = ClockMode.WALL

    def market_now(self) -> datetime:
        """Market time, UTC."""
        return self.machine_now()

    async def sleep_market_until(self, moment: datetime) -> None:
        """Sleep until the wall shows `moment`, also when the wall is corrected meanwhile."""
        while (remaining := (moment - self.market_now()).total_seconds()) > 0:
            await self.sleep_machine(min(remaining, _LONGEST_SLEEP_S))


class FixedClock(_MachineTime):
    """Market time stands still, to ask questions about frozen data."""

    mode = ClockMode.FIXED

    def __init__(self, at: datetime) -> None:
        self._at = _utc(at, "clock.at")

    def market_now(self) -> datetime:
        """The frozen market time, UTC."""
        return self._at

    async def sleep_market_until(self, moment: datetime) -> None:
        """Return at once for a past moment; a future one never comes, so only cancelling ends that wait."""
        if moment > self._at:
            await asyncio.Event().wait()


class ScaledClock(_MachineTime):
    """Market time starts where it is told and runs `speed` times as fast as the machine: replay and simulated market."""

    def __init__(self, start: datetime, *, speed: float, mode: ClockMode) -> None:
        """Start the clock now.

        Args:
            start: Market time at this moment; any zone.
            speed: Market seconds per machine second, above 0 and at most 1,000.
            mode: REPLAY or SIMULATED.

        Raises:
            InvalidInput: If `start` is naive or `speed` out of range.
        """
        if not 0 < speed <= 1_000:
            raise InvalidInput("clock.speed", "must be above 0 and at most 1000")
        self.mode = mode
        self.speed = speed
        self._start = _utc(start, "clock.at")
        self._started = self.monotonic()

    def market_now(self) -> datetime:
        """Market time, UTC."""
        return self._start + timedelta(seconds=(self.monotonic() - self._started) * self.speed)

    async def sleep_market_until(self, moment: datetime) -> None:
        """Sleep until scaled market time has reached `moment`."""
        while (remaining := (moment - self.market_now()).total_seconds()) > 0:
            await self.sleep_machine(remaining / self.speed)


def _utc(moment: datetime, field: str) -> datetime:
    if moment.tzinfo is None:
        raise InvalidInput(field, "has no time zone; write it like 2026-03-11T09:00+09:00")
    return moment.astimezone(UTC)
