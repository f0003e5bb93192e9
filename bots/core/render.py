"""Facts in words of people: prices, moves, times and states as bot_ux.md 2 and 3 lay them down. Pure text, no markup."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from kstock.common.v1 import (
    candidate_pb2,
    feed_status_pb2,
    local_date_pb2,
    market_gate_pb2,
    market_index_pb2,
    quote_pb2,
    session_pb2,
)
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2
from kstock.scanner.v1 import scan_pb2

from bots.core import wire
from shared.market.freshness import badge
from shared.market.money import format_amount, format_change, format_percent, format_price
from shared.market.quote import Quality
from shared.market.tick_size import price_limits
from shared.market.times import format_time, kst_datetime

FOOTER = "정보 제공용이며 투자 권유가 아닙니다. 투자 판단과 책임은 본인에게 있습니다."

UNKNOWN_ORIGIN = "⬜ 출처 미상"
"""Badge of a price of which nobody says how far it can be trusted."""

KINDS = {
    "VCP": "VCP",
    "JONGGA": "종가베팅",
    "DAYTRADING": "단타",
    "DISPARITY": "괴리율",
    "DROP": "급락",
    "SURGE": "거래대금 급증",
}
_MARKS = {
    "NEGATIVE_NEWS": "",
    "universe_estimated": "",
    "value_estimated": "",
    "flow_from_shares": "수급은 주식 수에서 환산",
}
_PHASES = {"PRE_OPEN": "장전", "REGULAR": "장중", "CLOSED": "장마감", "AFTER_HOURS": "시간외", "HOLIDAY": "휴장"}
_SKIPPED = {
    "OK": "판정",
    "HALTED": "거래정지",
    "SHORT_HISTORY": "기간 부족",
    "BAD_ADJUST": "수정주가 불명",
    "NO_DATA": "데이터 없음",
    "NOT_ELIGIBLE": "대상 아님",
    "FAILED": "계산 실패",
}
_SCAN_STATES = {"RUNNING": "진행 중", "COMPLETED": "완료", "PARTIAL": "일부만 완료", "FAILED": "실패", "CANCELLED": "취소"}
_STAGES = {"LOADING": "불러오는 중", "SCORING": "채점 중", "SORTING": "정렬 중", "PUBLISHING": "발행 중"}
_FEED_STATES = {
    "STOPPED": "멈춤",
    "AUTH": "인증 중",
    "CONNECTING": "연결 중",
    "SUBSCRIBING": "구독 중",
    "LIVE": "정상",
    "DEGRADED": "일부 지연",
    "BACKOFF": "재시도 대기",
    "SAFE_MODE": "안전 모드",
    "BLOCKED": "차단됨",
    "CLOSED_SESSION": "장 마감",
}
_TOPIC_REASONS = {
    "FEED_LOST": "시세 제공처가 없거나 연결이 끊겼습니다",
    "INSTRUMENT_NOT_FOUND": "없는 종목",
    "UNSUPPORTED_TOPIC": "지원하지 않는 토픽",
}
_TOPIC_STATES = {"NO_VALUE": "값 없음", "STALE": "끊김", "REJECTED": "거절됨", "REMOVED": "해지됨"}
_GATES = {"GREEN": "초록", "YELLOW": "노랑", "RED": "빨강"}
_CLOSE = time(15, 30)
_VENUES = {"KRX": "KRX", "NXT": "NXT", "CONSOLIDATED": "통합"}


def price(quote: quote_pb2.Quote) -> str:
    """`72,300원`."""
    return format_price(quote.price_krw)


def move(quote: quote_pb2.Quote) -> str:
    """The move against the previous close with its sign: `🔴▲1,200 (+1.69%)`; `-` when that close is unknown."""
    if not quote.HasField("change_krw") or not quote.HasField("change_bps"):
        return "-"
    limit = _limit(quote)
    if limit:
        return f"{limit} {format_change(quote.change_krw, quote.change_bps)}"
    return f"{sign(quote.change_krw)}{format_change(quote.change_krw, quote.change_bps)}"


def sign(change: float) -> str:
    """The colour of a direction: 🔴 up, 🔵 down, ⚪ flat; the arrow beside it carries the meaning."""
    return "🔴" if change > 0 else "🔵" if change < 0 else "⚪"


def index_level(level: market_index_pb2.IndexLevel) -> str:
    """`2,743.21  🔴+1.02%`; without the move when it is unknown."""
    text = f"{level.level_e2 / 100:,.2f}"
    return f"{text}  {sign(level.change_bps)}{format_percent(level.change_bps)}" if level.HasField("change_bps") else text


def gate(value: market_gate_pb2.MarketGate) -> str:
    """`마켓 게이트 초록 78점`."""
    return f"마켓 게이트 {_GATES.get(wire.word(market_gate_pb2.GateColour, value.colour), '?')} {value.level}점"


def freshness(quality: int, exchange_time: datetime, now: datetime, *, stale: bool = False) -> str:
    """The badge that stands on every price.

    Args:
        quality: As received.
        exchange_time: When the exchange says it happened.
        now: Market time.
        stale: Whether the stream has said since that the source is silent or lost.
    """
    known = wire.quality(quality)
    if known is None:
        return UNKNOWN_ORIGIN
    own = badge(known, exchange_time, now)
    if not stale or known is Quality.STALE:
        return own
    late = badge(Quality.STALE, exchange_time, now)
    # An invented or recorded price stays one, however late it is.
    return f"{late} · {own}" if known in (Quality.SIMULATED, Quality.REPLAYED) else late


def end_of(day: local_date_pb2.LocalDate) -> datetime:
    """The moment at which the closes of a day stand."""
    return kst_datetime(wire.day(day), _CLOSE)


def volume(quote: quote_pb2.Quote) -> str:
    """`1,234,567주`."""
    return f"{quote.volume_shares:,}주"


def origin(quote: quote_pb2.Quote) -> str:
    """Where the price was made and who told: `통합 · kis`."""
    return f"{_VENUES.get(wire.word(quote_pb2.Venue, quote.venue), '?')} · {quote.source}"


def topic_state(status: stream_pb2.TopicStatus) -> str:
    """What a topic is in, with the reason where there is one; empty while all is well."""
    text = _TOPIC_STATES.get(wire.word(stream_pb2.TopicState, status.state), "")
    return f"{text} ({_TOPIC_REASONS.get(status.reason, status.reason)})" if text and status.reason else text


def phase(day: session_pb2.SessionDay, number: int) -> str:
    """`장중`, or `휴장(설날)` with the reason."""
    text = _PHASES.get(wire.word(session_pb2.SessionPhase, number), "")
    return f"{text}({day.reason})" if text == "휴장" and day.reason else text


def feed(status: feed_status_pb2.FeedStatus, now: datetime) -> str:
    """`simulated 정상 · 13:27:06 KST부터 · 구독 6/6`, with the reason where there is one."""
    state = _FEED_STATES.get(wire.word(feed_status_pb2.FeedState, status.state), "?")
    subscribed = f"구독 {status.active_subscriptions}/{status.target_subscriptions}"
    parts = [f"{status.feed} {state}", f"{format_time(wire.moment(status.since_time), now)}부터", subscribed]
    return " · ".join([*parts, status.reason] if status.reason else parts)


def dead_rules(run: scan_pb2.ScanRun) -> list[str]:
    """A sentence for each item of a strategy that scored for nobody in twenty sessions: most likely it is broken."""
    return [f"{kind(run.kind)}: 최근 20거래일 동안 모든 종목이 0점인 규칙 {rule}" for rule in run.dead_rules]


def kind(number: int) -> str:
    """A strategy's name."""
    name = wire.word(candidate_pb2.SignalKind, number)
    return KINDS.get(name, name)


