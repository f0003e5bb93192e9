"""The bus between processes: latest values with a live flow of changes, control messages, and leases.

The owner of the feed publishes prices, the scanner the market gate; hubs and rooms follow. Only the latest value of a topic
matters, so a follower that may have missed something is told to read `latest` again instead of being served a backlog.
Control messages are delivered at most once to whoever listens at that moment. All durations are machine time.
"""

import secrets
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from shared.market.errors import Conflict, FeedUnavailable

FEED_LEASE = "feed"
"""Lease of the one process that may publish prices; while nobody holds it, every price is stale."""

FEED_PUBLISHER = "feed"
"""Publisher of prices, index levels and feed states."""

GATE_PUBLISHER = "gate"
"""Publisher of the market gate."""


class EpochSuperseded(Conflict):
    """Another publisher has begun its own epoch; this one must stop publishing."""


class BusUnavailable(FeedUnavailable):
    """The bus does not answer. Prices held so far are old; the connection is tried again by itself."""

    def __init__(self, why: str) -> None:
        super().__init__("bus", why, timedelta(seconds=5))


@dataclass(frozen=True, slots=True, kw_only=True)
class BusEntry:
    """The newest value of one topic.

    `topic` is the canonical text form. `seq` is the topic's sequence number: it rises by one per accepted change within
    `epoch`, which each start of the publisher makes anew (`new_epoch`). A topic has one publisher. `chunk` is the value,
    encoded once by the publisher as a field of `SubscribeResponse` (tag, length, body), so that every subscriber shares its
    bytes.
    """

    topic: str
    epoch: str
    seq: int
    chunk: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BusBatch:
    """What one `publish` brought. An empty batch announces the beginning of `epoch`.

    `reload` says that something may have been missed before this batch (first connection, lost connection, overflow): read
    `latest` to be current. `epoch` is empty in a batch that carries nothing but `reload`.
    """

    epoch: str
    entries: tuple[BusEntry, ...] = ()
    reload: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlMessage:
    """A message on a control channel."""

    channel: str
    payload: bytes


class ControlInbox(Protocol):
    """Control messages of a changing set of channels, in order of arrival; one reader iterates."""

    async def join(self, channel: str) -> bool:
        """Listen to one more channel.

        Returns:
            Whether the bus has confirmed it. False means that the bus is out of reach at the moment; the channel is
            joined as soon as it answers.
        """

    async def leave(self, channel: str) -> None:
        """Listen no more to a channel; one that was never joined is ignored."""

    def __aiter__(self) -> AsyncIterator[ControlMessage]:
        """Messages until the inbox is closed."""


class EventBus(Protocol):
    """Port of the bus; `memory.py` within one process, `redis.py` between processes."""

    async def begin_epoch(self, epoch: str) -> None:
        """Take over from an earlier epoch of the same publisher, whose entries are refused from now on.

        Values of the earlier epoch stay readable until new ones replace them.

        Args:
            epoch: From `new_epoch`.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    async def publish(self, entries: Sequence[BusEntry]) -> None:
        """Store entries as the latest values and hand them to every follower, in order.

        Calls of one publisher must not overlap. Entries of a failed call are kept and go out with the next call, unless a
        newer one of their topic replaces them; an empty call sends just those.

        Args:
            entries: Values of one epoch, in rising `seq` per topic.

        Raises:
            EpochSuperseded: Somebody else began an epoch, or this one was never begun.
            BusUnavailable: The bus does not answer.
        """

    async def latest(self, topics: Collection[str] | None = None) -> dict[str, BusEntry]:
        """Newest entries of the topics that have one.

        Args:
            topics: Which to read; None reads all.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    async def current_epoch(self, publisher: str) -> str | None:
        """The epoch in which a publisher may publish; None before its first.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[BusBatch]]:
        """Follow everything that is published.

        The first batch has `reload` set, as has the first one after each interruption. The iterator reconnects by itself
        and ends only with its context.
        """

    async def send_control(self, channel: str, payload: bytes) -> int:
        """Send a control message.

        Returns:
            How many inboxes heard it.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    def listen_control(self, *channels: str) -> AbstractAsyncContextManager[ControlInbox]:
        """Open an inbox on some channels; more can be joined later."""

    async def acquire_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        """Take a lease that is free, or that `owner` holds already.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    async def renew_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        """Prolong a lease; False when `owner` no longer holds it and must stop what the lease protects.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    async def release_lease(self, name: str, owner: str) -> bool:
        """Give a lease back; False when `owner` did not hold it.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    async def lease_owner(self, name: str) -> str | None:
        """Who holds a lease; None when it is free.

        Raises:
            BusUnavailable: The bus does not answer.
        """

    async def close(self) -> None:
        """Let go of connections. Subscriptions and inboxes are closed by their own contexts."""


def new_epoch(publisher: str) -> str:
    """Name a new epoch: the publisher and 128 random bits."""
    return f"{publisher}:{secrets.token_hex(16)}"


def publisher_of(epoch: str) -> str:
    """Who publishes in an epoch."""
    return epoch.partition(":")[0]


def one_epoch(entries: Sequence[BusEntry]) -> str:
    """The epoch that all entries of a publish call share.

    Raises:
        ValueError: No entry, or entries of two epochs.
    """
    epochs = {entry.epoch for entry in entries}
    if len(epochs) != 1:
        raise ValueError(f"entries of one publish call must share one epoch, found {len(epochs)}")
    return epochs.pop()
