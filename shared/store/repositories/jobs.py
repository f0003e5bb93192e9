"""Runs of scheduled jobs, and leases that let one process do what only one may."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, case, func, or_, select, update

from shared.store.repositories.base import Repository
from shared.store.tables.operations import job_runs, leases

_DETAIL = 500


class JobState(StrEnum):
    """RUNNING is open; the others are ends."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of a job for one moment of the schedule (market time); started and finished in machine time."""

    run_id: int
    job: str
    scheduled_time: datetime
    owner: str
    state: JobState
    started_time: datetime
    finished_time: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to do something alone until `expires_time` (machine time); `fence` rises with every new owner."""

    name: str
    owner: str
    expires_time: datetime
    fence: int


class JobRepository(Repository):
    """The job log: each moment of the schedule at most once."""

    async def start(self, job: str, scheduled_time: datetime, *, owner: str, now: datetime) -> JobRun | None:
        """Claim one moment of a job's schedule; None when it has been done already.

        The caller holds the job's lease, so a run that is still open was left by a process that died: it is taken over.
        """
        mine = {"owner": owner, "state": JobState.RUNNING.value, "started_time": now}
        statement = self._insert(job_runs).values(job=job, scheduled_time=scheduled_time, **mine)
        claimed = await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[job_runs.c.job, job_runs.c.scheduled_time],
                set_=mine,
                where=job_runs.c.state == JobState.RUNNING.value,
            ).returning(*job_runs.c)
        )
        row = claimed.mappings().one_or_none()
        return None if row is None else _run(row)

    async def finish(self, run: JobRun, state: JobState, *, now: datetime, detail: str = "") -> None:
        """Close a run; nothing happens when another owner has taken it over."""
        await self._connection.execute(
            update(job_runs)
            .where(job_runs.c.run_id == run.run_id, job_runs.c.owner == run.owner)
            .values(state=state.value, finished_time=now, detail=detail[:_DETAIL])
        )

    async def find(self, job: str, scheduled_time: datetime) -> JobRun | None:
        """The run for one moment of a job's schedule; None while nobody has begun it."""
        chosen = (job_runs.c.job == job) & (job_runs.c.scheduled_time == scheduled_time)
        row = (await self._connection.execute(select(job_runs).where(chosen))).mappings().one_or_none()
        return None if row is None else _run(row)

    async def last(self) -> dict[str, JobRun]:
        """The newest run of every job."""
        newest = select(func.max(job_runs.c.run_id)).group_by(job_runs.c.job)
        found = await self._connection.execute(select(job_runs).where(job_runs.c.run_id.in_(newest)))
        return {row["job"]: _run(row) for row in found.mappings()}


class LeaseRepository(Repository):
    """Leases by name."""

    async def acquire(self, name: str, *, owner: str, now: datetime, lasting: timedelta) -> Lease | None:
        """Take or renew a lease; None while somebody else holds it."""
        insert = self._insert(leases).values(name=name, owner=owner, expires_time=now + lasting, fence=1)
        taken = await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=[leases.c.name],
                set_={
                    "owner": owner,
                    "expires_time": now + lasting,
                    "fence": leases.c.fence + case((leases.c.owner != owner, 1), else_=0),
                },
                where=or_(leases.c.owner == owner, leases.c.expires_time <= now),
            ).returning(*leases.c)
        )
        row = taken.mappings().one_or_none()
        return None if row is None else Lease(**row)

    async def release(self, name: str, *, owner: str, now: datetime) -> None:
        """Give a lease back; nothing happens when somebody else holds it by now."""
        await self._connection.execute(
            update(leases).where(leases.c.name == name, leases.c.owner == owner).values(expires_time=now)
        )

    async def holder(self, name: str, *, now: datetime) -> Lease | None:
        """Who holds a lease at this moment."""
        found = await self._connection.execute(select(leases).where(leases.c.name == name, leases.c.expires_time > now))
        row = found.mappings().one_or_none()
        return None if row is None else Lease(**row)


def _run(row: RowMapping) -> JobRun:
    values: dict[str, Any] = {**row, "state": JobState(row["state"])}
    return JobRun(**values)