def marks(candidate: candidate_pb2.Candidate) -> list[str]:
    """What was missing or doubtful when a candidate was scored; marks that its cautions or its run tell are left out."""
    known = [_MARKS.get(flag, flag) for flag in candidate.flags]
    return [mark for mark in known if mark]


def level(candidate: candidate_pb2.Candidate, field: str) -> str:
    """A reference level in won; `-` where the strategy sets none."""
    return format_price(getattr(candidate, field)) if candidate.HasField(field) else "-"


def score(candidate: candidate_pb2.Candidate) -> str:
    """`71점`, with a tenth where there is one."""
    return f"{candidate.score:.1f}".removesuffix(".0") + "점"


def scan_state(number: int) -> str:
    """How a scan stands."""
    return _SCAN_STATES.get(wire.word(scan_pb2.ScanState, number), "?")


def stage(text: str) -> str:
    """What a scan is at."""
    return _STAGES.get(text, text)


def status_counts(counts: Iterable[scan_pb2.StatusCount]) -> Mapping[str, int]:
    """How many tickers were left out for each reason; judged ones are not among them."""
    named = {wire.word(scan_pb2.TickerStatus, one.status): one.count for one in counts}
    return {_SKIPPED.get(name, name): count for name, count in named.items() if name != "OK" and count}


def amount(krw: int) -> str:
    """`1조 2,346억원`."""
    return format_amount(krw)


def _limit(quote: quote_pb2.Quote) -> str:
    """`🔴⬆ 상한가` or `🔵⬇ 하한가` when the price stands at its limit of the day; else empty."""
    if not quote.HasField("previous_close_krw") or quote.previous_close_krw <= 0:
        return ""
    lower, upper = price_limits(quote.previous_close_krw)
    return "🔴⬆ 상한가" if quote.price_krw == upper else "🔵⬇ 하한가" if quote.price_krw == lower else ""
