"""Disparity over the panel, its gates and levels, and hits in words."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from servers.scanner.intraday import IntradayParameters, IntradayRule, trigger_price
from servers.scanner.intraday_monitor import IntradayMonitor
from servers.scanner.news.inputs import NewsInputs
from servers.scanner.strategies import disparity, disparity_text
from shared.market.instrument import Board
from shared.market.signal import Grade, SignalKind
from shared.market.volume_curve import VolumeCurve
from tests.fixtures.panels import panel_of, random_rows
from tests.unit.scanner.test_intraday import HOURS, SAMSUNG, Trade, at

CODE = "005930"
EOK = 100_000_000


def flat(close, *, open_=None, turnover=50 * EOK, bars=80):
    low, high = min(close, open_ or close), max(close, open_ or close)
    return [
        *[(10_000, 10_000, 10_000, 10_000, 1_000, turnover)] * (bars - 1),
        (open_ or close, high, low, close, 1_000, turnover),
    ]


def score_one(rows, **options):
    return disparity.score(panel_of({CODE: rows}), **options)


def test_the_disparity_of_the_close_includes_the_close():
    # (24 x 10,000 + 9,160) / 25 = 9,966.4
    result = score_one(flat(9_160))
    assert result.disparity[0] == pytest.approx(9_160 / 9_966.4 - 1)
    assert result.detected[0]
    assert not score_one(flat(9_170)).detected[0]


def test_levels_of_the_day_give_the_worked_trigger_price():
    levels = disparity.day_levels(panel_of({CODE: flat(10_000)}))
    assert levels[CODE].previous_sum == 240_000
    assert levels[CODE].average_turnover == 50 * EOK
    assert trigger_price(levels[CODE].previous_sum, -0.08) == pytest.approx(9_169.4, abs=0.05)


def test_close_and_live_forms_agree():
    close = 9_100
    live_sum = disparity.day_levels(panel_of({CODE: flat(10_000)}))[CODE].previous_sum
    assert score_one(flat(close)).detected[0] == (close <= trigger_price(live_sum, -0.08))


@pytest.mark.parametrize(("close", "grade"), [(9_100, Grade.C), (8_600, Grade.B), (8_300, Grade.A), (7_900, Grade.S)])
def test_depth_gives_the_grade(close, grade):
    verdict = disparity_text.explain(score_one(flat(close)), 0)
    assert (verdict.grade, verdict.kind) == (grade, SignalKind.DISPARITY)


def test_a_candidate_is_worded_and_carries_its_levels():
    verdict = disparity_text.explain(score_one(flat(9_000, open_=8_900)), 0)
    assert verdict.reasons == ("25일선 괴리율 -9.6% (기준 -8.0%)", "반등 확인")
    assert (verdict.setup, verdict.tradable) == ("CONFIRMED", True)
    assert (verdict.target_krw, verdict.stop_krw) == (9_960, 8_280)


def test_a_candidate_scored_over_a_hole_in_its_bars_says_so():
    panel = replace(panel_of({CODE: flat(9_000)}), holes=np.array([3]))
    assert disparity_text.explain(disparity.score(panel), 0).flags == ("일봉 누락 3일",)
    assert disparity_text.explain(score_one(flat(9_000)), 0).flags == ()


def test_a_falling_bar_is_not_confirmed_until_rsi_turns():
    assert not score_one(flat(9_000, open_=9_500)).confirmed[0]
    turning = [*flat(9_000), (8_960, 8_960, 8_950, 8_950, 1, EOK * 50), (8_990, 8_990, 8_960, 8_980, 1, EOK * 50)]
    assert score_one(turning).confirmed[0]


def test_gates_bar_thin_locked_and_bad_news_tickers():
    news = NewsInputs(positive=np.array([0]), negative=np.array([1]), mean=np.array([-0.5]))
    assert not score_one(flat(9_000, turnover=29 * EOK)).tradable[0]
    assert not score_one(flat(7_000)).tradable[0]
    result = score_one(flat(9_000), news=news)
    assert disparity_text.explain(result, 0).cautions == ("악재 뉴스",)


def test_tiers_have_thresholds_of_their_own():
    rows = {"000010": flat(9_000), "000020": flat(9_000), "000030": flat(9_000)}
    panel = panel_of(rows, boards={"000030": Board.KOSDAQ})
    tiers = disparity.tier_thresholds(panel, np.array([True, False, False]))
    assert tiers.tolist() == [-0.08, -0.12, -0.15]
    assert disparity.score(panel, thresholds=tiers).detected.tolist() == [True, False, False]
    assert disparity.tier_thresholds(panel).tolist() == [-0.12, -0.12, -0.15]


def test_the_volatility_form_matches_a_plain_calculation():
    panel = panel_of(random_rows(3, 6, 300, halts=0))
    z = disparity.volatility_z(panel)
    for row in np.flatnonzero(panel.count >= 300):
        closes = panel.close[row]
        series = [closes[i] / closes[i - 24 : i + 1].mean() - 1 for i in range(70, 320)]
        assert z[row] == pytest.approx(series[-1] / np.std(series))
    assert np.isnan(z[panel.count < 270]).all()


@pytest.mark.parametrize("length", [1, 3, 59])
def test_a_short_history_is_never_detected(length):
    assert not score_one(flat(5_000, bars=length)).detected[0]


def test_a_hit_becomes_a_notice_with_its_condition():
    watch = IntradayMonitor(
        session=HOURS, levels=disparity.day_levels(panel_of({CODE: flat(10_000)})), curve=VolumeCurve.prior()
    )
    hits = watch.on_trade(SAMSUNG, Trade(time=at(60), price_krw=9_160, turnover_krw=0), now=at(60))
    context = disparity_text.HitContext(
        name="삼성전자",
        board=Board.KOSPI,
        session=date(2026, 4, 30),
        turnover_avg20_krw=1,
        market_cap_krw=None,
        volume_shares=0,
    )
    notices = [
        disparity_text.explain_hit(hit, context, parameters=IntradayParameters(), rule_version="test") for hit in hits
    ]
    assert [(notice.setup, notice.reasons) for notice in notices] == [
        (IntradayRule.DISPARITY, ("괴리율 -8.1% (기준 -8.0%)",))
    ]
    assert not notices[0].tradable
