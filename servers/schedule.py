"""The daily schedule: jobs due at moments of each session, on market time, each run by one replica only."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from servers.jobs.job import Job
from shared.bus.base import BusUnavailable, EventBus
from shared.clock import Clock, ClockMode
from shared.market.errors import Conflict, KStockError, NotFound, StoreUnusable
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_date
from shared.store.repositories.jobs import JobRun, JobState
from shared.store.store import Store

log = structlog.get_logger(__name__)

_LEASE = timedelta(minutes=2)
_RENEW_S = 30.0
_LOOK_S = 2.0
"""How often it is looked whether the replica that runs a job has ended it, or has died."""

_WAIT_S = 0.2
"""How often it is looked whether an earlier job has ended."""


class _LeaseLost(Exception):
    """Another replica may run the job by now; what runs under the lease must stop."""


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
        """Run each job at its moments until cancelled; a missed one at once, where it is still useful.

        Nothing becomes due while market time stands still; jobs that somebody asks for run then, too.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._run_asked(), name="jobs-asked-for")
            if self._clock.mode is not ClockMode.FIXED:
                for job in self._jobs.values():
                    tasks.create_task(self._follow(job), name=f"job-{job.name}")

    async def run_now(self, name: str) -> JobRun:
        """Begin a job for the newest session that it can be about; it goes on when the caller does not wait.

        Returns:
            The run as it begins.

        Raises:
            NotFound: No job has that name.
            Conflict: It is running already, here or elsewhere.
            BusUnavailable: Nobody can say whether it is.
            StoreUnusable: The run cannot be noted down.
        """
        if name not in self._jobs:
            raise NotFound("JOB", name)
        asked = _Asked(job=self._jobs[name], begun=asyncio.get_running_loop().create_future())
        await self._asked.put(asked)
        return await asked.begun

    @property
    def plan(self) -> Sequence[tuple[Job, datetime | None]]:
        """The jobs in the order of the day, each with the next moment at which it is due; None while time stands still."""
        now = self._clock.market_now()
        if self._clock.mode is ClockMode.FIXED:
            return tuple((job, None) for job in self._jobs.values())
        return tuple((job, job.due(self._following(self._last_due(job, now)))) for job in self._jobs.values())

    async def last_runs(self) -> dict[str, JobRun]:
        """Newest run of each job that ever ran."""
        async with self._store.read() as uow:
            return await uow.jobs.last()

    async def _follow(self, job: Job) -> None:
        """Begin with the newest moment that has passed: it may have been missed. No later one is ever jumped over."""
        session = self._last_due(job, self._clock.market_now())
        while True:
            await self._clock.sleep_market_until(job.due(session))
            await self._see_to(job, session)
            session = self._following(session)

    def _last_due(self, job: Job, now: datetime) -> Session:
        session = self._calendar.latest_session(kst_date(now))
        while job.due(session) > now:
            session = self._calendar.previous_session(session.day)
        return session

    def _newest(self, job: Job, now: datetime) -> Session:
        """The newest session that a job can be about now: one that works on a session that is over waits for its close."""
        session = self._calendar.latest_session(kst_date(now))
        is_early = now < session.closes <= job.due(session)
        return self._calendar.previous_session(session.day) if is_early else session

    def _following(self, session: Session) -> Session:
        return self._calendar.next_session(session.day)

    def _is_useful(self, job: Job, session: Session) -> bool:
        now = self._clock.market_now()
        return now <= job.due(session) + job.useful_for and now < job.due(self._following(session))

    async def _see_to(self, job: Job, session: Session) -> None:
        """Run a job for a session unless another replica does; return when it has ended or is of no use any more."""
        while self._is_useful(job, session):
            try:
                await self._wait_for_earlier(job, session)
                if await self._run_once(job, session, job.due(session)):
                    return
            except (BusUnavailable, StoreUnusable) as error:
                log.warning("job_waits", job=job.name, session=session.day.isoformat(), why=str(error))
            await self._clock.sleep_machine(_LOOK_S)
        with suppress(BusUnavailable, StoreUnusable):
            await self._give_up(job, session)

    async def _give_up(self, job: Job, session: Session) -> None:
        """Note down that a run was broken off and is of no use any more, or that there was none."""
        due, lease = job.due(session), f"job:{job.name}"
        async with self._store.begin() as uow:
            run = await uow.jobs.find(job.name, due)
            if run is None:
                log.info("job_missed", job=job.name, session=session.day.isoformat())
            elif run.state is JobState.RUNNING and await self._bus.lease_owner(lease) is None:
                now = self._clock.machine_now()
                await uow.jobs.finish(run, JobState.FAILED, now=now, detail="broken off, and too late to begin anew")

    async def _wait_for_earlier(self, job: Job, session: Session) -> None:
        for name in job.after:
            earlier = self._jobs[name]
            while self._is_useful(earlier, session) and not await self._has_ended(earlier, session):
                await self._clock.sleep_machine(_WAIT_S)

    async def _has_ended(self, job: Job, session: Session) -> bool:
        async with self._store.read() as uow:
            run = await uow.jobs.find(job.name, job.due(session))
        return run is not None and run.state is not JobState.RUNNING

    async def _run_asked(self) -> None:
        while True:
            asked = await self._asked.get()
            now = self._clock.market_now()
            try:
                await self._run_once(asked.job, self._newest(asked.job, now), now, begun=asked.begun)
            except (BusUnavailable, StoreUnusable) as error:
                if not asked.begun.done():
                    asked.begun.set_exception(error)
            if not asked.begun.done():
                asked.begun.set_exception(Conflict(f"the job {asked.job.name} is running already, or ran at this moment"))

    async def _run_once(
        self, job: Job, session: Session, due: datetime, *, begun: asyncio.Future[JobRun] | None = None
    ) -> bool:
        """Run a job for a moment; `begun` gets the run as it begins.

        Returns:
            Whether the moment is dealt with: run here, or run before. False while another replica is at it.
        """
        lease = f"job:{job.name}"
        if not await self._bus.acquire_lease(lease, self._owner, _LEASE):
            return False
        try:
            async with self._store.begin() as uow:
                run = await uow.jobs.start(job.name, due, owner=self._owner, now=self._clock.machine_now())
            if run is None:
                return True
            if begun is not None and not begun.done():
                begun.set_result(run)
            return await self._under_lease(lease, job, session, run)
        finally:
            with suppress(BusUnavailable):  # it runs out by itself
                await self._bus.release_lease(lease, self._owner)

    async def _under_lease(self, lease: str, job: Job, session: Session, run: JobRun) -> bool:
        """Do the work while the lease is ours; False when it, or the store, was lost on the way."""
        ended = True
        try:
            async with asyncio.TaskGroup() as tasks:
                keeping = tasks.create_task(self._keep(lease), name=f"lease-{lease}")
                await self._perform(job, session, run)
                keeping.cancel()
        except* (_LeaseLost, StoreUnusable) as group:
            ended = False
            log.warning("job_interrupted", job=job.name, session=session.day.isoformat(), why=str(group.exceptions[0]))
        return ended

    async def _keep(self, lease: str) -> None:
        held_until = self._clock.monotonic() + _LEASE.total_seconds()
        while True:
            await self._clock.sleep_machine(_RENEW_S)
            asked = self._clock.monotonic()
            try:
                held = await self._bus.renew_lease(lease, self._owner, _LEASE)
            except BusUnavailable:
                held = asked + _RENEW_S < held_until  # it is still ours until it runs out
            else:
                held_until = asked + _LEASE.total_seconds()
            if not held:
                raise _LeaseLost(f"the lease {lease} went to another replica")

    async def _perform(self, job: Job, session: Session, run: JobRun) -> None:
        try:
            state, detail = JobState.DONE, await job.work(session)
        except KStockError as error:
            # A job that cannot do its work today must not end the others; the run and its reason are on record.
            state, detail = JobState.FAILED, str(error)
        async with self._store.begin() as uow:
            await uow.jobs.finish(run, state, now=self._clock.machine_now(), detail=detail)
        log.info("job_ended", job=job.name, session=session.day.isoformat(), state=state, detail=detail)
