from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from servers.scanner.panel import Status
from servers.scanner.strategies import vcp_signal
from servers.scanner.strategies.parameters import build_parameters, rule_version
from servers.scanner.strategies.rs import RelativeStrength
from servers.scanner.strategies.vcp_text import explain, footprint
from servers.scanner.universe import Exclusion
from shared.market.errors import DataMissing
from shared.market.instrument import InstrumentKind
from shared.market.signal import Grade, SignalKind
from tests.fixtures.golden_vcp import E1_ANCHORS, E2_ANCHORS, golden_panel
from tests.fixtures.raw_panels import flows_of, random_market
from tests.unit.scanner.test_smart_money import E4_DAYS

RS90 = RelativeStrength(strength=np.zeros(1), rating=np.array([90], dtype=np.int16), ordered=np.zeros(1))


def golden(anchors=E1_ANCHORS, *, days=E4_DAYS, parameters=None, **options):
    panel = golden_panel(anchors, flows=flows_of(days), **options)
    return vcp_signal.score(panel, strength=RS90, parameters=parameters)


def test_example_e4_gives_grade_a_and_a_target():
    candidate = explain(golden(), 0)
    assert candidate.score == 77.5
    assert candidate.grade is Grade.A
    assert (candidate.entry_krw, candidate.stop_krw, candidate.target_krw) == (19_550, 18_110, 22_450)
    assert candidate.target_return_bps == 1_500
    assert (candidate.detected, candidate.tradable, candidate.setup) == (True, True, "PRE_BREAKOUT")
    assert candidate.metrics["risk"] == pytest.approx(1 - 18_110 / 19_300)


def test_reasons_are_those_of_the_definition_in_its_order():
    assert explain(golden(), 0).reasons == (
        "변동성 수축 3회 (25% → 12% → 6%)",
        "거래량 건조 48%",
        "피벗 19,539원까지 1.2%",
        "추세 템플릿 8/8",
        "상대강도 RS 90",
        "최근 10일 변동폭 5.4%",
        "외국인 5일 순매수 +120억 (6.0%)",
        "기관 5일 순매수 +30억 (1.5%)",
        "외국인 4일 연속 순매수",
        "쌍끌이 매수",
    )
    assert explain(golden(), 0).cautions == ()


def test_the_footprint_stands_with_the_structure():
    signals = golden()
    assert footprint(signals, 0) == "15W 25/6 3T"
    parts = {part.name: part for part in explain(signals, 0).components}
    assert (parts["structure"].points, parts["structure"].max_points, parts["structure"].evidence) == (25, 30, "15W 25/6 3T")
    assert sum(part.max_points for part in parts.values()) == 200
    assert (
        sum(
            part.points for name, part in parts.items() if name in ("trend", "structure", "dry_up", "tightness", "proximity")
        )
        == 86
    )


def test_a_breakout_says_so():
    reasons = explain(golden(extra_close=19_900), 0).reasons
    assert "피벗 돌파 +1.8% (거래량 2.0배)" in reasons


def test_an_overextended_setup_is_a_caution_and_grade_c():
    candidate = explain(golden(extra_close=22_000), 0)
    assert candidate.setup == "OVEREXTENDED"
    assert "피벗 대비 +12.6% 과열" in candidate.cautions
    assert (candidate.detected, candidate.grade) == (False, Grade.C)


def test_without_flows_the_pattern_decides_and_the_grade_is_capped():
    candidate = explain(golden(days=[]), 0)
    assert candidate.score == 86.0
    assert candidate.grade is Grade.A
    assert "수급 데이터 없음" in candidate.flags
    assert candidate.missing == ("smart_money",)
    assert {part.status for part in candidate.components if part.name in ("foreign", "institution")} == {"missing"}


def test_what_is_not_detected_is_grade_c_whatever_the_flows():
    candidate = explain(golden(E2_ANCHORS, days=[(10.0, 10.0, 100.0)] * 5), 0)
    assert candidate.score == 74.0
    assert candidate.grade is Grade.C
    assert (candidate.entry_krw, candidate.stop_krw, candidate.target_krw, candidate.target_return_bps) == (None,) * 4
    assert "추세 템플릿 8/8" in candidate.reasons


