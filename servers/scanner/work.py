"""What a scan does: load the market, score it, choose, and publish what belongs to the newest session."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import grpc
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2
from kstock.signal.v1 import signal_service_pb2, signal_service_pb2_grpc

from servers.scanner import scan
from servers.scanner.loader import MarketLoader
from servers.scanner.panel import Panel
from servers.scanner.requests import ScanRequest
from servers.scanner.runs import ActiveRun, ScanOutcome
from servers.scanner.scan import Selection
from servers.scanner.strategies.registry import Scored, Strategy
from shared.clock import Clock, ClockMode
from shared.market.errors import InvalidInput, KStockError, NotFound
from shared.market.instrument import Ticker
from shared.market.signal import Candidate, SignalKind
from shared.market.times import end_of_day, from_yyyymmdd, kst_date
from shared.rpc.errors import domain_errors
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.messages.signals import candidate_message
from shared.store.repositories.scans import ScanState


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanMoment:
    """The session whose data is used and the moment as of which it is taken; only the newest session is published."""

    session: date
    at: datetime
    is_newest: bool


class ScanWork:
    """Scans and analyses; keeps nothing between them but what the loader keeps."""

    def __init__(
        self, loader: MarketLoader, strategies: Mapping[SignalKind, Strategy], clock: Clock, *, signals: grpc.aio.Channel
    ) -> None:
        """Keep the collaborators; `signals` leads to the signal room."""
        self._loader = loader
        self._strategies = strategies
        self._clock = clock
        self._signals = signal_service_pb2_grpc.SignalServiceStub(signals)

    def strategy(self, kind: SignalKind) -> Strategy:
        """The strategy of a kind.

        Raises:
            InvalidInput: The kind is not decided on daily bars.
        """
        if kind not in self._strategies:
            known = ", ".join(self._strategies)
            raise InvalidInput("kind", f"{kind} works on live trades; scans exist for {known}")
        return self._strategies[kind]

    async def moment(self, as_of: date | None) -> ScanMoment:
        """The end of that session, but never after market time; None is the newest session.

        Raises:
            InvalidInput: The day lies after market time.
            NotFound: No session with bars on that day.
            DataMissing: No bars at all.
        """
        now = self._clock.market_now()
        newest = from_yyyymmdd((await self._loader.panel(now)).session)
        if as_of is None:
            return ScanMoment(session=newest, at=now, is_newest=True)
        if as_of > kst_date(now):
            raise InvalidInput("as_of", f"{as_of} lies after market time, which is {kst_date(now)}")
        if await self._loader.newest_session(as_of) != as_of:
            raise NotFound("SESSION", as_of.isoformat())
        return ScanMoment(session=as_of, at=min(end_of_day(as_of), now), is_newest=as_of == newest)

    async def scan(self, run: ActiveRun, strategy: Strategy, wanted: ScanRequest, moment: ScanMoment) -> ScanOutcome:
        """Do one run and report into its summary."""
        run.progress("LOADING")
        panel = await self._loader.panel(moment.at)
        total = len(panel.tickers)
        run.progress("SCORING", total=total)
        found = await asyncio.to_thread(strategy.score, panel, None)
        run.progress("SORTING", done=total, total=total)
        selection = scan.select(found, wanted)
        _describe(run.summary, panel, wanted, selection)
        run.summary.rule_version = strategy.version
        candidates = await asyncio.to_thread(scan.explain_all, found, selection.returned)
        if run.cancelled.is_set():
            return ScanOutcome(candidates=[], state=ScanState.CANCELLED)
        if not moment.is_newest or self._clock.mode is ClockMode.FIXED:
            return ScanOutcome(candidates=candidates, state=ScanState.COMPLETED)
        run.progress("PUBLISHING", done=total, total=total)
        state = await self._publish(run.summary, found, selection, complete=wanted.is_whole_market)
        return ScanOutcome(candidates=candidates, state=state)

    async def analyse(
        self, ticker: Ticker, kinds: Sequence[SignalKind], moment: ScanMoment
    ) -> tuple[str, list[scanner_service_pb2.StrategyAnalysis]]:
        """Name of a ticker and what each strategy says of it; no kinds means all.

        Raises:
            NotFound: The store has no bars of it.
        """
        panel = await self._loader.panel(moment.at)
        row = panel.row(ticker)
        strategies = [self.strategy(kind) for kind in kinds] or list(self._strategies.values())
        results = [await asyncio.to_thread(strategy.score, panel, None) for strategy in strategies]
        analyses = [
            _analysis(strategy.kind, found, panel, row=row) for strategy, found in zip(strategies, results, strict=True)
        ]
        return panel.names[row], analyses

    async def _publish(self, summary: scan_pb2.ScanRun, found: Scored, selection: Selection, *, complete: bool) -> ScanState:
        """Publish everything detected, also what the options left out of the list; a failure leaves the list usable."""
        candidates = await asyncio.to_thread(scan.explain_all, found, selection.detected)
        request = signal_service_pb2.PublishSignalsRequest(
            kind=summary.kind,
            as_of=summary.as_of,
            run_id=summary.run_id,
            candidates=[candidate_message(candidate) for candidate in candidates],
            complete=complete,
            unjudged_tickers=scan.unjudged_tickers(found.panel, selection.judged),
        )
        try:
            with domain_errors():
                answer = await self._signals.PublishSignals(request)
        except KStockError as error:
            summary.problem = f"the results were not published: {error}"
            return ScanState.PARTIAL
        kept = signal_service_pb2.PUBLISH_EFFECT_KEPT
        summary.published = True
        summary.published_count = sum(one.effect != kept for one in answer.signals)
        return ScanState.COMPLETED


def _describe(summary: scan_pb2.ScanRun, panel: Panel, wanted: ScanRequest, selection: Selection) -> None:
    summary.universe_size = selection.universe.size
    summary.judged_count = selection.judged.size
    summary.detected_count = selection.detected.size
    summary.universe_estimated = bool(panel.universe.estimated[selection.universe].any())
    summary.status_counts.extend(scan.status_counts(scan.statuses(panel, wanted)))
    summary.skipped.extend(scan.skipped(panel, wanted, selection.judged))


def _analysis(kind: SignalKind, found: Scored, panel: Panel, *, row: int) -> scanner_service_pb2.StrategyAnalysis:
    status = int(scan.ticker_status(panel, row))
    verdict: Candidate | None = found.explain(row) if found.result.scored[row] else None
    return scanner_service_pb2.StrategyAnalysis(
        kind=SIGNAL_KIND.to_wire(kind),
        status=scan_pb2.TickerStatus.Name(status),
        reason=scan.reason(panel, row, status),
        candidate=None if verdict is None else candidate_message(verdict),
    )
