"""The front end of `kstock scan`: runs a scan, shows how far it is, prints what it found and what it left out."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

import grpc
from kstock.common.v1 import candidate_pb2, instrument_pb2
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2, scanner_service_pb2_grpc
from rich.status import Status

from bots.console.screen import Screen
from bots.core import render, wire
from shared.market.errors import KStockError
from shared.rpc.client import NotServed, domain_errors

_HEADER = ("순위", "종목", "코드", "시장", "등급", "점수", "종가", "진입 기준가", "손절 기준")
_REASONS = "근거"
_RIGHT = ("순위", "점수", "종가", "진입 기준가", "손절 기준")


class ScanFailed(KStockError):
    """The scan ran and came to nothing usable; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanWishes:
    """Options of a scan in words of the command line.

    `kind` and `board` are names of the contract's enums without their prefix, `board` None for both; `as_of` None is the
    newest session; `max_tickers` 0 is the whole market; `sort_by` SCORE, MARKET_CAP or VOLUME.
    """

    kind: str
    board: str | None
    as_of: date | None
    include_elw: bool
    min_market_cap_krw: int
    max_tickers: int
    top_n: int
    sort_by: str
    ascending: bool
    min_score: float


async def run_scan(channel: grpc.aio.Channel, wishes: ScanWishes, screen: Screen) -> None:
    """Scan and print.

    Raises:
        ScanFailed: The scan ended without a usable result.
        KStockError: What the scanner refused.
    """
    stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)
    found: list[scanner_service_pb2.ScanCandidate] = []
    finished = None
    status = Status("", console=screen.out) if screen.is_terminal else None
    with domain_errors(), status or nullcontext():
        async for event in stub.RunScan(_request(wishes)):
            screen.message(event)
            match event.WhichOneof("event"):
                case "progress" if status is not None:
                    status.update(_progress(event.progress))
                case "candidate":
                    found.append(event.candidate)
                case "finished":
                    finished = event.finished.run
    if finished is None:
        raise ScanFailed("the server ended the scan without a result; ask for its runs with kstock status")
    if finished.state in (scan_pb2.SCAN_STATE_FAILED, scan_pb2.SCAN_STATE_CANCELLED):
        raise ScanFailed(finished.problem or "the scan was cancelled")
    if not screen.as_json:
        badge = await _close_badge(channel, finished, found[0].candidate.ticker) if found else ""
        _print_result(finished, found, screen, badge=badge)


def _request(wishes: ScanWishes) -> scanner_service_pb2.RunScanRequest:
    return scanner_service_pb2.RunScanRequest(
        kind=wire.number_of(candidate_pb2.SignalKind, wishes.kind),
        board=None if wishes.board is None else wire.number_of(instrument_pb2.Board, wishes.board),
        exclude_elw=not wishes.include_elw,
        min_market_cap_krw=wishes.min_market_cap_krw,
        max_tickers=wishes.max_tickers,
        top_n=wishes.top_n,
        sort_by=wire.number_of(scan_pb2.ScanSort, wishes.sort_by),
        sort_order=scan_pb2.SORT_ORDER_ASC if wishes.ascending else scan_pb2.SORT_ORDER_DESC,
        min_score=wishes.min_score,
        as_of=None if wishes.as_of is None else wire.day_message(wishes.as_of),
    )


def _progress(progress: scanner_service_pb2.ScanProgress) -> str:
    counts = f" {progress.done:,}/{progress.total:,}" if progress.total else ""
    return render.stage(progress.stage) + counts


async def _close_badge(channel: grpc.aio.Channel, run: scan_pb2.ScanRun, ticker: str) -> str:
    """How far the closes can be trusted: official, recorded or invented; the bars of any one ticker say it for all."""
    request = market_service_pb2.ListBarsRequest(ticker=ticker, until=run.as_of, page_size=1)
    try:
        with domain_errors():
            page = await market_service_pb2_grpc.MarketServiceStub(channel).ListBars(request)
    except NotServed:
        return render.UNKNOWN_ORIGIN
    return render.freshness(page.quality, render.end_of(run.as_of), wire.moment(run.finished_time))


def _print_result(
    run: scan_pb2.ScanRun, found: list[scanner_service_pb2.ScanCandidate], screen: Screen, *, badge: str
) -> None:
    screen.line(_title(run))
    screen.line(_counts(run))
    if found:
        screen.line(f"가격: {badge}")
        _print_table(found, screen)
    else:
        screen.line("조건을 통과한 종목이 없습니다.")
    for text in render.dead_rules(run):
        screen.remark(text)
    if run.problem:
        screen.remark(f"주의: {run.problem}")
    screen.line(render.FOOTER)


def _print_table(found: list[scanner_service_pb2.ScanCandidate], screen: Screen) -> None:
    """Reasons are sentences: a column of their own in files, lines under the table where a terminal would fold them."""
    rows = [_row(one) for one in found]
    reasons = [_reasons(one.candidate) for one in found]
    if not screen.is_terminal:
        together = [[*row, reason] for row, reason in zip(rows, reasons, strict=True)]
        screen.table((*_HEADER, _REASONS), together, right=_RIGHT)
        return
    screen.table(_HEADER, rows, right=_RIGHT)
    for row, reason in zip(rows, reasons, strict=True):
        screen.line(f"{row[0]}. {row[1]}: {reason}")


def _title(run: scan_pb2.ScanRun) -> str:
    published = f"신호 {run.published_count}건 갱신" if run.published else "신호로 발행하지 않음"
    estimated = " · 대상 종목은 추정" if run.universe_estimated else ""
    return (
        f"{render.kind(run.kind)} 스캔 {render.scan_state(run.state)} · {wire.day(run.as_of)} 기준 · {published}{estimated}"
        f" · 규칙 {run.rule_version} · {run.duration_ms:,}ms"
    )


def _counts(run: scan_pb2.ScanRun) -> str:
    left_out = " · ".join(f"{reason} {count:,}" for reason, count in render.status_counts(run.status_counts).items())
    counts = f"대상 {run.universe_size:,}종목 · 판정 {run.judged_count:,} · 포착 {run.detected_count:,}"
    return f"{counts} · 표시 {run.returned_count:,} · 제외: {left_out or '없음'}"


def _row(one: scanner_service_pb2.ScanCandidate) -> list[str]:
    candidate = one.candidate
    return [
        str(one.rank),
        candidate.name,
        candidate.ticker,
        wire.word(instrument_pb2.Board, candidate.board),
        wire.word(candidate_pb2.Grade, candidate.grade),
        render.score(candidate),
        f"{candidate.close_krw:,}원",
        render.level(candidate, "entry_krw"),
        render.level(candidate, "stop_krw"),
    ]


def _reasons(candidate: candidate_pb2.Candidate) -> str:
    cautions = [f"주의: {caution}" for caution in candidate.cautions]
    return " · ".join([*candidate.reasons, *cautions, *(f"참고: {mark}" for mark in render.marks(candidate))])
