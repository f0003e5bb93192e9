"""The daily schedule: jobs due at moments of each session, on market time, each run by one replica only."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import structlog

from shared.clock import Clock
from shared.market.errors import KStockError, NotFound
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_date

log = structlog.get_logger()

_LEASE = timedelta(minutes=10)
_SEARCH_DAYS = 2


class JobState(StrEnum):
    """How a run stands."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do each session.

    `due` gives the moment (UTC) in a session, so that a delayed opening moves it. `useful_for` is how long after that moment
    a missed run still makes sense. `work` does it and returns one line for the operator. `when` is the schedule in words.
    """

    name: str
    when: str
    due: Callable[[Session], datetime]
    useful_for: timedelta
    work: Callable[[Session], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of a job; times are market time, `duration` machine time."""

    job: str
    due: datetime
    state: JobState
    started: datetime
    duration: timedelta
    detail: str


class JobLog(Protocol):
    """Where runs are written down, so that a restart neither forgets nor repeats one."""

    async def claim(self, job: str, due: datetime, now: datetime, *, owner: str) -> bool:
        """Write that `owner` runs the job; False when that run is written down already by somebody who is alive."""
        ...

    async def finish(self, run: JobRun) -> None:
        """Write down how the run ended."""
        ...

    async def last_runs(self) -> dict[str, JobRun]:
        """Newest run of each job."""
        ...


class Lease(Protocol):
    """What keeps a second replica from running the same job."""

    async def acquire_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        """Take the lease; False when somebody else holds it."""
        ...

    async def release_lease(self, name: str, owner: str) -> bool:
        """Give it back."""
        ...


class Scheduler:
    """Runs jobs when they are due; a component of one process."""

    name = "schedule"

    def __init__(
        self, jobs: Sequence[Job], calendar: SessionCalendar, clock: Clock, *, job_log: JobLog, lease: Lease, owner: str
    ) -> None:
        """Keep the collaborators; nothing runs before `run`."""
        self._jobs = {job.name: job for job in jobs}
        self._calendar = calendar
        self._clock = clock
        self._log = job_log
        self._lease = lease
        self._owner = owner

    @property
    def jobs(self) -> Sequence[Job]:
        """The jobs in the order of the day."""
        return tuple(self._jobs.values())

    async def run(self) -> None:
        """Run each job at its moments until cancelled; a missed one first, where it is still useful."""
        async with asyncio.TaskGroup() as tasks:
            for job in self._jobs.values():
                tasks.create_task(self._follow(job), name=f"job-{job.name}")

    async def run_now(self, name: str) -> JobRun:
        """Run a job for the newest session at once, whatever the schedule says.

        Raises:
            NotFound: No job has that name.
        """
        if name not in self._jobs:
            raise NotFound("JOB", name)
        now = self._clock.market_now()
        return await self._perform(self._jobs[name], self._calendar.latest_session(kst_date(now)), now)

    def next_due(self, job: Job, after: datetime) -> tuple[Session, datetime]:
        """The first moment after `after` at which the job is due, and its session."""
        session = self._calendar.latest_session(kst_date(after))
        while (due := job.due(session)) <= after:
            session = self._calendar.next_session(session.day)
        return session, due

    async def last_runs(self) -> dict[str, JobRun]:
        """Newest run of each job that ever ran."""
        return await self._log.last_runs()

    async def _follow(self, job: Job) -> None:
        missed = self._missed(job)
        if missed:
            await self._run_once(job, *missed)
        while True:
            session, due = self.next_due(job, self._clock.market_now())
            await self._clock.sleep_market_until(due)
            await self._run_once(job, session, due)

    def _missed(self, job: Job) -> tuple[Session, datetime] | None:
        now = self._clock.market_now()
        session = self._calendar.latest_session(kst_date(now))
        for _ in range(_SEARCH_DAYS):
            due = job.due(session)
            if due <= now:
                return (session, due) if now <= due + job.useful_for else None
            session = self._calendar.previous_session(session.day)
        return None

    async def _run_once(self, job: Job, session: Session, due: datetime) -> None:
        if not await self._lease.acquire_lease(f"job:{job.name}", self._owner, _LEASE):
            return
        try:
            if await self._log.claim(job.name, due, self._clock.market_now(), owner=self._owner):
                await self._perform(job, session, due)
        finally:
            await self._lease.release_lease(f"job:{job.name}", self._owner)

    async def _perform(self, job: Job, session: Session, due: datetime) -> JobRun:
        started, began = self._clock.market_now(), self._clock.monotonic()
        try:
            state, detail = JobState.DONE, await job.work(session)
        except KStockError as error:
            # A job that cannot do its work today must not end the others; the run and its reason are on record.
            state, detail = JobState.FAILED, str(error)
            log.warning("job_failed", job=job.name, reason=detail)
        duration = timedelta(seconds=self._clock.monotonic() - began)
        run = JobRun(job=job.name, due=due, state=state, started=started, duration=duration, detail=detail)
        await self._log.finish(run)
        return run


def before_open(**offset: float) -> Callable[[Session], datetime]:
    """Moment that far before the opening, e.g. `before_open(minutes=30)`."""
    return lambda session: session.opens - timedelta(**offset)


def before_close(**offset: float) -> Callable[[Session], datetime]:
    """Moment that far before the close."""
    return lambda session: session.closes - timedelta(**offset)


def after_close(**offset: float) -> Callable[[Session], datetime]:
    """Moment that far after the close."""
    return lambda session: session.closes + timedelta(**offset)
