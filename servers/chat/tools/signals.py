"""Stored signals, scans, analyses and realised outcomes."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from kstock.scanner.v1 import scan_pb2, scanner_service_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.peers import Peers
from servers.chat.signal_order import Order
from servers.chat.tools.arguments import About
from servers.chat.tools.narrowing import Narrowing, narrowed
from servers.chat.tools.tool import Tool
from shared.market.errors import DataMissing
from shared.market.instrument import Board
from shared.market.signal import Grade, SignalKind
from shared.rpc.messages.enums import BOARD, GRADE, SIGNAL_KIND
from shared.rpc.messages.times import local_date_message

_EVERY_STATE = (
    signal_pb2.SIGNAL_STATE_ACTIVE,
    signal_pb2.SIGNAL_STATE_CLOSED,
    signal_pb2.SIGNAL_STATE_EXPIRED,
    signal_pb2.SIGNAL_STATE_INVALIDATED,
)


@dataclass(frozen=True, slots=True)
class SignalsArguments:
    """Filters of stored signals; `ended` also returns those that are over."""

    kinds: Annotated[tuple[SignalKind, ...], About("kinds; empty for all", most=6)] = ()
    ticker: Annotated[str, About("six-character code; empty for any")] = ""
    grades: Annotated[tuple[Grade, ...], About("grades; empty for all", most=4)] = ()
    board: Annotated[Board | None, About("board")] = None
    min_score: Annotated[float | None, About("lowest score in the kind's own points")] = None
    max_score: Annotated[float | None, About("highest score in the kind's own points")] = None
    min_price: Annotated[int | None, About("lowest price in won")] = None
    max_price: Annotated[int | None, About("highest price in won")] = None
    sector: Annotated[str, About("part of the name of a sector or industry, in Korean; empty for all")] = ""
    every_kind: Annotated[bool, About("only instruments with a signal of each of the kinds")] = False
    order: Annotated[Order, About("in which order")] = Order.BEST
    opened_since: Annotated[date | None, About("opened on or after")] = None
    opened_until: Annotated[date | None, About("opened on or before")] = None
    ended: Annotated[bool, About("true also returns signals that have ended")] = False
    limit: Annotated[int, About("most signals", least=1, most=50)] = 10


@dataclass(frozen=True, slots=True)
class AnalysisArguments:
    """One instrument by strategies."""

    ticker: Annotated[str, About("six-character code")]
    kinds: Annotated[tuple[SignalKind, ...], About("kinds; empty for all that run on daily bars", most=6)] = ()


@dataclass(frozen=True, slots=True)
class ScanArguments:
    """The newest scan of one kind."""

    kind: Annotated[SignalKind, About("the kind")]


@dataclass(frozen=True, slots=True)
class ScoreboardArguments:
    """Realised outcomes of kinds over a period."""

    kinds: Annotated[tuple[SignalKind, ...], About("kinds; empty for all", most=6)] = ()
    since: Annotated[date | None, About("signals opened on or after")] = None
    until: Annotated[date | None, About("signals opened on or before")] = None


@dataclass(frozen=True, slots=True)
class BacktestsArguments:
    """The newest backtests of kinds."""

    kinds: Annotated[tuple[SignalKind, ...], About("kinds; empty for all", most=6)] = ()


async def _signals(peers: Peers, arguments: SignalsArguments) -> signal_service_pb2.ListSignalsResponse:
    request = signal_service_pb2.ListSignalsRequest(
        kinds=[SIGNAL_KIND.to_wire(kind) for kind in arguments.kinds],
        ticker=arguments.ticker,
        grades=[GRADE.to_wire(grade) for grade in arguments.grades],
        states=_EVERY_STATE if arguments.ended else (),
        board=None if arguments.board is None else BOARD.to_wire(arguments.board),
        min_score=arguments.min_score,
        page_size=arguments.limit,
    )
    if arguments.opened_since is not None:
        request.opened_since.CopyFrom(local_date_message(arguments.opened_since))
    if arguments.opened_until is not None:
        request.opened_until.CopyFrom(local_date_message(arguments.opened_until))
    narrowing = _narrowing(arguments)
    return await narrowed(peers, request, narrowing) if narrowing.narrows else await peers.signal.ListSignals(request)


def _narrowing(arguments: SignalsArguments) -> Narrowing:
    return Narrowing(
        max_score=arguments.max_score,
        min_price=arguments.min_price,
        max_price=arguments.max_price,
        sector=arguments.sector,
        every_kind=arguments.every_kind,
        order=arguments.order,
        limit=arguments.limit,
    )


async def _analysis(peers: Peers, arguments: AnalysisArguments) -> scanner_service_pb2.AnalyzeInstrumentResponse:
    kinds = [SIGNAL_KIND.to_wire(kind) for kind in arguments.kinds]
    request = scanner_service_pb2.AnalyzeInstrumentRequest(ticker=arguments.ticker, kinds=kinds)
    return await peers.scanner.AnalyzeInstrument(request)


async def _newest_scan(peers: Peers, arguments: ScanArguments) -> scan_pb2.ScanRun:
    ended = (scan_pb2.SCAN_STATE_COMPLETED, scan_pb2.SCAN_STATE_PARTIAL)
    request = scanner_service_pb2.ListScanRunsRequest(kinds=[SIGNAL_KIND.to_wire(arguments.kind)], states=ended, page_size=1)
    runs = (await peers.scanner.ListScanRuns(request)).runs
    if not runs:
        raise DataMissing(f"no scan of {arguments.kind} is stored")
    return runs[0]


async def _scoreboard(peers: Peers, arguments: ScoreboardArguments) -> signal_service_pb2.GetScoreboardResponse:
    request = signal_service_pb2.GetScoreboardRequest(kinds=[SIGNAL_KIND.to_wire(kind) for kind in arguments.kinds])
    if arguments.since is not None:
        request.since.CopyFrom(local_date_message(arguments.since))
    if arguments.until is not None:
        request.until.CopyFrom(local_date_message(arguments.until))
    return await peers.signal.GetScoreboard(request)


async def _backtests(peers: Peers, arguments: BacktestsArguments) -> signal_service_pb2.GetScoreboardResponse:
    kinds = [SIGNAL_KIND.to_wire(kind) for kind in arguments.kinds]
    return await peers.signal.GetScoreboard(signal_service_pb2.GetScoreboardRequest(kinds=kinds, newest_backtests=True))


LIST_SIGNALS = Tool(
    name="list_signals",
    domain="signals",
    description="Stored signals by kind, ticker, grade, board and score, best first, with parts, reasons and levels.",
    arguments=SignalsArguments,
    run=_signals,
)
ANALYZE = Tool(
    name="analyze_instrument",
    domain="engine",
    description="One instrument by every strategy: score, parts, reasons, also when no signal is stored.",
    arguments=AnalysisArguments,
    run=_analysis,
)
CHECK_DAYTRADING = Tool(
    name="check_daytrading",
    domain="scanner",
    description="The seven items of the day-trading checklist for one instrument, computed on its newest data.",
    arguments=AnalysisArguments,
    run=_analysis,
)
GET_NEWEST_SCAN = Tool(
    name="get_newest_scan",
    domain="scanner",
    description="When the newest scan of a kind ran, over how many instruments, and what was left out.",
    arguments=ScanArguments,
    run=_newest_scan,
)
GET_SCOREBOARD = Tool(
    name="get_scoreboard",
    domain="signals",
    description="Realised outcomes of signals after costs per kind, grade and horizon, beside their base rate.",
    arguments=ScoreboardArguments,
    run=_scoreboard,
)
GET_BACKTESTS = Tool(
    name="get_backtests",
    domain="signals",
    description="Outcomes in the newest stored backtests per kind, grade and horizon, beside their base rate.",
    arguments=BacktestsArguments,
    run=_backtests,
)
