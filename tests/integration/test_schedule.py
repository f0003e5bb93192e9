"""Jobs at their moments and jobs that somebody asks for, on a real store; replicas share it and a bus."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from servers.jobs.job import Job, after_close, at, before_close
from servers.schedule import Scheduler
from shared.bus.base import BusUnavailable
from shared.bus.memory import MemoryBus
from shared.clock import ClockMode
from shared.market.errors import Conflict, DataMissing, NotFound
from shared.market.sessions import Session, SessionCalendar
from shared.store.origin import Origin
from shared.store.repositories.jobs import JobRun, JobState
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fixtures.eventually import eventually

CALENDAR = SessionCalendar.load()
NOON = datetime(2026, 3, 11, 3, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = date(2026, 3, 11), date(2026, 3, 10), date(2026, 3, 12)
LONG = timedelta(days=15)


@dataclass
class Work:
    """A job's work: notes its sessions and how many run at once, and lasts until the test lets it end."""

    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    days: list[date] = field(default_factory=list)
    ended: list[date] = field(default_factory=list)
    error: DataMissing | None = None

    async def __call__(self, session: Session) -> str:
        self.days.append(session.day)
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        self.ended.append(session.day)
        return "3 of 200"


def quick(**options: DataMissing) -> Work:
    work = Work(**options)
    work.may_end.set()
    return work


def job(work: Work, name: str = "scan", **options: object) -> Job:
    given = {"when": "after the close", "due": after_close(minutes=10), "useful_for": LONG, **options}
    return Job(name=name, work=work, **given)  # type: ignore[arg-type]


class CutBus(MemoryBus):
    """A bus that can be out of reach."""

    cut = False

    async def acquire_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        if self.cut:
            raise BusUnavailable("is cut off")
        return await super().acquire_lease(name, owner, ttl)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """What replicas of the schedule share."""

    clock: FakeClock
    bus: CutBus
    store: Store

    def replica(self, *jobs: Job, owner: str = "me") -> Scheduler:
        return Scheduler(jobs, store=self.store, bus=self.bus, clock=self.clock, calendar=CALENDAR, owner=owner)

    async def runs(self, name: str = "scan") -> JobRun | None:
        async with self.store.read() as uow:
            return (await uow.jobs.last()).get(name)

    async def passes(self, happened: Callable[[], Awaitable[object]], *, step_s: float = 1.0) -> None:
        """Let time go on, a step a look, until something has happened."""

        async def later() -> bool:
            if await happened():
                return True
            await self.clock.advance(step_s)
            return False

        await eventually(later)

    async def ended(self, name: str = "scan", *, due: datetime | None = None) -> JobRun:
        """The newest run of a job once it has ended, of one moment if given."""
        found: list[JobRun] = []

        async def there() -> bool:
            run = await self.runs(name)
            found[:] = [run] if run and run.state is not JobState.RUNNING and due in {None, run.scheduled_time} else []
            return bool(found)

        await self.passes(there)
        return found[0]


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    clock = FakeClock(NOON)
    async with await Store.open(f"{tmp_path}/kstock.db", origin=Origin.REAL, clock=clock) as store:
        yield Hall(clock=clock, bus=CutBus(clock), store=store)


@asynccontextmanager
async def running(*schedulers: Scheduler) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(scheduler.run()) for scheduler in schedulers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results), results


def session(day: date) -> Session:
    found = CALENDAR.session(day)
    assert isinstance(found, Session)
    return found


async def test_each_moment_is_run_once_by_two_replicas(hall: Hall) -> None:
    work, other = quick(), quick()
    jobs = [job(work), job(other, "evening", due=at(18, 10))]
    async with running(hall.replica(*jobs, owner="one"), hall.replica(*jobs, owner="two")):
        await hall.ended()  # a leap of hours while they work would be an outage of hours
        await hall.ended("evening")
        for day in (TODAY, TOMORROW, date(2026, 3, 13)):
            await hall.clock.advance_to(after_close(minutes=10)(session(day)))
            await hall.ended(due=after_close(minutes=10)(session(day)))
            await hall.clock.advance_to(at(18, 10)(session(day)))
            await hall.ended("evening", due=at(18, 10)(session(day)))
            await hall.clock.advance(60)
    assert work.ended == [YESTERDAY, TODAY, TOMORROW, date(2026, 3, 13)]
    assert other.ended == work.ended


