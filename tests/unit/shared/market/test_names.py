"""Names as people write them: old ones, share classes, typing errors, Latin letters, rows and groups."""

import pytest

from shared.market.instrument import Instrument, InstrumentKind, Ticker
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import MatchKind
from shared.market.latin_names import fold, romanise

COMMON, PREFERRED = InstrumentKind.COMMON, InstrumentKind.PREFERRED
LISTED = [
    ("005380", "현대차", COMMON, "HyundaiMotor", 100),
    ("005385", "현대차우", PREFERRED, "HyundaiMotor(1P)", 10),
    ("005387", "현대차2우B", PREFERRED, "HyundaiMotor(2PB)", 12),
    ("042700", "한미반도체", COMMON, "HANMI SEMICONDUCTOR CO., LTD.", 30),
    ("098460", "고영", COMMON, "Koh Young Technology Inc.", 5),
    ("259960", "크래프톤", COMMON, "KRAFTON", 11),
    ("112610", "씨에스윈드", COMMON, "CS Wind Corporation", 2),
    ("091810", "트리니티항공", COMMON, "Trinity Airways", 1),
    ("003530", "한화투자증권", COMMON, "", 3),
    ("000880", "한화", COMMON, "Hanwha", 9),
    ("014680", "한솔케미칼", COMMON, "Hansol Chemical", 4),
    ("213500", "한솔제지", COMMON, "Hansol Paper", 1),
    ("004150", "한솔홀딩스", COMMON, "Hansol Holdings", 2),
    ("017940", "E1", COMMON, "E1", 1),
    ("472230", "에스케이증권제11호스팩", InstrumentKind.SPAC, "", 1),
    ("473000", "에스케이증권제12호스팩", InstrumentKind.SPAC, "", 1),
    ("006200", "한국전자홀딩스", COMMON, "KEC Holdings", 1),
    ("039840", "디오", COMMON, "DIO Corporation", 1),
    ("074130", "디아이디", COMMON, "DID", 1),
    ("203650", "드림시큐리티", COMMON, "Dream Security", 1),
    ("158430", "아톤", COMMON, "ATON", 1),
    ("083660", "CSA 코스믹", COMMON, "CSA Cosmic", 1),
    ("377460", "위니아에이드", COMMON, "WINIA AID", 1),
]


@pytest.fixture(scope="module")
def index() -> InstrumentIndex:
    listed = [
        Instrument(ticker=Ticker(code), name=name, kind=kind, name_en=english, market_cap_krw=value)
        for code, name, kind, english, value in LISTED
    ]
    return InstrumentIndex(listed, [("현차", Ticker("005380"))], former=[("티웨이항공", Ticker("091810"))])


def named(index: InstrumentIndex, sentence: str) -> list[str]:
    return [mention.matches[0].instrument.name for mention in index.find_in(sentence)]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("현차우 시세", ["현대차우"]),
        ("현대차 2우선주 얼마", ["현대차2우B"]),
        ("현대차2우 종가", ["현대차2우B"]),
        ("현대차 제2우선주 수급", ["현대차2우B"]),
        ("Price of HyundaiMotor's second preferred?", ["현대차2우B"]),
        ("hyundai motor preferred price", ["현대차우"]),
        ("씨에스윈드, E1, 고영 종가", ["씨에스윈드", "E1", "고영"]),
        ("한미반도체한화투자증권 비교", ["한미반도체", "한화투자증권"]),
        ("Compare CS Wind and Krafton", ["씨에스윈드", "크래프톤"]),
        ("where did Koh Young finish", ["고영"]),
        ("hanmi bandoche chart", ["한미반도체"]),
        ("krfton prise", ["크래프톤"]),
        ("한화투자증궈 현재가", ["한화투자증권"]),
        ("에스케이증권제11호스펙 시세", ["에스케이증권제11호스팩"]),
        ("042700 주가", ["한미반도체"]),
        ("크래프톤 213500 넘으면 알려줘", ["크래프톤"]),
    ],
)
def test_a_name_is_found_however_it_is_written(index: InstrumentIndex, sentence: str, names: list[str]) -> None:
    assert named(index, sentence) == names


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("How did KRAFTON do in April, and who bought?", ["크래프톤"]),
        ("did KRAFTON rise the most at once?", ["크래프톤"]),
        ("what are the winners and the losers of this cosmic month", []),
        ("DID price", ["디아이디"]),
    ],
)
def test_words_of_an_english_sentence_are_no_names(index: InstrumentIndex, sentence: str, names: list[str]) -> None:
    assert named(index, sentence) == names


def test_an_old_name_finds_what_it_is_called_now(index: InstrumentIndex) -> None:
    (mention,) = index.find_in("티웨이항공 혹시 상폐됐나요?")
    assert (mention.matches[0].instrument.ticker, mention.matches[0].how) == ("091810", MatchKind.FORMER)


@pytest.mark.parametrize("sentence", ["하나로전자홀딩스 시세", "What's its price today?", "It would be worth a lot"])
def test_what_only_resembles_a_name_is_none(index: InstrumentIndex, sentence: str) -> None:
    assert named(index, sentence) == []


def test_a_beginning_that_names_share_is_their_group_the_largest_first(index: InstrumentIndex) -> None:
    (mention,) = index.find_in("한솔 5% 넘게 오르면 알려줘")
    assert mention.ambiguous
    assert [match.instrument.name for match in mention.matches] == ["한솔케미칼", "한솔홀딩스", "한솔제지"]


def test_a_word_inside_many_names_is_no_group() -> None:
    ends = ["가나바이오", "다라바이오", "마바바이오", "사아바이오"]
    both = [Instrument(ticker=Ticker(f"{n:06}"), name=name, kind=COMMON) for n, name in enumerate(["바이오니아", *ends])]
    assert not InstrumentIndex(both).family("바이오")


def test_ways_to_romanise_a_name_fold_into_one() -> None:
    assert fold("hanmi bandoche") == fold(romanise("한미반도체"))
    assert fold("samsung jeonja") == fold(romanise("삼성전자"))
    assert fold("doosan") == fold("dusan")


@pytest.mark.parametrize(("typed", "name"), [("크레프톤 주가", "크래프톤"), ("씨애스윈드 얼마", "씨에스윈드")])
def test_vowels_that_sound_alike_are_no_typing_error_to_speak_of(index: InstrumentIndex, typed: str, name: str) -> None:
    assert [mention.matches[0].instrument.name for mention in index.find_in(typed)] == [name]
