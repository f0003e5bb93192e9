from datetime import date
from typing import Any

import pytest
from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import candidate_pb2, market_gate_pb2, statistics_pb2
from kstock.signal.v1 import signal_pb2

from servers.chat.answers.speech import Phrasebook
from servers.chat.recommendation.telling import recommendation
from servers.chat.recommendation.weighing import Outcomes, weigh
from shared.market.language import Language
from shared.market.signal import Grade, SignalKind
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import local_date_message

DAY = date(2026, 4, 30)
GREEN = market_gate_pb2.MarketGate(colour=market_gate_pb2.GATE_COLOUR_GREEN, level=80)
RED = market_gate_pb2.MarketGate(colour=market_gate_pb2.GATE_COLOUR_RED, level=20)


def signal(
    ticker: str = "005930", kind: SignalKind = SignalKind.VCP, grade: Grade = Grade.A, **fields: Any
) -> signal_pb2.Signal:
    usual = {
        "ticker": ticker,
        "name": f"종목{ticker}",
        "kind": SIGNAL_KIND.to_wire(kind),
        "grade": GRADE.to_wire(grade),
        "score": 70.0,
        "max_score": 100.0,
        "tradable": True,
        "close_krw": 10_000,
        "stop_krw": 9_400,
        "target_krw": 11_500,
        "reasons": ["변동성 수축 3회"],
        "cautions": ["실적 발표가 가깝습니다"],
        "as_of": local_date_message(DAY),
        "opened_on": local_date_message(DAY),
    }
    return signal_pb2.Signal(**{**usual, **fields})


def outcomes(kind: SignalKind = SignalKind.VCP, grade: Grade = Grade.A, **fields: Any) -> statistics_pb2.OutcomeStatistics:
    usual = {
        "kind": SIGNAL_KIND.to_wire(kind),
        "grade": GRADE.to_wire(grade),
        "horizon_sessions": 20,
        "signal_count": 50,
        "filled_count": 45,
        "hit_rate_bps": 5_100,
        "median_net_return_bps": 120,
        "worst_net_return_bps": -1_900,
        "excess_bps": 40,
        "base_rate": statistics_pb2.BaseRate(hit_rate_bps=5_000),
        "since": local_date_message(date(2024, 1, 2)),
        "until": local_date_message(DAY),
    }
    return statistics_pb2.OutcomeStatistics(**{**usual, **fields})


def order(*signals: signal_pb2.Signal, rows: Any = (), gate: Any = GREEN, **fields: Any) -> list[str]:
    return [one.best.ticker for one in weigh(signals, Outcomes(live=rows), gate, **fields)]


def weight(*signals: signal_pb2.Signal, rows: Any = (), gate: Any = GREEN) -> float:
    return weigh(signals, Outcomes(live=rows), gate)[0].weight


def told(
    *signals: signal_pb2.Signal, rows: Any = (), gate: Any = GREEN, language: Language = Language.KO
) -> chat_service_pb2.Recommendation:
    return recommendation(weigh(signals, Outcomes(live=rows), gate)[0], gate, Phrasebook.load().speech(language))


def test_better_grades_come_first_and_then_better_scores() -> None:
    a, b, s = (
        signal("000001", grade=Grade.A),
        signal("000002", grade=Grade.B, score=99),
        signal("000003", grade=Grade.S, score=60),
    )
    assert order(b, a, s) == ["000003", "000001", "000002"]
    assert order(signal("000001", score=66), signal("000002", score=79)) == ["000002", "000001"]


def test_a_closed_gate_a_hold_and_worse_past_outcomes_weigh_less() -> None:
    usual = weight(signal(), rows=[outcomes()])
    assert weight(signal(), rows=[outcomes()], gate=RED) < usual
    assert weight(signal(), rows=[outcomes()], gate=None) < usual
    assert weight(signal(tradable=False), rows=[outcomes()]) < usual
    assert weight(signal(), rows=[outcomes(excess_bps=-40)]) < weight(signal()) < usual
    assert weight(signal(), rows=[outcomes(small_sample=True)]) == weight(signal())


def test_strategies_that_agree_weigh_more_and_those_that_contradict_less() -> None:
    alone = weight(signal())
    assert weight(signal(), signal(kind=SignalKind.JONGGA, grade=Grade.B)) > alone
    assert weight(signal(), signal(kind=SignalKind.DISPARITY, grade=Grade.B)) < alone
    assert weight(signal(), signal(kind=SignalKind.DROP, grade=Grade.S)) < alone