async def test_what_was_missed_is_made_up_for_while_it_is_useful(hall: Hall) -> None:
    useful, useless = quick(), quick()
    jobs = [job(useful), job(useless, "preview", due=before_close(minutes=15), useful_for=timedelta(minutes=14))]
    async with running(hall.replica(*jobs)):
        run = await hall.ended()
        assert run.scheduled_time == after_close(minutes=10)(session(YESTERDAY))
        await hall.clock.advance_to(before_close(minutes=15)(session(TODAY)))
        await hall.ended("preview")
    assert useful.days == [YESTERDAY]
    assert useless.days == [TODAY]


async def test_a_run_that_was_done_is_not_made_up_for(hall: Hall) -> None:
    work = quick()
    async with running(hall.replica(job(work))):
        await hall.ended()
    async with running(hall.replica(job(work), owner="after a restart")):
        await hall.clock.advance_to(after_close(minutes=10)(session(TODAY)))
        await hall.ended(due=after_close(minutes=10)(session(TODAY)))
    assert work.days == [YESTERDAY, TODAY]


async def test_no_moment_is_jumped_over_while_an_earlier_one_is_made_up_for(hall: Hall) -> None:
    slow, soon = Work(), quick()
    jobs = [job(slow), job(soon, "soon", due=at(12, 5))]
    async with running(hall.replica(*jobs)):
        await hall.clock.advance_to(after_close(minutes=11)(session(TODAY)))

        async def both_began() -> bool:
            return bool(slow.days and len(soon.ended) == 2)

        await hall.passes(both_began)
        assert slow.ended == []
        slow.may_end.set()
        await hall.ended(due=after_close(minutes=10)(session(TODAY)))
    assert slow.ended == soon.ended == [YESTERDAY, TODAY]


async def test_a_job_begins_after_the_one_before_it_has_ended_in_another_replica(hall: Hall) -> None:
    ingest, scan = Work(), quick()
    before = job(ingest, "ingest")
    first, second = hall.replica(before, owner="one"), hall.replica(before, job(scan, after=("ingest",)), owner="two")
    async with running(first):

        async def begun() -> bool:
            return bool(ingest.days)

        await hall.passes(begun)
        async with running(second):
            await hall.clock.advance(30)
            await asyncio.sleep(0.05)
            assert scan.days == []
            ingest.may_end.set()
            await hall.ended("scan")
    assert ingest.days == scan.days == [YESTERDAY]


async def test_a_job_begins_also_after_a_failure_of_the_one_before_it(hall: Hall) -> None:
    ingest, scan = quick(error=DataMissing("no file came")), quick()
    async with running(hall.replica(job(ingest, "ingest"), job(scan, after=("ingest",)))):
        assert (await hall.ended()).state is JobState.DONE
        failed = await hall.ended("ingest")
    assert (failed.state, failed.detail) == (JobState.FAILED, "no file came")


async def test_nobody_waits_for_a_job_that_will_not_run_any_more(hall: Hall) -> None:
    freeze, scan = quick(), quick()
    early = job(freeze, "close", due=after_close(minutes=0), useful_for=timedelta(minutes=5))
    async with running(hall.replica(early, job(scan, after=("close",)))):
        await hall.ended()
    assert (freeze.days, scan.days) == ([], [YESTERDAY])


async def test_the_run_of_a_replica_that_died_is_taken_over(hall: Hall) -> None:
    due = after_close(minutes=10)(session(YESTERDAY))
    async with hall.store.begin() as uow:
        assert await uow.jobs.start("scan", due, owner="dead", now=NOON) is not None
    await hall.bus.acquire_lease("job:scan", "dead", timedelta(seconds=40))
    work = quick()
    async with running(hall.replica(job(work))):
        run = await hall.ended()
    assert (run.scheduled_time, run.owner, work.days) == (due, "me", [YESTERDAY])
    assert hall.clock.market_now() >= NOON + timedelta(seconds=40)


async def test_who_loses_the_lease_stops_and_leaves_the_run_to_its_new_owner(hall: Hall) -> None:
    work = Work()
    async with running(hall.replica(job(work))):

        async def begun() -> bool:
            return bool(work.days)

        await hall.passes(begun)
        await hall.bus.release_lease("job:scan", "me")
        await hall.bus.acquire_lease("job:scan", "another", timedelta(minutes=1))
        await hall.clock.advance(31)
        work.may_end.set()

        async def again() -> bool:
            return len(work.ended) == 1

        await hall.passes(again)
    assert work.days == [YESTERDAY, YESTERDAY]  # begun anew when the other one's lease had run out
    assert hall.clock.market_now() >= NOON + timedelta(minutes=1)


