"""Sentences over the small market of `known.py`: what the guard lets pass, and what it must not, with the first reason."""

from datetime import date

import pytest
from kstock.chat.v1 import chat_service_pb2

from servers.chat.grounding.cleaning import clean
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.guard import Guard
from servers.chat.grounding.tables import GuardTables
from shared.market.instrument_index import InstrumentIndex
from shared.market.vocabulary import packaged_instruments
from tests.unit.chat.grounding.known import at, known

SUPPORTED = [
    "SK하이닉스는 기간 최고 191,100원(04/29), 최저 178,000원(04/20)입니다.",
    "SK하이닉스는 2026-04-20 ~ 2026-04-29 190,500원 → 188,200원으로 1.21% 내렸습니다.",
    "SK하이닉스 종가는 04/20 181,000원, 04/29 188,200원입니다.",
    "삼성전자는 72,300원으로 마감했습니다. [1]",
    "삼성전자(005930) 종가는 72,300원이고 전일 대비 1,200원(1.69%) 올랐습니다.",
    "삼성전자는 7만2천3백원입니다.",
    "삼성전자는 약 7만 2천원에 거래를 마쳤습니다.",
    "삼성전자는 7만원대입니다.",
    "주가는 칠만 이천삼백원입니다.",
    "전일보다 1.7% 상승했습니다.",
    "등락률은 +1.69%입니다.",
    "거래대금은 1조 2,841억원입니다.",
    "거래대금은 약 1.28조원입니다.",
    "거래량은 12,345,678주였습니다.",
    "거래량은 약 1,235만주였습니다.",
    "거래량은 평균의 1.8배입니다.",
    "외국인은 최근 2거래일 동안 2,189억원을 순매수했습니다.",
    "기관은 488억원을 순매도했습니다.",
    "기관은 -488억원입니다.",
    "외국인은 사흘 연속 순매수했습니다.",
    "외국인이 3거래일 연속 사들였습니다.",
    "SK하이닉스는 188,200원으로 기간 동안 1.21% 하락했습니다.",
    "SK하이닉스는 2,300원 내렸습니다.",
    "SK하이닉스의 4월 29일 종가는 188,200원입니다.",
    "SK하이닉스의 최저가는 4월 20일의 178,000원입니다.",
    "삼성전자는 1.69% 올랐고 SK하이닉스는 1.21% 내렸습니다.",
    "삼성전자와 SK하이닉스는 각각 +1.69%, -1.21%입니다.",
    "코스피는 2,745.32로 0.52% 하락했습니다.",
    "코스피가 내린 날 삼성전자는 1.69% 올랐습니다.",
    "VCP 점수는 71점으로 A등급입니다.",
    "삼성전자는 71/100점입니다.",
    "추세 항목은 18/25점입니다.",
    "70점을 넘는 종목은 3개입니다.",
    "세 종목이 조건을 통과했습니다.",
    "과거 120건의 승률은 54.2%, 중앙값은 +1.35%입니다.",
    "최악의 경우 18.4% 손실이었습니다.",
    "변동폭은 12.4%에서 5.1%로 줄었습니다.",
    "보도에 따르면 2조원 규모의 공급 계약이 있었습니다. [5]",
    "엔비디아 공급 소식이 보도되었습니다.",
    "HBM3E 12단 공급 소식이 4월 29일 보도되었습니다.",
    "영업이익은 전년보다 30% 늘어날 전망이라고 보도되었습니다.",
    "손절 기준은 67,200원이고 전략 기준가는 84,000원입니다.",
    "20일선 위에 있고 5일 이동평균도 상승 중입니다.",
    "오늘(04/30) 종가 기준입니다.",
    "정규장은 오전 9시부터 오후 3시 30분까지입니다.",
    "장은 15:30에 마감합니다.",
    "다음 거래일은 5월 4일입니다.",
    "2026년 4월 30일(목) 기준입니다.",
    "S등급은 80점 이상입니다.",
    "최근 10거래일을 보았습니다.",
    "Samsung Electronics closed at 72,300 KRW, up 1.69%.",
    "Turnover was 1.28T KRW.",
    "Foreigners were net buyers for three sessions.",
    "SK hynix fell 1.21%.",
    "리스크: 거래량이 줄면 돌파가 실패할 수 있습니다.",
    "두 가지 근거가 있습니다.",
    "시가 71,400원, 고가 72,900원, 저가 71,000원입니다.",
    "삼성전자는 오늘 72,300원에 마감했습니다.",
    "외국인 순매수 2,189억원은 긍정적입니다.",
    "29일 보도된 내용입니다.",
    "4월 중 외국인이 순매수했습니다.",
    "- 외국인: +2,189억원 [3]",
    "1. 삼성전자는 72,300원입니다.",
    "2차전지와 반도체 업종은 다릅니다.",
    "외국인은 2거래일 합계 2,189억원, 기관은 -488억원입니다. [3]",
    "삼성전자가 코스피 하락에도 1.69% 상승했습니다.",
    "종가 72,300원은 시가 71,400원보다 높습니다.",
    "손절 기준(67,200원) 아래로 내려가면 신호가 무효가 됩니다.",
    "거래대금은 1.3조원이 채 되지 않습니다.",
    "삼성전자와 SK하이닉스의 등락률은 각각 1.69%, -1.21%였습니다.",
    "삼성전자(005930, KOSPI)는 72,300원입니다.",
    "2026-04-20 ~ 2026-04-29 기간입니다.",
    "4/29 기사입니다.",
    "SK하이닉스는 4월 29일 191,100원까지 올랐습니다.",
    "The score is 71 points (grade A).",
    "It closed on April 30, 2026.",
    "1. 삼성전자 005930 · A 71점",
    "SK하이닉스 000660 2026-04-20 ~ 2026-04-29 8거래일",
    "삼성전자 종가 72,300원 ▲1,200 (+1.69%)",
]
UNSUPPORTED = [
    ("SK하이닉스는 191,100원(04/29), 178,000원(04/28)을 오갔습니다.", "day"),
    ("2조원 규모의 공급 계약을 맺었습니다.", "report"),
    ("SK하이닉스 현재가는 181,000원입니다.", "day"),
    ("삼성전자는 72,400원으로 마감했습니다.", "number"),
    ("삼성전자는 8만원입니다.", "number"),
    ("삼성전자는 7만2천4백원입니다.", "number"),
    ("삼성전자는 약 7만 3천원입니다.", "figure"),
    ("삼성전자는 8만원대입니다.", "figure"),
    ("주가는 칠만 삼천원입니다.", "figure"),
    ("전일보다 1.8% 상승했습니다.", "number"),
    ("전일보다 1.69% 하락했습니다.", "direction"),
    ("등락률은 -1.69%입니다.", "direction"),
    ("거래대금은 1조 2,481억원입니다.", "number"),
    ("거래대금은 1,284억원입니다.", "number"),
    ("거래대금은 12조 8,412억원입니다.", "number"),
    ("거래량은 123,456,780주였습니다.", "number"),
    ("거래량은 12,345,678원입니다.", "number"),
    ("외국인은 2,189억원을 순매도했습니다.", "direction"),
    ("기관은 488억원을 순매수했습니다.", "direction"),
    ("외국인은 나흘 연속 순매수했습니다.", "number"),
    ("SK하이닉스는 72,300원입니다.", "subject"),
    ("삼성전자는 188,200원입니다.", "subject"),
    ("삼성전자는 1.21% 내렸습니다.", "subject"),
    ("삼성전자는 1.21% 올랐고 SK하이닉스는 1.69% 내렸습니다.", "direction"),
    ("SK하이닉스는 1.21% 상승했습니다.", "direction"),
    ("SK하이닉스의 4월 20일 종가는 188,200원입니다.", "day"),
    ("고가는 71,000원입니다.", "figure"),
    ("시가는 72,900원이었습니다.", "figure"),
    ("코스피는 2,754.32입니다.", "number"),
    ("코스피는 0.52% 상승했습니다.", "direction"),
    ("VCP 점수는 77점입니다.", "number"),
    ("S등급 신호입니다.", "word"),
    ("삼성전자는 81/100점입니다.", "number"),
    ("네 종목이 조건을 통과했습니다.", "number"),
    ("30개 종목이 통과했습니다.", "number"),
    ("승률은 64.2%입니다.", "number"),
    ("LG에너지솔루션도 상승했습니다.", "name"),
    ("카카오(035720)와 비교됩니다.", "name"),
    ("테슬라 관련 소식이 있습니다.", "name"),
    ("코드 123456 종목입니다.", "name"),
    ("HBM4 공급이 시작되었습니다.", "word"),
    ("5월 1일 기준입니다.", "date"),
    ("2025년 4월 30일 기준입니다.", "date"),
    ("2026-04-30(금) 기준입니다.", "date"),
    ("16:30에 마감했습니다.", "time"),
    ("수십억원이 유입되었습니다.", "number"),
    ("거래량은 두 배입니다.", "number"),
    ("절반이 통과했습니다.", "number"),
    ("출처는 [9]입니다.", "citation"),
    ("실시간으로 72,300원입니다.", "freshness"),
    ("내일 반드시 오릅니다.", "wording"),
    ("지금 매수하세요.", "wording"),
    ("목표 수익률은 20%입니다.", "wording"),
    ("강력 매수 추천입니다.", "wording"),
    ("주문을 완료했습니다.", "wording"),
    ("관심 종목에 추가했습니다.", "wording"),
    ("손절 기준은 84,000원입니다.", "figure"),
    ("7２,９00원이 현재가입니다.", "figure"),
    ("현재가는 ７３,０００원입니다.", "figure"),
    ("현재가는 7\u200b3,000원입니다.", "figure"),
    ("현재가는 ٧٣٠٠٠원입니다.", "figure"),
    ("현재가는 **73**,000원입니다.", "figure"),
    ("현재가는 73&#44;000원입니다.", "figure"),
    ("Samsung closed at 75,000 KRW.", "number"),
    ("The stock has doubled.", "number"),
    ("Four signals passed.", "number"),
    ("It will definitely rise tomorrow.", "wording"),
    ("You should buy it now.", "wording"),
    ("영업이익은 전년보다 30% 감소할 전망이라고 보도되었습니다.", "direction"),
    ("2천억원 규모 계약입니다.", "number"),
    ("삼성전자는 7만 2,300주 거래되었습니다.", "number"),
    ("삼성전자는 72,300원이고 SK하이닉스는 72,300원입니다.", "subject"),
    ("종가는 72.300원입니다.", "number"),
    ("거래대금은 1.28억원입니다.", "number"),
    ("거래량은 1,234만주입니다.", "number"),
    ("외국인은 32억원을 순매도했습니다.", "figure"),
    ("기관은 3,210억원을 순매도했습니다.", "number"),
    ("삼성전자는 1.69%p 올랐습니다.", "number"),
    ("삼성전자는 169% 올랐습니다.", "number"),
    ("삼성전자는 0.0169% 올랐습니다.", "number"),
    ("코스피는 27,453.2입니다.", "number"),
    ("SK hynix rose 1.21%.", "direction"),
    ("점수는 일흔일곱 점입니다.", "number"),
    ("약 십만원입니다.", "number"),
    ("2조원이 아니라 3조원 규모 계약입니다.", "number"),
    ("5분기 연속 증가했습니다.", "number"),
    ("거래량은 평균의 2.8배입니다.", "number"),
    ("4월 31일 기준입니다.", "date"),
    ("2026년 3월 자료입니다.", "date"),
    ("지난 1분기 실적입니다.", "date"),
    ("오후 4시에 발표했습니다.", "time"),
    ("비트코인도 올랐습니다.", "name"),
    ("원금이 보장됩니다.", "wording"),
    ("손실 걱정 없는 종목입니다!", "wording"),
    ("1.69% 하락 마감했습니다.", "direction"),
    ("세 배로 늘었습니다.", "number"),
    ("A등급이 아니라 B등급입니다.", "word"),
    ("삼성전자우는 72,300원입니다.", "name"),
    ("다음 거래일은 5월 6일입니다.", "date"),
    ("7/15점입니다.", "number"),
    ("S등급은 65점 이상입니다.", "frame"),
    ("2. 삼성전자 005930 · A 71점", "frame"),
    ("1. 삼성전자 005930 · A 18점", "frame"),
    ("SK하이닉스 000660 2026-04-20 ~ 2026-04-30 8거래일", "date"),
    ("SK하이닉스 000660 2026-04-17 ~ 2026-04-29 8거래일", "date"),
    ("삼성전자 고가 72,900원 ▲1,200 (+1.69%)", "number"),
    ("추세 18 + 구조 25 = 71점", "number"),
    ("점수(71점) = 추세 18 + 구조 25", "number"),
    ("점수는 00/05입니다.", "number"),
    ("외국인은 2거래일 연속 순매수했습니다.", "number"),
    ("외국인은 3거래일 연속 순매도했습니다.", "direction"),
    ("삼성전자는 ▲ -1.69%입니다.", "direction"),
    ("0월 30일 기준입니다.", "date"),
    ("2026-00-30 기준입니다.", "date"),
    ("장은 15:90에 마감합니다.", "date"),
    ("Turnover 1,280B KRW.", "number"),
    ("외국인은 488억원을 순매도했습니다.", "figure"),
    ("현재가는 칠만 삼천 KRW입니다.", "figure"),
]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(InstrumentIndex.load(packaged_instruments()), GuardTables.load())


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return known()


