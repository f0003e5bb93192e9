"""A VCP signal in words: one row of a result as a candidate with Korean reasons (strategies.md 2.7 and 3)."""

import math
from dataclasses import replace

import numpy as np

from servers.scanner.panel import Status
from servers.scanner.strategies.rounding import EOK, tenth, whole
from servers.scanner.strategies.row import candidate_of
from servers.scanner.strategies.smart_money import PARTS
from servers.scanner.strategies.vcp import VcpState
from servers.scanner.strategies.vcp_signal import GRADES, VcpSignals
from servers.scanner.universe import EXCLUSION_WORDS, Exclusion
from shared.market.errors import DataMissing
from shared.market.signal import Candidate, Component, SignalKind

MAX_SCORE = 100.0

_VCP_PARTS: tuple[tuple[str, int], ...] = (
    ("trend", 20),
    ("structure", 30),
    ("dry_up", 20),
    ("tightness", 15),
    ("proximity", 15),
)
_RS_NEEDED = 70
_NARROW = 0.15
_TOO_FAR = 0.05


def explain(signals: VcpSignals, row: int) -> Candidate:
    """One ticker's verdict with its parts, reasons and levels, detected or not.

    Raises:
        DataMissing: If the ticker has no score at the panel's session; the text says which status it has.
    """
    panel = signals.panel
    if not signals.scored[row]:
        raise DataMissing(f"{panel.tickers[row]} has no score on {panel.session}: {Status(int(panel.status[row])).name}")
    record, known = signals.vcp.records[row], bool(signals.smart.known[row])
    grade = int(signals.grade[row])
    levels = signals.levels(np.array([row]))
    based = bool(record["legs"])
    candidate = candidate_of(
        panel,
        row,
        setup=VcpState(int(record["state"])).name,
        kind=SignalKind.VCP,
        score=float(signals.total[row]),
        max_score=MAX_SCORE,
        grade=GRADES[grade],
        detected=bool(signals.detected[row]),
        tradable=bool(signals.tradable[row]),
        components=(*_pattern_components(signals, row), *_flow_components(signals, row)),
        reasons=tuple(text for text in (*_pattern_reasons(signals, row), *_flow_reasons(signals, row)) if text),
        cautions=_cautions(signals, row),
        missing=() if known else ("smart_money",),
        flags=_flags(signals, row),
        entry_krw=int(levels.trigger[0]) if based else None,
        stop_krw=int(levels.stop[0]) if based else None,
        target_krw=int(levels.target[0]) if based else None,
        metrics=_metrics(signals, row),
        rule_version=signals.version,
    )
    return replace(candidate, target_return_bps=whole(1e4 * signals.parameters.grade_vcp.targets[grade]) if based else None)


def footprint(signals: VcpSignals, row: int) -> str:
    """Length in weeks, first and last depth and number of contractions, e.g. `15W 25/6 3T`; empty without a base."""
    depths = _depths(signals, row)
    weeks = math.ceil(int(signals.vcp.records["base_bars"][row]) / 5)
    return f"{weeks}W {depths[0]}/{depths[-1]} {len(depths)}T" if depths else ""


def _depths(signals: VcpSignals, row: int) -> tuple[int, ...]:
    return tuple(whole(100 * leg.depth) for leg in signals.vcp.legs_of(row))


def _percent(fraction: float) -> str:
    return f"{tenth(100 * fraction)}%"


def _status(points: int, most: int) -> str:
    return "passed" if points == most else "partial" if points else "failed"


def _pattern_components(signals: VcpSignals, row: int) -> tuple[Component, ...]:
    record = signals.vcp.records[row]
    distance = float(record["distance"])
    evidence = {
        "trend": f"추세 템플릿 {record['tests']}/8",
        "structure": footprint(signals, row),
        "dry_up": _dry_text(signals, row),
        "tightness": f"최근 10일 변동폭 {_percent(float(record['range10']))}",
        "proximity": "" if math.isnan(distance) else f"피벗 대비 {tenth(100 * distance):+}%",
    }
    return tuple(_component(name, int(record[name]), most, evidence[name]) for name, most in _VCP_PARTS)


def _flow_components(signals: VcpSignals, row: int) -> tuple[Component, ...]:
    smart = signals.smart
    if not smart.known[row]:
        return tuple(Component(name=name, points=0, max_points=most, status="missing") for name, most in PARTS)
    evidence = {
        "foreign": _net_buying("외국인", float(smart.foreign[row]), float(smart.foreign_ratio[row])),
        "institution": _net_buying("기관", float(smart.institution[row]), float(smart.institution_ratio[row])),
        "persistence": f"연속 순매수 외국인 {smart.foreign_days[row]}일, 기관 {smart.institution_days[row]}일",
    }
    points = smart.points[row].tolist()
    return tuple(
        _component(name, earned, most, evidence.get(name, "")) for (name, most), earned in zip(PARTS, points, strict=True)
    )


