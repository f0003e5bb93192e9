"""One scan over a panel: who is in the universe, who is judged, which candidates come out and in which order. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from kstock.scanner.v1 import scan_pb2
from numpy.typing import NDArray

from servers.scanner.panel import Panel, Status
from servers.scanner.requests import MOST_ROWS, ScanRequest
from servers.scanner.strategies.registry import Scored
from servers.scanner.universe import BOARDS, EXCLUSION_WORDS, Exclusion
from shared.market.signal import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows of a scan: the universe after the options, those judged, all detected, and those returned in order."""

    universe: NDArray[np.int64]
    judged: NDArray[np.int64]
    detected: NDArray[np.int64]
    returned: NDArray[np.int64]


def select(found: Scored, request: ScanRequest) -> Selection:
    """Apply the options of a scan to a strategy's result."""
    panel, result = found.panel, found.result
    universe = universe_rows(panel, request)
    judged = universe[result.scored[universe]]
    detected = result.ranking(judged[result.detected[judged]])
    passing = detected[result.score[detected] >= request.min_score]
    return Selection(
        universe=universe, judged=judged, detected=detected, returned=_sorted(panel, passing, request)[: request.top_n]
    )


def universe_rows(panel: Panel, request: ScanRequest) -> NDArray[np.int64]:
    """Eligible tickers of the wanted board and size, the largest capitalisations when the number is limited."""
    inside = panel.universe.eligible.copy()
    if request.board is not None:
        inside &= panel.board == BOARDS.index(request.board)
    if request.min_market_cap_krw:
        inside &= panel.market_cap >= request.min_market_cap_krw
    rows = np.flatnonzero(inside)
    if not request.max_tickers or rows.size <= request.max_tickers:
        return rows
    by_size = np.argsort(-np.nan_to_num(panel.market_cap[rows], nan=-1.0), kind="stable")
    return np.sort(rows[by_size[: request.max_tickers]])


def statuses(panel: Panel, request: ScanRequest) -> NDArray[np.int64]:
    """A `TickerStatus` for every ticker of the panel."""
    status = np.array([_STATUS[Status(code)] for code in range(len(Status))])[panel.status]
    outside = np.ones(len(panel.tickers), dtype=np.bool_)
    outside[universe_rows(panel, request)] = False
    return np.where(outside, scan_pb2.TICKER_STATUS_NOT_ELIGIBLE, status)


def ticker_status(panel: Panel, row: int) -> int:
    """The `TickerStatus` of one ticker without any options."""
    if not panel.universe.eligible[row]:
        return scan_pb2.TICKER_STATUS_NOT_ELIGIBLE
    return _STATUS[Status(int(panel.status[row]))]


def status_counts(status: NDArray[np.int64]) -> list[scan_pb2.StatusCount]:
    """How many tickers have each status."""
    counts = Counter(status.tolist())
    return [scan_pb2.StatusCount(status=code, count=count) for code, count in sorted(counts.items())]


def skipped(panel: Panel, request: ScanRequest, judged: NDArray[np.int64]) -> list[scan_pb2.SkippedTicker]:
    """Tickers without a verdict and why, the largest first; warrants only where the options ask for them."""
    status = statuses(panel, request)
    rows = np.setdiff1d(np.arange(len(panel.tickers)), judged)
    if request.exclude_elw:
        rows = rows[panel.universe.exclusion[rows] != Exclusion.ELW]
    by_size = rows[np.argsort(-np.nan_to_num(panel.market_cap[rows], nan=-1.0), kind="stable")]
    return [
        scan_pb2.SkippedTicker(
            ticker=panel.tickers[row],
            name=panel.names[row],
            status=scan_pb2.TickerStatus.Name(status[row]),
            reason=reason(panel, row, int(status[row])),
        )
        for row in by_size[:MOST_ROWS].tolist()
    ]


def reason(panel: Panel, row: int, status: int) -> str:
    """Why a ticker has no verdict, in Korean; empty when it has one."""
    if status == scan_pb2.TICKER_STATUS_NOT_ELIGIBLE:
        exclusion = Exclusion(int(panel.universe.exclusion[row]))
        return EXCLUSION_WORDS.get(exclusion, "선택한 조건 밖")
    return STATUS_WORDS.get(status, "")


def explain_all(found: Scored, rows: NDArray[np.int64]) -> list[Candidate]:
    """Verdicts on some tickers, in their order."""
    return [found.explain(row) for row in rows.tolist()]


def unjudged_tickers(panel: Panel, judged: NDArray[np.int64]) -> Sequence[str]:
    """Tickers that could not be judged today: their open signals say nothing by being absent."""
    could_not = np.isin(panel.status, (Status.HALTED, Status.BAD_ADJUST, Status.NO_DATA))
    could_not[judged] = False
    return [panel.tickers[row] for row in np.flatnonzero(could_not).tolist()]


def _sorted(panel: Panel, rows: NDArray[np.int64], request: ScanRequest) -> NDArray[np.int64]:
    if request.sort_by == scan_pb2.SCAN_SORT_SCORE:
        return rows[::-1] if request.ascending else rows
    values = panel.market_cap if request.sort_by == scan_pb2.SCAN_SORT_MARKET_CAP else panel.volume[:, -1]
    known = np.isfinite(values[rows])
    keys = np.where(known, values[rows] if request.ascending else -values[rows], np.inf)
    return rows[np.argsort(keys, kind="stable")]


_STATUS = {
    Status.OK: scan_pb2.TICKER_STATUS_OK,
    Status.HALTED: scan_pb2.TICKER_STATUS_HALTED,
    Status.SHORT_HISTORY: scan_pb2.TICKER_STATUS_SHORT_HISTORY,
    Status.BAD_ADJUST: scan_pb2.TICKER_STATUS_BAD_ADJUST,
    Status.NO_DATA: scan_pb2.TICKER_STATUS_NO_DATA,
}

STATUS_WORDS: dict[int, str] = {
    scan_pb2.TICKER_STATUS_HALTED: "최근 거래일에 거래 없음(정지)",
    scan_pb2.TICKER_STATUS_SHORT_HISTORY: "거래일 60일 미만",
    scan_pb2.TICKER_STATUS_BAD_ADJUST: "설명되지 않는 가격 급변(수정주가 확인 필요)",
    scan_pb2.TICKER_STATUS_NO_DATA: "일봉 없음",
}
