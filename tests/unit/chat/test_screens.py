"""How a list of signals is narrowed down, in whatever words."""

import pytest

from servers.chat.signal_order import Order
from servers.chat.understanding.conversation import next_context
from servers.chat.understanding.screen import Screen, read_screen
from servers.chat.understanding.understand import Understander
from servers.chat.understanding.values import Context
from shared.market.signal import Grade
from tests.unit.chat.conftest import TODAY

S, A, B, C = Grade


def screen_of(understander: Understander, text: str) -> Screen:
    understood = understander.understand(text, today=TODAY)
    return read_screen(understood.text, understood.entities)


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("브이씨피 에쓰등급 있나요", (S,)),
        ("VCP A 이상만", (S, A)),
        ("종베 C 빼고 보여줘", (S, A, B)),
        ("단타 B 이하", (B, C)),
        ("VCP A랑 S만 추려줘", (S, A)),
        ("종가베팅 S등급 말고 나머지", (A, B, C)),
        ("VCP names graded A or better", (S, A)),
        ("closing bet signals, grade B only", (B,)),
        ("VCP signals without grade C", (S, A, B)),
        ("VCP 종목 보여줘", ()),
    ],
)
def test_grades_are_those_that_the_words_around_them_select(understander: Understander, text, grades):
    assert screen_of(understander, text).grades == grades


def test_a_repeated_list_keeps_its_grades(understander: Understander):
    first = understander.understand("코스피 VCP A등급 이상 5개만", today=TODAY)
    then = understander.understand("동일 조건을 코스닥에 적용해줘", today=TODAY, context=next_context(first, Context()))
    assert read_screen(then.text, then.entities).grades == (S, A)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("VCP 중에 이만오천원 밑으로만", None, 24_999),
        ("단타 후보 2만원 이하", None, 20_000),
        ("3만원대 VCP 종목", 30_000, 39_999),
        ("VCP signals under 20,000 won", None, 19_999),
        ("종베 10만원 넘는 것만", 100_000, None),
    ],
)
def test_prices_bound_a_list(understander: Understander, text, low, high):
    found = screen_of(understander, text)
    assert (found.price_from, found.price_to) == (low, high)


def test_points_bound_a_list_on_both_sides(understander: Understander):
    found = screen_of(understander, "VCP 점수 60에서 70 사이만")
    assert (found.points_from, found.points_to) == (60, 70)
    band = screen_of(understander, "VCP 70점대")
    assert (band.points_from, band.points_to, band.under) == (70, 80, True)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("VCP 점수 낮은 순으로", Order.WORST),
        ("제일 싼 VCP 종목 세 개", Order.CHEAPEST),
        ("VCP 최신순", Order.NEWEST),
        ("the most expensive VCP names", Order.DEAREST),
        ("VCP 상위 5개", Order.BEST),
    ],
)
def test_the_order_is_the_one_asked_for(understander: Understander, text, order):
    assert screen_of(understander, text).order is order


def test_two_kinds_at_once_are_not_two_lists(understander: Understander):
    assert screen_of(understander, "종가베팅이랑 단타 둘 다 뜬 종목").every_kind
    assert not screen_of(understander, "종가베팅이랑 단타 종목 보여줘").every_kind
