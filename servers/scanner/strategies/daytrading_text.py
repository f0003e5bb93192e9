"""단타 checklist in words: one row of a result as a candidate with Korean details (strategies.md 5)."""

import math

from servers.scanner.strategies.daytrading import (
    FULL,
    GATE_CHANGE,
    GATE_FLOOR,
    GATE_LOCKED,
    GATE_SINGLE_PRICE,
    GATE_WARNING,
    HALF,
    ITEMS,
    DaytradingResult,
)
from servers.scanner.strategies.rounding import eok, tenth, whole
from servers.scanner.strategies.row import candidate_of, warning_names
from shared.market.signal import Candidate, Component, Grade, SignalKind

_GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)
_STATUS = {FULL: "passed", HALF: "partial", 0: "failed"}


def explain(result: DaytradingResult, row: int) -> Candidate:
    """One ticker's verdict; its components are the seven checks with their details.

    Args:
        result: A scored panel.
        row: Row of the ticker.
    """
    grade = _GRADES[int(result.grade[row])]
    checks = tuple(_check(result, row, item) for item in range(len(ITEMS)))
    return candidate_of(
        result.panel,
        row,
        kind=SignalKind.DAYTRADING,
        score=float(result.total[row]),
        max_score=float(result.score_max[row]),
        grade=grade,
        detected=bool(result.detected[row]),
        tradable=bool(result.tradable[row]),
        components=checks,
        reasons=tuple(check.evidence for check in checks if check.points),
        cautions=_gate_texts(result, row),
        missing=tuple(check.name for check in checks if check.status == "missing"),
        flags=(),
        entry_krw=whole(float(result.panel.close[row, -1])),
        stop_krw=int(result.stop[row]),
        target_krw=int(result.target[row]),
        metrics=_metrics(result, row),
        rule_version=result.rule_version,
    )


def _check(result: DaytradingResult, row: int, item: int) -> Component:
    name, points = ITEMS[item], int(result.points[row, item])
    status = _STATUS[points]
    if (name == "institution_buying" and not result.supply.known[row]) or (
        name == "sector_momentum" and result.sectors.sector[row] < 0
    ):
        status = "missing"
    return Component(name=name, points=points, max_points=FULL, status=status, evidence=_DETAILS[name](result, row, points))


def _volume(result: DaytradingResult, row: int, _points: int) -> str:
    ratio = float(result.measures.volume_ratio[row])
    return f"거래량 {tenth(ratio)}배 (20일 평균 대비)" if math.isfinite(ratio) else "거래량 판단 전"


def _momentum(result: DaytradingResult, row: int, points: int) -> str:
    if points:
        return "60일 신고가" if points == FULL else "20일 신고가"
    return f"20일 고가 대비 {_signed(float(result.measures.of_high20[row]) - 1)}"


def _box(result: DaytradingResult, row: int, points: int) -> str:
    width = float(result.measures.box_width[row])
    if not math.isfinite(width):
        return "박스 판단 불가"
    box = f"박스(±{tenth(100 * width)}%)"
    if points:
        return f"{box} 상단 돌파" if points == FULL else f"{box} 상단 근접"
    return f"{box} 안" if round(width, 9) <= result.parameters.box_width else f"{box} 폭 과다"


def _average(result: DaytradingResult, row: int, _points: int) -> str:
    return f"MA5 대비 {_signed(float(result.measures.of_average5[row]) - 1)}"


def _buying(result: DaytradingResult, row: int, _points: int) -> str:
    if not result.supply.known[row]:
        return "수급 데이터 없음"
    net, turnover = float(result.supply.foreign[row] + result.supply.institution[row]), float(result.supply.turnover[row])
    share = f" ({tenth(100 * net / turnover)}%)" if turnover > 0 else ""
    return f"외인+기관 5일 {eok(net):+,}억{share}"


def _rebound(result: DaytradingResult, row: int, _points: int) -> str:
    measures = result.measures
    return f"전일 {_signed(float(measures.previous_change[row]))} → 금일 {_signed(float(measures.change[row]))}"


def _sector(result: DaytradingResult, row: int, _points: int) -> str:
    sector = int(result.sectors.sector[row])
    return "섹터 정보 없음" if sector < 0 else f"섹터 {int(result.sectors.rank[sector])}/{len(result.sectors.names)}위"


_DETAILS = {
    "volume_explosion": _volume,
    "momentum_breakout": _momentum,
    "box_breakout": _box,
    "above_ma5": _average,
    "institution_buying": _buying,
    "oversold_drop": _rebound,
    "sector_momentum": _sector,
}


def _gate_texts(result: DaytradingResult, row: int) -> tuple[str, ...]:
    rules, gates = result.parameters, int(result.gates[row])
    average = float(result.turnover_average[row])
    texts = {
        GATE_FLOOR: f"유동성 부족 (20일 평균 거래대금 {eok(average) if math.isfinite(average) else 0:,}억)",
        GATE_LOCKED: "상한가 잠김 – 매수 불가",
        GATE_CHANGE: f"등락률 {_signed(float(result.measures.change[row]))} ({whole(100 * rules.change_max)}% 이상)",
        GATE_SINGLE_PRICE: "VI·단일가 매매 중",
        GATE_WARNING: "·".join(warning_names(result.panel, row)),
    }
    return tuple(text for bit, text in texts.items() if gates & bit)


def _metrics(result: DaytradingResult, row: int) -> dict[str, float]:
    measures = result.measures
    values = {
        name: float(getattr(measures, name)[row])
        for name in ("volume_ratio", "of_high60", "of_high20", "box_width", "of_average5", "change", "previous_change")
    }
    values |= {
        "return5": float(result.sectors.own_return[row]),
        "foreign5_krw": float(result.supply.foreign[row]),
        "institution5_krw": float(result.supply.institution[row]),
        "turnover5_krw": float(result.supply.turnover[row]),
    }
    return {name: value for name, value in values.items() if math.isfinite(value)}


def _signed(fraction: float) -> str:
    return f"{tenth(100 * fraction):+}%" if math.isfinite(fraction) else "미상"
