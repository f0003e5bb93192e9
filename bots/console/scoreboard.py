"""The front end of `kstock scoreboard`: what became of the published signals, beside what comparable stocks did."""

from collections.abc import Sequence
from datetime import date

import grpc
from kstock.common.v1 import candidate_pb2, statistics_pb2
from kstock.signal.v1 import signal_service_pb2, signal_service_pb2_grpc

from bots.console.score_table import print_scores
from bots.console.screen import Screen
from bots.core import render, scoreboard, wire
from shared.market.times import format_time
from shared.rpc.client import domain_errors


async def run_scoreboard(
    channel: grpc.aio.Channel,
    screen: Screen,
    *,
    kinds: Sequence[str] = (),
    horizons: Sequence[int] = (),
    since: date | None = None,
    until: date | None = None,
    run_id: str = "",
) -> None:
    """Print the scoreboard of the live signals, or of a backtest.

    Args:
        channel: Way to the rooms.
        screen: Where to print.
        kinds: Names of strategies in the contract's words; none means all.
        horizons: In sessions; none means all.
        since: Only signals opened on or after this day.
        until: Only signals opened on or before this day.
        run_id: The backtest; empty for the live signals.
    """
    request = signal_service_pb2.GetScoreboardRequest(
        kinds=[wire.number_of(candidate_pb2.SignalKind, name) for name in kinds],
        horizons=horizons,
        since=None if since is None else wire.day_message(since),
        until=None if until is None else wire.day_message(until),
        backtest_run_id=run_id,
    )
    with domain_errors():
        board = await signal_service_pb2_grpc.SignalServiceStub(channel).GetScoreboard(request)
    screen.message(board)
    if not screen.as_json:
        _print(board, screen, run_id=run_id)


def _print(board: signal_service_pb2.GetScoreboardResponse, screen: Screen, *, run_id: str) -> None:
    if not board.HasField("computed_time"):
        screen.line("아직 계산되지 않았습니다. 켜져 있는 서버가 거래일마다 20:30에 계산합니다.")
        screen.line("바로 계산하려면: kstock jobs --run scoreboard")
        return
    computed = wire.moment(board.computed_time)
    what = f"백테스트 {run_id}" if run_id else f"발행된 신호의 실제 결과 · {wire.day(board.as_of)} 일봉까지"
    screen.line(f"{what} · {format_time(computed, computed)} 계산")
    screen.line(f"비용: {board.costs}")
    for kind in dict.fromkeys(row.kind for row in board.rows):
        _print_kind(kind, [row for row in board.rows if row.kind == kind], screen)
    screen.line()
    screen.line(scoreboard.LEGEND)
    screen.line(render.FOOTER)


def _print_kind(kind: int, rows: Sequence[statistics_pb2.OutcomeStatistics], screen: Screen) -> None:
    screen.line()
    if not any(row.signal_count or row.unresolved_count for row in rows):
        screen.line(f"{render.kind(kind)}: 신호 없음")
        return
    first = rows[0]
    screen.line(f"{render.kind(kind)} · {wire.day(first.since)} ~ {wire.day(first.until)}에 나온 신호")
    print_scores(rows, screen)
    waiting = max(row.unresolved_count for row in rows if scoreboard.grade(row) == "전체")
    if waiting:
        screen.line(f"결과를 기다리는 신호 {waiting:,}건은 위 수치에 없습니다.")
    screen.line(f"판정: {scoreboard.verdict(rows)}")