@pytest.mark.parametrize("text", SUPPORTED)
def test_what_the_sources_say_may_be_said(guard: Guard, evidence: Evidence, text: str) -> None:
    assert guard.check(clean(text), evidence, spoken_of=("005930",)).violations == ()


@pytest.mark.parametrize(("text", "reason"), UNSUPPORTED)
def test_what_they_do_not_say_is_found(guard: Guard, evidence: Evidence, text: str, reason: str) -> None:
    violations = guard.check(clean(text), evidence, spoken_of=("005930",)).violations
    assert reason in {violation.kind.value for violation in violations}


def test_a_number_knows_its_source(guard: Guard, evidence: Evidence) -> None:
    checked = guard.check("삼성전자는 72,300원이고 외국인은 2,189억원을 순매수했습니다.", evidence)
    assert checked.sources == (1, 3)
    assert checked.subjects == ("005930",)


def test_a_sentence_without_a_name_speaks_of_the_one_before(guard: Guard, evidence: Evidence) -> None:
    assert not guard.check("종가는 188,200원입니다.", evidence, spoken_of=("000660",)).violations
    assert guard.check("종가는 188,200원입니다.", evidence, spoken_of=("005930",)).violations


def test_the_place_of_a_violation_is_told(guard: Guard, evidence: Evidence) -> None:
    text = "삼성전자는 99,900원입니다."
    (violation,) = guard.check(text, evidence).violations
    assert text[violation.start : violation.end] == violation.text == "99,900원"


