"""종가베팅 V2: the worked example, missing inputs, gates, and the same numbers as a slow calculation."""

import numpy as np
import pandas as pd
import pytest

from servers.scanner.news.inputs import NewsInputs
from servers.scanner.strategies import jongga, jongga_text
from servers.scanner.strategies.jongga_parameters import JonggaParameters
from servers.scanner.universe import FlagSpan
from shared.market.errors import InvalidInput
from shared.market.instrument import InstrumentFlag
from shared.market.signal import Grade
from tests.fixtures.panels import SESSIONS, day, market, panel_of, random_flows, random_rows
from tests.fixtures.reference_jongga import jongga_reference

CODE = "005930"
EOK = 100_000_000
TODAY = (29_300, 31_700, 29_200, 31_500, 4_825_397, 1_520 * EOK)
GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)


def worked_bars(today=TODAY):
    """Bars before: 250-bar high 32,000; 20-bar box 27,200 to 30,900; averages 5 > 10 > 20; previous close 29,400."""
    early = [(28_000, 32_000 if i == 100 else 28_500, 27_500, 28_000, 1_000_000, 300 * EOK) for i in range(250)]
    box = [(28_000, 30_900 if i == 3 else 28_900, 27_200, 27_900 + 70 * i, 1_000_000, 300 * EOK) for i in range(19)]
    return [*early, *box, (29_000, 29_500, 28_900, 29_400, 1_000_000, 300 * EOK), today]


FLOWS = {CODE: [(10 * EOK, -2 * EOK)] * 5 + [(-500 * EOK, 900 * EOK)]}


def news(positive=2, negative=0, mean=0.5):
    return NewsInputs(positive=np.array([positive]), negative=np.array([negative]), mean=np.array([mean]))


def score_one(today=TODAY, *, flow=FLOWS, news_inputs=None, vcp=False, flags=(), parameters=None):
    panel = panel_of({CODE: worked_bars(today)}, flow=flow, flags=flags)
    return jongga.score(panel, news=news_inputs, vcp_before=np.array([vcp]), parameters=parameters)


def candidate(result):
    return jongga_text.explain(result, 0)


def test_the_worked_example_is_nine_points_and_grade_a():
    result = score_one(news_inputs=news())
    assert result.points[0].tolist() == [2, 2, 2, 1, 1, 1]
    verdict = candidate(result)
    assert (verdict.score, verdict.max_score, verdict.grade, verdict.tradable) == (9, 12, Grade.A, True)
    assert (verdict.entry_krw, verdict.target_krw, verdict.stop_krw) == (31_500, 33_050, 30_550)
    assert verdict.metrics["change"] == pytest.approx(0.0714, abs=1e-4)
    assert verdict.metrics["body_of_range"] == pytest.approx(0.88)
    assert verdict.metrics["range20"] == pytest.approx(0.136, abs=1e-4)
    assert verdict.reasons == (
        "긍정 뉴스 2건",
        "거래대금 1,520억",
        "52주 고가 근접 98.4%",
        "이평 정배열",
        "장대양봉 7.5%",
        "20일 박스 돌파",
        "외국인 순매수",
    )
    assert verdict.cautions == verdict.missing == verdict.flags == ()


def test_without_a_news_source_the_rest_is_scaled_and_flagged():
    verdict = candidate(score_one())
    assert (verdict.score, verdict.max_score, verdict.metrics["graded"], verdict.grade) == (7, 9, 9, Grade.A)
    assert verdict.missing == ("news",)
    assert verdict.flags == ("뉴스 미반영(9점 만점 환산)",)


def test_no_article_is_not_a_missing_source():
    verdict = candidate(score_one(news_inputs=news(0, 0, 0.0)))
    assert (verdict.score, verdict.max_score, verdict.grade) == (7, 12, Grade.B)
    assert verdict.missing == ()


def test_missing_supply_lowers_the_maximum_and_is_flagged():
    verdict = candidate(score_one(flow={}, news_inputs=news()))
    assert (verdict.score, verdict.max_score, verdict.metrics["graded"]) == (8, 10, 9)
    assert verdict.flags == ("수급 미반영(10점 만점 환산)",)
    assert [part.status for part in verdict.components][-1] == "missing"


def test_both_missing_leave_seven_points():
    verdict = candidate(score_one(flow={CODE: [(1, 1)] * 3}))
    assert verdict.max_score == 7
    assert verdict.flags == ("뉴스 미반영(7점 만점 환산)", "수급 미반영(7점 만점 환산)")


