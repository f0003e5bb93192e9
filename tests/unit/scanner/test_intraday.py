"""Behaviour of the rules on trades: trigger price, drops, surges, quiet times and spam control."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from servers.scanner.intraday import (
    AlertArm,
    DayLevels,
    IntradayParameters,
    IntradayRule,
    RuleReading,
    Trade,
    decide,
    disparity_readings,
    drop_reading,
    live_disparity,
    surge_reading,
    trigger_price,
)
from servers.scanner.intraday_monitor import IntradayMonitor, RecentTrades, SessionHours
from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker
from shared.market.volume_curve import VolumeCurve

OPEN = datetime(2026, 4, 30, 0, 0, tzinfo=UTC)  # 09:00 in Seoul
HOURS = SessionHours(open=OPEN, close=OPEN + timedelta(hours=6, minutes=30))
SAMSUNG = Ticker("005930")
QUIET_LEVELS = DayLevels(previous_sum=240_000.0, average_turnover=39e9)  # average close 10,000, 100 million won a minute
P = IntradayParameters()


def monitor(levels: DayLevels = QUIET_LEVELS, **options: object) -> IntradayMonitor:
    return IntradayMonitor(session=HOURS, levels={SAMSUNG: levels}, curve=VolumeCurve.prior(), **options)  # type: ignore[arg-type]


def at(minutes: float) -> datetime:
    return OPEN + timedelta(minutes=minutes)


def feed(
    watch: IntradayMonitor, *trades: tuple[float, int], turnover: int = 0, open_krw: int | None = None
) -> list[tuple[float, IntradayRule]]:
    hits = []
    for minutes, price in trades:
        trade = Trade(time=at(minutes), price_krw=price, turnover_krw=turnover, open_krw=open_krw)
        hits += [(minutes, hit.reading.rule) for hit in watch.on_trade(SAMSUNG, trade, now=at(minutes))]
    return hits


def test_the_worked_example_of_the_trigger_price() -> None:
    assert trigger_price(240_000, -0.08) == pytest.approx(9_169.4, abs=0.05)
    assert live_disparity(9_160, 240_000) == pytest.approx(-0.08091, abs=1e-5)
    assert live_disparity(9_170, 240_000) == pytest.approx(-0.07995, abs=1e-5)
    below, _ = disparity_readings(9_160, QUIET_LEVELS, P)
    above, _ = disparity_readings(9_170, QUIET_LEVELS, P)
    assert below.met
    assert not above.met


@pytest.mark.parametrize("threshold", [-0.08, -0.12, -0.15, -0.20])
def test_the_trigger_price_is_where_the_disparity_meets_the_threshold(threshold: float) -> None:
    price = trigger_price(240_000, threshold)
    assert live_disparity(price, 240_000) == pytest.approx(threshold)


def test_nearness_is_within_one_per_cent_above_the_trigger() -> None:
    def near(price: int) -> bool:
        return disparity_readings(price, QUIET_LEVELS, P)[1].met

    assert [near(price) for price in (9_160, 9_170, 9_261, 9_262)] == [False, True, True, False]


def test_disparity_needs_its_full_history() -> None:
    assert disparity_readings(100, DayLevels(previous_sum=float("nan"), average_turnover=1.0), P) == ()
    assert feed(monitor(DayLevels(previous_sum=float("nan"), average_turnover=1.0)), (60, 5_000)) == []


def test_a_drop_is_measured_against_the_last_trade_before_the_span() -> None:
    watch = monitor()
    assert feed(watch, (60, 10_000), (62, 9_990), (66, 9_701)) == []  # against 10,000: minute 62 is too young
    # at 67 the trade of minute 62 counts: 9,690 / 9,990 is -3.003 %
    assert feed(watch, (67, 9_690)) == [(67, IntradayRule.DROP)]


def test_without_a_trade_that_old_nothing_is_said_about_a_drop() -> None:
    assert feed(monitor(), (60, 10_000), (62, 9_600)) == []


def test_in_the_first_minutes_the_open_stands_in() -> None:
    assert feed(monitor(), (1, 10_000), (2, 9_700)) == [(2, IntradayRule.DROP)]
    assert feed(monitor(), (3, 9_700), open_krw=10_000) == [(3, IntradayRule.DROP)]


def surge_hits(turnover: int, price: int) -> list[IntradayRule]:
    watch = monitor()
    watch.on_trade(SAMSUNG, Trade(time=at(120), price_krw=10_000, turnover_krw=10**10), now=at(120))
    last = Trade(time=at(125), price_krw=price, turnover_krw=10**10 + turnover)
    return [hit.reading.rule for hit in watch.on_trade(SAMSUNG, last, now=at(125))]


def test_a_value_surge_needs_volume_and_a_fall() -> None:
    # 11:00 to 12:00 usually takes 11 % of a day: five minutes 357.5 million won, three times that 1.0725 billion
    assert surge_hits(1_072_500_000, 9_850) == [IntradayRule.SURGE]
    assert surge_hits(1_072_000_000, 9_850) == []
    assert surge_hits(1_072_500_000, 9_851) == []


def test_a_ticker_without_levels_still_has_the_drop_rule() -> None:
    watch = IntradayMonitor(session=HOURS, levels={}, curve=VolumeCurve.prior())
    assert feed(watch, (60, 10_000), (65, 9_000)) == [(65, IntradayRule.DROP)]


@pytest.mark.parametrize("minutes", [-15, -0.1, 380, 389.9, 390, 500])
def test_auctions_and_times_outside_of_the_session_are_quiet(minutes: float) -> None:
    assert feed(monitor(), (minutes, 5_000)) == []


def test_a_single_price_phase_is_quiet() -> None:
    halted = Trade(time=at(60), price_krw=5_000, turnover_krw=0, single_price=True)
    assert monitor().on_trade(SAMSUNG, halted, now=at(60)) == ()


def test_a_stale_trade_announces_nothing() -> None:
    trade = Trade(time=at(60), price_krw=5_000, turnover_krw=0)
    assert monitor().on_trade(SAMSUNG, trade, now=at(60) + timedelta(seconds=61)) == ()
    assert monitor().on_trade(SAMSUNG, trade, now=at(60) + timedelta(seconds=60)) != ()


def test_a_condition_that_lasts_is_announced_once() -> None:
    prices = [(60 + minute, 9_150 - minute % 2) for minute in range(120)]
    assert feed(monitor(), *prices) == [(60, IntradayRule.DISPARITY)]


def test_a_released_condition_is_announced_again_after_the_cooldown() -> None:
    released = 9_205  # disparity -7.6 %, more than 0.3 points above the threshold
    assert feed(monitor(), (60, 9_160), (61, released), (65, 9_160), (69, 9_160), (70, 9_160)) == [
        (60, IntradayRule.DISPARITY),
        (61, IntradayRule.PROXIMITY),
        (70, IntradayRule.DISPARITY),
    ]


def test_a_release_within_the_margin_does_not_rearm() -> None:
    barely = 9_195  # disparity -7.7 %
    assert (60, IntradayRule.DISPARITY) in feed(watch := monitor(), (60, 9_160))
    assert (90, IntradayRule.DISPARITY) not in feed(watch, (61, barely), (90, 9_160))


def test_a_deeper_fall_is_announced_after_the_cooldown_without_a_release() -> None:
    deeper = 9_050  # disparity -9.15 %, one point below that of 9,160
    watch = monitor()
    hits = feed(watch, (60, 9_160), (65, deeper), (71, 9_065), (72, deeper))
    assert [hit for hit in hits if hit[1] is IntradayRule.DISPARITY] == [
        (60, IntradayRule.DISPARITY),
        (72, IntradayRule.DISPARITY),
    ]


def test_rules_of_one_ticker_cool_down_apart() -> None:
    assert feed(monitor(), (60, 9_600), (66, 9_150)) == [(66, IntradayRule.DISPARITY), (66, IntradayRule.DROP)]


def test_spam_control_survives_a_restart() -> None:
    before = monitor()
    feed(before, (60, 9_160))
    after = monitor(arms=before.arms)
    assert feed(after, (61, 9_160)) == []


def test_the_cooldown_counts_from_the_decided_hit() -> None:
    reading = RuleReading(rule=IntradayRule.DROP, met=True, clear=False, value=-0.04, threshold=-0.03)
    arm = AlertArm(last_hit=at(0), last_value=-0.02, cleared=True)
    assert not decide(arm, reading, at(9.99), P)[1]
    assert decide(arm, reading, at(10), P)[1]


def test_trades_that_arrive_late_do_not_turn_time_back() -> None:
    assert feed(monitor(), (66, 10_000), (60, 20_000), (67, 9_800)) == []


@pytest.mark.parametrize("price", [0, -5])
def test_an_absurd_price_is_refused(price: int) -> None:
    with pytest.raises(InvalidInput):
        Trade(time=OPEN, price_krw=price, turnover_krw=0)


@pytest.mark.parametrize(
    "bad", [{"disparity_threshold": 0.08}, {"drop_minutes": 0}, {"drop": 3.0}, {"surge": 1.0}, {"average_bars": 1}]
)
def test_impossible_thresholds_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="signal"):
        IntradayParameters(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(6))
def test_the_short_cuts_for_quiet_trades_change_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    parameters = IntradayParameters(rearm=(0.003, 0.02, 0.0)[seed % 3], cooldown=timedelta(seconds=60))
    watch, arms = monitor(parameters=parameters), dict.fromkeys(IntradayRule, AlertArm())
    recent = RecentTrades(timedelta(minutes=5), HOURS)
    price, turnover, hits, expected = 9_500.0, 0, [], []
    for number in range(3_000):
        price = min(max(price * (1 + random.normal(0, 0.004) - (price - 9_300) / 300_000), 8_000), 11_000)
        turnover += int(random.exponential(2e8))
        trade = Trade(time=at(1 + number / 10), price_krw=round(price), turnover_krw=turnover)
        hits += [(number, hit.reading) for hit in watch.on_trade(SAMSUNG, trade, now=trade.time)]
        recent.add(trade)
        readings = list(disparity_readings(trade.price_krw, QUIET_LEVELS, parameters))
        earlier = recent.before(trade.time - timedelta(minutes=5))
        if earlier is not None:
            since, length = trade.time - OPEN, timedelta(minutes=390)
            curve = VolumeCurve.prior()
            share = curve.share_at(since, length) - curve.share_at(max(since - timedelta(minutes=5), timedelta(0)), length)
            drop = drop_reading(trade.price_krw, earlier[0], parameters)
            usual = QUIET_LEVELS.average_turnover * share
            readings += [drop, surge_reading(drop.value, (turnover - earlier[1]) / usual, parameters)]
        for reading in readings:
            arms[reading.rule], fires = decide(arms[reading.rule], reading, trade.time, parameters)
            if fires:
                expected.append((number, reading))
    assert {reading.rule for _, reading in expected} == set(IntradayRule)
    assert repr(hits) == repr(expected)
    assert {rule: arm for (_, rule), arm in watch.arms.items()} == {rule: arm for rule, arm in arms.items() if arm.last_hit}