async def test_a_long_job_keeps_its_lease(hall: Hall) -> None:
    work = Work()
    async with running(hall.replica(job(work))):

        async def begun() -> bool:
            return bool(work.days)

        await hall.passes(begun)
        for _ in range(40):
            await hall.clock.advance(15)
        assert await hall.bus.lease_owner("job:scan") == "me"
        work.may_end.set()
        assert (await hall.ended()).owner == "me"
    assert work.days == [YESTERDAY]


async def test_a_job_waits_for_a_bus_that_is_out_of_reach(hall: Hall) -> None:
    work = quick()
    hall.bus.cut = True
    scheduler = hall.replica(job(work))
    async with running(scheduler):
        await hall.clock.advance(20)
        with pytest.raises(BusUnavailable):
            await scheduler.run_now("scan")
        assert work.days == []
        hall.bus.cut = False
        assert (await hall.ended()).state is JobState.DONE


async def test_a_job_is_begun_at_once_for_the_newest_session_that_it_can_be_about(hall: Hall) -> None:
    work = Work()
    scheduler = hall.replica(job(work, useful_for=timedelta(0)))
    async with running(scheduler):
        run = await scheduler.run_now("scan")
        assert (run.state, run.scheduled_time) == (JobState.RUNNING, NOON)
        work.may_end.set()
        assert (await hall.ended()).detail == "3 of 200"
    assert work.days == [YESTERDAY]  # what works on a session that is over cannot be about today's at noon


async def test_what_works_before_the_close_is_begun_for_today(hall: Hall) -> None:
    work = quick()
    scheduler = hall.replica(job(work, due=before_close(minutes=15), useful_for=timedelta(0)))
    async with running(scheduler):
        await scheduler.run_now("scan")
        await hall.ended()
    assert work.days == [TODAY]


async def test_a_run_that_was_broken_off_is_told_as_failed_when_it_is_too_late(hall: Hall) -> None:
    due = after_close(minutes=10)(session(YESTERDAY))
    async with hall.store.begin() as uow:
        assert await uow.jobs.start("scan", due, owner="dead", now=NOON) is not None
    work = quick()
    async with running(hall.replica(job(work, useful_for=timedelta(minutes=5)))):
        run = await hall.ended()
    assert (run.state, run.detail) == (JobState.FAILED, "broken off, and too late to begin anew")
    assert work.days == []


async def test_whoever_stops_waiting_does_not_stop_the_job(hall: Hall) -> None:
    work = Work()
    scheduler = hall.replica(job(work, useful_for=timedelta(0)))
    async with running(scheduler):
        await scheduler.run_now("scan")
        waiting = asyncio.ensure_future(scheduler.run_now("scan"))
        await asyncio.sleep(0)
        waiting.cancel()
        work.may_end.set()
        assert (await hall.ended()).state is JobState.DONE


async def test_at_a_frozen_moment_only_what_is_asked_for_runs(hall: Hall) -> None:
    hall.clock.mode = ClockMode.FIXED
    work = quick()
    scheduler = hall.replica(job(work))
    async with running(scheduler):
        await scheduler.run_now("scan")

        async def ended() -> bool:
            run = await hall.runs()
            return run is not None and run.state is JobState.DONE

        await eventually(ended)
        with pytest.raises(Conflict, match="ran at this moment"):
            await scheduler.run_now("scan")
    assert work.days == [YESTERDAY]
    assert [due for _, due in scheduler.plan] == [None]


async def test_a_job_that_runs_elsewhere_is_not_begun_again(hall: Hall) -> None:
    await hall.bus.acquire_lease("job:scan", "somebody else", timedelta(minutes=1))
    scheduler = hall.replica(job(quick(), useful_for=timedelta(0)))
    async with running(scheduler):
        with pytest.raises(Conflict, match="running already"):
            await scheduler.run_now("scan")


async def test_an_unknown_job_is_not_found(hall: Hall) -> None:
    with pytest.raises(NotFound):
        await hall.replica().run_now("nothing")


def moments(jobs: Sequence[tuple[Job, datetime | None]]) -> dict[str, datetime | None]:
    return {one.name: due for one, due in jobs}


async def test_the_plan_tells_the_next_moment_of_each_job(hall: Hall) -> None:
    scheduler = hall.replica(job(quick()), job(quick(), "early", due=at(11, 0)), job(quick(), "now", due=at(12, 0)))
    assert moments(scheduler.plan) == {
        "scan": after_close(minutes=10)(session(TODAY)),
        "early": at(11, 0)(session(TOMORROW)),
        "now": at(12, 0)(session(TOMORROW)),
    }
