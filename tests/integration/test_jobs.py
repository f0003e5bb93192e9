"""The jobs of a day, each asking its room."""

from datetime import date

from kstock.scanner.v1 import scanner_service_pb2

from servers.jobs import daily_jobs
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import to_kst
from shared.rpc.handlers import HostedService
from tests.fixtures.rpc_house import serving

DAY = SessionCalendar.load().session(date(2026, 3, 11))
SCANNER = scanner_service_pb2.DESCRIPTOR.services_by_name["ScannerService"]


class JudgingRoom:
    """Answers as if it had judged."""

    async def JudgeSignals(self, _request: object, _context: object) -> scanner_service_pb2.JudgeSignalsResponse:
        return scanner_service_pb2.JudgeSignalsResponse(signal_count=312, unresolved_count=41, skipped_count=2)


async def test_the_nightly_scoreboard_tells_what_was_judged() -> None:
    assert isinstance(DAY, Session)
    async with serving([HostedService(descriptor=SCANNER, servicer=JudgingRoom())]) as channel:
        jobs = daily_jobs({"scanner": channel})
        job = next(job for job in jobs if job.name == "scoreboard")
        told = await job.work(DAY)
    assert told == "312 signals judged, 41 without an end yet, 2 without a known opening"
    assert to_kst(job.due(DAY)).strftime("%H:%M") == "20:30"
    assert jobs[-1].name == "scoreboard"  # the last of the day: what the others publish is in it
