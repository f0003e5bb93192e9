"""Lines of scoreboards in words of people: figures always beside their base rate, and what may be said about them."""

from collections.abc import Iterable, Sequence

from kstock.common.v1 import candidate_pb2, statistics_pb2

from bots.core import wire
from shared.market.money import format_percent

SMALL = "표본 부족"
NOTHING = "-"

HEADER = (
    "보유", "등급", "신호", "체결", "평균", "중앙값", "승률", "MFE", "MAE", "기준가먼저", "손익비",
    "보유수익", "대조군", "대조군 5~95%", "보유승률", "대조승률", "초과", "t", "판정",
)  # fmt: skip
LEFT = ("등급", "판정")

LEGEND = (
    "평균~손익비는 전략 기준가와 손절을 적용한 거래의 비용 후 결과입니다. 보유수익~t는 같은 신호를 기준가·손절 없이 보유 "
    "기간 끝에 판 결과이고, 대조군은 같은 날 같은 시장에서 거래대금과 20일 수익률이 비슷했던 종목입니다. 종가베팅과 단타의 "
    "C등급은 발행하지 않는 비교용이며 전체에 들지 않습니다."
)

_NOTABLE_T = 2.0

_CONDITIONS = {
    "positive": "평균 초과수익 > 0",
    "significant": "t > 2",
    "monotone": "등급순(S≥A≥B)",
    "both_halves": "전·후반 모두 > 0",
}


def grade(row: statistics_pb2.OutcomeStatistics) -> str:
    """`S`, or `전체` for all grades together."""
    word = wire.word(candidate_pb2.Grade, row.grade)
    return "전체" if word == "UNSPECIFIED" else word


def cells(row: statistics_pb2.OutcomeStatistics) -> list[str]:
    """One line of the table, in the order of `HEADER`; a rate that rests on too few trades is not shown."""
    first = [f"{row.horizon_sessions}일", grade(row), f"{row.signal_count:,}", _fill_rate(row)]
    if row.small_sample:
        return [*first, SMALL if row.filled_count else NOTHING, *[NOTHING] * (len(HEADER) - len(first) - 2), _works(row)]
    base = row.base_rate if row.HasField("base_rate") else None
    return [
        *first,
        _percent(row, "mean_net_return_bps"),
        _percent(row, "median_net_return_bps"),
        _share(row, "hit_rate_bps"),
        _percent(row, "mean_favourable_bps"),
        _percent(row, "mean_adverse_bps"),
        _share(row, "target_before_stop_bps"),
        f"{row.profit_factor:.2f}" if row.HasField("profit_factor") else NOTHING,
        _percent(row, "held_net_return_bps"),
        NOTHING if base is None else format_percent(base.mean_net_return_bps),
        NOTHING if base is None else f"{format_percent(base.band_low_bps)}~{format_percent(base.band_high_bps)}",
        _share(row, "held_hit_rate_bps"),
        NOTHING if base is None else _rate(base.hit_rate_bps),
        _percent(row, "excess_bps"),
        f"{row.t_statistic:.1f}" if row.HasField("t_statistic") else NOTHING,
        _works(row),
    ]


def verdict(rows: Sequence[statistics_pb2.OutcomeStatistics]) -> str:
    """What may be said about a strategy: never more than its lines carry."""
    totals = [row for row in rows if grade(row) == "전체"]
    if not any(row.signal_count for row in totals):
        return "이 기간에 결과를 아는 신호가 없습니다."
    judged = [row for row in totals if row.HasField("claim") and row.HasField("excess_bps")]
    if not judged:
        return "비교할 대조군이 없어 우위를 판정하지 않습니다."
    if all(row.small_sample for row in judged):
        return f"{SMALL}: 체결된 신호가 30건에 못 미쳐 우위를 말할 수 없습니다."
    works = [row for row in judged if row.claim.works and not row.small_sample]
    if works:
        return (
            f"{_horizons(works)} 보유에서 네 조건({', '.join(_CONDITIONS.values())})을 모두 채웠습니다. "
            "여러 보유 기간을 함께 본 과거 수치라 우연일 수 있으며 앞으로를 약속하지 않습니다."
        )
    return _no_edge(judged)


def _no_edge(judged: Sequence[statistics_pb2.OutcomeStatistics]) -> str:
    """What the best horizon lacks, and what the worst one says where that is no longer chance."""
    with_t = [row for row in judged if row.HasField("t_statistic")]
    best = max(with_t or judged, key=lambda row: row.t_statistic)
    failed = [words for name, words in _CONDITIONS.items() if not getattr(best.claim, name)]
    text = (
        f"어느 보유 기간에서도 우위가 확인되지 않았습니다. t가 가장 큰 {best.horizon_sessions}일 보유: "
        f"초과 {_excess(best)}, 채우지 못한 조건: {', '.join(failed) or SMALL}."
    )
    worst = min((row for row in with_t if not row.small_sample), key=lambda row: row.t_statistic, default=None)
    if worst is None or worst.t_statistic >= -_NOTABLE_T:
        return text
    return f"{text} {worst.horizon_sessions}일 보유는 대조군보다 뚜렷이 낮았습니다: 초과 {_excess(worst)}."


def _excess(row: statistics_pb2.OutcomeStatistics) -> str:
    t = f", t {row.t_statistic:.2f}" if row.HasField("t_statistic") else ""
    return f"{format_percent(row.excess_bps)}{t}"


def _horizons(rows: Iterable[statistics_pb2.OutcomeStatistics]) -> str:
    return ", ".join(f"{row.horizon_sessions}일" for row in rows)


def _fill_rate(row: statistics_pb2.OutcomeStatistics) -> str:
    return f"{100 * row.filled_count / row.signal_count:.0f}%" if row.signal_count else NOTHING


def _percent(row: statistics_pb2.OutcomeStatistics, field: str) -> str:
    return format_percent(getattr(row, field)) if row.HasField(field) else NOTHING


def _share(row: statistics_pb2.OutcomeStatistics, field: str) -> str:
    return _rate(getattr(row, field)) if row.HasField(field) else NOTHING


def _rate(bps: int) -> str:
    return f"{bps / 100:.1f}%"


def _works(row: statistics_pb2.OutcomeStatistics) -> str:
    if not row.HasField("claim"):
        return ""
    return "통함" if row.claim.works and not row.small_sample else "아님"
