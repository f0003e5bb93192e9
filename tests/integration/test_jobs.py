"""The jobs of a day: when each is due, what it asks its room, and what it tells the operator."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time, timedelta

import pytest
from google.protobuf.message import Message
from kstock.common.v1 import feed_status_pb2, market_gate_pb2
from kstock.market.v1 import market_service_pb2 as market
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from servers.jobs.job import Job
from servers.jobs.table import daily_jobs
from shared.market.errors import DataMissing
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_datetime, to_kst
from shared.rpc.handlers import HostedService
from shared.rpc.messages.times import duration_message, local_date_message, read_local_date
from tests.fixtures.rpc_house import serving

CALENDAR = SessionCalendar.load()
SCANNER = scanner_service_pb2.DESCRIPTOR.services_by_name["ScannerService"]
MARKET = market.DESCRIPTOR.services_by_name["MarketService"]


def session(day: date) -> Session:
    found = CALENDAR.session(day)
    assert isinstance(found, Session)
    return found


DAY = session(date(2026, 3, 11))
SHORT = Session(day=DAY.day, opens=kst_datetime(DAY.day, time(9)), closes=kst_datetime(DAY.day, time(12, 30)))


class Rooms:
    """Answers as the rooms would, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Message] = []
        self.scan_state = scan_pb2.SCAN_STATE_COMPLETED
        self.kept = 216

    async def JudgeSignals(self, _request: Message, _context: object) -> scanner_service_pb2.JudgeSignalsResponse:
        return scanner_service_pb2.JudgeSignalsResponse(signal_count=312, unresolved_count=41, skipped_count=2)

    async def PrepareSession(self, request: Message, _context: object) -> scanner_service_pb2.PrepareSessionResponse:
        self.asked.append(request)
        feed = feed_status_pb2.FeedStatus(feed="simulated", state=feed_status_pb2.FEED_STATE_CLOSED_SESSION)
        return scanner_service_pb2.PrepareSessionResponse(
            bars_as_of=local_date_message(date(2026, 3, 10)),
            ticker_count=216,
            eligible_count=200,
            watched_count=199,
            gate_colour=market_gate_pb2.GATE_COLOUR_YELLOW,
            gate_level=0,
            feeds=[feed],
        )

    async def RunScan(self, request: Message, _context: object) -> AsyncIterator[scanner_service_pb2.RunScanResponse]:
        self.asked.append(request)
        run = scan_pb2.ScanRun(state=self.scan_state, as_of=local_date_message(DAY.day), detected_count=7, judged_count=200)
        yield scanner_service_pb2.RunScanResponse(finished=scanner_service_pb2.ScanFinished(run=run))

    async def SyncInstruments(self, request: Message, _context: object) -> market.SyncInstrumentsResponse:
        self.asked.append(request)
        kinds = (market.INSTRUMENT_CHANGE_KIND_LISTED, market.INSTRUMENT_CHANGE_KIND_SUSPENDED)
        changes = [
            market.InstrumentChange(ticker="00000" + str(place), name="가", kind=kinds[place % 2]) for place in range(7)
        ]
        return market.SyncInstrumentsResponse(
            listed_count=2_700,
            suspended_count=31,
            elw_count=4,
            changes=changes,
            change_count=7,
            file_count=2,
            stored_row_count=9,
        )

    async def CloseSession(self, request: Message, _context: object) -> market.CloseSessionResponse:
        self.asked.append(request)
        ttl = duration_message(timedelta(seconds=300))
        return market.CloseSessionResponse(
            kept_count=self.kept, dropped_count=3, replica_count=2, price_ttl=ttl, market_ttl=ttl
        )

    async def IngestSession(self, request: Message, _context: object) -> market.IngestSessionResponse:
        self.asked.append(request)
        return market.IngestSessionResponse(known_count=215, listed_count=216, stored_count=215, source="simulated")


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


@pytest.fixture
async def jobs(rooms: Rooms) -> AsyncIterator[dict[str, Job]]:
    hosted = [HostedService(descriptor=one, servicer=rooms) for one in (SCANNER, MARKET)]
    async with serving(hosted) as channel:
        yield {job.name: job for job in daily_jobs({"scanner": channel, "market": channel})}


def times(jobs: Sequence[Job], day: Session) -> dict[str, str]:
    return {job.name: to_kst(job.due(day)).strftime("%H:%M") for job in jobs}


USUAL = {
    "master-sync": "08:30",
    "pre-open": "08:50",
    "jongga-preview": "15:15",
    "close": "15:30",
    "ingest": "15:40",
    "scan-vcp": "15:40",
    "scan-daytrading": "15:40",
    "flows": "18:10",
    "final-scores": "18:10",
    "scoreboard": "20:30",
}


