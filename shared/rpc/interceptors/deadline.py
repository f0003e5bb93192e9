"""Caps how long a call may take, whatever deadline its caller set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.clock import Clock
from shared.rpc.call import Call
from shared.rpc.errors import DeadlineOver


class DeadlineCap:
    """Ends a call after the longest duration of its method; a shorter deadline of the caller is gRPC's business."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Let the call run within its cap."""
        seconds = call.policy.deadline.total_seconds()
        call.ends_at = self._clock.monotonic() + min(seconds, call.context.time_remaining() or seconds)
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                yield
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise DeadlineOver(f"{seconds:g} s") from error
