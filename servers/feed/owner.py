"""Ownership of the feed: of all replicas one holds the lease, begins an epoch and runs its source of prices."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from servers.feed.port import Feed
from servers.feed.publisher import Publisher
from shared.bus.base import FEED_LEASE, BusUnavailable, EpochSuperseded, EventBus
from shared.clock import Clock
from shared.market.topic import FeedStatusTopic

log = structlog.get_logger()

_TTL = timedelta(seconds=10)
_RENEW_S = 3.0
_RETRY_S = 1.0
_PATIENCE_S = 10.0
_LOOK_S = 0.02
_STATE = str(FeedStatusTopic())


class _LeaseLost(Exception):
    """Somebody else may own the feed by now; what runs under the lease must stop."""


class FeedOwner:
    """Runs a feed for as long as this process holds the lease; a component."""

    name = "feed"

    def __init__(self, bus: EventBus, clock: Clock, *, owner: str, build: Callable[[Publisher], Feed]) -> None:
        """Keep the collaborators; nothing runs before `run`.

        Args:
            bus: Where the lease is and where prices go.
            clock: Machine time of the lease.
            owner: Unique name of this process.
            build: Makes the feed for one tenure; it publishes through the given publisher only.
        """
        self._bus = bus
        self._clock = clock
        self._owner = owner
        self._build = build

    async def run(self) -> None:
        """Wait for the lease, run the feed, and wait again when the lease is lost; until cancelled."""
        while True:
            await self._wait_for_lease()
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._keep_lease(), name="feed-lease")
                    tasks.create_task(self._tenure(), name="feed-source")
            except* (_LeaseLost, EpochSuperseded, BusUnavailable):
                log.warning("feed_lease_lost", owner=self._owner)
            finally:
                await self._give_back()

    async def wait_for_state(self) -> None:
        """Return once a feed, here or elsewhere, has told its state, which follows its first prices; or after a while."""
        give_up = self._clock.monotonic() + _PATIENCE_S
        while self._clock.monotonic() < give_up:
            with suppress(BusUnavailable):
                if await self._bus.latest([_STATE]):
                    return
            await self._clock.sleep_machine(_LOOK_S)

    async def _wait_for_lease(self) -> None:
        while not await self._try_lease():
            await self._clock.sleep_machine(_RETRY_S)
        log.info("feed_lease_taken", owner=self._owner)

    async def _try_lease(self) -> bool:
        try:
            return await self._bus.acquire_lease(FEED_LEASE, self._owner, _TTL)
        except BusUnavailable:
            return False  # the bus reports its own outage; the lease cannot be ours meanwhile

    async def _keep_lease(self) -> None:
        held_until = self._clock.monotonic() + _TTL.total_seconds()
        while True:
            await self._clock.sleep_machine(_RENEW_S)
            asked = self._clock.monotonic()
            try:
                held = await self._bus.renew_lease(FEED_LEASE, self._owner, _TTL)
            except BusUnavailable:
                held = asked + _RENEW_S < held_until  # it is still ours until it runs out
            else:
                held_until = asked + _TTL.total_seconds()
            if not held:
                raise _LeaseLost

    async def _tenure(self) -> None:
        publisher = Publisher(self._bus)
        await publisher.start()
        await self._build(publisher).run()

    async def _give_back(self) -> None:
        try:
            await self._bus.release_lease(FEED_LEASE, self._owner)
        except BusUnavailable:
            log.warning("feed_lease_kept", owner=self._owner, runs_out_s=_TTL.total_seconds())
