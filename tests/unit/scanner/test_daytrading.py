"""단타: the worked example, partial points, missing inputs, gates, and the same numbers as a slow calculation."""

import numpy as np
import pandas as pd
import pytest

from servers.scanner.strategies import daytrading, daytrading_text
from servers.scanner.strategies.daytrading_parameters import DaytradingParameters
from servers.scanner.universe import FlagSpan
from shared.market.errors import InvalidInput
from shared.market.instrument import InstrumentFlag
from shared.market.signal import Grade
from tests.fixtures.panels import SESSIONS, day, market, panel_of, random_flows, random_rows
from tests.fixtures.reference_daytrading import daytrading_reference, sector_reference

CODE = "005930"
EOK = 100_000_000
GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)
TODAY = (10_250, 10_700, 10_200, 10_650, 2_400_000, 300 * EOK)


def worked_bars(today=TODAY):
    """Bars before: 60-bar high 10,900; box 9,300 to 10,500; closes 10,050 10,050 10,250 10,200 before today."""
    early = [(9_800, 10_900 if i == 20 else 10_000, 9_700, 9_900, 1_000_000, 180 * EOK) for i in range(60)]
    box = [(9_800, 10_500 if i == 5 else 10_300, 9_300 if i == 2 else 9_800, 9_900, 1_000_000, 180 * EOK) for i in range(16)]
    recent = [(10_050, 10_300, 10_000, close, 1_000_000, 180 * EOK) for close in (10_050, 10_050, 10_250, 10_200)]
    return [*early, *box, *recent, today]


def sector_market(today=TODAY):
    """The worked ticker in the third strongest of 22 sectors of five members each."""
    rows, sectors = {CODE: worked_bars(today)}, {CODE: "S03"}
    for number in range(1, 23):
        for member in range(4 if number == 3 else 5):
            code = f"1{number:02d}{member:02d}0"
            last = 10_000 + {1: 900, 2: 800, 3: 660}.get(number, 500 - 10 * number)
            sectors[code] = f"S{number:02d}"
            rows[code] = [(10_000, 11_000, 9_900, 10_000, 1_000, 40 * EOK)] * 79 + [
                (10_000, 11_000, 9_900, last, 1_000, 40 * EOK)
            ]
    return rows, sectors


# 36억 + 36억 over five sessions of 180억 is 8 %
FLOWS = {CODE: [(7 * EOK, 7 * EOK)] * 4 + [(8 * EOK, 8 * EOK)]}


def score_one(today=TODAY, *, flow=FLOWS, **options):
    flags = options.pop("flags", ())
    rows, sectors = sector_market(today)
    return daytrading.score(panel_of(rows, sectors=sectors, flow=flow, flags=flags), **options)


def candidate(result, row=0):
    return daytrading_text.explain(result, row)


def with_turnover(value):
    return (*TODAY[:5], value)


def test_the_worked_example_is_83_points_and_grade_a():
    result = score_one(with_turnover(180 * EOK))
    assert result.points[0].tolist() == [15, 8, 15, 15, 15, 0, 15]
    verdict = candidate(result)
    assert (verdict.score, verdict.max_score, verdict.grade, verdict.tradable) == (83, 105, Grade.A, True)
    assert (verdict.target_krw, verdict.stop_krw) == (11_180, 10_330)
    assert [check.evidence for check in verdict.components] == [
        "거래량 2.4배 (20일 평균 대비)",
        "20일 신고가",
        "박스(±12.9%) 상단 돌파",
        "MA5 대비 +4.0%",
        "외인+기관 5일 +72억 (8.0%)",
        "전일 -0.5% → 금일 +4.4%",
        "섹터 3/22위",
    ]
    assert [check.status for check in verdict.components][:2] == ["passed", "partial"]


def test_missing_flow_lowers_the_maximum_but_not_the_thresholds():
    verdict = candidate(score_one(flow={}))
    assert (verdict.score, verdict.max_score, verdict.grade) == (68, 90, Grade.B)
    assert verdict.missing == ("institution_buying",)
    assert verdict.components[4].evidence == "수급 데이터 없음"


