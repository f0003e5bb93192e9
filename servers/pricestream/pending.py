"""Chunks on their way to subscribers, as immutable values that many of them share.

Merging a round's changes into what waits is done once for all subscribers that wait for the same, and so is joining it into
one payload. A subscriber that falls behind holds one such value; it can never hold more chunks than it has topics.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import NamedTuple


class Change(NamedTuple):
    """Newest chunk of one topic in a round, and how many changes of the topic the round has seen."""

    chunk: bytes
    weight: int


class Pending:
    """Chunks that wait, newest per topic, in the order in which their topics began to wait."""

    __slots__ = ("_joined", "chunks")

    def __init__(self, chunks: Mapping[str, bytes]) -> None:
        self.chunks = chunks
        self._joined: bytes | None = None

    def __len__(self) -> int:
        """Number of topics that wait."""
        return len(self.chunks)

    @property
    def joined(self) -> bytes:
        """The payload; joined once, whoever asks."""
        if self._joined is None:
            self._joined = b"".join(self.chunks.values())
        return self._joined

    def split(self, *, budget_bytes: int, max_updates: int) -> tuple["Pending", "Pending"]:
        """Cut off what may be written now: at least one chunk, else as many as fit.

        Returns:
            What to write and what stays.
        """
        if len(self.chunks) <= max_updates and len(self.joined) <= budget_bytes:
            return self, NOTHING
        size = count = 0
        for chunk in islice(self.chunks.values(), max_updates):
            if count and size + len(chunk) > budget_bytes:
                break
            size += len(chunk)
            count += 1
        items = iter(self.chunks.items())
        return Pending(dict(islice(items, count))), Pending(dict(items))

    def without(self, topics: AbstractSet[str]) -> "Pending":
        """The same without some topics; itself when none of them waits."""
        if topics.isdisjoint(self.chunks):
            return self
        left = {topic: chunk for topic, chunk in self.chunks.items() if topic not in topics}
        return Pending(left) if left else NOTHING


NOTHING = Pending({})


class Part:
    """What one round brings to one set of topics; `weight` counts changes, of which only the newest per topic is here."""

    __slots__ = ("_onto", "chunks", "weight")

    def __init__(self, chunks: Mapping[str, bytes], *, weight: int) -> None:
        self.chunks = chunks
        self.weight = weight
        self._onto: dict[Pending, tuple[Pending, int]] = {}

    def onto(self, pending: Pending) -> tuple[Pending, int]:
        """Merge into what waits.

        Returns:
            What waits now, and how many changes were conflated: replaced within the round or replacing a waiting chunk.
        """
        known = self._onto.get(pending)
        if known is None:
            merged = Pending({**pending.chunks, **self.chunks} if pending.chunks else self.chunks)
            known = self._onto[pending] = (merged, self.weight + len(pending) - len(merged))
        return known
