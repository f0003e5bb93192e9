"""Signals as documents: why one opened, what changed, how it ended."""

from servers.chat.retrieval.document import Document, DocumentKind
from shared.market.signal import Signal, SignalChange, SignalEvent, SignalKind, SignalState

SOURCE = "시그널 기록"

KINDS = {
    SignalKind.VCP: "VCP 변동성 수축",
    SignalKind.JONGGA: "종가베팅",
    SignalKind.DAYTRADING: "단타",
    SignalKind.DISPARITY: "괴리율 이격도",
    SignalKind.DROP: "급락",
    SignalKind.SURGE: "거래대금 급증",
}
_CHANGES = {SignalChange.OPENED: "신규", SignalChange.REVISED: "유지", SignalChange.CLOSED: "종료"}
_ENDS = {
    "TARGET": "전략 기준가에 닿아 끝났습니다",
    "STOP": "손절 기준에 닿아 끝났습니다",
    "GAP": "시초가가 손절 기준 아래에서 시작해 끝났습니다",
    "TIME": "정해진 기간이 지나 끝났습니다",
    "NOT_TRIGGERED": "진입 기준가에 닿지 않은 채 끝났습니다",
    "NOT_TRADED": "거래가 없어 무효가 되었습니다",
    "LOCKED_UP": "상한가에 잠겨 진입할 수 없어 무효가 되었습니다",
    "GAP_ABOVE": "시초가가 진입 범위를 넘어 무효가 되었습니다",
    "CONDITION_GONE": "조건이 깨져 무효가 되었습니다",
}
_STATES = {SignalState.CLOSED: "종료", SignalState.EXPIRED: "만료", SignalState.INVALIDATED: "무효"}


def event_document(event: SignalEvent) -> Document:
    """A signal as one event left it."""
    return _document(event.signal, _CHANGES[event.change])


def signal_document(signal: Signal) -> Document:
    """A signal as it stands now, for those whose events the log no longer has."""
    return _document(signal, _STATES.get(signal.state, "유지"))


def _document(signal: Signal, change: str) -> Document:
    candidate = signal.candidate
    regraded = signal.previous_grade is not None and signal.previous_grade is not candidate.grade
    title = (
        f"{candidate.name}({candidate.ticker}) {KINDS[candidate.kind]} 시그널 {candidate.grade}등급 "
        f"{candidate.score:g}점 · {'등급 변경' if regraded and signal.closed_time is None else change} ({candidate.as_of})"
    )
    return Document(
        document_id=f"signal:{signal.signal_id}:{signal.revision}",
        kind=DocumentKind.SIGNAL,
        title=title,
        text="\n".join((*_end(signal), *candidate.reasons, *candidate.cautions)),
        source=SOURCE,
        publish_time=signal.updated_time,
        tickers=(candidate.ticker,),
        group=f"signal:{signal.signal_id}",
    )


def _end(signal: Signal) -> tuple[str, ...]:
    if signal.closed_time is None:
        return ()
    return (f"{signal.opened_on} 시작, {_ENDS.get(signal.close_reason, _STATES.get(signal.state, '끝났습니다'))}.",)
