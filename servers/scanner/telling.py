"""What a run tells while it is in memory, to everybody who follows it, from its first word on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

_E = TypeVar("_E")


class Telling(Generic[_E]):
    """Events of one run in order; whoever comes late hears all of them."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._told: list[_E] = []
        self._ended = False
        self._error: Exception | None = None
        self._more = asyncio.Event()

    def tell(self, event: _E) -> None:
        """Tell every follower."""
        self._told.append(event)
        self._wake()

    def end(self, error: Exception | None = None) -> None:
        """Nothing more comes; followers get the error after what was told."""
        self._ended, self._error = True, error
        self._wake()

    async def follow(self) -> AsyncIterator[_E]:
        """Everything that was and will be told, to the end of the run.

        Raises:
            Exception: What the run ended with.
        """
        place = 0
        while True:
            more = self._more
            while place < len(self._told):
                yield self._told[place]
                place += 1
            if self._ended:
                break
            await more.wait()
        if self._error is not None:
            raise self._error

    def _wake(self) -> None:
        more, self._more = self._more, asyncio.Event()
        more.set()
