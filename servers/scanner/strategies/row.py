"""The part of a candidate that every strategy takes from the panel alike."""

import math
from typing import TypedDict, Unpack

from servers.scanner.panel import Panel
from servers.scanner.strategies.rounding import whole
from servers.scanner.universe import BOARDS, FLAG_BIT, WARNING_BITS
from shared.market.errors import NotFound
from shared.market.instrument import Board, InstrumentFlag, Ticker
from shared.market.signal import Candidate, Component, Grade, SignalKind
from shared.market.times import from_yyyymmdd

_WARNING_NAMES = {
    InstrumentFlag.INVESTMENT_WARNING: "투자경고",
    InstrumentFlag.INVESTMENT_CAUTION: "투자주의환기",
    InstrumentFlag.OVERHEATED: "단기과열",
}


class Verdict(TypedDict):
    """What the strategy itself decides about a ticker; the names are those of `Candidate`."""

    kind: SignalKind
    score: float
    max_score: float
    grade: Grade
    detected: bool
    tradable: bool
    components: tuple[Component, ...]
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    entry_krw: int | None
    stop_krw: int | None
    target_krw: int | None
    metrics: dict[str, float]
    rule_version: str


def candidate_of(panel: Panel, row: int, *, setup: str = "", **verdict: Unpack[Verdict]) -> Candidate:
    """Complete a verdict with the ticker's name, board, prices and badges.

    Args:
        panel: The market that was scored.
        row: Row of the ticker.
        setup: The strategy's own state word.
        **verdict: What the strategy decided.

    Raises:
        NotFound: If the ticker has no bar.
    """
    if not panel.count[row]:
        raise NotFound("BAR", panel.tickers[row])
    average = float(panel.turnover[row, -min(20, int(panel.count[row])) :].mean())
    market_cap = float(panel.market_cap[row])
    board = BOARDS[panel.board[row]]
    unknown = () if board else ("시장구분 미상",)
    holes = (f"일봉 누락 {int(panel.holes[row])}일",) if panel.holes[row] else ()
    flags = (*verdict["flags"], *(f"{name} 종목" for name in warning_names(panel, row)), *unknown, *holes)
    return Candidate(
        ticker=Ticker(panel.tickers[row]),
        name=panel.names[row],
        board=board or Board.KOSPI,
        as_of=from_yyyymmdd(int(panel.date[row, -1])),
        setup=setup,
        close_krw=whole(float(panel.close[row, -1])),
        turnover_avg20_krw=whole(average),
        market_cap_krw=whole(market_cap) if math.isfinite(market_cap) else None,
        volume_shares=whole(float(panel.volume[row, -1])),
        **(verdict | {"flags": flags}),
    )


def warning_names(panel: Panel, row: int) -> tuple[str, ...]:
    """Badges of a ticker that stays in the universe under a warning (투자경고, 투자주의환기, 단기과열)."""
    flags = int(panel.universe.flags[row]) & WARNING_BITS
    return tuple(name for flag, name in _WARNING_NAMES.items() if flags & FLAG_BIT[flag])
