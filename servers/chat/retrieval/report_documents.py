"""Stored reports as documents: what a scan of the whole market found, and what a backtest came to."""

from collections.abc import Iterator, Sequence

from google.protobuf import json_format
from kstock.common.v1 import statistics_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from servers.chat.retrieval.document import Document, DocumentKind
from servers.chat.retrieval.signal_documents import KINDS
from shared.market.money import format_percent
from shared.market.outcome import EntryMode
from shared.market.signal import Candidate
from shared.rpc.messages.enums import GRADE
from shared.store.repositories.backtests import BacktestRun
from shared.store.repositories.scans import ScanRun

SCANS, BACKTESTS = "스캔 기록", "백테스트 보고서"
"""Sources."""

MOST_NAMED = 10
"""Candidates of a scan that its report names."""

_ENTRIES = {EntryMode.NEXT_OPEN: "다음 날 시가", EntryMode.CLOSE: "당일 종가", EntryMode.TRIGGER: "진입 기준가"}


def scan_document(run: ScanRun, candidates: Sequence[Candidate]) -> Document | None:
    """What a run found; None for one that looked at a part of the market only, as its caller wished.

    Args:
        run: A run that has ended.
        candidates: Its first ones.
    """
    summary = json_format.Parse(run.summary, scan_pb2.ScanRun(), ignore_unknown_fields=True)
    options = summary.options
    if options.max_tickers or options.HasField("board") or options.min_market_cap_krw or options.min_score:
        return None
    named = candidates[:MOST_NAMED]
    title = (
        f"{KINDS[run.kind]} 전 종목 스캔 {run.as_of}: {summary.judged_count:,}종목 판정, {summary.detected_count:,}종목 해당"
    )
    return Document(
        document_id=f"report:scan:{run.run_id}",
        kind=DocumentKind.REPORT,
        title=title,
        text="\n".join(_candidate(place, one) for place, one in enumerate(named, start=1)),
        source=SCANS,
        publish_time=run.finished_time,
        tickers=tuple(one.ticker for one in named),
        group=f"scan:{run.kind}:{run.as_of}",
    )


def backtest_document(run: BacktestRun) -> Document:
    """What a completed run came to, at the horizon that its strategy means to hold."""
    report = json_format.Parse(run.result, scanner_service_pb2.BacktestFinished(), ignore_unknown_fields=True)
    board = f" {run.board}" if run.board is not None else ""
    return Document(
        document_id=f"report:backtest:{run.run_id}",
        kind=DocumentKind.REPORT,
        title=f"{KINDS[run.kind]}{board} 백테스트 {run.since}~{run.until}, {_ENTRIES[run.entry]} 진입",
        text="\n".join(_outcomes(report)),
        source=BACKTESTS,
        publish_time=run.finished_time,
        group=f"backtest:{run.kind}:{run.board}:{run.entry}:{run.since}:{run.until}",
    )


def _candidate(place: int, candidate: Candidate) -> str:
    return f"{place}. {candidate.name}({candidate.ticker}) {candidate.grade}등급 {candidate.score:g}점"


def _outcomes(report: scanner_service_pb2.BacktestFinished) -> Iterator[str]:
    horizon = report.equity_horizon_sessions
    yield from (_outcome(row) for row in report.rows if row.horizon_sessions == horizon)
    yield f"비용: {report.costs}."
    yield from (f"한계: {caveat}." for caveat in report.caveats)


def _outcome(row: statistics_pb2.OutcomeStatistics) -> str:
    """One line; rates of few trades are not told."""
    grade = f"{GRADE.from_wire(row.grade, 'grade')}등급" if row.grade else "모든 등급"
    head = f"{grade} {row.horizon_sessions}거래일 보유: 신호 {row.signal_count:,}건, 체결 {row.filled_count:,}건"
    if row.small_sample or not row.HasField("hit_rate_bps"):
        return f"{head}, 표본 부족."
    rates = f"{head}, 승률 {row.hit_rate_bps / 100:.1f}%, 순수익 평균 {format_percent(row.mean_net_return_bps)}"
    if not row.HasField("base_rate"):
        return f"{rates}."
    return f"{rates}, 비슷한 종목 평균 {format_percent(row.base_rate.mean_net_return_bps)}."
