"""The front end of `kstock jobs`: what a server does every session, how it went last and when it is next."""

from datetime import datetime

import grpc
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc
from kstock.ops.v1 import ops_service_pb2, ops_service_pb2_grpc

from bots.console.screen import Screen
from bots.core import wire
from shared.market.times import format_time
from shared.rpc.client import domain_errors

_HEADER = ("작업", "시각", "마지막 실행", "결과", "걸린 시간", "다음", "내용")
_RESULTS = {"OK": "완료", "FAILED": "실패", "RUNNING": "진행 중"}


async def run_jobs(channel: grpc.aio.Channel, screen: Screen, *, begin: str | None = None) -> None:
    """Print the schedule; begin one of its jobs first where wanted.

    Args:
        channel: Way to the rooms.
        screen: Where to print.
        begin: Name of a job to begin now.

    Raises:
        NotFound: No job has that name, or no schedule runs.
        Conflict: It is running already.
    """
    stub = ops_service_pb2_grpc.OpsServiceStub(channel)
    with domain_errors():
        if begin is not None:
            begun = await stub.RunJob(ops_service_pb2.RunJobRequest(job=begin))
            screen.message(begun)
            screen.line(f"{begin} 작업을 시작했습니다. 결과는 kstock jobs에 나옵니다.")
            return
        schedule = await stub.ListJobs(ops_service_pb2.ListJobsRequest())
    screen.message(schedule)
    if screen.as_json:
        return
    if not schedule.jobs:
        screen.line("예약 작업이 없습니다. 예약 작업은 켜져 있는 서버(kstock up)가 합니다.")
        return
    with domain_errors():
        market = market_service_pb2_grpc.MarketServiceStub(channel)
        session = await market.GetSession(market_service_pb2.GetSessionRequest())
    now = wire.moment(session.market_time)
    screen.line(f"시장 시각 {format_time(now, now)}")
    screen.table(_HEADER, [_row(job, now) for job in schedule.jobs], right=("걸린 시간",))


def _row(job: ops_service_pb2.JobInfo, now: datetime) -> list[str]:
    following = format_time(wire.moment(job.next_time), now) if job.HasField("next_time") else "-"
    if not job.HasField("last_run"):
        return [job.job, job.schedule, "실행된 적 없음", "", "", following, ""]
    run = job.last_run
    took = "" if run.result == "RUNNING" else f"{run.duration_ms / 1000:.1f}초"
    due = format_time(wire.moment(run.due_time), now)
    return [job.job, job.schedule, due, _RESULTS.get(run.result, run.result), took, following, run.detail]
