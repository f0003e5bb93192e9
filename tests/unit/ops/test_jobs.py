"""The schedule as operators see it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from servers.ops.jobs import ScheduleOps
from shared.market.errors import NotFound
from shared.store.repositories.jobs import JobRun, JobState

DUE = datetime(2026, 3, 11, 6, 40, tzinfo=UTC)
BEGAN = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class PlannedJob:
    name: str
    when: str


def run(state: JobState, took: timedelta | None) -> JobRun:
    finished = None if took is None else BEGAN + took
    return JobRun(
        run_id=1, job="scan-vcp", scheduled_time=DUE, owner="me", state=state, started_time=BEGAN, finished_time=finished
    )


class Plan:
    """A schedule of two jobs, of which one ran."""

    def __init__(self, last: JobRun) -> None:
        self.last = last
        never = PlannedJob("never", "while time stands still")
        self.plan = ((PlannedJob("scan-vcp", "15:40"), DUE), (PlannedJob("final-scores", "18:10"), DUE), (never, None))

    async def last_runs(self) -> dict[str, JobRun]:
        return {"scan-vcp": self.last}

    async def run_now(self, name: str) -> JobRun:
        if name != "scan-vcp":
            raise NotFound("JOB", name)
        return self.last


async def test_jobs_come_in_the_order_of_the_day_with_their_runs() -> None:
    first, second, never = await ScheduleOps(Plan(run(JobState.DONE, timedelta(seconds=1.5)))).list_jobs()

    assert (first.job, first.schedule, second.job) == ("scan-vcp", "15:40", "final-scores")
    assert (first.last_run.result, first.last_run.duration_ms) == ("OK", 1_500)
    assert not second.HasField("last_run")
    assert second.next_time.ToDatetime(tzinfo=UTC) == DUE
    assert not never.HasField("next_time")


async def test_a_run_that_goes_on_has_no_duration() -> None:
    desk = ScheduleOps(Plan(run(JobState.RUNNING, None)))

    assert (await desk.run_job("scan-vcp")).duration_ms == 0
    with pytest.raises(NotFound):
        await desk.run_job("nothing")
