"""Whose turn it is to publish: of all scanner replicas one at a time."""

from datetime import timedelta

import structlog

from shared.bus.base import BusUnavailable, EventBus
from shared.clock import Clock

log = structlog.get_logger(__name__)

_TTL = timedelta(seconds=15)
_RENEW_S = 5.0


class Turn:
    """A lease on the bus that is asked for again and again; who does not get it stays silent and asks later."""

    def __init__(self, bus: EventBus, clock: Clock, *, name: str, owner: str) -> None:
        """Name what is taken in turns, and this process among the replicas."""
        self._bus = bus
        self._clock = clock
        self._name = name
        self._owner = owner
        self._held = False
        self._ask_at = float("-inf")

    async def is_ours(self) -> bool:
        """Take or prolong the lease; a bus that does not answer gives no turn to anybody."""
        now = self._clock.monotonic()
        if now >= self._ask_at:
            held = await self._ask()
            if held != self._held:
                log.info("turn_taken" if held else "turn_lost", what=self._name)
            self._held, self._ask_at = held, now + _RENEW_S
        return self._held

    async def give_back(self) -> None:
        """Let another replica go on at once."""
        self._ask_at = float("-inf")
        if self._held:
            self._held = False
            try:
                await self._bus.release_lease(self._name, self._owner)
            except BusUnavailable:
                log.warning("turn_kept", what=self._name, runs_out_s=_TTL.total_seconds())

    async def _ask(self) -> bool:
        try:
            return await self._bus.acquire_lease(self._name, self._owner, _TTL)
        except BusUnavailable:
            return False
