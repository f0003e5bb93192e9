"""ScannerService: strategies over the whole market, one ticker under every strategy, and the runs that were made."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import grpc
from google.protobuf.json_format import Parse
from kstock.common.v1 import candidate_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from servers.scanner.backtests.runs import BacktestRuns
from servers.scanner.backtests.wishes import read_backtest
from servers.scanner.judging.judge import SignalJudge
from servers.scanner.readiness import SessionReadiness
from servers.scanner.requests import ScanRequest, options_message, read_scan
from servers.scanner.runs import STATES, ActiveRun, ScanOutcome, ScanRuns, run_json
from servers.scanner.work import ScanWork
from shared.clock import Clock
from shared.market.instrument import parse_ticker
from shared.market.times import kst_date
from shared.rpc.call import current_principal
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.messages.signals import candidate_message
from shared.rpc.messages.times import local_date_message, optional_date, required_date, timestamp_message
from shared.rpc.paging import next_page_token, page_cursor, page_size
from shared.store.repositories.scans import ScanFilter, ScanKey, ScanRun, ScanState
from shared.store.store import Store
from shared.store.types import from_microseconds, to_microseconds

_Context = grpc.aio.ServicerContext[object, object]
_Response = scanner_service_pb2.RunScanResponse
_STATE_OF = {int(number): state for state, number in STATES.items()}
_MOST_STORED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerDesks:
    """Who does what callers ask for."""

    work: ScanWork
    runs: ScanRuns
    backtests: BacktestRuns
    judge: SignalJudge
    readiness: SessionReadiness


class ScannerService:
    """Answers `kstock.scanner.v1.ScannerService`."""

    def __init__(self, desks: ScannerDesks, *, store: Store, clock: Clock) -> None:
        """Keep the collaborators; runs of both kinds must be running for scans and backtests to begin."""
        self._store = store
        self._work = desks.work
        self._runs = desks.runs
        self._backtests = desks.backtests
        self._judge = desks.judge
        self._readiness = desks.readiness
        self._clock = clock

    async def RunScan(  # noqa: N802  # the name of the RPC
        self, request: scanner_service_pb2.RunScanRequest, _context: _Context
    ) -> AsyncIterator[_Response]:
        """Start a run, or attach to it, and follow it to its end."""
        wanted = read_scan(request)
        strategy = self._work.strategy(wanted.kind)
        moment = await self._work.moment(wanted.kind, wanted.as_of, completed_only=wanted.completed_only)
        summary = scan_pb2.ScanRun(
            run_id=secrets.token_hex(12),
            kind=SIGNAL_KIND.to_wire(wanted.kind),
            state=scan_pb2.SCAN_STATE_RUNNING,
            as_of=local_date_message(moment.session),
            options=options_message(wanted),
            started_time=timestamp_message(self._clock.market_now()),
        )

        async def work(run: ActiveRun) -> ScanOutcome:
            return await self._work.scan(run, strategy, wanted, moment)

        row = self._row(summary, wanted, moment.session, key=request.idempotency_key)
        run_id, attached = await self._runs.start(row, summary, work)
        async for event in self._follow(run_id, attached=attached):
            yield event

    async def GetScanRun(  # noqa: N802
        self, request: scanner_service_pb2.GetScanRunRequest, _context: _Context
    ) -> scanner_service_pb2.GetScanRunResponse:
        """One run with its candidates."""
        summary, candidates = await self._stored(request.run_id)
        return scanner_service_pb2.GetScanRunResponse(run=summary, candidates=candidates)

    async def ListScanRuns(  # noqa: N802
        self, request: scanner_service_pb2.ListScanRunsRequest, _context: _Context
    ) -> scanner_service_pb2.ListScanRunsResponse:
        """A page of runs, newest first."""
        chosen = ScanFilter(
            kinds=tuple(SIGNAL_KIND.from_wire(kind, f"kinds[{place}]") for place, kind in enumerate(request.kinds)),
            states=tuple(_STATE_OF[state] for state in request.states),
            as_of=optional_date(request, "as_of"),
        )
        size, cursor = page_size(request), page_cursor(request, (int, str))
        after = ScanKey(started_time=from_microseconds(int(cursor[0])), run_id=str(cursor[1])) if cursor else None
        async with self._store.read() as uow:
            found = await uow.scans.page(chosen, after=after, limit=size + 1)
        page = found[:size]
        last = page[-1] if len(found) > size else None
        runs = [_summary(row) for row in page]
        for run in runs:
            del run.skipped[:]
        token = next_page_token(request, (to_microseconds(last.started_time), last.run_id)) if last else ""
        return scanner_service_pb2.ListScanRunsResponse(runs=runs, next_page_token=token)

    async def CancelScanRun(  # noqa: N802
        self, request: scanner_service_pb2.CancelScanRunRequest, _context: _Context
    ) -> scanner_service_pb2.CancelScanRunResponse:
        """Stop a run at its next step."""
        summary, _ = await self._stored(request.run_id)
        self._runs.cancel(request.run_id)
        return scanner_service_pb2.CancelScanRunResponse(run=summary)

    async def RunBacktest(  # noqa: N802
        self, request: scanner_service_pb2.RunBacktestRequest, _context: _Context
    ) -> AsyncIterator[scanner_service_pb2.RunBacktestResponse]:
        """Start a backtest, or attach to one, and follow it to its end."""
        run_id = request.run_id
        if not run_id:
            wish = read_backtest(request, kst_date(self._clock.market_now()))
            run_id = await self._backtests.start(wish, principal=current_principal().name)
        async for event in self._backtests.follow(run_id):
            yield event

    async def JudgeSignals(  # noqa: N802
        self, _request: scanner_service_pb2.JudgeSignalsRequest, _context: _Context
    ) -> scanner_service_pb2.JudgeSignalsResponse:
        """Work out what became of the live signals and store it."""
        judged = await self._judge.judge()
        return scanner_service_pb2.JudgeSignalsResponse(
            signal_count=judged.signals,
            unresolved_count=judged.unresolved,
            skipped_count=judged.skipped,
            as_of=local_date_message(judged.as_of),
        )

    async def PrepareSession(  # noqa: N802
        self, request: scanner_service_pb2.PrepareSessionRequest, _context: _Context
    ) -> scanner_service_pb2.PrepareSessionResponse:
        """Everything loaded and measured before a session opens."""
        return await self._readiness.prepare(required_date(request, "trading_date"))

    async def AnalyzeInstrument(  # noqa: N802
        self, request: scanner_service_pb2.AnalyzeInstrumentRequest, _context: _Context
    ) -> scanner_service_pb2.AnalyzeInstrumentResponse:
        """Every strategy's view of one ticker."""
        ticker = parse_ticker(request.ticker)
        kinds = [SIGNAL_KIND.from_wire(kind, f"kinds[{place}]") for place, kind in enumerate(request.kinds)]
        return await self._work.analyse(ticker, kinds, optional_date(request, "as_of"))

    def _row(self, summary: scan_pb2.ScanRun, wanted: ScanRequest, session: date, *, key: str) -> ScanRun:
        return ScanRun(
            run_id=summary.run_id,
            kind=wanted.kind,
            principal=current_principal().name,
            idempotency_key=key or None,
            state=ScanState.RUNNING,
            as_of=session,
            started_time=self._clock.market_now(),
            summary=run_json(summary),
        )

    async def _follow(self, run_id: str, *, attached: bool) -> AsyncIterator[_Response]:
        active = self._runs.active(run_id)
        summary, candidates = (active.summary, []) if active else await self._stored(run_id)
        started = scanner_service_pb2.ScanStarted(
            run_id=run_id, kind=summary.kind, as_of=summary.as_of, attached=attached, started_time=summary.started_time
        )
        yield _Response(started=started)
        if active is not None:
            async for event in active.follow():
                yield event
            return
        for rank, candidate in enumerate(candidates, start=1):
            yield _Response(candidate=scanner_service_pb2.ScanCandidate(rank=rank, candidate=candidate))
        yield _Response(finished=scanner_service_pb2.ScanFinished(run=summary))

    async def _stored(self, run_id: str) -> tuple[scan_pb2.ScanRun, list[candidate_pb2.Candidate]]:
        async with self._store.read() as uow:
            row = await uow.scans.get(run_id)
            candidates = await uow.scans.candidates(run_id, limit=_MOST_STORED)
        return _summary(row), [candidate_message(candidate) for candidate in candidates]


def _summary(row: ScanRun) -> scan_pb2.ScanRun:
    """The run as the scanner last reported it; the state is the row's, which a later process may have corrected."""
    summary = Parse(row.summary, scan_pb2.ScanRun())
    summary.state = STATES[row.state]
    if row.state is ScanState.FAILED and not summary.problem:
        summary.problem = "the process ended before the run did"
    return summary
