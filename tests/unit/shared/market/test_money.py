from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.market.errors import InvalidInput
from shared.market.language import Language
from shared.market.money import format_amount, format_change, format_percent, format_price, parse_won


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (98_900_000_000, "989억원"),
        (1_234_567_890_000, "1조 2,346억원"),
        (50_000, "5만원"),
        (-3_210_000_000, "-32억원"),
        (1_000_000_000_000, "1조원"),
        (9_800, "9,800원"),
        (32_500_000, "3,250만원"),
        (128_400_000_000, "1,284억원"),
        (12_345_600_000_000, "12조 3,456억원"),
        (0, "0원"),
    ],
)
def test_amounts_read_as_people_say_them(amount: int, text: str) -> None:
    assert format_amount(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (99_999_999, "1억원"),
        (999_999_999_999, "1조원"),
        (9_999, "9,999원"),
        (999_999_999, "10억원"),
        (99_994_999, "9,999만원"),
    ],
)
def test_the_unit_is_chosen_after_rounding(amount: int, text: str) -> None:
    assert format_amount(amount) == text


@pytest.mark.parametrize(("amount", "text"), [(15_000, "1만 5,000원"), (150_000_000, "1억 5,000만원"), (123_456, "12만원")])
def test_a_single_leading_digit_keeps_the_next_unit(amount: int, text: str) -> None:
    assert format_amount(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (98_900_000_000, "98.9B KRW"),
        (1_234_567_890_000, "1.23T KRW"),
        (50_000, "50,000 KRW"),
        (-3_210_000_000, "-3.2B KRW"),
        (999_999_999, "1B KRW"),
        (1_000_000, "1M KRW"),
    ],
)
def test_english_amounts_use_millions_billions_trillions(amount: int, text: str) -> None:
    assert format_amount(amount, Language.EN) == text


def test_prices_and_changes_of_the_layout() -> None:
    assert format_price(72_300) == "72,300원"
    assert format_price(72_300, Language.EN) == "72,300 KRW"
    assert format_change(1_200, 169) == "▲1,200 (+1.69%)"
    assert format_change(-300, -41) == "▼300 (-0.41%)"
    assert format_change(0, 0) == "- (+0.00%)"
    assert format_percent(-5) == "-0.05%"
    assert format_percent(1_005) == "+10.05%"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("80,000원", 80_000),
        ("8만", 80_000),
        ("7만2천원", 72_000),
        ("7만 2,300원", 72_300),
        ("1.5억", 150_000_000),
        ("1조 2,346억원", 1_234_600_000_000),
        ("5천억", 500_000_000_000),
        ("3백만원", 3_000_000),
        ("만원", 10_000),
        ("-32억원", -3_200_000_000),
        ("72300", 72_300),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: int) -> None:
    assert parse_won(text) == amount


@pytest.mark.parametrize("text", ["", "원", "abc", "1억2조", "만억", "1.00001만", "5만5만", "1..5억", "--3", "５만"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="amount"):
        parse_won(text)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_formatted_amount_reads_back_within_its_precision(amount: int) -> None:
    assert abs(parse_won(format_amount(amount)) - amount) <= abs(amount) * 0.06


@given(st.integers(min_value=0, max_value=10**9))
def test_a_formatted_price_reads_back_exactly(price: int) -> None:
    assert parse_won(format_price(price)) == price


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_a_named_error(text: str) -> None:
    with suppress(InvalidInput):
        assert isinstance(parse_won(text), int)
