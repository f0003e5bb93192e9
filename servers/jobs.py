"""What is done every session and when; each job asks the room that does the work, by gRPC."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import grpc
from kstock.common.v1 import candidate_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2, scanner_service_pb2_grpc

from servers.job import Job, after_close, at, before_close
from shared.market.errors import DataMissing
from shared.market.sessions import Session
from shared.market.signal import SignalKind
from shared.rpc.errors import domain_errors
from shared.rpc.messages.enums import SIGNAL_KIND

_UNTIL_NEXT = timedelta(days=15)
"""The longest run of holidays is shorter: a result that waits for the next session stays useful until then."""

_USABLE = (scan_pb2.SCAN_STATE_COMPLETED, scan_pb2.SCAN_STATE_PARTIAL)


def daily_jobs(channels: Mapping[str, grpc.aio.Channel]) -> Sequence[Job]:
    """The jobs of one session in the order of the day; `channels` leads to the rooms."""
    scan = _scans(channels["scanner"])
    return (
        Job(name="jongga-preview", when="15 min before the close", due=before_close(minutes=15),
            useful_for=timedelta(minutes=14), work=scan(SignalKind.JONGGA)),
        Job(name="scan-vcp", when="10 min after the close", due=after_close(minutes=10),
            useful_for=timedelta(hours=2), work=scan(SignalKind.VCP)),
        Job(name="scan-daytrading", when="10 min after the close", due=after_close(minutes=10),
            useful_for=timedelta(hours=2), work=scan(SignalKind.DAYTRADING)),
        Job(name="final-scores", when="18:10", due=at(18, 10), useful_for=_UNTIL_NEXT,
            work=scan(SignalKind.VCP, SignalKind.JONGGA, SignalKind.DAYTRADING, SignalKind.DISPARITY, completed_only=True)),
        Job(name="scoreboard", when="20:30", due=at(20, 30), useful_for=_UNTIL_NEXT, work=_scoreboard(channels["scanner"])),
    )  # fmt: skip


def _scoreboard(channel: grpc.aio.Channel) -> Callable[[Session], Awaitable[str]]:
    stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)

    async def work(_session: Session) -> str:
        with domain_errors():
            judged = await stub.JudgeSignals(scanner_service_pb2.JudgeSignalsRequest())
        told = f"{judged.signal_count} signals judged, {judged.unresolved_count} without an end yet"
        return told + (f", {judged.skipped_count} without a known opening" if judged.skipped_count else "")

    return work


def _scans(channel: grpc.aio.Channel) -> Callable[..., Callable[[Session], Awaitable[str]]]:
    stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)

    def scan(*kinds: SignalKind, completed_only: bool = False) -> Callable[[Session], Awaitable[str]]:
        async def work(_session: Session) -> str:
            wanted = [SIGNAL_KIND.to_wire(kind) for kind in kinds]
            return ", ".join([await _scan(stub, kind, completed_only=completed_only) for kind in wanted])

        return work

    return scan


async def _scan(
    stub: "scanner_service_pb2_grpc.ScannerServiceAsyncStub", kind: candidate_pb2.SignalKind, *, completed_only: bool
) -> str:
    """Scan the whole market and tell what came out.

    Raises:
        DataMissing: The scan ended without a usable result.
    """
    request = scanner_service_pb2.RunScanRequest(kind=kind, max_tickers=0, completed_only=completed_only)
    run = scan_pb2.ScanRun()
    with domain_errors():
        async for response in stub.RunScan(request):
            if response.HasField("finished"):
                run = response.finished.run
    if run.state not in _USABLE:
        raise DataMissing(run.problem or "the scan did not end")
    name = candidate_pb2.SignalKind.Name(kind).removeprefix("SIGNAL_KIND_").lower()
    day = f"{run.as_of.year}-{run.as_of.month:02}-{run.as_of.day:02}"
    return f"{name} {day}: {run.detected_count} of {run.judged_count}" + (f" ({run.problem})" if run.problem else "")