def _component(name: str, points: int, most: int, evidence: str) -> Component:
    return Component(name=name, points=points, max_points=most, status=_status(points, most), evidence=evidence)


def _net_buying(who: str, won: float, ratio: float) -> str:
    return f"{who} 5일 순매수 {won / EOK:+,.0f}억 ({_percent(ratio)})"


def _dry_text(signals: VcpSignals, row: int) -> str:
    dry = float(signals.vcp.records["dry"][row])
    return f"거래량 건조 {whole(100 * dry)}%" if round(dry, 9) < 1.0 else ""


def _pattern_reasons(signals: VcpSignals, row: int) -> tuple[str, ...]:
    """Texts in the definition's order; empty ones do not hold."""
    record, rating, depths = signals.vcp.records[row], int(signals.vcp.strength.rating[row]), _depths(signals, row)
    width = float(record["range10"])
    return (
        f"변동성 수축 {len(depths)}회 ({' → '.join(f'{depth}%' for depth in depths)})" if depths else "",
        _dry_text(signals, row),
        _pivot_text(signals, row),
        f"추세 템플릿 {record['tests']}/8" if record["tests"] >= signals.parameters.vcp.trend_min else "",
        f"상대강도 RS {rating}" if rating >= _RS_NEEDED else "",
        f"최근 10일 변동폭 {_percent(width)}" if round(width, 9) <= _NARROW else "",
    )


def _pivot_text(signals: VcpSignals, row: int) -> str:
    record = signals.vcp.records[row]
    distance = round(float(record["distance"]), 9)
    if math.isnan(distance) or distance > _TOO_FAR:
        return ""
    if distance > 0:
        return f"피벗 돌파 +{_percent(distance)} (거래량 {tenth(float(record['volume_ratio']))}배)"
    return f"피벗 {whole(float(record['pivot'])):,}원까지 {_percent(-distance)}"


def _flow_reasons(signals: VcpSignals, row: int) -> tuple[str, ...]:
    smart = signals.smart
    if not smart.known[row]:
        return ()
    foreign, institution, days = float(smart.foreign[row]), float(smart.institution[row]), int(smart.foreign_days[row])
    return (
        _net_buying("외국인", foreign, float(smart.foreign_ratio[row])) if foreign > 0 else "",
        _net_buying("기관", institution, float(smart.institution_ratio[row])) if institution > 0 else "",
        f"외국인 {days}일 연속 순매수" if days > 1 else "",
        "쌍끌이 매수" if foreign > 0 and institution > 0 else "",
    )


def _cautions(signals: VcpSignals, row: int) -> tuple[str, ...]:
    record, panel = signals.vcp.records[row], signals.panel
    distance = round(float(record["distance"]), 9)
    excluded = Exclusion(int(panel.universe.exclusion[row]))
    texts = (
        f"추세 템플릿 미달 {record['tests']}/8" if record["tests"] < signals.parameters.vcp.trend_min else "",
        "" if round(float(record["dry"]), 9) < 1.0 else "거래량 미건조",
        f"피벗 대비 +{_percent(distance)} 과열" if distance > _TOO_FAR else "",
        f"스캔 대상 제외 ({EXCLUSION_WORDS[excluded]})" if excluded else "",
        "유동성 기준 미달" if not excluded and not signals.tradable[row] else "",
    )
    return tuple(text for text in texts if text)


def _flags(signals: VcpSignals, row: int) -> tuple[str, ...]:
    panel = signals.panel
    marks = {
        "수급 데이터 없음": not signals.smart.known[row],
        "universe_estimated": panel.universe.estimated[row],
        "value_estimated": panel.turnover_estimated[row],
        "flow_from_shares": signals.smart.known[row] and signals.smart.from_shares[row],
    }
    return tuple(name for name, holds in marks.items() if holds)


def _metrics(signals: VcpSignals, row: int) -> dict[str, float]:
    record, smart = signals.vcp.records[row], signals.smart
    names = ("raw", "tests", "legs", "base_bars", "pivot", "last_low", "distance", "dry", "volume_ratio", "quiet", "range10")
    averages = ("sma50", "sma150", "sma200", "high52", "low52")
    values = {name: float(record[name]) for name in (*names, *averages)}
    values |= {"vcp_score": float(record["score"]), "rs": float(signals.vcp.strength.rating[row])}
    values |= {f"depth_{number}": leg.depth for number, leg in enumerate(signals.vcp.legs_of(row), start=1)}
    if smart.known[row]:
        values |= {"smart_score": float(smart.score[row])}
        values |= {"foreign5_krw": float(smart.foreign[row]), "institution5_krw": float(smart.institution[row])}
        values |= {
            "foreign_ratio": float(smart.foreign_ratio[row]),
            "institution_ratio": float(smart.institution_ratio[row]),
        }
    if record["legs"]:
        values["risk"] = 1.0 - float(signals.levels(np.array([row])).stop[0]) / float(signals.panel.close[row, -1])
    return {name: value for name, value in values.items() if math.isfinite(value)}
