"""Page sizes and tokens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kstock.market.v1.market_service_pb2 import ListBarsRequest

from shared.market.errors import InvalidInput
from shared.rpc.paging import next_page_token, page_cursor, page_size


@settings(max_examples=50, deadline=None)
@given(
    cursor=st.tuples(st.integers(-(2**53), 2**53), st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False))
)
def test_a_token_gives_its_sort_key_back(cursor: tuple[int, str, float]) -> None:
    request = ListBarsRequest(ticker="005930")
    token = next_page_token(request, cursor)
    following = ListBarsRequest(ticker="005930", page_token=token, page_size=7)
    assert page_cursor(following, (int, str, float)) == cursor


def test_the_first_page_has_no_cursor() -> None:
    assert page_cursor(ListBarsRequest(ticker="005930"), (int,)) is None


def test_a_token_of_another_query_is_refused() -> None:
    token = next_page_token(ListBarsRequest(ticker="005930"), (20260430,))
    with pytest.raises(InvalidInput, match="another query") as refused:
        page_cursor(ListBarsRequest(ticker="000660", page_token=token), (int,))
    assert refused.value.field == "page_token"


@pytest.mark.parametrize("token", ["x", "!!!!", "bnVsbA", "W10", "WzFd", "eyJhIjoxfQ", "한글", "W" * 1000])
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        page_cursor(ListBarsRequest(ticker="005930", page_token=token), (int,))
    assert refused.value.field == "page_token"


def test_a_token_with_a_key_of_other_types_is_refused() -> None:
    token = next_page_token(ListBarsRequest(ticker="005930"), ("20260430",))
    with pytest.raises(InvalidInput):
        page_cursor(ListBarsRequest(ticker="005930", page_token=token), (int,))


@pytest.mark.parametrize(("asked", "rows"), [(0, 50), (1, 1), (500, 500)])
def test_the_page_size_has_a_default(asked: int, rows: int) -> None:
    assert page_size(ListBarsRequest(page_size=asked)) == rows


@pytest.mark.parametrize("asked", [-1, 501])
def test_an_impossible_page_size_is_refused(asked: int) -> None:
    with pytest.raises(InvalidInput, match="page_size"):
        page_size(ListBarsRequest(page_size=asked))
