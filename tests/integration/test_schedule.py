"""Jobs that somebody asks for, on a real store."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from servers.schedule import Job, Scheduler, after_close
from shared.bus.memory import MemoryBus
from shared.market.errors import Conflict, NotFound
from shared.market.sessions import Session, SessionCalendar
from shared.store.origin import Origin
from shared.store.repositories.jobs import JobRun, JobState
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fixtures.eventually import eventually

NOON = datetime(2026, 3, 11, 3, tzinfo=UTC)


class Work:
    """A job's work that lasts until the test lets it end."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.sessions: list[Session] = []

    async def __call__(self, session: Session) -> str:
        self.sessions.append(session)
        await self.may_end.wait()
        return "3 of 200"


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def bus(clock: FakeClock) -> MemoryBus:
    return MemoryBus(clock)


@pytest.fixture
async def scheduler(work: Work, clock: FakeClock, bus: MemoryBus, tmp_path: Path) -> AsyncIterator[Scheduler]:
    job = Job(name="scan", when="after the close", due=after_close(minutes=10), useful_for=timedelta(0), work=work)
    async with await Store.open(f"{tmp_path}/kstock.db", origin=Origin.REAL, clock=clock) as store:
        made = Scheduler([job], store=store, bus=bus, clock=clock, calendar=SessionCalendar.load(), owner="me")
        running = asyncio.ensure_future(made.run())
        yield made
        running.cancel()
        await asyncio.wait([running])


async def last(scheduler: Scheduler) -> JobRun:
    return (await scheduler.last_runs())["scan"]


async def test_a_job_is_begun_at_once_for_the_newest_session(scheduler: Scheduler, work: Work) -> None:
    run = await scheduler.run_now("scan")

    assert run.state is JobState.RUNNING
    assert run.scheduled_time == NOON
    work.may_end.set()

    async def ended() -> bool:
        return (await last(scheduler)).state is JobState.DONE

    await eventually(ended)
    assert (await last(scheduler)).detail == "3 of 200"
    assert [session.day for session in work.sessions] == [NOON.date()]


async def test_whoever_stops_waiting_does_not_stop_the_job(scheduler: Scheduler, work: Work) -> None:
    await scheduler.run_now("scan")
    waiting = asyncio.ensure_future(scheduler.run_now("scan"))
    await asyncio.sleep(0)
    waiting.cancel()
    work.may_end.set()

    async def ended() -> bool:
        return (await last(scheduler)).state is JobState.DONE

    await eventually(ended)


async def test_a_job_that_runs_elsewhere_is_not_begun_again(bus: MemoryBus, scheduler: Scheduler) -> None:
    await bus.acquire_lease("job:scan", "somebody else", timedelta(minutes=1))

    with pytest.raises(Conflict, match="running already"):
        await scheduler.run_now("scan")


async def test_an_unknown_job_is_not_found(scheduler: Scheduler) -> None:
    with pytest.raises(NotFound):
        await scheduler.run_now("nothing")
