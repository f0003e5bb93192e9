"""What limits a backtest, in words for readers, worked out from what was replayed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from servers.scanner.backtest import BacktestResult
from servers.scanner.evaluation.finders import Gap
from servers.scanner.evaluation.forward import LIQUIDATION_SESSIONS, last_row_days
from servers.scanner.evaluation.replay import ReplayedSession
from servers.scanner.history import MarketHistory
from servers.scanner.panel import WINDOW
from shared.market.instrument import Board, Instrument, InstrumentKind
from shared.market.outcome import EntryMode
from shared.market.signal import SignalKind
from shared.market.times import yyyymmdd

_SHARES = frozenset({InstrumentKind.COMMON, InstrumentKind.FOREIGN, InstrumentKind.DEPOSITARY_RECEIPT})
_BOARDS = frozenset({Board.KOSPI, Board.KOSDAQ})
_NOTABLE = 0.01
_NO_END = "기간이 덜 지났거나, 일봉이 끊기거나, 설명되지 않은 급변이 있음"

_GAP_WORDS = {
    (SignalKind.VCP, Gap.FLOWS): "수급 데이터 없이 채점한 신호 {share:.0%}: 패턴 점수만 쓰며 등급은 최고 A",
    (SignalKind.JONGGA, Gap.FLOWS): "수급 데이터 없이 채점한 신호 {share:.0%}: 남은 항목으로 환산",
    (SignalKind.JONGGA, Gap.NEWS): "뉴스 점수는 재현하지 않음: 9점 만점에서 환산",
    (SignalKind.DAYTRADING, Gap.FLOWS): "수급 데이터 없이 채점한 신호 {share:.0%}: 기관 매수 항목은 0점",
    (SignalKind.DAYTRADING, Gap.SECTOR): "업종 기록 없이 채점한 신호 {share:.0%}: 업종 항목은 0점",
    (SignalKind.DISPARITY, Gap.NEWS): "악재 뉴스 제외 조건은 재현하지 않음",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A judged replay: the period that was asked for, what was seen, and every instrument that was ever listed."""

    since: date
    until: date
    result: BacktestResult
    sessions: Sequence[ReplayedSession]
    history: MarketHistory
    instruments: Sequence[Instrument]


def costs_text(fee: float, slip_ticks: int) -> str:
    """What returns are net of: `수수료 편도 0.015%, 매도일의 거래세, 슬리피지 편도 1호가`."""
    return f"수수료 편도 {100 * fee:g}%, 매도일의 거래세, 슬리피지 편도 {slip_ticks}호가"


def caveats(replayed: Replayed) -> list[str]:
    """What limits a result, the gravest first; empty when nothing is known to."""
    return [
        *_survivors(replayed),
        *_worthless(replayed),
        *_gaps(replayed),
        *_flags(replayed),
        *_short_histories(replayed),
        *_period(replayed),
        *_unresolved(replayed.result),
        *_no_control(replayed.result),
    ]


def _survivors(replayed: Replayed) -> Iterable[str]:
    """Shares that left the market in the period and of which the store has no bars, or none of their last weeks."""
    gone = {
        str(one.ticker): yyyymmdd(one.delist_date)
        for one in replayed.instruments
        if one.kind in _SHARES and one.board in _BOARDS and one.delist_date is not None
        if replayed.since <= one.delist_date <= replayed.until
    }
    history = replayed.history
    place = {ticker: row for row, ticker in enumerate(history.bars.tickers)}
    rows = np.array([place[ticker] for ticker in gone if ticker in place], dtype=np.int64)
    ends = np.array([day for ticker, day in gone.items() if ticker in place], dtype=np.int64)
    last = last_row_days(history)[rows]
    cut = int(
        (np.searchsorted(history.sessions, ends) - np.searchsorted(history.sessions, last) > LIQUIDATION_SESSIONS).sum()
    )
    missing = len(gone) - rows.size
    holes = [
        *([f"{missing}종목은 일봉이 없음"] if missing else []),
        *([f"{cut}종목은 마지막 몇 주의 일봉이 없음"] if cut else []),
    ]
    if holes:
        yield f"생존 편향: 기간 중 상장폐지된 {len(gone)}종목 중 {', '.join(holes)}"


def _worthless(replayed: Replayed) -> Iterable[str]:
    lost = replayed.result.scoreboard.lost
    if lost:
        yield f"정리매매 없이 상장폐지된 {lost}건은 -100%로 계산(합병·주식교환도 구분하지 못함)"


def _gaps(replayed: Replayed) -> Iterable[str]:
    kind = replayed.result.kind
    found = [each.found[kind] for each in replayed.sessions]
    bits = np.concatenate([each.gaps[each.published] for each in found])
    for gap in Gap:
        share = float(np.mean((bits & gap.value) > 0)) if bits.size else 0.0
        words = _GAP_WORDS.get((kind, gap))
        if words is not None and share >= _NOTABLE:
            yield words.format(share=share)


def _flags(replayed: Replayed) -> Iterable[str]:
    share = float(np.mean([each.estimated for each in replayed.sessions]))
    if share >= _NOTABLE:
        yield f"관리종목·거래정지 등 지정 기록이 없는 종목·일 {share:.0%}: 지정이 없었던 것으로 봄"


def _short_histories(replayed: Replayed) -> Iterable[str]:
    """Sessions at which not even the market itself has a full window of bars behind it."""
    short = sum(each.session + 1 < WINDOW for each in replayed.sessions)
    if short:
        yield f"처음 {short}거래일은 앞선 일봉이 {WINDOW}거래일보다 짧음: 장기 이평·52주 조건이 덜 충족됨"


def _period(replayed: Replayed) -> Iterable[str]:
    result = replayed.result
    days = replayed.history.sessions
    if replayed.since < result.first and (days[0] == replayed.sessions[0].day):
        yield f"{replayed.since}부터 요청했으나 일봉은 {result.first}부터 있음"
    if replayed.until > result.last and (days[-1] == replayed.sessions[-1].day):
        yield f"{replayed.until}까지 요청했으나 일봉은 {result.last}까지 있음"


def _unresolved(result: BacktestResult) -> Iterable[str]:
    longest = max(line.horizon for line in result.scoreboard.lines)
    count = next(line.unresolved for line in result.scoreboard.lines if line.grade is None and line.horizon == longest)
    if count:
        yield f"{longest}거래일 보유 기준 결과가 없는 신호 {count}건 제외({_NO_END})"


def _no_control(result: BacktestResult) -> Iterable[str]:
    if result.entry is EntryMode.TRIGGER:
        yield "기준가 돌파 진입은 비교할 대조군이 없어 초과수익과 근거 판정을 내지 않음"
