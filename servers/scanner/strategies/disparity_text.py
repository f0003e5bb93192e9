"""Disparity in words: daily candidates, and what fired on a trade, as candidates with Korean reasons."""

import math
from dataclasses import dataclass
from datetime import date

from servers.scanner.intraday import IntradayParameters, IntradayRule, RuleHit
from servers.scanner.strategies.disparity import GATE_FLOOR, GATE_LOCKED, GATE_NEWS, DisparityResult
from servers.scanner.strategies.rounding import eok, tenth, whole
from servers.scanner.strategies.row import candidate_of
from shared.market.instrument import Board
from shared.market.signal import Candidate, Component, Grade, SignalKind

_GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)
KIND_OF_RULE = {
    IntradayRule.DISPARITY: SignalKind.DISPARITY,
    IntradayRule.PROXIMITY: SignalKind.DISPARITY,
    IntradayRule.DROP: SignalKind.DROP,
    IntradayRule.SURGE: SignalKind.SURGE,
}
"""The kind of signal under which a rule on trades is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitContext:
    """What a message about a hit needs to know of the instrument; won, None where unknown."""

    name: str
    board: Board
    session: date
    turnover_avg20_krw: int
    market_cap_krw: int | None
    volume_shares: int


def explain(result: DisparityResult, row: int) -> Candidate:
    """One ticker's daily verdict: score is the depth in per cent below the average.

    Args:
        result: A scored panel.
        row: Row of the ticker.
    """
    disparity = float(result.disparity[row])
    bars, limit = result.parameters.average_bars, float(result.threshold[row])
    depth = max(tenth(-100 * disparity), 0.0) if math.isfinite(disparity) else 0.0
    text = f"{bars}일선 괴리율 {_percent(disparity)} (기준 {_percent(limit)})"
    confirmed = bool(result.confirmed[row])
    return candidate_of(
        result.panel,
        row,
        kind=SignalKind.DISPARITY,
        setup="CONFIRMED" if confirmed else "BELOW_AVERAGE" if result.detected[row] else "",
        score=depth,
        max_score=100.0,
        grade=_GRADES[int(result.grade[row])],
        detected=bool(result.detected[row]),
        tradable=bool(result.tradable[row]),
        components=(Component(name="disparity", points=depth, max_points=100.0, evidence=text),),
        reasons=((text, "반등 확인") if confirmed else (text,)) if result.detected[row] else (),
        cautions=_gate_texts(result, row),
        missing=() if math.isfinite(disparity) else ("average",),
        flags=(),
        entry_krw=whole(float(result.panel.close[row, -1])),
        stop_krw=int(result.stop[row]),
        target_krw=int(result.target[row]),
        metrics={"disparity": disparity, "threshold": limit} if math.isfinite(disparity) else {},
        rule_version=result.rule_version,
    )


def explain_hit(hit: RuleHit, context: HitContext, *, parameters: IntradayParameters, rule_version: str) -> Candidate:
    """What fired on a trade, as a candidate of its kind; such a candidate is a notice, not an advice to trade.

    Args:
        hit: The hit.
        context: Facts of the instrument.
        parameters: Rules that were applied.
        rule_version: Their version.
    """
    reading = hit.reading
    text = hit_text(hit, parameters)
    metrics = {"value": reading.value, "threshold": reading.threshold, "ratio": reading.ratio}
    return Candidate(
        kind=KIND_OF_RULE[reading.rule],
        ticker=hit.ticker,
        name=context.name,
        board=context.board,
        as_of=context.session,
        score=max(tenth(-100 * reading.value), 0.0),
        max_score=100.0,
        grade=Grade.C,
        detected=True,
        tradable=False,
        components=(Component(name=reading.rule.lower(), points=1.0, max_points=1.0, status="passed", evidence=text),),
        reasons=(text,),
        cautions=(),
        missing=(),
        flags=(),
        setup=reading.rule,
        close_krw=hit.price_krw,
        entry_krw=None,
        stop_krw=None,
        target_krw=None,
        turnover_avg20_krw=context.turnover_avg20_krw,
        market_cap_krw=context.market_cap_krw,
        volume_shares=context.volume_shares,
        metrics={name: value for name, value in metrics.items() if math.isfinite(value)},
        rule_version=rule_version,
    )


def hit_text(hit: RuleHit, parameters: IntradayParameters) -> str:
    """The condition of a hit: what was measured beside its threshold."""
    reading, minutes = hit.reading, parameters.drop_minutes
    if reading.rule is IntradayRule.DISPARITY:
        return f"괴리율 {_percent(reading.value)} (기준 {_percent(reading.threshold)})"
    if reading.rule is IntradayRule.PROXIMITY:
        return f"괴리율 기준가까지 {tenth(100 * reading.value)}% 근접 (기준 {tenth(100 * reading.threshold)}%)"
    drop = f"{minutes}분 등락률 {_percent(reading.value)} (기준 {_percent(reading.threshold)})"
    if reading.rule is IntradayRule.DROP:
        return drop
    return f"{minutes}분 거래대금 평소의 {tenth(reading.ratio)}배 (기준 {tenth(parameters.surge)}배), {drop}"


def _gate_texts(result: DisparityResult, row: int) -> tuple[str, ...]:
    average = float(result.turnover_average[row])
    texts = {
        GATE_FLOOR: f"유동성 부족 (20일 평균 거래대금 {eok(average) if math.isfinite(average) else 0:,}억)",
        GATE_LOCKED: "하한가 잠김 – 매매 불가",
        GATE_NEWS: "악재 뉴스",
    }
    return tuple(text for bit, text in texts.items() if int(result.gates[row]) & bit)


def _percent(fraction: float) -> str:
    return f"{tenth(100 * fraction):+}%" if math.isfinite(fraction) else "미상"