def test_a_fall_alone_is_never_a_candidate() -> None:
    assert order(signal(kind=SignalKind.DROP), signal("000002", kind=SignalKind.SURGE)) == []
    assert order(signal(kind=SignalKind.DROP), kinds={SignalKind.DROP}) == []


def test_wished_kinds_speak_and_the_others_still_count() -> None:
    vcp, jongga = signal(grade=Grade.S), signal(kind=SignalKind.JONGGA, grade=Grade.B)
    (weighed,) = weigh([vcp, jongga], Outcomes(), GREEN, kinds={SignalKind.JONGGA})
    assert [one.kind for one in weighed.signals] == [jongga.kind, vcp.kind]
    assert order(signal(kind=SignalKind.DISPARITY), kinds={SignalKind.VCP}) == []


def test_outcomes_are_those_of_the_plan_of_the_kind() -> None:
    rows = [outcomes(horizon_sessions=1, hit_rate_bps=9_900), outcomes(grade=Grade.S), outcomes()]
    (weighed,) = weigh([signal()], Outcomes(live=rows), GREEN)
    assert weighed.statistics == rows[2]
    (weighed,) = weigh([signal()], Outcomes(live=[outcomes(filled_count=0)]), GREEN)
    assert weighed.statistics is None


def test_a_backtest_speaks_where_too_few_live_signals_have_ended() -> None:
    few, tested = outcomes(small_sample=True, filled_count=3), outcomes(excess_bps=-40)
    (weighed,) = weigh([signal()], Outcomes(live=[few], backtests=[tested]), GREEN)
    assert weighed.backtested
    assert weighed.weight < weight(signal())
    reasons = recommendation(weighed, GREEN, Phrasebook.load().speech(Language.KO)).reasons
    assert any(line.startswith("백테스트 45건") for line in reasons)
    (weighed,) = weigh([signal()], Outcomes(live=[outcomes()], backtests=[tested]), GREEN)
    assert not weighed.backtested


def test_a_ticker_is_told_with_reasons_levels_outcomes_and_risks() -> None:
    message = told(signal(), rows=[outcomes()])
    reasons, risks = "\n".join(message.reasons), "\n".join(message.risks)
    assert "A등급 70/100점" in reasons
    assert "10,000원" in reasons
    assert "2026-04-30" in reasons
    assert "변동성 수축 3회" in reasons
    assert "전략 기준가 11,500원" in reasons
    assert "손절 기준 9,400원" in reasons
    assert "과거 45건" in reasons
    assert "승률 51.00%" in reasons
    assert "50.00%" in reasons
    assert "-6.00%" in risks
    assert "실적 발표" in risks
    assert message.statistics.filled_count == 45
    assert not message.contradictions


def test_few_or_no_past_trades_are_called_too_few() -> None:
    assert "표본 부족" in told(signal()).reasons[-1]
    assert "12건" in told(signal(), rows=[outcomes(filled_count=12, small_sample=True)]).reasons[-1]


def test_contradictions_and_a_closed_gate_are_named() -> None:
    message = told(signal(), signal(kind=SignalKind.DISPARITY), signal(kind=SignalKind.DROP), gate=RED)
    assert len(message.contradictions) == 2
    assert any("RED" in risk and "20" in risk for risk in message.risks)
    assert any("마켓 게이트를 알 수 없어" in risk for risk in told(signal(), gate=None).risks)


def test_english_texts_hold_no_korean_but_names() -> None:
    part = candidate_pb2.Component(name="trend", points=20, max_points=20)
    other = signal(kind=SignalKind.DISPARITY)
    message = told(signal(components=[part]), other, rows=[outcomes()], gate=RED, language=Language.EN)
    lines = [*message.reasons, *message.risks, *message.contradictions]
    assert not [line for line in lines if any("가" <= letter <= "힣" for letter in line)]
    assert any("trend 20/20" in line for line in lines)


@pytest.mark.parametrize("language", list(Language))
def test_no_line_promises_or_commands(language: Language) -> None:
    message = told(signal(), rows=[outcomes()], language=language)
    text = "\n".join((*message.reasons, *message.risks)).casefold()
    for word in (
        "목표 수익",
        "보장",
        "매수하세요",
        "사세요",
        "확실",
        "guarantee",
        "will rise",
        "you should buy",
        "target return",
    ):
        assert word not in text