def test_an_illiquid_ticker_is_not_published():
    panel = golden_panel(E1_ANCHORS, flows=flows_of(E4_DAYS))
    panel.turnover[:] = 9.99e8
    candidate = explain(vcp_signal.score(panel, strength=RS90), 0)
    assert (candidate.detected, candidate.tradable, candidate.grade) == (False, False, Grade.C)
    assert "유동성 기준 미달" in candidate.cautions
    assert candidate.entry_krw == 19_550


def test_a_penny_stock_is_not_published():
    panel = golden_panel(E1_ANCHORS)
    for prices in (panel.open, panel.high, panel.low, panel.close):
        np.multiply(prices, 999 / 19_300, out=prices)
    assert not vcp_signal.score(panel, strength=RS90).detected.any()


def test_an_excluded_ticker_is_analysed_but_not_published():
    candidate = explain(golden(kind=InstrumentKind.PREFERRED), 0)
    assert (candidate.detected, candidate.grade) == (False, Grade.C)
    assert "스캔 대상 제외 (우선주)" in candidate.cautions


def test_every_exclusion_has_words():
    panel = golden_panel(E1_ANCHORS)
    for reason in Exclusion:
        panel.universe.exclusion[0] = reason
        assert explain(vcp_signal.score(panel, strength=RS90), 0).ticker


def test_a_ticker_without_a_score_is_an_error_that_names_its_status():
    panel = golden_panel(E1_ANCHORS)
    panel.status[0] = Status.HALTED
    signals = vcp_signal.score(panel, strength=RS90)
    assert np.isnan(signals.total[0])
    with pytest.raises(DataMissing, match="HALTED"):
        explain(signals, 0)


def test_estimates_are_flagged():
    panel = replace(golden_panel(E1_ANCHORS, flows=flows_of(E4_DAYS)), turnover_estimated=np.array([True]))
    panel.flows.from_shares[:] = True
    assert explain(vcp_signal.score(panel, strength=RS90), 0).flags == (
        "universe_estimated",
        "value_estimated",
        "flow_from_shares",
    )


def test_grade_borders_are_reached_at_equality():
    for bound, grade in ((77.5, Grade.S), (77.6, Grade.A)):
        parameters = build_parameters({"grade_vcp": {"S": bound}})
        assert explain(golden(parameters=parameters), 0).grade is grade


def test_the_total_rounds_half_up():
    parameters = build_parameters({"vcp": {"weight_vcp": 0.55, "weight_smart": 0.45}})
    # 0.55 x 86 + 0.45 x 69 = 78.35
    assert golden(parameters=parameters).total[0] == 78.4


def test_a_signal_carries_the_version_of_its_rules():
    parameters = build_parameters({"vcp": {"t1_max": 0.41}})
    assert golden().version == explain(golden(), 0).rule_version == rule_version(SignalKind.VCP, build_parameters({}))
    assert golden(parameters=parameters).version != golden().version


def test_the_ranking_is_total_then_pattern_then_turnover_then_code():
    signals = vcp_signal.score(random_market(11, 300))
    rows = signals.ranking(np.flatnonzero(signals.scored))
    keys = [
        (-signals.total[row], -int(signals.vcp.score[row]), -signals.turnover_average[row], signals.panel.tickers[row])
        for row in rows
    ]
    assert all(one < other for one, other in pairwise(keys))


def test_levels_lie_on_the_grid_and_in_order():
    signals = vcp_signal.score(random_market(12, 400))
    rows = np.flatnonzero(signals.scored & (signals.vcp.records["legs"] > 0) & (signals.vcp.records["distance"] <= 0))
    assert rows.size > 10
    levels = signals.levels(rows)
    assert (levels.stop < levels.trigger).all()
    assert (levels.trigger < levels.target).all()
    assert (levels.trigger > signals.vcp.records["pivot"][rows]).all()
    assert signals.levels().trigger[rows].tolist() == levels.trigger.tolist()
    assert (signals.levels().trigger[signals.vcp.records["legs"] == 0] == 0).all()


def test_every_scored_ticker_can_be_explained():
    signals = vcp_signal.score(random_market(13, 200))
    for row in np.flatnonzero(signals.scored).tolist():
        candidate = explain(signals, row)
        assert 0 <= candidate.score <= 100
        assert all(np.isfinite(value) for value in candidate.metrics.values())
        assert not any("nan" in text for text in (*candidate.reasons, *candidate.cautions))