def test_a_ticker_without_a_sector_misses_that_item():
    verdict = candidate(daytrading.score(panel_of({CODE: worked_bars()}, flow=FLOWS)))
    assert verdict.missing == ("sector_momentum",)
    assert verdict.components[6].points == 0


@pytest.mark.parametrize(("volume", "points"), [(2_000_000, 15), (1_999_999, 8), (1_500_000, 8), (1_499_999, 0)])
def test_volume_is_compared_with_the_twenty_bars_before(volume, points):
    assert score_one((*TODAY[:4], volume, 180 * EOK)).points[0, 0] == points


def test_within_the_session_volume_is_projected():
    assert score_one((*TODAY[:4], 460_000, 180 * EOK), volume_share=0.23).points[0, 0] == 15
    before_0905 = score_one(volume_share=None)
    assert before_0905.points[0, 0] == 0
    assert candidate(before_0905).components[0].evidence == "거래량 판단 전"


@pytest.mark.parametrize(("close", "points"), [(10_910, 15), (10_900, 8), (10_510, 8), (10_500, 0)])
def test_a_high_is_broken_only_above_it(close, points):
    assert score_one((10_250, 10_950, 10_200, close, 1, 180 * EOK)).points[0, 1] == points


@pytest.mark.parametrize(("close", "points"), [(10_510, 15), (10_500, 8), (10_100, 8), (10_090, 0)])
def test_the_upper_third_of_a_box_is_half_way(close, points):
    assert score_one((10_000, 10_950, 10_000, close, 1, 180 * EOK)).points[0, 2] == points


def test_a_wide_range_is_no_box():
    rows = worked_bars()
    rows[65] = (9_800, 10_500, 8_700, 9_900, 1_000_000, 180 * EOK)
    result = daytrading.score(panel_of({CODE: rows}))
    assert result.points[0, 2] == 0
    assert candidate(result).components[2].evidence == "박스(±20.7%) 폭 과다"


@pytest.mark.parametrize(
    ("pairs", "points"),
    [
        ([(10 * EOK, 10 * EOK)] * 5, 15),  # 100억 together
        ([(25 * EOK, -5 * EOK)] * 5, 8),  # 100억 together, but institutions sell
        ([(5 * EOK, 5 * EOK)] * 5, 15),  # 50억 of 900억 is 5.6 %
        ([(4 * EOK, 4 * EOK)] * 5, 8),  # 4.4 %
        ([(2 * EOK, 2 * EOK)] * 5, 0),  # 2.2 %
    ],
)
def test_buying_counts_by_amount_or_by_share_of_turnover(pairs, points):
    assert score_one(with_turnover(180 * EOK), flow={CODE: pairs}).points[0, 4] == points


@pytest.mark.parametrize(
    ("previous", "close", "points"), [(9_940, 10_140, 15), (9_940, 10_130, 8), (10_130, 10_140, 8), (10_150, 10_160, 0)]
)
def test_a_rebound_needs_a_fall_before_it(previous, close, points):
    rows = worked_bars((previous, 10_300, 9_900, close, 1, EOK))
    rows[-2] = (10_200, 10_300, 9_900, previous, 1, EOK)
    assert daytrading.score(panel_of({CODE: rows})).points[0, 5] == points


def test_the_leader_of_a_weak_sector_earns_half():
    rows, sectors = sector_market()
    leader = "122000"
    rows[leader] = [*rows[leader][:-1], (10_000, 11_000, 9_900, 10_700, 1_000, 40 * EOK)]
    panel = panel_of(rows, sectors=sectors)
    result = daytrading.score(panel)
    assert result.points[panel.row(leader), 6] == 8
    assert result.points[panel.row("122010"), 6] == 0


