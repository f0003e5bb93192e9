import unicodedata
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from shared.market.errors import InvalidInput
from shared.market.instrument import Board, Instrument, InstrumentKind, Ticker
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import MatchKind, is_ambiguous
from shared.market.spelling import spell
from shared.market.vocabulary import packaged_instruments, packaged_nicknames

ALIASES = {
    "삼전": "005930",
    "하닉": "000660",
    "하이닉스": "000660",
    "카뱅": "323410",
    "두빌": "034020",
    "엘지엔솔": "373220",
    "네이버": "035420",
    "엘지전자": "066570",
    "LG 전자": "066570",
    "lg전자": "066570",
    "KT&G": "033780",
    "kt&g": "033780",
    "케이티앤지": "033780",
    "에스케이하이닉스": "000660",
    "SK Hynix": "000660",
    "samsung electronics": "005930",
    "LG Chem": "051910",
    "현대자동차": "005380",
    "에쓰오일": "010950",
    "에스오일": "010950",
    "SM": "041510",
    "삼성전자 우선주": "005935",
    "코덱스 레버리지": "122630",
    "곱버스": "252670",
}
TYPOS = {
    "포스코홀딩즈": "005490",
    "삼성잔자": "005930",
    "에코프로비앰": "247540",
    "한화에어로스페이수": "012450",
    "셀트리욘": "068270",
    "카카오뱅쿠": "323410",
    "두산에너빌러티": "034020",
    "현대모비쓰": "012330",
    "하이닉쓰": "000660",
    "엘지에너지솔류션": "373220",
    "크레프톤": "259960",
    "아모래퍼시픽": "090430",
}


@pytest.fixture(scope="module")
def index() -> InstrumentIndex:
    return InstrumentIndex.load(packaged_instruments())


def found(index: InstrumentIndex, text: str) -> str:
    matches = index.search(text)
    assert matches, f"{text} finds nothing"
    assert not is_ambiguous(matches), f"{text} is ambiguous"
    return matches[0].instrument.ticker


@pytest.mark.parametrize("instrument", packaged_instruments(), ids=lambda instrument: instrument.ticker)
def test_code_and_official_name_find_their_instrument(index: InstrumentIndex, instrument: Instrument) -> None:
    assert found(index, instrument.ticker) == instrument.ticker
    assert found(index, instrument.name) == instrument.ticker
    assert index.search(instrument.name)[0].how is MatchKind.NAME


@pytest.mark.parametrize(("text", "ticker"), ALIASES.items())
def test_what_people_call_it_finds_the_instrument(index: InstrumentIndex, text: str, ticker: str) -> None:
    assert found(index, text) == ticker


@pytest.mark.parametrize(("text", "ticker"), TYPOS.items())
def test_a_typing_error_finds_the_instrument(index: InstrumentIndex, text: str, ticker: str) -> None:
    assert found(index, text) == ticker


def test_initial_consonants_find_the_instrument(index: InstrumentIndex) -> None:
    matches = index.search("ㅅㅅㅈㅈ")
    assert matches[0].instrument.ticker == "005930"
    assert matches[0].how is MatchKind.INITIALS
    assert found(index, "ㅎㅇㄴㅅ") == "000660"


def test_a_decomposed_name_from_a_mac_is_the_same_name(index: InstrumentIndex) -> None:
    assert found(index, unicodedata.normalize("NFD", "삼성전자")) == "005930"


@pytest.mark.parametrize("text", ["삼성", "현대", "레버리지", "삼성전"])
def test_a_name_of_several_is_reported_as_ambiguous(index: InstrumentIndex, text: str) -> None:
    assert is_ambiguous(index.search(text))


def test_an_official_name_beats_the_same_word_as_a_nickname() -> None:
    mobis, hyundai_mobis = (
        Instrument(ticker=Ticker(code), name=name, kind=InstrumentKind.COMMON)
        for code, name in (("250060", "모비스"), ("012330", "현대모비스"))
    )
    index = InstrumentIndex([hyundai_mobis, mobis], [("모비스", hyundai_mobis.ticker)])
    matches = index.search("모비스")
    assert matches[0].instrument is mobis
    assert not is_ambiguous(matches)


