"""What the scanner is asked to do every session, and how the operator is told of it."""

import grpc
from kstock.common.v1 import candidate_pb2, feed_status_pb2, local_date_pb2, market_gate_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2, scanner_service_pb2_grpc

from servers.jobs.job import Work
from shared.market.errors import DataMissing
from shared.market.sessions import Session
from shared.market.signal import SignalKind
from shared.market.times import to_kst
from shared.rpc.errors import domain_errors
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.messages.times import local_date_message

_USABLE = (scan_pb2.SCAN_STATE_COMPLETED, scan_pb2.SCAN_STATE_PARTIAL)


class ScannerWork:
    """The scanner's part of the day."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        """Keep the way to the room."""
        self._stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)

    async def prepare(self, session: Session) -> str:
        """Make ready for the opening."""
        request = scanner_service_pb2.PrepareSessionRequest(trading_date=local_date_message(session.day))
        with domain_errors():
            ready = await self._stub.PrepareSession(request)
        return ", ".join(
            (
                _hours(session),
                f"{ready.eligible_count} of {ready.ticker_count} instruments eligible, bars up to {_day(ready.bars_as_of)}",
                f"rules watch {ready.watched_count}",
                _gate(ready),
                _feeds(ready),
            )
        )

    async def judge(self, _session: Session) -> str:
        """Work out what became of the signals."""
        with domain_errors():
            judged = await self._stub.JudgeSignals(scanner_service_pb2.JudgeSignalsRequest())
        told = f"{judged.signal_count} signals judged, {judged.unresolved_count} without an end yet"
        return told + (f", {judged.skipped_count} without a known opening" if judged.skipped_count else "")

    def scan(self, *kinds: SignalKind, completed_only: bool = False) -> Work:
        """Scan the whole market with some strategies, one after the other."""

        async def work(_session: Session) -> str:
            wanted = [SIGNAL_KIND.to_wire(kind) for kind in kinds]
            return ", ".join([await self._scan(kind, completed_only=completed_only) for kind in wanted])

        return work

    async def _scan(self, kind: candidate_pb2.SignalKind, *, completed_only: bool) -> str:
        """Scan and tell what came out.

        Raises:
            DataMissing: The scan ended without a usable result.
        """
        request = scanner_service_pb2.RunScanRequest(kind=kind, max_tickers=0, completed_only=completed_only)
        run = scan_pb2.ScanRun()
        with domain_errors():
            async for response in self._stub.RunScan(request):
                if response.HasField("finished"):
                    run = response.finished.run
        if run.state not in _USABLE:
            raise DataMissing(run.problem or "the scan did not end")
        name = candidate_pb2.SignalKind.Name(kind).removeprefix("SIGNAL_KIND_").lower()
        problem = f" ({run.problem})" if run.problem else ""
        return f"{name} {_day(run.as_of)}: {run.detected_count} of {run.judged_count}{problem}"


def _hours(session: Session) -> str:
    opens, closes = (to_kst(moment).strftime("%H:%M") for moment in (session.opens, session.closes))
    return f"session {session.day} {opens}-{closes}" + (f" ({session.note})" if session.note else "")


def _gate(ready: scanner_service_pb2.PrepareSessionResponse) -> str:
    if not ready.HasField("gate_level"):
        return "no market gate"
    colour = market_gate_pb2.GateColour.Name(ready.gate_colour).removeprefix("GATE_COLOUR_").lower()
    return f"gate {colour} {ready.gate_level}"


def _feeds(ready: scanner_service_pb2.PrepareSessionResponse) -> str:
    if not ready.feeds:
        return "no feed runs, so the rules see no trades"
    states = (feed_status_pb2.FeedState.Name(one.state).removeprefix("FEED_STATE_").lower() for one in ready.feeds)
    return ", ".join(f"feed {one.feed} {state}" for one, state in zip(ready.feeds, states, strict=True))


def _day(day: local_date_pb2.LocalDate) -> str:
    return f"{day.year}-{day.month:02}-{day.day:02}"
