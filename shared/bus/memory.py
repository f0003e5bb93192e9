"""The bus of a house that runs in one process."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from shared.bus.base import BusBatch, BusEntry, ControlMessage, EpochSuperseded, one_epoch, publisher_of
from shared.bus.mailbox import Mailbox
from shared.clock import Clock


class MemoryBus:
    """Everything in this process and gone with it.

    Args:
        clock: Machine time of the leases.
        backlog: Batches, and control messages per inbox, that may wait for a slow reader. A follower that is further behind
            is told to reload; an inbox that is full hears nothing more until it is read.
    """

    def __init__(self, clock: Clock, *, backlog: int = 1024) -> None:
        self._clock = clock
        self._backlog = backlog
        self._epochs: dict[str, str] = {}
        self._latest: dict[str, BusEntry] = {}
        self._followers: set[Mailbox[BusBatch]] = set()
        self._inboxes: dict[str, set[MemoryInbox]] = {}
        self._leases: dict[str, tuple[str, float]] = {}

    async def begin_epoch(self, epoch: str) -> None:
        """See `EventBus.begin_epoch`."""
        self._epochs[publisher_of(epoch)] = epoch
        self._hand_out(BusBatch(epoch=epoch))

    async def publish(self, entries: Sequence[BusEntry]) -> None:
        """See `EventBus.publish`; nothing fails here, so nothing is ever kept for the next call."""
        if not entries:
            return
        epoch = one_epoch(entries)
        if epoch != self._epochs.get(publisher_of(epoch)):
            raise EpochSuperseded("another publisher has taken over; stop publishing and acquire the lease again")
        self._latest.update((entry.topic, entry) for entry in entries)
        self._hand_out(BusBatch(epoch=epoch, entries=tuple(entries)))

    async def latest(self, topics: Collection[str] | None = None) -> dict[str, BusEntry]:
        """See `EventBus.latest`."""
        if topics is None:
            return dict(self._latest)
        return {topic: self._latest[topic] for topic in topics if topic in self._latest}

    async def current_epoch(self, publisher: str) -> str | None:
        """See `EventBus.current_epoch`."""
        return self._epochs.get(publisher)

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[BusBatch]]:
        """See `EventBus.subscribe`."""
        box: Mailbox[BusBatch] = Mailbox(self._backlog)
        box.put(BusBatch(epoch="", reload=True))
        self._followers.add(box)
        try:
            yield box
        finally:
            self._followers.discard(box)
            box.close()

    async def send_control(self, channel: str, payload: bytes) -> int:
        """See `EventBus.send_control`."""
        message = ControlMessage(channel=channel, payload=payload)
        return sum(inbox.box.put(message) for inbox in self._inboxes.get(channel, ()))

    @asynccontextmanager
    async def listen_control(self, *channels: str) -> AsyncIterator["MemoryInbox"]:
        """See `EventBus.listen_control`."""
        inbox = MemoryInbox(self._inboxes, self._backlog)
        for channel in channels:
            await inbox.join(channel)
        try:
            yield inbox
        finally:
            inbox.close()

    async def acquire_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        """See `EventBus.acquire_lease`."""
        if await self.lease_owner(name) not in (None, owner):
            return False
        self._leases[name] = (owner, self._clock.monotonic() + ttl.total_seconds())
        return True

    async def renew_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        """See `EventBus.renew_lease`."""
        return await self.lease_owner(name) == owner and await self.acquire_lease(name, owner, ttl)

    async def release_lease(self, name: str, owner: str) -> bool:
        """See `EventBus.release_lease`."""
        if await self.lease_owner(name) != owner:
            return False
        del self._leases[name]
        return True

    async def lease_owner(self, name: str) -> str | None:
        """See `EventBus.lease_owner`."""
        owner, until = self._leases.get(name, ("", 0.0))
        return owner if self._clock.monotonic() < until else None

    async def close(self) -> None:
        """Nothing to let go of."""

    def _hand_out(self, batch: BusBatch) -> None:
        for box in self._followers:
            if not box.put(batch):
                box.replace_all(replace(batch, reload=True))


class MemoryInbox:
    """Control messages of the channels that were joined."""

    def __init__(self, registry: dict[str, set["MemoryInbox"]], limit: int) -> None:
        self.box: Mailbox[ControlMessage] = Mailbox(limit)
        self._registry = registry
        self._joined: set[str] = set()

    async def join(self, channel: str) -> bool:
        """See `ControlInbox.join`."""
        self._joined.add(channel)
        self._registry.setdefault(channel, set()).add(self)
        return True

    async def leave(self, channel: str) -> None:
        """See `ControlInbox.leave`."""
        self._forget(channel)

    def close(self) -> None:
        """Leave every channel and end the reader."""
        for channel in tuple(self._joined):
            self._forget(channel)
        self.box.close()

    def __aiter__(self) -> AsyncIterator[ControlMessage]:
        """See `ControlInbox`."""
        return self.box

    def _forget(self, channel: str) -> None:
        self._joined.discard(channel)
        listeners = self._registry.get(channel, set())
        listeners.discard(self)
        if not listeners:
            self._registry.pop(channel, None)
