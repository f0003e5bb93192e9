"""The daily schedule: jobs due at moments of each session, on market time, each run by one replica only."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog

from shared.bus.base import EventBus
from shared.clock import Clock
from shared.market.errors import Conflict, KStockError, NotFound
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_date, kst_datetime
from shared.store.repositories.jobs import JobRun, JobState
from shared.store.store import Store

log = structlog.get_logger()

_LEASE = timedelta(minutes=10)

Moment = Callable[[Session], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do each session.

    `due` gives its moment (UTC) in a session, so that a delayed opening moves it; `when` says the same in words. A missed
    run is made up for while no later one is due and `useful_for` has not passed. `work` does it and returns one line for
    the operator.
    """

    name: str
    when: str
    due: Moment
    useful_for: timedelta
    work: Callable[[Session], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A job that somebody wants to run now, and where they wait for its beginning."""

    job: Job
    begun: asyncio.Future[JobRun]


class Scheduler:
    """Runs jobs when they are due; a component of one process."""

    name = "schedule"

    def __init__(
        self, jobs: Sequence[Job], *, store: Store, bus: EventBus, clock: Clock, calendar: SessionCalendar, owner: str
    ) -> None:
        """Keep the collaborators; nothing runs before `run`. `owner` names this process among the replicas."""
        self._jobs = {job.name: job for job in jobs}
        self._store = store
        self._bus = bus
        self._clock = clock
        self._calendar = calendar
        self._owner = owner
        self._asked: asyncio.Queue[_Asked] = asyncio.Queue()

    @property
    def jobs(self) -> Sequence[Job]:
        """The jobs in the order of the day."""
        return tuple(self._jobs.values())

    async def run(self) -> None:
        """Run each job at its moments until cancelled; a missed one first, where it is still useful."""
        await self._make_up()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._run_asked(), name="jobs-asked-for")
            for job in self._jobs.values():
                tasks.create_task(self._follow(job), name=f"job-{job.name}")

    async def run_now(self, name: str) -> JobRun:
        """Begin a job for the newest session, whatever the schedule says; it goes on when the caller does not wait.

        Returns:
            The run as it begins.

        Raises:
            NotFound: No job has that name.
            Conflict: It is running already, here or elsewhere.
        """
        if name not in self._jobs:
            raise NotFound("JOB", name)
        asked = _Asked(job=self._jobs[name], begun=asyncio.get_running_loop().create_future())
        await self._asked.put(asked)
        return await asked.begun

    @property
    def plan(self) -> Sequence[tuple[Job, datetime]]:
        """The jobs in the order of the day, each with the next moment at which it is due."""
        return tuple((job, self._next(job)[1]) for job in self._jobs.values())

    async def last_runs(self) -> dict[str, JobRun]:
        """Newest run of each job that ever ran."""
        async with self._store.read() as uow:
            return await uow.jobs.last()

    async def _make_up(self) -> None:
        """Do what was missed while nothing ran, in the order in which it was due."""
        missed = [
            (due, job, session) for job in self.jobs for session, due in [self._last(job)] if self._is_useful(job, due)
        ]
        for due, job, session in sorted(missed, key=lambda one: one[0]):
            await self._run_once(job, session, due)

    async def _run_asked(self) -> None:
        while True:
            asked = await self._asked.get()
            now = self._clock.market_now()
            session = self._calendar.latest_session(kst_date(now))
            if not await self._run_once(asked.job, session, now, begun=asked.begun) and not asked.begun.done():
                asked.begun.set_exception(Conflict(f"the job {asked.job.name} is running already"))

    async def _follow(self, job: Job) -> None:
        while True:
            session, due = self._next(job)
            await self._clock.sleep_market_until(due)
            await self._run_once(job, session, due)

    def _is_useful(self, job: Job, due: datetime) -> bool:
        return self._clock.market_now() <= due + job.useful_for

    def _next(self, job: Job) -> tuple[Session, datetime]:
        now = self._clock.market_now()
        session = self._calendar.latest_session(kst_date(now))
        while (due := job.due(session)) <= now:
            session = self._calendar.next_session(session.day)
        return session, due

    def _last(self, job: Job) -> tuple[Session, datetime]:
        now = self._clock.market_now()
        session = self._calendar.latest_session(kst_date(now))
        while (due := job.due(session)) > now:
            session = self._calendar.previous_session(session.day)
        return session, due

    async def _run_once(
        self, job: Job, session: Session, due: datetime, *, begun: asyncio.Future[JobRun] | None = None
    ) -> bool:
        """Run a job for a moment unless that is done or being done; `begun` gets the run as it begins."""
        lease = f"job:{job.name}"
        if not await self._bus.acquire_lease(lease, self._owner, _LEASE):
            return False
        try:
            async with self._store.begin() as uow:
                run = await uow.jobs.start(job.name, due, owner=self._owner, now=self._clock.machine_now())
            if run is None:
                return False
            if begun is not None and not begun.done():
                begun.set_result(run)
            await self._perform(job, session, run)
            return True
        finally:
            await self._bus.release_lease(lease, self._owner)

    async def _perform(self, job: Job, session: Session, run: JobRun) -> None:
        try:
            state, detail = JobState.DONE, await job.work(session)
        except KStockError as error:
            # A job that cannot do its work today must not end the others; the run and its reason are on record.
            state, detail = JobState.FAILED, str(error)
        async with self._store.begin() as uow:
            await uow.jobs.finish(run.run_id, state, now=self._clock.machine_now(), detail=detail)
        log.info("job_ended", job=job.name, session=session.day.isoformat(), state=state, detail=detail)


def before_open(**offset: float) -> Moment:
    """Moment that far before the opening, e.g. `before_open(minutes=30)`."""
    return lambda session: session.opens - timedelta(**offset)


def before_close(**offset: float) -> Moment:
    """Moment that far before the close."""
    return lambda session: session.closes - timedelta(**offset)


def after_close(**offset: float) -> Moment:
    """Moment that far after the close."""
    return lambda session: session.closes + timedelta(**offset)


def at(hour: int, minute: int) -> Moment:
    """A time of the session's day on Korean clocks."""
    return lambda session: kst_datetime(session.day, time(hour, minute))
