"""One whole invented trading day, from 08:25 to midnight, with two replicas of the schedule and of the signal room."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
import pytest
from kstock.common.v1 import quote_pb2
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc
from kstock.ops.v1 import ops_service_pb2, ops_service_pb2_grpc
from kstock.signal.v1 import signal_pb2, signal_service_pb2, signal_service_pb2_grpc
from structlog.testing import capture_logs

from servers.application import Application
from servers.compose import furnished, new_token
from servers.house import House, open_house
from servers.stopping import Stopping
from servers.store_choice import choose_store
from shared.clock import WallClock
from shared.config import Settings
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_datetime
from shared.rpc.client import SignalStreamClient, open_channel
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.times import read_timestamp
from shared.rpc.signal_stream import Bookmark
from tests.fakes.steered_clock import SteeredClock
from tests.fixtures.eventually import eventually
from tests.fixtures.scanner_rooms import SpelledOutSource

ROOMS = ("feed", "pricestream", "market", "scanner", "signal", "schedule", "ops")
BESIDE = ("signal", "schedule", "ops")
"""What the second replica serves; it calls the first one's other rooms."""

DAY = date(2026, 3, 17)
STEP = timedelta(minutes=10)
JOBS = ("master-sync", "pre-open", "jongga-preview", "close", "ingest", "scan-vcp", "scan-daytrading", "flows",
        "final-scores", "scoreboard")  # fmt: skip
BUSY = "price:005930"


@dataclass
class Watcher:
    """Follows signal events and notes each that it processes; a restless one changes the server again and again."""

    channels: Sequence[grpc.aio.Channel]
    restless: bool = False
    events: list[signal_pb2.SignalEvent] = field(default_factory=list)
    streams: int = 0

    async def run(self) -> None:
        bookmark = Bookmark(epoch="", event_id=0)
        for channel in cycle(self.channels):
            client = SignalStreamClient(channel, clock=WallClock())
            self.streams += 1
            async with aclosing(client.watch(after=bookmark)) as items:
                seen = len(self.events)
                async for item in items:
                    if self.restless and len(self.events) > seen:
                        break  # what has just come is not processed, and must come again
                    if isinstance(item, signal_service_pb2.WatchSignalsResponse):
                        self.events.extend(item.events)
            assert client.bookmark is not None
            bookmark = client.bookmark

    @property
    def ids(self) -> list[int]:
        return [event.event_id for event in self.events]


@dataclass(frozen=True, kw_only=True)
class TradingDay:
    """Two replicas on one store, bus and clock."""

    house: House
    clock: SteeredClock
    first: grpc.aio.Channel
    second: grpc.aio.Channel
    session: Session

    async def jobs(self) -> dict[str, ops_service_pb2.JobInfo]:
        stub = ops_service_pb2_grpc.OpsServiceStub(self.second)
        listed = await stub.ListJobs(ops_service_pb2.ListJobsRequest())
        return {job.job: job for job in listed.jobs}

    async def wait_for(self, *names: str) -> None:
        """Until these jobs have ended for the day."""

        async def ended() -> bool:
            jobs = await self.jobs()
            runs = [jobs[name].last_run for name in names]
            return all(
                run.result in ("OK", "FAILED") and read_timestamp(run.due_time) > self.session.opens - timedelta(hours=9)
                for run in runs
            )

        await eventually(ended, within_s=60)

    async def pass_to(self, moment: datetime) -> None:
        """Let market time pass, in steps that the feed can follow while the session runs."""
        while (now := self.clock.market_now()) < moment:
            self.clock.send_to(min(moment, now + STEP))
            if self.session.opens < self.clock.market_now() <= self.session.closes:
                await eventually(self._feed_has_followed)

    async def _feed_has_followed(self) -> bool:
        entry = (await self.house.bus.latest([BUSY])).get(BUSY)
        if entry is None:
            return False
        told = read_timestamp(read_chunk(entry.chunk).quotes[0].receive_time)
        return told >= min(self.clock.market_now(), self.session.closes) - timedelta(seconds=10)

    async def newest_bar(self) -> date | None:
        async with self.house.store.read() as uow:
            return await uow.bars.newest_date()

    async def quote(self, ticker: str = "005930") -> quote_pb2.Quote:
        stub = market_service_pb2_grpc.MarketServiceStub(self.first)
        found = await stub.BatchGetQuotes(market_service_pb2.BatchGetQuotesRequest(tickers=[ticker]))
        quote: quote_pb2.Quote = found.quotes[0]
        return quote

    async def log(self) -> list[signal_pb2.SignalEvent]:
        stub = signal_service_pb2_grpc.SignalServiceStub(self.first)
        request = signal_service_pb2.ListSignalEventsRequest(page_size=500)
        events: list[signal_pb2.SignalEvent] = []
        while True:
            page = await stub.ListSignalEvents(request)
            events.extend(page.events)
            if not page.next_page_token:
                return events
            request.page_token = page.next_page_token


