"""종가베팅 V2 in words: one row of a result as a candidate with Korean reasons (strategies.md 4)."""

import math

from servers.scanner.strategies.jongga import (
    GATE_CHANGE,
    GATE_FLOOR,
    GATE_LIMIT_UP,
    GATE_NEWS,
    GATE_TURNOVER,
    GATE_WARNING,
    GATE_WICK,
    ITEMS,
    MAX_POINTS,
    JonggaResult,
)
from servers.scanner.strategies.rounding import eok, tenth, whole
from servers.scanner.strategies.row import candidate_of, warning_names
from shared.market.signal import Candidate, Component, Grade, SignalKind

_GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)


def explain(result: JonggaResult, row: int) -> Candidate:
    """One ticker's verdict with its parts, reasons and levels.

    Args:
        result: A scored panel.
        row: Row of the ticker.
    """
    grade = _GRADES[int(result.grade[row])]
    close = whole(float(result.panel.close[row, -1]))
    return candidate_of(
        result.panel,
        row,
        kind=SignalKind.JONGGA,
        score=float(result.total[row]),
        max_score=float(result.score_max[row]),
        grade=grade,
        detected=bool(result.detected[row]),
        tradable=bool(result.tradable[row]),
        components=tuple(_component(result, row, item) for item in range(len(ITEMS))),
        reasons=tuple(text for item in range(len(ITEMS)) for text in _reasons(result, row, item)),
        cautions=_gate_texts(result, row),
        missing=_missing(result, row),
        flags=_flags(result, row),
        entry_krw=close,
        stop_krw=int(result.stop[row]),
        target_krw=int(result.target[row]),
        metrics=_metrics(result, row),
        rule_version=result.rule_version,
    )


def _component(result: JonggaResult, row: int, item: int) -> Component:
    name, points, most = ITEMS[item], int(result.points[row, item]), MAX_POINTS[item]
    status = (
        "missing" if name in _missing(result, row) else "passed" if points == most else "partial" if points else "failed"
    )
    return Component(
        name=name, points=points, max_points=most, status=status, evidence=", ".join(_reasons(result, row, item))
    )


def _missing(result: JonggaResult, row: int) -> tuple[str, ...]:
    news = () if result.news is not None else ("news",)
    return news if result.supply.known[row] else (*news, "supply")


def _reasons(result: JonggaResult, row: int, item: int) -> tuple[str, ...]:
    return _ITEM_REASONS[ITEMS[item]](result, row) if result.points[row, item] else ()


def _news_reasons(result: JonggaResult, row: int) -> tuple[str, ...]:
    return () if result.news is None else (f"긍정 뉴스 {int(result.news.positive[row])}건",)


def _volume_reasons(result: JonggaResult, row: int) -> tuple[str, ...]:
    return (f"거래대금 {eok(float(result.panel.turnover[row, -1])):,}억",)


def _chart_reasons(result: JonggaResult, row: int) -> tuple[str, ...]:
    of_high = float(result.measures.of_high[row])
    shape = "VCP" if result.vcp[row] else "이평 정배열" if result.measures.aligned[row] else ""
    near = round(of_high, 9) >= result.parameters.near_high
    return (*((f"52주 고가 근접 {tenth(100 * of_high)}%",) if near else ()), *((shape,) if shape else ()))


def _candle_reasons(result: JonggaResult, row: int) -> tuple[str, ...]:
    return (f"장대양봉 {tenth(100 * float(result.measures.body[row]))}%",)


def _period_reasons(_result: JonggaResult, _row: int) -> tuple[str, ...]:
    return ("20일 박스 돌파",)


def _supply_reasons(result: JonggaResult, row: int) -> tuple[str, ...]:
    if result.points[row, ITEMS.index("supply")] == 2:
        return ("외국인·기관 동반 순매수",)
    return ("외국인 순매수" if result.supply.foreign[row] > 0 else "기관 순매수",)


_ITEM_REASONS = {
    "news": _news_reasons,
    "volume": _volume_reasons,
    "chart": _chart_reasons,
    "candle": _candle_reasons,
    "period": _period_reasons,
    "supply": _supply_reasons,
}


def _gate_texts(result: JonggaResult, row: int) -> tuple[str, ...]:
    rules, gates = result.parameters, int(result.gates[row])
    low, high = (whole(100 * bound) for bound in (rules.change_min, rules.change_max))
    texts = {
        GATE_CHANGE: f"등락률 {_percent(float(result.measures.change[row]))} ({low}~{high}% 아님)",
        GATE_LIMIT_UP: "상한가 – 종가 매수 불가",
        GATE_TURNOVER: f"거래대금 {_eok(float(result.panel.turnover[row, -1]))}억 < {eok(rules.value_min):,}억",
        GATE_WICK: "윗꼬리 과다",
        GATE_NEWS: "악재 뉴스",
        GATE_WARNING: "·".join(warning_names(result.panel, row)),
        GATE_FLOOR: f"유동성 부족 (20일 평균 거래대금 {_eok(float(result.turnover_average[row]))}억)",
    }
    return tuple(text for bit, text in texts.items() if gates & bit)


def _flags(result: JonggaResult, row: int) -> tuple[str, ...]:
    score_max = int(result.score_max[row])
    names = {"news": "뉴스", "supply": "수급"}
    flags = [f"{names[part]} 미반영({score_max}점 만점 환산)" for part in _missing(result, row)]
    if result.news is not None and result.news.negative_majority[row]:
        flags.append("NEGATIVE_NEWS")
    return tuple(flags)


def _metrics(result: JonggaResult, row: int) -> dict[str, float]:
    measures = result.measures
    values = {
        "graded": float(result.graded[row]),
        "change": float(measures.change[row]),
        "of_high": float(measures.of_high[row]),
        "body": float(measures.body[row]),
        "body_of_range": float(measures.body_of_range[row]),
        "wick_of_body": float(measures.wick_of_body[row]),
        "range20": float(measures.range20[row]),
        "range5": float(measures.range5[row]),
        "turnover_krw": float(result.panel.turnover[row, -1]),
        "foreign5_krw": float(result.supply.foreign[row]),
        "institution5_krw": float(result.supply.institution[row]),
    }
    return {name: value for name, value in values.items() if math.isfinite(value)}


def _percent(fraction: float) -> str:
    return f"{tenth(100 * fraction)}%" if math.isfinite(fraction) else "미상"


def _eok(won: float) -> str:
    return f"{eok(won):,}" if math.isfinite(won) else "0"
