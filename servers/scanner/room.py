"""The room as the composition root sees it: put together here, run there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import grpc
from kstock.scanner.v1 import scanner_service_pb2

from servers.scanner.backtests.runs import BacktestRuns
from servers.scanner.backtests.work import BacktestTools, BacktestWork
from servers.scanner.gate_history import GateHistory, HistorySources
from servers.scanner.gate_keeper import GateKeeper, GateTargets
from servers.scanner.gate_reader import GateReader, GateSources
from servers.scanner.gate_use import GateDesk
from servers.scanner.intraday_publishing import HitPublisher
from servers.scanner.intraday_watch import IntradayWatch, WatchSources
from servers.scanner.judging.judge import SignalJudge
from servers.scanner.live_market import LiveMarket
from servers.scanner.loader import MarketLoader
from servers.scanner.moments import Moments
from servers.scanner.news.desk import AnalyserSource, NewsDesk
from servers.scanner.news.sentiment import HeadlineJudge
from servers.scanner.prices import LivePrices
from servers.scanner.readiness import SessionReadiness
from servers.scanner.rule_watch import RuleWatch
from servers.scanner.runs import ScanRuns
from servers.scanner.service import ScannerDesks, ScannerService
from servers.scanner.strategies.parameters import StrategyParameters
from servers.scanner.strategies.registry import build_strategies
from servers.scanner.turn import Turn
from servers.scanner.work import ScanTools, ScanWork
from shared.bus.base import EventBus
from shared.clock import Clock, ClockMode
from shared.market.sessions import SessionCalendar
from shared.rpc.handlers import HostedService
from shared.store.store import Store

_GATE_TURN = "market-gate"
_RULES_TURN = "intraday-rules"


class Component(Protocol):
    """A part that runs as long as the room."""

    name: str

    async def run(self) -> None:
        """Work until cancelled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerParts:
    """What the room needs from the house.

    `signals` leads to the signal room; `morphemes` hands out the one analyser of the process; `replica` names this process;
    `headlines` goes before the lexicon where there is somebody.
    """

    store: Store
    bus: EventBus
    clock: Clock
    calendar: SessionCalendar
    signals: grpc.aio.Channel
    morphemes: AnalyserSource
    replica: str
    parameters: StrategyParameters
    headlines: HeadlineJudge | None = None


class ScannerRoom:
    """The scanner of one process.

    Attributes:
        hosted: The service, for the server.
    """

    name = "scanner"

    def __init__(self, parts: ScannerParts) -> None:
        """Put the room together; nothing is read before `run` or a call."""
        store, clock, rules = parts.store, parts.clock, parts.parameters
        loader = MarketLoader(store, parts.calendar)
        self._prices = LivePrices(parts.bus, clock, parts.calendar)
        self._runs = ScanRuns(store, clock)
        tools = BacktestTools(loader=loader, rules=rules, store=store, clock=clock, calendar=parts.calendar)
        self._backtests = BacktestRuns(BacktestWork(tools), store, clock)
        turn = Turn(parts.bus, clock, name=_GATE_TURN, owner=parts.replica)
        self._gate = _gate_keeper(parts, loader, self._prices, turn)
        # What past sessions were like is the same at a frozen moment; nothing else happens there, and nothing is published.
        self._background: Sequence[Component] = (_gate_history(parts, loader, turn),)
        watch: IntradayWatch | None = None
        if clock.mode is not ClockMode.FIXED:
            watch, publisher = _intraday_rules(parts, loader, self._prices)
            self._background = (*self._background, watch, publisher)
        work = ScanWork(
            ScanTools(
                moments=Moments(loader, LiveMarket(loader, self._prices, clock, parts.calendar), clock),
                strategies=build_strategies(rules),
                news=NewsDesk(store, parts.morphemes, hours=rules.jongga.news_hours, judge=parts.headlines),
                gates=GateDesk(store, self._gate, rules.gate),
                rules=RuleWatch(store),
                clock=clock,
                signals=parts.signals,
            )
        )
        descriptor = scanner_service_pb2.DESCRIPTOR.services_by_name["ScannerService"]
        judge = SignalJudge(loader, rules, store=store, clock=clock, calendar=parts.calendar)
        readiness = SessionReadiness(loader, self._gate, watch, bus=parts.bus, calendar=parts.calendar)
        desks = ScannerDesks(work=work, runs=self._runs, backtests=self._backtests, judge=judge, readiness=readiness)
        servicer = ScannerService(desks, store=store, clock=clock)
        self.hosted = HostedService(descriptor=descriptor, servicer=servicer)

    async def run(self) -> None:
        """Follow prices, keep the gate, watch trades, do scans and backtests until cancelled."""
        components: Sequence[Component] = (self._prices, self._gate, self._runs, self._backtests, *self._background)
        async with asyncio.TaskGroup() as tasks:
            for component in components:
                tasks.create_task(component.run(), name=component.name)


def _gate_keeper(parts: ScannerParts, loader: MarketLoader, prices: LivePrices, turn: Turn) -> GateKeeper:
    sources = GateSources(
        store=parts.store,
        bus=parts.bus,
        clock=parts.clock,
        calendar=parts.calendar,
        loader=loader,
        prices=prices,
    )
    targets = GateTargets(store=parts.store, bus=parts.bus, clock=parts.clock, turn=turn)
    return GateKeeper(GateReader(sources, parts.parameters.gate), targets)


def _gate_history(parts: ScannerParts, loader: MarketLoader, turn: Turn) -> GateHistory:
    sources = HistorySources(store=parts.store, clock=parts.clock, calendar=parts.calendar, loader=loader, turn=turn)
    return GateHistory(sources, parts.parameters.gate)


def _intraday_rules(parts: ScannerParts, loader: MarketLoader, prices: LivePrices) -> tuple[IntradayWatch, HitPublisher]:
    turn = Turn(parts.bus, parts.clock, name=_RULES_TURN, owner=parts.replica)
    publisher = HitPublisher(parts.signals, store=parts.store, clock=parts.clock, turn=turn)
    sources = WatchSources(store=parts.store, clock=parts.clock, calendar=parts.calendar, loader=loader, prices=prices)
    return IntradayWatch(sources, publisher, parts.parameters), publisher
