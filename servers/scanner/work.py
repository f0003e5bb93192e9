"""What a scan does: load the market, score it, choose, and publish what belongs to the newest session."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import grpc
import numpy as np
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2
from kstock.signal.v1 import signal_service_pb2, signal_service_pb2_grpc
from numpy.typing import NDArray

from servers.scanner import scan
from servers.scanner.gate_message import GATE_COLOUR
from servers.scanner.gate_use import GateDesk, GateVerdict, apply_gate
from servers.scanner.moments import MarketView, Moments, ScanMoment
from servers.scanner.news.desk import NewsDesk
from servers.scanner.requests import ScanRequest
from servers.scanner.rule_watch import RuleWatch
from servers.scanner.runs import ActiveRun, ScanOutcome
from servers.scanner.scan import Selection
from servers.scanner.strategies.registry import Scored, Strategy
from servers.scanner.tallies import Tallied
from shared.clock import Clock, ClockMode
from shared.market.errors import InvalidInput, KStockError
from shared.market.instrument import Ticker
from shared.market.signal import Candidate, SignalKind
from shared.rpc.errors import domain_errors
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.messages.signals import candidate_message
from shared.rpc.messages.times import local_date_message, timestamp_message
from shared.store.repositories.scans import ScanState

_NOT_TRADED = "오늘 시세 없음"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanTools:
    """What scans work with; `signals` leads to the signal room."""

    moments: Moments
    strategies: Mapping[SignalKind, Strategy]
    news: NewsDesk
    gates: GateDesk
    rules: RuleWatch
    clock: Clock
    signals: grpc.aio.Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """A moment, the market as of then, and the gate under which verdicts on it are read."""

    moment: ScanMoment
    view: MarketView
    gate: GateVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A strategy's result beside the gate under which it is read."""

    found: Scored
    view: MarketView
    gate: GateVerdict

    def explain(self, rows: NDArray[np.int64]) -> list[Candidate]:
        """Verdicts on some tickers, in their order."""
        return [apply_gate(candidate, self.gate) for candidate in scan.explain_all(self.found, rows)]


