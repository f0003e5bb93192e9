"""Reads the market gate as it stands: from live prices within a session, from official closes before and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

import numpy as np
import structlog
from kstock.common.v1 import market_gate_pb2, market_index_pb2, quote_pb2
from numpy.typing import NDArray

from servers.scanner.as_of import newest_closed
from servers.scanner.gate import GateColour, GateParameters, GateState, settle
from servers.scanner.gate_inputs import (
    GATE_INDICES,
    GateBase,
    MarketReading,
    closing_reading,
    gate_base,
    live_reading,
    read_closes,
)
from servers.scanner.gate_message import GateStamp, gate_message, gate_version
from servers.scanner.loader import MarketLoader
from servers.scanner.prices import LivePrices
from shared.bus.base import FEED_LEASE, BusUnavailable, EventBus
from shared.clock import Clock
from shared.market.errors import DataMissing
from shared.market.quote import Quality
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import from_yyyymmdd
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.times import read_timestamp
from shared.store.origin import Origin
from shared.store.store import Store

log = structlog.get_logger(__name__)

_FACTS = ("bars", "index", "instruments")
_REBASE_S = 10.0  # an import raises the counters file by file; each new base loads the market again
_WORST_LAST = tuple(
    QUALITY.to_wire(quality)
    for quality in (
        Quality.REALTIME,
        Quality.POLLED,
        Quality.CLOSED,
        Quality.DELAYED,
        Quality.STALE,
        Quality.REPLAYED,
        Quality.SIMULATED,
    )
)
_Input: TypeAlias = quote_pb2.Quote | market_index_pb2.IndexLevel
_LIVE = frozenset(QUALITY.to_wire(quality) for quality in (Quality.REALTIME, Quality.POLLED, Quality.DELAYED))


@dataclass(frozen=True, slots=True, kw_only=True)
class GateNow:
    """The gate as it stands.

    Attributes:
        session: The session that it is about.
        colour: After hysteresis.
        has_data: False when both indices are missing, so that the colour says nothing about the market.
        message: The same for bus and store, not numbered.
        final: Whether the session is over.
    """

    session: Session
    colour: GateColour
    has_data: bool
    message: market_gate_pb2.MarketGate
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSources:
    """Where the gate is read from."""

    store: Store
    bus: EventBus
    clock: Clock
    calendar: SessionCalendar
    loader: MarketLoader
    prices: LivePrices


class GateReader:
    """Evaluates the gate whenever something has moved since the evaluation before."""

    def __init__(self, sources: GateSources, parameters: GateParameters) -> None:
        """Keep the collaborators; nothing is read before `look`."""
        self._from = sources
        self._parameters = parameters
        self._version = gate_version(parameters)
        self._base: GateBase | None = None
        self._base_of: object = None
        self._rebase_at = float("-inf")
        self._shown: tuple[date, GateState] | None = None
        self._now: GateNow | None = None
        self._now_of: object = None

    async def look(self) -> GateNow | None:
        """The gate now; None while the store has no bars. The same value until something moves.

        Raises:
            StoreUnusable: The store does not answer.
        """
        now = self._from.clock.market_now()
        await self._rebase(now)
        if self._base is None:
            return None
        live = self._live_session(self._base)
        stale = live is not None and await self._is_stale()
        final = live is None or now >= live.closes
        inputs = (self._base_of, live and self._from.prices.revision, stale, final)
        if inputs != self._now_of:
            self._now = self._closing(self._base, now) if live is None else await self._live(live, now, stale=stale)
            self._now_of = inputs
        return self._now

    async def _rebase(self, now: datetime) -> None:
        """Measure the newest completed session anew when the store has changed, or when market time may uncover another."""
        until = newest_closed(now, self._from.calendar)
        async with self._from.store.read() as uow:
            counters = await uow.meta.generations()
        wanted = (until, *(counters.get(name, 0) for name in _FACTS))
        ripe = self._base is None or self._from.clock.monotonic() >= self._rebase_at
        if wanted == self._base_of or not ripe:
            return
        base = await self._measure(now)
        self._rebase_at = self._from.clock.monotonic() + _REBASE_S
        if base is None or not self._waits_for_indices(base):
            self._base, self._base_of = base, wanted

    async def _measure(self, now: datetime) -> GateBase | None:
        try:
            panel = await self._from.loader.panel(now)
        except DataMissing as missing:
            log.info("gate_without_bars", why=str(missing))
            return None
        async with self._from.store.read() as uow:
            return gate_base(panel, await read_closes(uow, from_yyyymmdd(panel.session)))

    def _waits_for_indices(self, base: GateBase) -> bool:
        """Whether today's bars have come before today's index closes, so that the live reading says more."""
        prices = self._from.prices
        is_today = prices.session is not None and prices.session.day == base.session
        return self._base is not None and is_today and not base.closes.keys() >= prices.levels.keys() & set(GATE_INDICES)

    def _live_session(self, base: GateBase) -> Session | None:
        """Today's session while its official closes are not stored, once an index has moved in it."""
        prices = self._from.prices
        session = prices.session
        return session if session is not None and session.day > base.session and prices.levels else None

    async def _is_stale(self) -> bool:
        try:
            return self._from.prices.feed_is_stale or await self._from.bus.lease_owner(FEED_LEASE) is None
        except BusUnavailable:
            return True

    def _closing(self, base: GateBase, now: datetime) -> GateNow:
        session = self._from.calendar.latest_session(base.session)
        market = closing_reading(base, self._parameters)
        self._shown = (session.day, GateState(colour=market.reading.colour))
        real = self._from.store.origin is Origin.REAL
        stamp = self._stamp(session, Quality.CLOSED if real else Quality.SIMULATED, session.closes, now)
        return _now(session, market, market.reading.colour, stamp, final=True)

    async def _live(self, session: Session, now: datetime, *, stale: bool) -> GateNow:
        assert self._base is not None
        base = self._base
        if base.session != self._from.calendar.previous_session(session.day).day:
            base = _without_history(base)  # a gap before today: an average across it would be of other days
        levels, quotes = self._from.prices.levels, self._from.prices.quotes
        points = {index: level.level_e2 / 100 for index, level in levels.items()}
        market = live_reading(base, points, _prices(base, quotes), parameters=self._parameters)
        shown = settle(await self._shown_before(session, now), market.reading, parameters=self._parameters)
        self._shown = (session.day, shown)
        inputs: list[_Input] = [*levels.values(), *quotes.values()]
        stamp = self._stamp(session, _worst(inputs, stale=stale), read_timestamp(self._from.prices.newest), now)
        return _now(session, market, shown.colour, stamp, final=now >= session.closes)

    async def _shown_before(self, session: Session, now: datetime) -> GateState:
        """The colour that was shown last: by this process, or as a process before it has stored it today."""
        if self._shown is not None and self._shown[0] == session.day:
            return self._shown[1]
        async with self._from.store.read() as uow:
            stored = await uow.gates.newest(now)
        if stored and stored[0].as_of == session.day:
            return GateState(colour=GateColour(stored[0].colour))
        assert self._base is not None
        return GateState(colour=closing_reading(self._base, self._parameters).reading.colour)

    def _stamp(self, session: Session, quality: Quality, exchange_time: datetime, now: datetime) -> GateStamp:
        return GateStamp(
            session=session.day,
            quality=quality,
            exchange_time=exchange_time,
            receive_time=now,
            rule_version=self._version,
        )


def _now(session: Session, market: MarketReading, colour: GateColour, stamp: GateStamp, *, final: bool) -> GateNow:
    return GateNow(
        session=session,
        colour=colour,
        has_data=bool(market.indices),
        message=gate_message(market, colour, stamp),
        final=final,
    )


def _without_history(base: GateBase) -> GateBase:
    return GateBase(
        session=base.session,
        closes={},
        rows=base.rows,
        counted=np.zeros_like(base.counted),
        sums=base.sums,
        above=base.above,
    )


def _prices(base: GateBase, quotes: Mapping[str, quote_pb2.Quote]) -> NDArray[np.float64]:
    prices = np.full(len(base.rows), np.nan)
    for ticker, quote in quotes.items():
        row = base.rows.get(ticker)
        if row is not None:
            prices[row] = quote.price_krw
    return prices


def _worst(inputs: Iterable[_Input], *, stale: bool) -> Quality:
    found = {value.quality if value.quality in _WORST_LAST else quote_pb2.QUALITY_STALE for value in inputs}
    if stale and found & _LIVE:
        found = (found - _LIVE) | {quote_pb2.QUALITY_STALE}
    return QUALITY.from_wire(max(found, key=_WORST_LAST.index), "quality")