def settings_of(folder: Path) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": folder,
            "server": {"listen": f"unix:{folder}/one"},
            "metrics": {"listen": ""},
            "feed": {"source": "simulated"},
            "clock": {"at": kst_datetime(DAY, time(8, 25))},
        }
    )


@asynccontextmanager
async def running(application: Application) -> AsyncIterator[None]:
    await application.start()
    task = asyncio.ensure_future(application.run())
    try:
        yield
    finally:
        application.house.stopping.ask(timedelta(seconds=1))
        await task


@pytest.fixture
async def day() -> AsyncIterator[TradingDay]:
    with TemporaryDirectory(prefix="kstock-day-") as folder:
        settings, token = settings_of(Path(folder)), new_token()
        async with AsyncExitStack() as stack:
            opened = await open_house(settings, choose_store(settings), token=token, stopping=Stopping(), stack=stack)
            clock = SteeredClock(opened.clock.market_now())
            house = replace(opened, clock=clock, morphemes=SpelledOutSource())
            listen = settings.server.model_copy(update={"listen": f"unix:{folder}/two"})
            beside = replace(
                house,
                replica="second",
                stopping=Stopping(),
                settings=settings.model_copy(update={"server": listen}),
            )
            one = await stack.enter_async_context(furnished(house, token=token, rooms=ROOMS))
            two = await stack.enter_async_context(furnished(beside, token=token, rooms=BESIDE))
            await stack.enter_async_context(running(one))
            await stack.enter_async_context(running(two))
            session = SessionCalendar.load().session(DAY)
            assert isinstance(session, Session)
            yield TradingDay(
                house=house,
                clock=clock,
                first=await stack.enter_async_context(open_channel(one.target, clock=WallClock())),
                second=await stack.enter_async_context(open_channel(two.target, clock=WallClock())),
                session=session,
            )


@asynccontextmanager
async def watching(*watchers: Watcher) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(watcher.run()) for watcher in watchers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends


async def whole_day(day: TradingDay) -> None:
    """The day's moments, each with what must have been done by then."""
    session = day.session
    await day.pass_to(session.opens - timedelta(minutes=30))
    await day.wait_for("master-sync")
    await day.pass_to(session.opens - timedelta(minutes=10))
    await day.wait_for("pre-open")
    await day.pass_to(session.closes - timedelta(minutes=15))
    await day.wait_for("jongga-preview")
    await day.pass_to(session.closes + timedelta(minutes=1))
    await day.wait_for("close")
    assert await day.newest_bar() < session.day
    await day.pass_to(session.closes + timedelta(minutes=10))
    await day.wait_for("ingest", "scan-vcp", "scan-daytrading")
    assert await day.newest_bar() == session.day
    await day.pass_to(kst_datetime(DAY, time(18, 10)))
    await day.wait_for("flows", "final-scores")
    await day.pass_to(kst_datetime(DAY, time(20, 30)))
    await day.wait_for("scoreboard")
    await day.pass_to(kst_datetime(DAY + timedelta(days=1), time(0)))


def check_jobs(jobs: dict[str, ops_service_pb2.JobInfo], logs: Sequence[dict[str, object]], midnight: datetime) -> None:
    ran = Counter(entry["job"] for entry in logs if entry["event"] == "job_ended" and entry["session"] == DAY.isoformat())
    assert ran == dict.fromkeys(JOBS, 1)
    for name in JOBS:
        job = jobs[name]
        assert job.last_run.result == "OK", (name, job.last_run.detail)
        assert job.last_run.detail
        assert read_timestamp(job.next_time) > midnight
    for name in ("ingest", "flows"):
        assert "216 new; feed simulated" in jobs[name].last_run.detail
    for name in ("jongga-preview", "scan-vcp", "scan-daytrading", "final-scores"):
        assert (
            f" {DAY}: " in jobs[name].last_run.detail
        )  # today's bar, of the stream before the close and of the ingest after
    assert "kept in 1 replica" in jobs["close"].last_run.detail
    assert f"{DAY} 09:00-15:30" in jobs["pre-open"].last_run.detail


async def test_every_job_runs_once_and_every_watcher_sees_each_event_once(day: TradingDay) -> None:
    steady, restless = Watcher([day.first]), Watcher([day.second, day.first], restless=True)
    with capture_logs() as logs:
        async with watching(steady, restless):
            await whole_day(day)
            log = await day.log()

            async def all_seen() -> bool:
                return steady.ids[-1:] == restless.ids[-1:] == [log[-1].event_id]

            await eventually(all_seen)
        check_jobs(await day.jobs(), logs, day.clock.market_now())
    assert [event.event_id for event in log] == list(range(1, len(log) + 1))
    assert steady.ids == restless.ids == [event.event_id for event in log]
    assert restless.streams >= 3  # it has come back at least twice
    changes = Counter(event.change for event in log if read_timestamp(event.event_time) >= day.session.opens)
    assert all(changes[change] for change in signal_pb2.SignalChange.values() if change)
    assert (await day.quote()).quality == quote_pb2.QUALITY_SIMULATED
    assert len({event.signal.kind for event in log}) >= 4