class ScanWork:
    """Scans and analyses; keeps nothing between them but what its tools keep."""

    def __init__(self, tools: ScanTools) -> None:
        """Keep the tools."""
        self._tools = tools
        self._signals = signal_service_pb2_grpc.SignalServiceStub(tools.signals)

    def strategy(self, kind: SignalKind) -> Strategy:
        """The strategy of a kind.

        Raises:
            InvalidInput: The kind is not decided on daily bars.
        """
        strategies = self._tools.strategies
        if kind not in strategies:
            known = ", ".join(strategies)
            raise InvalidInput("kind", f"{kind} works on live trades; scans exist for {known}")
        return strategies[kind]

    async def moment(self, kind: SignalKind, as_of: date | None, *, completed_only: bool = False) -> ScanMoment:
        """As of when a scan judges; see `Moments.moment`."""
        return await self._tools.moments.moment(kind, as_of, completed_only=completed_only)

    async def scan(self, run: ActiveRun, strategy: Strategy, wanted: ScanRequest, moment: ScanMoment) -> ScanOutcome:
        """Do one run and report into its summary."""
        run.progress("LOADING")
        scene = await self._scene(moment)
        total = len(scene.view.panel.tickers)
        run.progress("SCORING", total=total)
        judged = await self._judge(strategy, scene)
        run.progress("SORTING", done=total, total=total)
        selection = scan.select(judged.found, wanted)
        _describe(run.summary, judged, wanted, selection)
        run.summary.rule_version = strategy.version
        if wanted.is_whole_market and isinstance(judged.found.result, Tallied):
            await self._tools.rules.note(judged.found.result, run.summary)
        candidates = await asyncio.to_thread(judged.explain, selection.returned)
        if run.cancelled.is_set():
            return ScanOutcome(candidates=[], state=ScanState.CANCELLED)
        if not moment.is_newest or self._tools.clock.mode is ClockMode.FIXED:
            return ScanOutcome(candidates=candidates, state=ScanState.COMPLETED)
        run.progress("PUBLISHING", done=total, total=total)
        state = await self._publish(run.summary, judged, selection, complete=wanted.is_whole_market)
        return ScanOutcome(candidates=candidates, state=state)

    async def analyse(
        self, ticker: Ticker, kinds: Sequence[SignalKind], as_of: date | None
    ) -> scanner_service_pb2.AnalyzeInstrumentResponse:
        """What each strategy says of a ticker; no kinds means all.

        Raises:
            NotFound: The store has no bars of it.
        """
        strategies = [self.strategy(kind) for kind in kinds] or list(self._tools.strategies.values())
        response = scanner_service_pb2.AnalyzeInstrumentResponse(ticker=ticker)
        scenes: dict[bool, _Scene] = {}
        for strategy in strategies:
            moment = await self.moment(strategy.kind, as_of)
            if moment.is_live not in scenes:
                scenes[moment.is_live] = await self._scene(moment)
            scene = scenes[moment.is_live]
            row = scene.view.panel.row(ticker)
            response.name = scene.view.panel.names[row]
            response.analyses.append(_analysis(strategy.kind, await self._judge(strategy, scene), row))
        response.as_of.CopyFrom(local_date_message(max(scene.moment.session for scene in scenes.values())))
        return response

    async def _scene(self, moment: ScanMoment) -> _Scene:
        view = await self._tools.moments.view(moment)
        return _Scene(moment=moment, view=view, gate=await self._tools.gates.of(view.panel))

    async def _judge(self, strategy: Strategy, scene: _Scene) -> _Judged:
        panel, at = scene.view.panel, scene.moment.at
        news = await self._tools.news.inputs(panel.tickers, at) if strategy.uses_news else None
        found = await asyncio.to_thread(strategy.score, panel, news, volume_share=scene.view.volume_share)
        return _Judged(found=found, view=scene.view, gate=scene.gate)

    async def _publish(
        self, summary: scan_pb2.ScanRun, judged: _Judged, selection: Selection, *, complete: bool
    ) -> ScanState:
        """Publish everything detected, also what the options left out of the list; a failure leaves the list usable."""
        candidates = await asyncio.to_thread(judged.explain, selection.detected)
        request = signal_service_pb2.PublishSignalsRequest(
            kind=summary.kind,
            as_of=summary.as_of,
            run_id=summary.run_id,
            candidates=[candidate_message(candidate) for candidate in candidates],
            complete=complete,
            unjudged_tickers=scan.unjudged_tickers(judged.found.panel, selection.judged),
        )
        try:
            with domain_errors():
                answer = await self._signals.PublishSignals(request)
        except InvalidInput as error:
            if error.field != "as_of":
                raise
            # A newer session has been published meanwhile: this scan only reports, like that of any older day.
            return ScanState.COMPLETED
        except KStockError as error:
            summary.problem = f"the results were not published: {error}"
            return ScanState.PARTIAL
        kept = signal_service_pb2.PUBLISH_EFFECT_KEPT
        summary.published = True
        summary.published_count = sum(one.effect != kept for one in answer.signals)
        return ScanState.COMPLETED


def _describe(summary: scan_pb2.ScanRun, judged: _Judged, wanted: ScanRequest, selection: Selection) -> None:
    panel, live_time = judged.view.panel, judged.view.live_time
    summary.universe_size = selection.universe.size
    summary.judged_count = selection.judged.size
    summary.detected_count = selection.detected.size
    summary.universe_estimated = bool(panel.universe.estimated[selection.universe].any())
    summary.status_counts.extend(scan.status_counts(scan.statuses(panel, wanted)))
    summary.skipped.extend(scan.skipped(panel, wanted, selection.judged))
    summary.gate_colour = GATE_COLOUR.to_wire(judged.gate.colour)
    if live_time is not None:
        summary.live_time.CopyFrom(timestamp_message(live_time))
        for ticker in summary.skipped:
            ticker.reason = _NOT_TRADED if ticker.status == scan_pb2.TICKER_STATUS_HALTED else ticker.reason


def _analysis(kind: SignalKind, judged: _Judged, row: int) -> scanner_service_pb2.StrategyAnalysis:
    panel, live = judged.view.panel, judged.view.live_time is not None
    status = int(scan.ticker_status(panel, row))
    is_silent = live and status == scan_pb2.TICKER_STATUS_HALTED
    verdict = judged.explain(np.array([row]))[0] if judged.found.result.scored[row] else None
    return scanner_service_pb2.StrategyAnalysis(
        kind=SIGNAL_KIND.to_wire(kind),
        status=scan_pb2.TickerStatus.Name(status),
        reason=_NOT_TRADED if is_silent else scan.reason(panel, row, status),
        candidate=None if verdict is None else candidate_message(verdict),
    )
