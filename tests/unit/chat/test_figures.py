"""Figures that are computed from closes: streaks."""

import pytest
from kstock.common.v1 import bar_pb2

from servers.chat.answers.price_streaks import price_streak


@pytest.mark.parametrize(
    ("closes", "expected"),
    [((10, 9, 8, 7), -3), ((7, 9, 8, 9), 1), ((9, 8, 8), 0), ((8, 8, 9, 10), 2), ((5,), 0), ((), 0)],
)
def test_a_streak_ends_at_the_newest_close_and_counts_one_direction(closes, expected):
    assert price_streak([bar_pb2.Bar(close_krw=close) for close in closes]) == expected
