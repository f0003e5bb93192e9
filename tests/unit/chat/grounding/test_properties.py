"""Whatever `shared/market/money.py` prints is found again; with one digit changed it never is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from servers.chat.grounding.claims import Unit
from servers.chat.grounding.cleaning import clean
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.facts import Fact
from servers.chat.grounding.guard import Guard
from servers.chat.grounding.sentences import SentenceCutter
from servers.chat.grounding.tables import GuardTables
from shared.market.instrument_match import Mention
from shared.market.language import Language
from shared.market.money import format_amount, format_change, format_percent, format_price

TODAY = date(2026, 4, 30)
AMOUNTS = st.integers(min_value=-(10**15), max_value=10**15)
PRICES = st.integers(min_value=1, max_value=9_999_999)
RATES = st.integers(min_value=-9_999, max_value=99_999)
LANGUAGES = st.sampled_from(list(Language))


class Nobody:
    """A market without instruments."""

    def find_in(self, sentence: str) -> tuple[Mention, ...]:
        return ()


GUARD = Guard(Nobody(), GuardTables.load())


def knowing(value: Decimal | int, unit: Unit, *, directed: bool = False) -> Evidence:
    evidence = Evidence(TODAY)
    evidence.facts.append(Fact(value=Decimal(value), unit=unit, directed=directed))
    return evidence


def passes(text: str, evidence: Evidence) -> bool:
    return not GUARD.check(clean(text), evidence).violations


def changed(text: str, place: int, digit: str) -> str:
    """The text with its `place`-th digit replaced, counted round and round."""
    places = [position for position, letter in enumerate(text) if letter.isdigit()]
    position = places[place % len(places)]
    assume(text[position] != digit)
    return text[:position] + digit + text[position + 1 :]


@given(amount=AMOUNTS, language=LANGUAGES)
@example(amount=999_950_000_000, language=Language.KO)
@example(amount=950_000_000, language=Language.KO)
def test_a_printed_amount_is_found_again(amount: int, language: Language) -> None:
    assert passes(f"거래대금은 {format_amount(amount, language)} 입니다.", knowing(amount, Unit.WON))


@given(amount=AMOUNTS, language=LANGUAGES, place=st.integers(0, 30), digit=st.sampled_from("0123456789"))
@settings(max_examples=400)
def test_an_amount_with_a_changed_digit_is_not(amount: int, language: Language, place: int, digit: str) -> None:
    text = changed(format_amount(amount, language), place, digit)
    assert not passes(f"거래대금은 {text} 입니다.", knowing(amount, Unit.WON))


@given(price=PRICES, language=LANGUAGES, place=st.integers(0, 9), digit=st.sampled_from("0123456789"))
def test_prices_are_exact(price: int, language: Language, place: int, digit: str) -> None:
    text = format_price(price, language)
    assert passes(f"종가는 {text} 입니다.", knowing(price, Unit.WON))
    assert not passes(f"종가는 {changed(text, place, digit)} 입니다.", knowing(price, Unit.WON))


@given(bps=RATES, place=st.integers(0, 9), digit=st.sampled_from("0123456789"))
def test_rates_are_exact(bps: int, place: int, digit: str) -> None:
    text, known = format_percent(bps), knowing(Decimal(bps) / 100, Unit.PERCENT, directed=True)
    assert passes(f"등락률은 {text}입니다.", known)
    assert not passes(f"등락률은 {changed(text, place, digit)}입니다.", known)


@given(bps=RATES.filter(bool))
def test_a_turned_sign_is_found(bps: int) -> None:
    known = knowing(Decimal(bps) / 100, Unit.PERCENT, directed=True)
    right, wrong = ("상승", "하락") if bps > 0 else ("하락", "상승")
    size = format_percent(abs(bps)).removeprefix("+")
    assert passes(f"{size} {right}했습니다.", known)
    assert not passes(f"{size} {wrong}했습니다.", known)
    assert not passes(f"등락률은 {format_percent(-bps)}입니다.", known)


@given(change=st.integers(-99_999, 99_999), bps=RATES)
def test_a_printed_change_is_found_again(change: int, bps: int) -> None:
    assume((change > 0) == (bps > 0) and (change < 0) == (bps < 0))
    evidence = knowing(change, Unit.WON, directed=True)
    evidence.facts.append(Fact(value=Decimal(bps) / 100, unit=Unit.PERCENT, directed=True))
    assert passes(f"전일 대비 {format_change(change, bps)}", evidence)


@given(amount=AMOUNTS.filter(lambda amount: abs(amount) >= 10**4), factor=st.sampled_from([10, 100, 10**4, 10**8]))
def test_a_unit_too_large_or_too_small_is_found(amount: int, factor: int) -> None:
    assert not passes(f"거래대금은 {format_amount(amount * factor)}입니다.", knowing(amount, Unit.WON))
    assert not passes(f"거래대금은 {format_amount(amount // factor)}입니다.", knowing(amount, Unit.WON))


@given(text=st.text(max_size=200))
@settings(max_examples=300)
def test_no_text_breaks_the_guard(text: str) -> None:
    GUARD.check(clean(text), knowing(1, Unit.WON))


@given(text=st.text(alphabet="가나다0123456789.,!?[] \n-%원", max_size=300), piece=st.integers(1, 9))
def test_cutting_loses_and_adds_nothing(text: str, piece: int) -> None:
    cutter = SentenceCutter()
    sentences = [one for start in range(0, len(text), piece) for one in cutter.feed(text[start : start + piece])]
    assert "".join([*sentences, *cutter.flush()]).split() == text.split()


@pytest.mark.parametrize("piece", [1, 3, 1_000])
def test_sentences_end_where_they_do(piece: int) -> None:
    text = (
        "삼성전자는 +1.69% 올랐습니다. [1] 외국인은 순매수했습니다.기관은 팔았습니다!\n- 거래량 1.8배입니다. [2][3]\n"
        "1. 첫째입니다. Samsung Electronics Co. Ltd. closed at 72,300.50 KRW. It rose."
    )
    cutter = SentenceCutter()
    sentences = [one for start in range(0, len(text), piece) for one in cutter.feed(text[start : start + piece])]
    assert [sentence.strip() for sentence in (*sentences, *cutter.flush())] == [
        "삼성전자는 +1.69% 올랐습니다. [1]",
        "외국인은 순매수했습니다.",
        "기관은 팔았습니다!",
        "- 거래량 1.8배입니다. [2][3]",
        "1. 첫째입니다.",
        "Samsung Electronics Co. Ltd. closed at 72,300.50 KRW.",
        "It rose.",
    ]


def test_a_text_without_any_end_is_cut_all_the_same() -> None:
    cutter = SentenceCutter()
    assert sum(len(cutter.feed("가" * 100)) for _ in range(50)) >= 8