@pytest.mark.parametrize(
    ("today", "options", "caution"),
    [
        ((13_260, 13_260, 13_260, 13_260, 1, 180 * EOK), {}, "상한가 잠김 – 매수 불가"),
        ((10_250, 12_800, 10_200, 12_750, 1, 180 * EOK), {}, "등락률 +25.0% (25% 이상)"),
        (TODAY, {"single_price": np.array([True] + [False] * 109)}, "VI·단일가 매매 중"),
        (TODAY, {"parameters": DaytradingParameters(average_turnover_min=2e10)}, "유동성 부족 (20일 평균 거래대금 186억)"),
        (
            TODAY,
            {"flags": [FlagSpan(ticker=CODE, flag=InstrumentFlag.OVERHEATED, valid_from=day(SESSIONS[399]))]},
            "단기과열",
        ),
    ],
)
def test_each_gate_bars_the_trade_and_says_why(today, options, caution):
    verdict = candidate(score_one(today, **options))
    assert not verdict.tradable
    assert caution in verdict.cautions
    assert verdict.score > 0


@pytest.mark.parametrize("length", [1, 3, 59])
def test_a_short_history_has_no_score(length):
    result = daytrading.score(panel_of({CODE: worked_bars()[-length:]}))
    assert not result.scored[0]
    assert not result.tradable[0]


def test_the_sixty_bar_high_needs_sixty_bars_before():
    # With sixty bars in all only 59 lie before: a criterion without its bars fails, it is not skipped.
    rows = [(9_800, 10_000, 9_700, 9_900, 1_000_000, 180 * EOK)] * 59
    assert daytrading.score(panel_of({CODE: [*rows, TODAY]})).points[0, 1] == 8
    assert daytrading.score(panel_of({CODE: [rows[0], *rows, TODAY]})).points[0, 1] == 15


@pytest.mark.parametrize("seed", range(4))
def test_random_markets_give_the_numbers_of_the_slow_calculation(seed):
    rows = random_rows(seed, 60, 200)
    random = np.random.default_rng(seed)
    sectors = {ticker: str(random.choice(["반도체", "제약", "철강", "은행", "통신", "의류", ""])) for ticker in rows}
    panel = panel_of(rows, flow=random_flows(seed, rows), sectors=sectors)
    for share in (1.0, 0.46, None):
        assert_same(panel, daytrading.score(panel, volume_share=share), share)


def assert_same(panel, result, share):
    start = panel.close.shape[1] - panel.count
    known = sector_reference(panel)
    names = ("open", "high", "low", "close", "volume", "turnover")
    for row in np.flatnonzero(panel.ranked):
        bars = pd.DataFrame({name: getattr(panel, name)[row, start[row] :] for name in names})
        flows = pd.DataFrame(
            {
                "foreign": panel.flows.foreign_net[row, 1:],
                "institution": panel.flows.institution_net[row, 1:],
                "turnover": panel.flows.turnover[row, 1:],
            }
        )
        got = {
            "points": result.points[row].tolist(),
            "score_max": int(result.score_max[row]),
            "grade": GRADES[result.grade[row]].value,
            "tradable": bool(result.tradable[row]),
        }
        expected = daytrading_reference(bars, flows, known.get(panel.tickers[row]), volume_share=share)
        assert got == expected, panel.tickers[row]


def test_the_future_cannot_change_a_score():
    rows = {t: r for t, r in random_rows(7, 16, 200, halts=0).items() if len(r) == 200}
    then = day(SESSIONS[379])
    honest = daytrading.score(market({t: r[:180] for t, r in rows.items()}, last=SESSIONS[379]).panel(then))
    poison = [(10**6, 2 * 10**6, 1, 10**6, 10**9, 10**14)] * 20
    seen = daytrading.score(market({t: [*r[:180], *poison] for t, r in rows.items()}).panel(then))
    assert honest.points.tolist() == seen.points.tolist()


def test_a_decision_before_the_close_leaves_todays_flows_out():
    flow = {CODE: [(0, 0)] * 5 + [(900 * EOK, 900 * EOK)]}
    assert score_one(flow=flow).points[0, 4] == 15
    assert score_one(flow=flow, before_close=True).points[0, 4] == 0


@pytest.mark.parametrize("bad", [{"volume_half": 3.0}, {"grade_a": 95}, {"box_width": 1.5}, {"ratio_full": 0.0}])
def test_contradictory_rules_are_refused(bad):
    with pytest.raises(InvalidInput, match="day"):
        DaytradingParameters(**bad)