def test_names_that_sound_alike_are_told_apart_by_how_they_are_written() -> None:
    latin, korean = (
        Instrument(ticker=Ticker(code), name=name, kind=InstrumentKind.COMMON)
        for code, name in (("099520", "DGI"), ("043360", "디지아이"))
    )
    index = InstrumentIndex([latin, korean])
    assert found(index, "DGI") == "099520"
    assert found(index, "디지아이") == "043360"


def test_an_exact_name_stands_before_the_longer_ones(index: InstrumentIndex) -> None:
    matches = index.search("카카오", limit=5)
    assert [match.how for match in matches[:2]] == [MatchKind.NAME, MatchKind.PREFIX]
    assert {match.instrument.name for match in matches} >= {"카카오", "카카오뱅크", "카카오페이"}


def test_a_part_of_a_name_offers_the_names_that_have_it(index: InstrumentIndex) -> None:
    assert "TIGER 미국나스닥100" in {match.instrument.name for match in index.search("나스닥100")}


@pytest.mark.parametrize("text", ["", " ", "!!", "\x00\u202e", "ㅋㅋㅋㅋ", "zzzzzz", "999999"])
def test_nothing_near_is_an_empty_answer(index: InstrumentIndex, text: str) -> None:
    assert not [match for match in index.search(text) if match.score >= 0.5]


def test_an_impossible_limit_is_refused(index: InstrumentIndex) -> None:
    with pytest.raises(InvalidInput, match="limit"):
        index.search("삼성", limit=0)


def test_the_limit_holds_and_every_instrument_stands_once(index: InstrumentIndex) -> None:
    matches = index.search("한", limit=25)
    tickers = [match.instrument.ticker for match in matches]
    assert len(tickers) == len(set(tickers)) <= 25


def test_a_delisted_name_stands_behind_its_listed_neighbour() -> None:
    gone, listed = (
        Instrument(ticker=Ticker(code), name=name, kind=InstrumentKind.COMMON, delist_date=until)
        for code, name, until in (("111111", "한빛전자", date(2025, 6, 2)), ("222222", "한빛전기", None))
    )
    index = InstrumentIndex([gone, listed])
    assert [match.instrument for match in index.search("한빛전")] == [listed, gone]
    assert found(index, "한빛전자") == "111111"


def test_a_code_is_looked_up_as_it_stands(index: InstrumentIndex) -> None:
    samsung = index.get(Ticker("005930"))
    assert samsung is not None
    assert samsung.name == "삼성전자"
    assert index.get(Ticker("999999")) is None
    assert len(index) == len(packaged_instruments())


def listing(real_data: Path) -> list[Instrument]:
    frame = pl.read_parquet(real_data / "listing_master.parquet")
    return [
        Instrument(
            ticker=Ticker(row["ticker"]),
            name=row["name"],
            kind=InstrumentKind(row["asset_type"]),
            board=Board(row["market"]),
            name_en=row["name_en"] or "",
        )
        for row in frame.iter_rows(named=True)
    ]


@pytest.mark.data
def test_every_real_name_finds_its_own_code(real_data: Path) -> None:
    instruments = listing(real_data)
    index = InstrumentIndex.load(instruments)
    exact = {one.name: index.exact(spell(one.name), one.name) for one in instruments}
    assert [
        one.name for one in instruments if is_ambiguous(exact[one.name]) or exact[one.name][0].instrument is not one
    ] == []
    sample = instruments[::20]
    assert [one.name for one in sample if index.search(one.name, 3)[0].instrument is not one] == []


@pytest.mark.data
def test_nicknames_lead_to_listed_instruments_in_the_real_master(real_data: Path) -> None:
    instruments = listing(real_data)
    index = InstrumentIndex.load(instruments)
    listed = {instrument.ticker for instrument in instruments}
    assert [ticker for _, ticker in packaged_nicknames() if ticker not in listed] == []
    for text, ticker in (ALIASES | TYPOS).items():
        assert index.search(text)[0].instrument.ticker == ticker, text
