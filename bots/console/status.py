"""The front end of `kstock status`: what runs, how fresh it is, and what this caller may not see."""

import json
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from kstock.common.v1 import candidate_pb2
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc
from kstock.ops.v1 import ops_service_pb2, ops_service_pb2_grpc
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2, scanner_service_pb2_grpc

from bots.console.screen import Screen
from bots.core import render, wire
from shared.market.errors import NotAllowed
from shared.market.times import format_day, format_time, kst_date
from shared.rpc.client import NotServed, domain_errors

_KINDS = ("VCP", "JONGGA", "DAYTRADING", "DISPARITY")
_LOOKED_BACK = 20
_T = TypeVar("_T")


@dataclass(slots=True, kw_only=True)
class Status:
    """What was found out. None and missing entries stand for what `hidden` explains.

    `scans` are the newest of each strategy, `watched` the newest over the whole market, which alone count dead rules.
    """

    address: str | None
    store: str | None
    services: Mapping[str, str] = field(default_factory=dict)
    session: market_service_pb2.GetSessionResponse | None = None
    feeds: ops_service_pb2.ListFeedsResponse | None = None
    streams: ops_service_pb2.ListStreamsResponse | None = None
    topics: ops_service_pb2.ListTopicsResponse | None = None
    jobs: ops_service_pb2.ListJobsResponse | None = None
    scans: Sequence[scan_pb2.ScanRun] = ()
    watched: Sequence[scan_pb2.ScanRun] = ()
    hidden: list[str] = field(default_factory=list)


async def run_status(
    channel: grpc.aio.Channel,
    screen: Screen,
    *,
    servers: Sequence[grpc.aio.Channel],
    address: str | None,
    store: str | None,
) -> None:
    """Ask every room and print.

    Args:
        channel: Way to the rooms.
        screen: Where to print.
        servers: Way to each server, to ask for its health.
        address: Of the server, or of several; None for rooms in this process.
        store: The store where it is known from here; None else.

    Raises:
        KStockError: A room that should answer does not.
    """
    status = await _ask(channel, Status(address=address, store=store, services=await _services(servers)))
    if screen.as_json:
        screen.json_line(json.dumps(_as_json(status), ensure_ascii=False))
        return
    for line in _lines(status):
        screen.line(line)
    for reason in status.hidden:
        screen.line(f"볼 수 없음 - {reason}")


async def _services(servers: Sequence[grpc.aio.Channel]) -> dict[str, str]:
    """Health of every service of every server."""
    found: dict[str, str] = {}
    for server in servers:
        with domain_errors():
            health = await health_pb2_grpc.HealthStub(server).List(health_pb2.HealthListRequest(), timeout=3)
        for name, one in health.statuses.items():
            if name.startswith("kstock."):
                found[name] = health_pb2.HealthCheckResponse.ServingStatus.Name(one.status)
    return dict(sorted(found.items()))


async def _ask(channel: grpc.aio.Channel, status: Status) -> Status:
    market = market_service_pb2_grpc.MarketServiceStub(channel)
    status.session = await _seen(market.GetSession(market_service_pb2.GetSessionRequest()), "시장", status)
    ops = ops_service_pb2_grpc.OpsServiceStub(channel)
    status.feeds = await _seen(ops.ListFeeds(ops_service_pb2.ListFeedsRequest()), "시세 제공처", status)
    status.streams = await _seen(ops.ListStreams(ops_service_pb2.ListStreamsRequest(page_size=1)), "스트림", status)
    status.topics = await _seen(ops.ListTopics(ops_service_pb2.ListTopicsRequest(page_size=1)), "토픽", status)
    status.jobs = await _seen(ops.ListJobs(ops_service_pb2.ListJobsRequest()), "작업", status)
    scans = [await _last_scans(scanner_service_pb2_grpc.ScannerServiceStub(channel), name, status) for name in _KINDS]
    status.scans = [runs[0] for runs in scans if runs]
    counted = [[run for run in runs if run.item_tallies] for runs in scans]
    status.watched = [runs[0] for runs in counted if runs]
    return status


