"""A bounded queue with one reader that never makes its writers wait."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """Items in order of arrival; `put` refuses when it is full, so the writer decides what a full box means."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: deque[Item] = deque()
        self._filled = asyncio.Event()
        self._closed = False

    def put(self, item: Item) -> bool:
        """Add an item; False when the box is full or closed and the item was not taken."""
        if self._closed or len(self._items) >= self._limit:
            return False
        self._items.append(item)
        self._filled.set()
        return True

    def replace_all(self, item: Item) -> None:
        """Throw away what waits and leave this item instead."""
        self._items.clear()
        self.put(item)

    def close(self) -> None:
        """Drop what waits and end the reader."""
        self._closed = True
        self._items.clear()
        self._filled.set()

    def __aiter__(self) -> AsyncIterator[Item]:
        """The one reader."""
        return self

    async def __anext__(self) -> Item:
        """The next item, waiting for it; ends once the box is closed."""
        while not self._items:
            if self._closed:
                raise StopAsyncIteration
            self._filled.clear()
            await self._filled.wait()
        return self._items.popleft()