@pytest.mark.parametrize(
    ("positive", "negative", "mean", "points"),
    [
        (0, 0, 0.0, 0),
        (1, 0, 0.9, 1),
        (2, 0, 0.59, 2),
        (2, 0, 0.6, 3),
        (3, 0, 0.1, 3),
        (5, 4, 0.1, 3),
        (3, 3, 0.0, 0),
        (0, 1, -0.5, 0),
    ],
)
def test_news_counts_and_a_negative_majority_takes_everything(positive, negative, mean, points):
    assert score_one(news_inputs=news(positive, negative, mean)).points[0, 0] == points


def test_a_negative_majority_shuts_the_gate():
    verdict = candidate(score_one(news_inputs=news(1, 2, -0.2)))
    assert not verdict.tradable
    assert verdict.cautions == ("악재 뉴스",)
    assert "NEGATIVE_NEWS" in verdict.flags


def test_supply_never_uses_the_day_of_the_decision():
    # The newest session alone would turn both sums around.
    result = score_one(news_inputs=news())
    assert result.supply.foreign[0] == 50 * EOK
    assert result.supply.institution[0] == -10 * EOK
    assert result.points[0, 5] == 1


def test_supply_is_the_same_at_the_close_and_after_the_evening_publication():
    whole = market({CODE: worked_bars()}, flow=FLOWS)
    evening = jongga.score(whole.panel(day(SESSIONS[399])))
    assert whole.panel(day(SESSIONS[399])).flows.published == 6
    hidden = market({CODE: worked_bars()}, flow={CODE: [*FLOWS[CODE][:5], (0, 0)]})
    assert evening.points.tolist() == jongga.score(hidden.panel(day(SESSIONS[399]))).points.tolist()


def test_the_high_that_is_near_is_one_of_the_days_before():
    spike = (29_300, 36_000, 29_200, 31_500, 4_825_397, 1_520 * EOK)
    assert score_one(spike).points[0, 2] == 2  # 98.4 % of the 32,000 before, 87.5 % of its own high


def test_vcp_of_the_day_before_earns_the_chart_point_and_its_name():
    flat = (29_300, 31_700, 28_000, 28_300, 4_825_397, 1_520 * EOK)
    assert score_one(flat).points[0, 2] == 0
    assert score_one(flat, vcp=True).points[0, 2] == 1
    assert "VCP" in candidate(score_one(vcp=True)).reasons


@pytest.mark.parametrize(
    ("today", "caution"),
    [
        ((29_300, 31_700, 29_200, 30_250, 1, 1_520 * EOK), "등락률 2.9% (3~29% 아님)"),
        ((29_300, 29_400, 28_200, 28_300, 1, 1_520 * EOK), "등락률 -3.7% (3~29% 아님)"),
        ((29_300, 38_200, 29_200, 38_200, 1, 1_520 * EOK), "상한가 – 종가 매수 불가"),
        ((29_300, 31_700, 29_200, 31_500, 1, 299 * EOK), "거래대금 299억 < 300억"),
        ((29_300, 32_650, 29_200, 31_500, 1, 1_520 * EOK), "윗꼬리 과다"),
    ],
)
def test_each_gate_bars_the_trade_and_says_why(today, caution):
    verdict = candidate(score_one(today, news_inputs=news()))
    assert not verdict.tradable
    assert caution in verdict.cautions
    assert verdict.score >= 1  # the row is kept with its score


def test_a_doji_without_an_upper_wick_passes_the_wick_gate():
    passed = score_one((31_500, 31_500, 29_200, 31_500, 1, 1_520 * EOK))
    assert "윗꼬리 과다" not in candidate(passed).cautions
    assert "윗꼬리 과다" in candidate(score_one((31_500, 31_550, 29_200, 31_500, 1, 1_520 * EOK))).cautions


def test_a_warned_ticker_keeps_its_score_but_is_not_tradable():
    warning = FlagSpan(ticker=CODE, flag=InstrumentFlag.INVESTMENT_WARNING, valid_from=day(SESSIONS[390]))
    verdict = candidate(score_one(flags=[warning], news_inputs=news()))
    assert (verdict.tradable, verdict.cautions) == (False, ("투자경고",))
    assert "투자경고 종목" in verdict.flags
    tolerant = JonggaParameters(exclude_warning=False)
    assert candidate(score_one(flags=[warning], news_inputs=news(), parameters=tolerant)).tradable


