"""The schedule as operators see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kstock.ops.v1 import ops_service_pb2 as ops

from shared.rpc.messages.times import timestamp_message
from shared.store.repositories.jobs import JobRun, JobState

_RESULTS = {JobState.RUNNING: "RUNNING", JobState.DONE: "OK", JobState.FAILED: "FAILED"}
_MILLISECOND = 1_000


class ScheduledJob(Protocol):
    """One job of the schedule."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def when(self) -> str:
        """When it runs, in words."""
        ...


class Schedule(Protocol):
    """What the scheduler of a process offers."""

    @property
    def plan(self) -> Sequence[tuple[ScheduledJob, datetime | None]]:
        """The jobs in the order of the day, each with the next moment at which it is due; None when that never comes."""
        ...

    async def last_runs(self) -> Mapping[str, JobRun]:
        """Newest run of each job that ever ran."""
        ...

    async def run_now(self, name: str) -> JobRun:
        """Begin a job for the newest session.

        Raises:
            NotFound: No job has that name.
        """
        ...


class ScheduleOps:
    """The schedule's part of OpsService."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def list_jobs(self) -> list[ops.JobInfo]:
        """The jobs with their last and next runs."""
        last = await self._schedule.last_runs()
        return [
            ops.JobInfo(
                job=job.name,
                schedule=job.when,
                last_run=_run(last[job.name]) if job.name in last else None,
                next_time=None if due is None else timestamp_message(due),
            )
            for job, due in self._schedule.plan
        ]

    async def run_job(self, name: str) -> ops.JobRun:
        """Begin a job; its end is seen in the list.

        Raises:
            NotFound: No job has that name.
            Conflict: It is running already.
        """
        return _run(await self._schedule.run_now(name))


def _run(run: JobRun) -> ops.JobRun:
    took = 0 if run.finished_time is None else (run.finished_time - run.started_time).total_seconds()
    return ops.JobRun(
        due_time=timestamp_message(run.scheduled_time),
        started_time=timestamp_message(run.started_time),
        duration_ms=round(took * _MILLISECOND),
        result=_RESULTS[run.state],
        detail=run.detail,
    )