async def _last_scans(
    stub: "scanner_service_pb2_grpc.ScannerServiceAsyncStub", name: str, status: Status
) -> Sequence[scan_pb2.ScanRun]:
    kind = wire.number_of(candidate_pb2.SignalKind, name)
    request = scanner_service_pb2.ListScanRunsRequest(kinds=[kind], page_size=_LOOKED_BACK)
    answer = await _seen(stub.ListScanRuns(request), f"{render.KINDS[name]} 스캔", status)
    return answer.runs if answer else ()


async def _seen(call: Awaitable[_T], what: str, status: Status) -> _T | None:
    """The answer; None with a line in `hidden` when this caller or this server lacks it."""
    try:
        with domain_errors():
            return await call
    except NotAllowed as error:
        status.hidden.append(f"{what}: 권한 {error.scope}이(가) 필요합니다")
    except NotServed:
        status.hidden.append(f"{what}: 이 서버에 없습니다")
    return None


def _lines(status: Status) -> list[str]:
    lines = [f"서버     {status.address or '없음 (이 프로세스에서 실행)'}"]
    if status.store is not None:
        lines.append(f"저장소   {status.store}")
    if status.session is not None:
        lines += _session_lines(status.session)
    lines += [f"서비스   {name} {word}" for name, word in status.services.items()]
    now = None if status.session is None else wire.moment(status.session.market_time)
    if now is not None:
        lines += _feed_lines(status, now)
        lines += [f"스캔     {_scan(run, now)}" for run in status.scans]
        lines += [f"작업     {_job(job, now)}" for job in (status.jobs.jobs if status.jobs else ())]
    lines += [f"경고     {text}" for run in status.watched for text in render.dead_rules(run)]
    if status.streams is not None:
        topics = "" if status.topics is None else f" · 토픽 {status.topics.total_count:,}개"
        lines.append(f"스트림   {status.streams.total_count:,}/{status.streams.max_streams:,}개{topics}")
    return lines


def _session_lines(session: market_service_pb2.GetSessionResponse) -> list[str]:
    now = wire.moment(session.market_time)
    today = kst_date(now)
    stored = session.newest_stored_session
    newest = wire.day(stored).isoformat() if session.HasField("newest_stored_session") else "없음"
    return [
        f"시장     {today} {format_time(now, now)} · {render.phase(session.day, session.phase)} · 시계 {session.clock_mode}",
        f"데이터   가장 최근 저장된 거래일 {newest}",
    ]


def _feed_lines(status: Status, now: datetime) -> list[str]:
    if status.feeds is None:
        return []
    return [f"시세     {render.feed(feed, now)}" for feed in status.feeds.feeds] or ["시세     제공처 없음"]


def _scan(run: scan_pb2.ScanRun, now: datetime) -> str:
    ended = format_time(wire.moment(run.finished_time), now) if run.HasField("finished_time") else "끝나지 않음"
    day = format_day(wire.day(run.as_of), kst_date(now))
    problem = f" · {run.problem}" if run.problem else ""
    return (
        f"{render.kind(run.kind)} {render.scan_state(run.state)} · {day} 기준 · {ended} · "
        f"대상 {run.universe_size:,} · 포착 {run.detected_count:,}{problem}"
    )


def _job(job: ops_service_pb2.JobInfo, now: datetime) -> str:
    last = f"{job.last_run.result} {job.last_run.detail}".strip() if job.HasField("last_run") else "실행된 적 없음"
    return f"{job.job} · 다음 {format_time(wire.moment(job.next_time), now)} · {last}"


def _as_json(status: Status) -> dict[str, Any]:
    return {
        "server": status.address,
        "store": status.store,
        "services": dict(status.services),
        "session": _message(status.session),
        "feeds": _messages(None if status.feeds is None else status.feeds.feeds),
        "streams": status.streams and {"open": status.streams.total_count, "max": status.streams.max_streams},
        "topics": status.topics and status.topics.total_count,
        "jobs": _messages(None if status.jobs is None else status.jobs.jobs),
        "scans": _messages(status.scans),
        "dead_rules": {wire.word(candidate_pb2.SignalKind, run.kind): list(run.dead_rules) for run in status.watched},
        "not_visible": status.hidden,
    }


def _messages(messages: Iterable[Message] | None) -> list[dict[str, Any] | None] | None:
    return None if messages is None else [_message(one) for one in messages]


def _message(message: Message | None) -> dict[str, Any] | None:
    return None if message is None else MessageToDict(message, preserving_proto_field_name=True)