def test_an_illiquid_ticker_is_not_tradable():
    thin = [(*row[:5], 10 * EOK) for row in worked_bars()[:-1]]
    result = jongga.score(panel_of({CODE: [*thin, (*TODAY[:5], 400 * EOK)]}))
    assert result.gates[0] == jongga.GATE_FLOOR
    assert candidate(result).cautions == ("유동성 부족 (20일 평균 거래대금 30억)",)


def test_the_box_is_the_twenty_bars_before_today():
    # Were today part of the box, its own high would make the break impossible.
    assert score_one().points[0, 4] == 1
    touching = (29_300, 31_700, 29_200, 30_900, 1, 1_520 * EOK)
    assert score_one(touching).points[0, 4] == 0


def test_the_near_high_needs_120_bars_before():
    bars = worked_bars()[-121:]
    assert jongga.score(panel_of({CODE: bars})).measures.of_high[0] > 0.95
    assert np.isnan(jongga.score(panel_of({CODE: bars[1:]})).measures.of_high[0])


@pytest.mark.parametrize("length", [1, 3, 59])
def test_a_short_history_has_no_score(length):
    result = jongga.score(panel_of({CODE: worked_bars()[-length:]}))
    assert not result.scored[0]
    assert not result.tradable[0]


def test_a_halted_ticker_has_no_score():
    result = jongga.score(panel_of({CODE: [*worked_bars(), None], "000660": worked_bars()}))
    assert result.scored.tolist() == [False, True]


@pytest.mark.parametrize("seed", range(4))
def test_random_markets_give_the_numbers_of_the_slow_calculation(seed):
    rows = random_rows(seed, 30, 300)
    flow = random_flows(seed, rows)
    panel = panel_of(rows, flow=flow)
    random = np.random.default_rng(seed)
    inputs = NewsInputs(
        positive=random.integers(0, 4, len(rows)).astype(np.int32),
        negative=random.integers(0, 3, len(rows)).astype(np.int32),
        mean=random.uniform(-1, 1, len(rows)),
    )
    vcp = random.random(len(rows)) < 0.3
    for given in (None, inputs):
        assert_same(panel, jongga.score(panel, news=given, vcp_before=vcp), given, vcp, flow)


def assert_same(panel, result, given, vcp, flow):
    compared = 0
    for row in np.flatnonzero(panel.ranked):
        counts = None if given is None else (int(given.positive[row]), int(given.negative[row]), float(given.mean[row]))
        pairs = flow.get(panel.tickers[row], [(np.nan, np.nan)] * 6)[:5]
        expected = jongga_reference(
            frame_of(panel, row),
            pd.DataFrame(pairs, columns=["foreign", "institution"]),
            news=counts,
            vcp_before=bool(vcp[row]),
        )
        got = {
            "points": result.points[row].tolist(),
            "score_max": int(result.score_max[row]),
            "graded": int(result.graded[row]),
            "grade": GRADES[result.grade[row]].value,
            "tradable": bool(result.tradable[row]),
        }
        assert got == expected, panel.tickers[row]
        compared += 1
    assert compared > 10


def frame_of(panel, row):
    start = panel.close.shape[1] - panel.count[row]
    names = ("open", "high", "low", "close", "volume", "turnover")
    return pd.DataFrame({name: getattr(panel, name)[row, start:] for name in names})


def test_the_future_cannot_change_a_score():
    rows = random_rows(7, 12, 300, halts=0)
    cut = 260
    then = day(SESSIONS[399 - (300 - cut)])
    honest = jongga.score(
        market({t: r[: len(r) - (300 - cut)] for t, r in rows.items() if len(r) == 300}, last=SESSIONS[359]).panel(then)
    )
    full = {t: r for t, r in rows.items() if len(r) == 300}
    poisoned = {t: [*r[:cut], *[(10**6, 2 * 10**6, 1, 10**6, 10**9, 10**14)] * (300 - cut)] for t, r in full.items()}
    seen = jongga.score(market(poisoned).panel(then))
    assert honest.points.tolist() == seen.points.tolist()
    assert honest.gates.tolist() == seen.gates.tolist()


@pytest.mark.parametrize(
    "bad",
    [{"value_points": (3e10, 2e10, 5e11)}, {"change_min": 0.3}, {"grade_a": 11}, {"stop_loss": 0.0}, {"news_hours": 0}],
)
def test_contradictory_rules_are_refused(bad):
    with pytest.raises(InvalidInput, match="jongga"):
        JonggaParameters(**bad)
