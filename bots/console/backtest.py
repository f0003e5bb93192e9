"""The front end of `kstock backtest`: runs or continues one, shows how far it is, prints its table and what limits it."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

import grpc
from kstock.common.v1 import candidate_pb2, instrument_pb2
from kstock.scanner.v1 import scanner_service_pb2, scanner_service_pb2_grpc
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bots.console.score_table import print_scores
from bots.console.screen import Screen
from bots.core import render, scoreboard, wire
from shared.market.errors import KStockError
from shared.rpc.client import domain_errors

_ENTRIES = {"NEXT_OPEN": "다음 거래일 시가", "TRIGGER": "기준가 돌파", "CLOSE": "당일 종가"}
_UNFILLED = {
    "NOT_TRADED": "다음 날 거래 없음",
    "LOCKED_UP": "상한가 잠김",
    "GAP_ABOVE": "시가가 기준가보다 5% 넘게 높음",
    "NOT_TRIGGERED": "10거래일 안에 기준가 미도달",
    "PENDING": "아직 모름",
}


class BacktestEndedEarly(KStockError):
    """The stream ended without a table; the text says how to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestWishes:
    """Options of a backtest in words of the command line.

    `kind` and `board` are names of the contract's enums without their prefix, `board` None for both. `run_id` attaches to a
    run or continues it, the rest is unused then.
    """

    kind: str = ""
    since: date | None = None
    until: date | None = None
    board: str | None = None
    at_trigger: bool = False
    seed: int = 0
    run_id: str = ""


async def run_backtest(
    channel: grpc.aio.Channel, wishes: BacktestWishes, screen: Screen
) -> scanner_service_pb2.BacktestFinished:
    """Run or continue a backtest and print its table.

    Raises:
        BacktestEndedEarly: The server ended the call without a table.
        KStockError: What the scanner refused.
    """
    stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)
    bar = _bar(screen) if screen.is_terminal else None
    finished: scanner_service_pb2.BacktestFinished | None = None
    run_id = wishes.run_id
    with domain_errors(), bar or nullcontext():
        task = bar.add_task("시장 데이터 불러오는 중", total=None) if bar else None
        async for event in stub.RunBacktest(_request(wishes)):
            screen.message(event)
            match event.WhichOneof("event"):
                case "started":
                    run_id = event.started.run_id
                    screen.remark(_begun(event.started))
                case "progress" if bar is not None and task is not None:
                    words = f"{wire.day(event.progress.session)} 재현"
                    bar.update(task, description=words, completed=event.progress.done, total=event.progress.total)
                case "finished":
                    finished = event.finished
    if finished is None:
        raise BacktestEndedEarly(f"the server ended the backtest without a table; go on with --resume {run_id}")
    if not screen.as_json:
        _print_result(finished, screen)
    return finished


def title(finished: scanner_service_pb2.BacktestFinished) -> str:
    """`VCP 백테스트 2024-11-01 ~ 2026-04-30 · 364거래일 · 다음 거래일 시가 진입`."""
    started = finished.started
    board = f" · {wire.word(instrument_pb2.Board, started.board)}" if started.HasField("board") else ""
    return (
        f"{render.kind(started.kind)} 백테스트 {wire.day(started.since)} ~ {wire.day(started.until)}{board}"
        f" · {started.session_count:,}거래일 · {entry(started)} 진입"
    )


def entry(started: scanner_service_pb2.BacktestStarted) -> str:
    """How signals were bought."""
    word = wire.word(scanner_service_pb2.BacktestEntry, started.entry)
    return _ENTRIES.get(word, word)


def _request(wishes: BacktestWishes) -> scanner_service_pb2.RunBacktestRequest:
    if wishes.run_id:
        return scanner_service_pb2.RunBacktestRequest(run_id=wishes.run_id)
    return scanner_service_pb2.RunBacktestRequest(
        kind=wire.number_of(candidate_pb2.SignalKind, wishes.kind),
        since=None if wishes.since is None else wire.day_message(wishes.since),
        until=None if wishes.until is None else wire.day_message(wishes.until),
        board=None if wishes.board is None else wire.number_of(instrument_pb2.Board, wishes.board),
        trigger_entry=wishes.at_trigger,
        seed=wishes.seed,
    )


def _bar(screen: Screen) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    return Progress(*columns, console=screen.out, transient=True)


def _begun(started: scanner_service_pb2.BacktestStarted) -> str:
    text = f"백테스트 {started.run_id} · 끊기면 kstock backtest --resume {started.run_id}"
    if started.resumed_count:
        text += f" · {started.resumed_count:,}/{started.session_count:,}거래일은 이미 재현됨"
    if started.restart_reason:
        text += " · 데이터나 규칙이 바뀌어 처음부터 다시 재현"
    return text


def _print_result(finished: scanner_service_pb2.BacktestFinished, screen: Screen) -> None:
    started = finished.started
    screen.line(f"{title(finished)} · 규칙 {started.rule_version}")
    screen.line(counts(finished))
    screen.line(f"비용: {finished.costs}")
    print_scores(finished.rows, screen)
    screen.line(scoreboard.LEGEND)
    screen.line(f"판정: {scoreboard.verdict(finished.rows)}")
    for caveat in finished.caveats:
        screen.line(f"한계: {caveat}")
    screen.line(render.FOOTER)


def counts(finished: scanner_service_pb2.BacktestFinished) -> str:
    """How many stocks were looked at a day, how many signals came of it, and why some of those could not be bought."""
    not_bought = " · ".join(f"{_UNFILLED.get(name, name)} {count:,}" for name, count in sorted(finished.unfilled.items()))
    return (
        f"하루 평균 대상 {finished.eligible_per_session:,.0f}종목 · 신호 {finished.found_per_session:,.1f}건"
        f" · 체결 안 됨: {not_bought or '없음'}"
    )