def test_a_price_of_an_old_document_is_not_the_price(guard: Guard) -> None:
    evidence = known()
    published = at(date(2026, 4, 10), 18, 0)
    old = chat_service_pb2.Passage(
        document_kind="signal", text="VCP 신호, 종가 65,400원", tickers=["005930"], publish_time=published
    )
    evidence.add_result(old, (9,))
    for text in (
        "삼성전자 종가는 65,400원입니다.",
        "삼성전자는 65,400원입니다.",
        "SK하이닉스의 4월 10일 종가는 65,400원입니다.",
    ):
        assert guard.check(text, evidence).violations
    for text in ("4월 10일 삼성전자 종가는 65,400원이었습니다.", "신호 당시 종가는 65,400원이었습니다."):
        assert not guard.check(text, evidence, spoken_of=("005930",)).violations


def test_what_is_turned_round_is_found(guard: Guard) -> None:
    evidence = known()
    evidence.add_text("코스피 20일선 아래, 이평 정배열, 외국인·기관 동반 순매수")
    assert not guard.check("외국인·기관 동반 순매수", evidence).violations
    assert guard.check("외국인·기관 동반 순매도", evidence).violations
    assert guard.check("코스피 20일선 위", evidence).violations


def test_a_sum_that_adds_up_may_be_said(guard: Guard) -> None:
    evidence = known()
    evidence.add_text("점수(12점) = 뉴스 3 + 거래대금 4 + 수급 5")
    assert not guard.check("뉴스 3 + 거래대금 4 + 수급 5 = 12점", evidence).violations
    assert guard.check("뉴스 3 + 거래대금 4 + 수급 4 = 12점", evidence).violations


def test_nothing_is_known_without_evidence(guard: Guard) -> None:
    empty = Evidence(known().today)
    assert guard.check("삼성전자는 72,300원입니다.", empty).violations
    assert not guard.check("관련 자료를 찾지 못했습니다.", empty).violations