async def test_the_jobs_come_in_the_order_of_the_day(jobs: dict[str, Job]) -> None:
    assert list(times(list(jobs.values()), DAY).items()) == list(USUAL.items())
    dues = [job.due(DAY) for job in jobs.values()]
    assert dues == sorted(dues)


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (session(date(2026, 11, 19)), {  # exam day: everything an hour later
            "master-sync": "09:30", "pre-open": "09:50", "jongga-preview": "16:15", "close": "16:30", "ingest": "16:40",
            "scan-vcp": "16:40", "scan-daytrading": "16:40",
        }),
        (session(date(2026, 1, 2)), {"master-sync": "09:30", "pre-open": "09:50"}),  # the year's first
        (SHORT, {
            "jongga-preview": "12:15", "close": "12:30", "ingest": "12:40", "scan-vcp": "12:40", "scan-daytrading": "12:40",
        }),
    ],
    ids=["exam day", "late opening", "half day"],
)  # fmt: skip
async def test_unusual_hours_move_what_belongs_to_the_session(
    jobs: dict[str, Job], day: Session, moved: dict[str, str]
) -> None:
    assert times(list(jobs.values()), day) == USUAL | moved


async def test_scans_follow_the_ingest_and_final_scores_the_flows(jobs: dict[str, Job]) -> None:
    assert jobs["scan-vcp"].after == jobs["scan-daytrading"].after == ("ingest",)
    assert "flows" in jobs["final-scores"].after
    assert jobs["scoreboard"].after == ("final-scores",)
    earlier: set[str] = set()
    for job in jobs.values():
        assert set(job.after) <= earlier
        earlier.add(job.name)


def last(rooms: Rooms) -> tuple[str, date]:
    request = rooms.asked[-1]
    return type(request).__name__, read_local_date(request.trading_date)


async def test_the_master_sync_tells_what_is_listed_and_what_has_changed(rooms: Rooms, jobs: dict[str, Job]) -> None:
    told = await jobs["master-sync"].work(DAY)
    assert last(rooms) == ("SyncInstrumentsRequest", DAY.day)
    assert told.startswith("2700 listed, 31 suspended, 4 ELW; 7 changes since the session before: 000000 가 listed, ")
    assert told.endswith("000004 가 listed and 2 more; 2 import files, 9 rows new")


async def test_the_pre_open_tells_hours_bars_rules_gate_and_feed(rooms: Rooms, jobs: dict[str, Job]) -> None:
    exam = session(date(2026, 11, 19))
    told = await jobs["pre-open"].work(exam)
    assert last(rooms) == ("PrepareSessionRequest", exam.day)
    assert told == (
        "session 2026-11-19 10:00-16:30 (대학수학능력시험일), 200 of 216 instruments eligible, bars up to 2026-03-10, "
        "rules watch 199, gate yellow 0, feed simulated closed_session"
    )


async def test_the_close_tells_what_is_kept_and_for_how_long_prices_are_cached(rooms: Rooms, jobs: dict[str, Job]) -> None:
    told = await jobs["close"].work(DAY)
    assert last(rooms) == ("CloseSessionRequest", DAY.day)
    assert told.startswith("closing prices of 216 instruments kept in 2 replica(s), 3 cached values dropped")
    assert "prices are cached for 300 s" in told
    rooms.kept = 0
    assert (await jobs["close"].work(DAY)).startswith("no feed has shown a trade of the session")


@pytest.mark.parametrize(("name", "part"), [("ingest", market.SESSION_PART_BARS), ("flows", market.SESSION_PART_FLOWS)])
async def test_the_record_is_brought_in_by_parts(rooms: Rooms, jobs: dict[str, Job], name: str, part: int) -> None:
    told = await jobs[name].work(DAY)
    assert last(rooms) == ("IngestSessionRequest", DAY.day)
    assert rooms.asked[-1].part == part
    assert told.endswith("of 215 of 216 listed instruments, 215 new; feed simulated")


async def test_final_scores_are_of_completed_bars_only(rooms: Rooms, jobs: dict[str, Job]) -> None:
    told = await jobs["final-scores"].work(DAY)
    assert [request.completed_only for request in rooms.asked] == [True] * 4
    assert told.startswith("vcp 2026-03-11: 7 of 200, jongga 2026-03-11: 7 of 200")
    await jobs["jongga-preview"].work(DAY)
    assert not rooms.asked[-1].completed_only


async def test_a_scan_without_a_usable_end_is_a_failure(rooms: Rooms, jobs: dict[str, Job]) -> None:
    rooms.scan_state = scan_pb2.SCAN_STATE_FAILED
    with pytest.raises(DataMissing, match="did not end"):
        await jobs["scan-vcp"].work(DAY)


async def test_the_nightly_scoreboard_tells_what_was_judged(jobs: dict[str, Job]) -> None:
    told = await jobs["scoreboard"].work(DAY)
    assert told == "312 signals judged, 41 without an end yet, 2 without a known opening"


def useful_until(job: Job, day: Session) -> datetime:
    return job.due(day) + job.useful_for


async def test_what_belongs_to_a_session_is_made_up_for_only_in_time(jobs: dict[str, Job]) -> None:
    assert useful_until(jobs["jongga-preview"], DAY) < DAY.closes
    assert useful_until(jobs["pre-open"], DAY) < DAY.closes
    assert useful_until(jobs["close"], DAY) < jobs["ingest"].due(DAY)  # after-hours prices begin there
    holidays = session(date(2026, 2, 13))  # 설날 follows
    for name in ("ingest", "flows", "final-scores", "scoreboard"):
        assert useful_until(jobs[name], holidays) > CALENDAR.next_session(holidays.day).opens
