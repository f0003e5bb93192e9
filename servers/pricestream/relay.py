"""Keeps the hub on the bus and in time: what comes in, when it goes out, whether it is still true, and what is wanted."""

import asyncio

import structlog

from servers.pricestream import frames
from servers.pricestream.alarm import Alarm
from servers.pricestream.book import PUBLISHERS
from servers.pricestream.hub import Hub
from servers.pricestream.limits import StreamLimits
from shared.bus.base import FEED_LEASE, BusBatch, BusUnavailable, EventBus
from shared.bus.demand import DEMAND_CHANNEL, RESTATED_EVERY, DemandStatement
from shared.clock import Clock
from shared.market.times import kst_date
from shared.market.topic import FeedStatusTopic
from shared.metrics import StreamMetrics

log = structlog.get_logger()

_SWEEP_S = 0.25  # deadlines, heartbeats and ages are looked at this often
_NAP_S = 0.002  # flushes that fall due within this time of each other are made in one go
_WATCH_S = 1.0  # the feed's lease is looked at this often ...
_WATCH_STALE_S = 0.1  # ... and this often while prices are marked stale
_DEMAND_S = 0.25  # a change of demand is stated after at most this time
_FEED_STATUS = str(FeedStatusTopic())


class Relay:
    """Drives one hub.

    Args:
        hub: The hub.
        bus: Where values come from and demand goes to.
        clock: Machine time for everything but the day of the counters, which is market time.
        limits: The dispatcher's window.
        replica: Name of this replica among those on the bus.
        metrics: Reloads and lag are counted here.
    """

    name = "pricestream"

    def __init__(
        self, hub: Hub, *, bus: EventBus, clock: Clock, limits: StreamLimits, replica: str, metrics: StreamMetrics
    ) -> None:
        self._hub = hub
        self._bus = bus
        self._clock = clock
        self._limits = limits
        self._replica = replica
        self._metrics = metrics
        self._alarm = Alarm(clock)
        self._last_round = float("-inf")
        self._reloaded_at = float("-inf")
        self._reload_wanted = False
        self._day = kst_date(clock.market_now())
        hub.timetable.notify = self._alarm.by

    async def run(self) -> None:
        """Serve the hub until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(), name="pricestream-follow")
            tasks.create_task(self._keep_time(), name="pricestream-time")
            tasks.create_task(self._watch_feed(), name="pricestream-watch")
            tasks.create_task(self._state_demand(), name="pricestream-demand")

    async def _follow(self) -> None:
        async with self._bus.subscribe() as batches:
            async for batch in batches:
                await self._take(batch)

    async def _take(self, batch: BusBatch) -> None:
        book = self._hub.book
        if batch.reload or not book.knows(batch.epoch):
            await self._reload()
        if book.take(batch.entries, self._clock.machine_now()):
            self._reload_wanted = True
            if self._clock.monotonic() - self._reloaded_at >= _WATCH_S:  # else the watch does it soon
                await self._reload()
        self._call_dispatcher()

    async def _reload(self) -> None:
        """Read every latest value and who may publish; what is known already is passed over."""
        try:
            latest = await self._bus.latest()
            epochs = [await self._bus.current_epoch(publisher) for publisher in PUBLISHERS]
        except BusUnavailable as error:
            self._reload_wanted = True
            log.warning("bus_reload_failed", why=error.why)
            return
        for epoch in filter(None, epochs):
            self._hub.book.begin_epoch(epoch)
        self._hub.book.take(latest.values(), self._clock.machine_now())
        self._reload_wanted = False
        self._reloaded_at = self._clock.monotonic()
        self._metrics.bus_reloads.inc()
        if not self._hub.subscribers:
            await self._run_round()  # so that the first subscriber finds it
        self._call_dispatcher()

    def _call_dispatcher(self) -> None:
        if self._hub.has_news:
            self._alarm.by(self._last_round + self._limits.min_window_s)

    async def _keep_time(self) -> None:
        sweep_at = self._clock.monotonic()
        while True:
            now = self._clock.monotonic()
            if now >= sweep_at:
                self._sweep(now)
                sweep_at = now + _SWEEP_S
            self._hub.timetable.wake(now)
            round_at = self._last_round + self._limits.min_window_s
            if self._hub.has_news and now >= round_at:
                self._last_round = now
                await self._run_round()
                continue
            await self._wait(now, sweep_at, round_at if self._hub.has_news else None)

    async def _wait(self, now: float, sweep_at: float, round_at: float | None) -> None:
        due = min(at for at in (sweep_at, round_at, self._hub.timetable.earliest) if at is not None)
        await self._alarm.wait(max(due, now + _NAP_S))
        late = self._clock.monotonic() - due
        if late >= 0:
            self._metrics.loop_lag_seconds.observe(late)

    async def _run_round(self) -> None:
        for _ in self._hub.run_round(self._clock.monotonic):
            await asyncio.sleep(0)

    def _sweep(self, now: float) -> None:
        self._hub.check(now)
        today = kst_date(self._clock.market_now())
        if today != self._day:
            self._day = today
            self._hub.reset_counters()

    async def _watch_feed(self) -> None:
        self._reload_wanted = True
        while True:
            if self._reload_wanted:
                await self._reload()
            self._hub.note_staleness(await self._why_stale())
            self._hub.informed.set()
            self._call_dispatcher()
            await self._clock.sleep_machine(_WATCH_STALE_S if self._hub.stale_reason else _WATCH_S)

    async def _why_stale(self) -> str:
        """Staleness belongs to the connection: nobody holds the feed, the bus is lost, or the feed itself says so."""
        try:
            owner = await self._bus.lease_owner(FEED_LEASE)
        except BusUnavailable:
            return "BUS_LOST"
        if owner is None:
            return "FEED_LOST"
        status = self._hub.book.chunk(_FEED_STATUS)
        return "FEED_STALE" if status is not None and frames.all_stale(status) else ""

    async def _state_demand(self) -> None:
        stated: frozenset[str] | None = None
        restate_at = 0.0
        while True:
            now = self._clock.monotonic()
            wanted = self._hub.demand.wanted(now)
            if wanted != stated or now >= restate_at:
                stated = wanted if await self._send_demand(wanted) else None
                restate_at = now + RESTATED_EVERY.total_seconds()
            await self._clock.sleep_machine(_DEMAND_S)

    async def _send_demand(self, topics: frozenset[str]) -> bool:
        statement = DemandStatement(replica=self._replica, topics=topics)
        try:
            await self._bus.send_control(DEMAND_CHANNEL, statement.encode())
        except BusUnavailable:
            return False  # tried again at once; the watch over the feed reports the outage
        return True
