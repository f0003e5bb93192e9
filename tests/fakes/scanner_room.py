"""A scanner room that says what a test tells it to say."""

from datetime import date, datetime

from kstock.common.v1 import candidate_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from shared.market.errors import NotFound
from shared.market.signal import Candidate
from shared.rpc.messages.signals import candidate_message
from shared.rpc.messages.times import local_date_message, timestamp_message


class FakeScannerRoom:
    """Answers `AnalyzeInstrument` and `ListScanRuns` from what was put into it."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.candidates: list[Candidate] = []
        self.runs: list[scan_pb2.ScanRun] = []

    async def AnalyzeInstrument(
        self, request: scanner_service_pb2.AnalyzeInstrumentRequest, _context: object
    ) -> scanner_service_pb2.AnalyzeInstrumentResponse:
        found = [candidate_message(one) for one in self.candidates if one.ticker == request.ticker]
        wanted = set(request.kinds) or {one.kind for one in found}
        rows = [
            scanner_service_pb2.StrategyAnalysis(kind=one.kind, status=scan_pb2.TICKER_STATUS_OK, candidate=one)
            for one in found
            if one.kind in wanted
        ]
        rows += [
            scanner_service_pb2.StrategyAnalysis(
                kind=kind, status=scan_pb2.TICKER_STATUS_NOT_ELIGIBLE, reason="거래대금 미달"
            )
            for kind in wanted - {row.kind for row in rows}
        ]
        if request.ticker == "000000":
            raise NotFound("INSTRUMENT", request.ticker)
        return scanner_service_pb2.AnalyzeInstrumentResponse(
            ticker=request.ticker, as_of=local_date_message(self.as_of), analyses=rows
        )

    async def ListScanRuns(
        self, request: scanner_service_pb2.ListScanRunsRequest, _context: object
    ) -> scanner_service_pb2.ListScanRunsResponse:
        runs = [run for run in self.runs if not request.kinds or run.kind in request.kinds]
        return scanner_service_pb2.ListScanRunsResponse(runs=runs[: request.page_size or None])

    def ran(self, kind: candidate_pb2.SignalKind, *, judged: int, detected: int, finished: datetime) -> None:
        """Note a completed scan of the newest session."""
        self.runs.insert(
            0,
            scan_pb2.ScanRun(
                run_id=f"run-{len(self.runs) + 1}",
                kind=kind,
                state=scan_pb2.SCAN_STATE_COMPLETED,
                as_of=local_date_message(self.as_of),
                universe_size=judged + 2,
                judged_count=judged,
                detected_count=detected,
                status_counts=[
                    scan_pb2.StatusCount(status=scan_pb2.TICKER_STATUS_OK, count=judged),
                    scan_pb2.StatusCount(status=scan_pb2.TICKER_STATUS_HALTED, count=2),
                ],
                finished_time=timestamp_message(finished),
            ),
        )
