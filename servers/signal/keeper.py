"""Keeps open signals to their plans: on bars when they arrive, and in session on trades."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from servers.signal.event_log import EventLog
from servers.signal.lifecycle import Progress, Standing, end
from shared.bus.base import BusEntry, EventBus
from shared.clock import Clock
from shared.market.errors import Conflict
from shared.market.outcome import EntryMode
from shared.market.plans import PLANS
from shared.market.quote import Quality, Quote
from shared.market.sessions import SessionCalendar, SessionPhase
from shared.market.signal import Signal, SignalState
from shared.market.times import kst_date
from shared.market.topic import PriceTopic
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.quotes import read_quote
from shared.store.store import Store

log = structlog.get_logger(__name__)

_LOOK_S = 2.0
_KEPT_SESSIONS = 30
_LIVE = frozenset({Quality.REALTIME, Quality.POLLED, Quality.REPLAYED, Quality.SIMULATED})
"""A price of any other quality is old, and no reason to end anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An open signal on its way; pure."""

    signal: Signal
    standing: Standing

    def on_price(self, price_krw: int) -> "Plan | Progress":
        """The plan after a trade of a later session than its own: unchanged, entered, or at its end."""
        rule, verdict = PLANS[self.signal.candidate.kind], self.signal.candidate
        plan = self
        if self.standing is Standing.PENDING:
            waits = rule.entry is EntryMode.TRIGGER and verdict.entry_krw is not None and price_krw < verdict.entry_krw
            if waits:
                return self
            plan = replace(self, standing=Standing.UNDER_WAY)
        if verdict.stop_krw is not None and price_krw <= verdict.stop_krw:
            return _ended("STOP", price_krw)
        if verdict.target_krw is not None and price_krw >= verdict.target_krw:
            return _ended("TARGET", price_krw)
        return plan


class PlanKeeper:
    """A component of the signal room."""

    name = "plan-keeper"

    def __init__(self, events: EventLog, *, store: Store, bus: EventBus, clock: Clock, calendar: SessionCalendar) -> None:
        """Keep the collaborators; nothing is read before `run`."""
        self._events = events
        self._store = store
        self._bus = bus
        self._clock = clock
        self._calendar = calendar
        self._plans: dict[str, list[Plan]] = {}

    async def run(self) -> None:
        """Follow bars and trades until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_bars(), name="plans-on-bars")
            tasks.create_task(self._follow_trades(), name="plans-on-trades")

    async def take(self, quote: Quote) -> None:
        """Hold a trade against the plans of its ticker."""
        topic = str(PriceTopic(quote.ticker))
        plans = self._plans.get(topic)
        if not plans or quote.quality not in _LIVE:
            return
        if self._calendar.phase(quote.exchange_time) is not SessionPhase.REGULAR:
            return
        self._plans[topic] = [kept for plan in plans if (kept := await self._advance(plan, quote)) is not None]

    async def _advance(self, plan: Plan, quote: Quote) -> Plan | None:
        if kst_date(quote.exchange_time) <= plan.signal.plan_on:
            return plan
        after = plan.on_price(quote.price_krw)
        if isinstance(after, Plan):
            return after
        try:
            await self._events.close(end(plan.signal, after, self._clock.market_now()))
        except Conflict:
            log.info("signal_changed_meanwhile", signal_id=plan.signal.signal_id)
        return None

    async def _follow_bars(self) -> None:
        known = -1
        while True:
            grown = self._events.grown
            async with self._store.read() as uow:
                generation = await uow.meta.generation("bars")
            if generation != known:
                known = generation
                ended = await self._events.settle()
                await self._trim()
                log.info("plans_settled", ended=ended)
            self._plans = _by_topic(await self._events.standings(), self._plans)
            await self._wait(grown)

    async def _wait(self, grown: asyncio.Event) -> None:
        """Until signals change in this process; another process's changes and new bars are found by looking."""
        try:
            async with asyncio.timeout(_LOOK_S):
                await grown.wait()
        except TimeoutError:
            return

    async def _trim(self) -> None:
        oldest = self._calendar.last_sessions(kst_date(self._clock.market_now()), _KEPT_SESSIONS)[0]
        async with self._store.begin() as uow:
            await uow.signal_events.trim(oldest.opens - timedelta(hours=9))

    async def _follow_trades(self) -> None:
        async with self._bus.subscribe() as batches:
            async for batch in batches:
                await self._take_entries(batch.entries)

    async def _take_entries(self, entries: Iterable[BusEntry]) -> None:
        for entry in entries:
            if entry.topic in self._plans:
                for quote in read_chunk(entry.chunk).quotes:
                    await self.take(read_quote(quote))


def _by_topic(standings: Iterable[tuple[Signal, Standing]], before: dict[str, list[Plan]]) -> dict[str, list[Plan]]:
    """Plans by topic; one that a trade of today has begun stays begun, which the bars do not know yet."""
    begun = {
        (plan.signal.signal_id, plan.signal.plan_on)
        for plans in before.values()
        for plan in plans
        if plan.standing is Standing.UNDER_WAY
    }
    plans: dict[str, list[Plan]] = {}
    for signal, standing in standings:
        at = Standing.UNDER_WAY if (signal.signal_id, signal.plan_on) in begun else standing
        plans.setdefault(str(PriceTopic(signal.candidate.ticker)), []).append(Plan(signal=signal, standing=at))
    return plans


def _ended(reason: str, price_krw: int) -> Progress:
    return Progress(standing=Standing.ENDED, state=SignalState.CLOSED, reason=reason, price_krw=price_krw)
