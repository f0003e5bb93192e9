"""Watches the trades of the running session with the intraday rules (strategies.md 7) and hands on what fires."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import structlog
from kstock.common.v1 import quote_pb2

from servers.scanner.intraday import AlertArm, IntradayRule, RuleHit, Trade
from servers.scanner.intraday_monitor import IntradayMonitor, SessionHours
from servers.scanner.intraday_publishing import HitPublisher
from servers.scanner.loader import MarketLoader
from servers.scanner.panel import Panel
from servers.scanner.prices import LivePrices
from servers.scanner.strategies.disparity import day_levels
from servers.scanner.strategies.disparity_text import KIND_OF_RULE, HitContext, explain_hit
from servers.scanner.strategies.parameters import StrategyParameters, rule_version
from servers.scanner.strategies.rounding import whole
from servers.scanner.universe import BOARDS
from shared.clock import Clock
from shared.market.errors import DataMissing, StoreUnusable
from shared.market.instrument import Board, Ticker
from shared.market.quote import Quality
from shared.market.sessions import Session, SessionCalendar
from shared.market.signal import Candidate, Signal
from shared.market.times import kst_date, yyyymmdd
from shared.market.volume_curve import VolumeCurve
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.times import read_timestamp
from shared.store.store import Store

log = structlog.get_logger(__name__)

_LOOK_S = 5.0
_READY_BEFORE = timedelta(minutes=30)
_FACTS = ("bars", "instruments")
_LIVE = frozenset(
    QUALITY.to_wire(quality) for quality in (Quality.REALTIME, Quality.POLLED, Quality.REPLAYED, Quality.SIMULATED)
)
"""A price of any other quality is old, and no reason to say anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSources:
    """What the watch reads."""

    store: Store
    clock: Clock
    calendar: SessionCalendar
    loader: MarketLoader
    prices: LivePrices


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One session: its rules with everything that history says about them, and who is watched."""

    session: Session
    monitor: IntradayMonitor
    watched: Mapping[str, HitContext]


class IntradayWatch:
    """A component of the scanner room; listens to `LivePrices` and hands hits to the publisher."""

    name = "intraday-watch"

    def __init__(self, sources: WatchSources, publisher: HitPublisher, parameters: StrategyParameters) -> None:
        """Keep the collaborators and listen; nothing is watched before `prepare`."""
        self._from = sources
        self._publisher = publisher
        self._rules = parameters.signal
        self._versions = {rule: rule_version(kind, parameters) for rule, kind in KIND_OF_RULE.items()}
        self._day: _Day | None = None
        self._prepared: object = None
        self._lost = False
        self._turn = asyncio.Lock()
        sources.prices.listen(self)

    async def run(self) -> None:
        """Keep the rules prepared for the running session until cancelled."""
        while True:
            try:
                await self.prepare()
            except StoreUnusable as error:
                if not self._lost:
                    log.warning("intraday_store_lost", why=str(error))
                self._lost = True
            else:
                self._lost = False
            await self._from.clock.sleep_machine(_LOOK_S)

    async def prepare(self) -> None:
        """Measure the day's levels before its opening, and again when bars or instruments have changed.

        Raises:
            StoreUnusable: The store does not answer.
        """
        async with self._turn:
            session = self._session()
            if session is None:
                self._day = self._prepared = None
                return
            async with self._from.store.read() as uow:
                counters = await uow.meta.generations()
            wanted = (session.day, *(counters.get(name, 0) for name in _FACTS))
            if wanted != self._prepared:
                self._day = await self._open_day(session)
                self._prepared = wanted

    async def watched_in(self, session: Session) -> int:
        """Prepare, and tell how many instruments are watched in a session; 0 when it is not about to open or running.

        Raises:
            StoreUnusable: The store does not answer.
        """
        await self.prepare()
        return len(self._day.watched) if self._day is not None and self._day.session == session else 0

    def on_trades(self, quotes: Sequence[quote_pb2.Quote]) -> None:
        """See `TradeListener`."""
        day = self._day
        if day is None:
            return
        now = self._from.clock.market_now()
        for quote in quotes:
            context = day.watched.get(quote.ticker)
            if context is not None and quote.quality in _LIVE:
                trade = Trade(
                    time=read_timestamp(quote.exchange_time),
                    price_krw=quote.price_krw,
                    turnover_krw=quote.turnover_krw,
                    open_krw=quote.open_krw or None,
                )
                for hit in day.monitor.on_trade(Ticker(quote.ticker), trade, now=now):
                    self._publisher.put(self._candidate(hit, replace(context, volume_shares=quote.volume_shares)))

    def _session(self) -> Session | None:
        now = self._from.clock.market_now()
        day = self._from.calendar.session(kst_date(now))
        return day if isinstance(day, Session) and day.opens - _READY_BEFORE <= now < day.closes else None

    async def _open_day(self, session: Session) -> _Day | None:
        try:
            panel = await self._from.loader.panel(session.opens)
        except DataMissing as missing:
            log.info("intraday_without_bars", why=str(missing))
            return None
        if panel.session != yyyymmdd(self._from.calendar.previous_session(session.day).day):
            log.warning("intraday_with_old_bars", newest=panel.session, session=session.day.isoformat())
            return None
        same = self._day is not None and self._day.session == session
        arms = self._day.monitor.arms if self._day is not None and same else _arms(await self._publisher.active(), session)
        levels = await asyncio.to_thread(day_levels, panel, parameters=self._rules)
        log.info("intraday_ready", session=session.day.isoformat(), watched=len(levels), arms=len(arms))
        return _Day(
            session=session,
            monitor=IntradayMonitor(
                session=SessionHours(open=session.opens, close=session.closes),
                levels=levels,
                curve=VolumeCurve.prior(),
                parameters=self._rules,
                arms=arms,
            ),
            watched=_contexts(panel, levels, session),
        )

    def _candidate(self, hit: RuleHit, context: HitContext) -> Candidate:
        version = self._versions[hit.reading.rule]
        return explain_hit(hit, context, parameters=self._rules, rule_version=version)


def _contexts(panel: Panel, tickers: Iterable[Ticker], session: Session) -> dict[str, HitContext]:
    """What messages say of each watched instrument; the volume is the trade's."""
    turnover = panel.average_turnover()
    rows = [(ticker, panel.rows[ticker]) for ticker in tickers]
    return {
        ticker: HitContext(
            name=panel.names[row],
            board=BOARDS[panel.board[row]] or Board.KOSPI,
            session=session.day,
            turnover_avg20_krw=whole(float(turnover[row])),
            market_cap_krw=whole(float(panel.market_cap[row])) if np.isfinite(panel.market_cap[row]) else None,
            volume_shares=0,
        )
        for ticker, row in rows
    }


def _arms(signals: Iterable[Signal], session: Session) -> dict[tuple[Ticker, IntradayRule], AlertArm]:
    """Spam control as an earlier process of this session left it in the signals."""
    rules = {rule.value: rule for rule in IntradayRule}
    return {
        (signal.candidate.ticker, rules[signal.candidate.setup]): AlertArm(
            last_hit=signal.updated_time, last_value=signal.candidate.metrics["value"], cleared=False
        )
        for signal in signals
        if signal.candidate.setup in rules and signal.candidate.as_of == session.day
    }
