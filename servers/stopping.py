"""The wish to end a process gracefully."""

import asyncio
from datetime import timedelta

from shared.rpc.server import DRAIN_GRACE


class Stopping:
    """Asked for by a signal or by an operator; whoever asks first decides how long streams have to end by themselves.

    Attributes:
        grace: That time.
    """

    def __init__(self) -> None:
        self.grace = DRAIN_GRACE
        self._asked = asyncio.Event()

    def ask(self, grace: timedelta = DRAIN_GRACE) -> None:
        """Begin to end; asking again changes nothing."""
        if not self._asked.is_set():
            self.grace = grace
            self._asked.set()

    async def wait(self) -> None:
        """Return once somebody has asked."""
        await self._asked.wait()
