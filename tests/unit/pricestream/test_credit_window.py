"""The window of unacknowledged bytes against a plain model of it."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from servers.pricestream.credit import CreditWindow

SIZE = 16_384
steps = st.lists(st.tuples(st.integers(1, 3000), st.booleans()), max_size=200)


@given(steps)
def test_it_never_gives_more_back_than_was_acknowledged_and_little_less(script: list[tuple[int, bool]]) -> None:
    window = CreditWindow(SIZE)
    on_the_way: list[int] = []
    for seq, (size, acknowledges) in enumerate(script, start=1):
        window.sent(seq, size)
        on_the_way.append(size)
        if acknowledges:
            window.acknowledge(seq)
            on_the_way.clear()
        assert sum(on_the_way) <= window.unacknowledged
        assert window.unacknowledged <= sum(on_the_way) + SIZE // 64
        assert window.exhausted == (window.unacknowledged >= SIZE)


def test_acknowledging_the_newest_response_returns_everything() -> None:
    window = CreditWindow(SIZE)
    for seq in range(1, 2000):
        window.sent(seq, 7)
    assert window.acknowledge(1999) == 7 * 1999
    assert window.unacknowledged == 0


def test_without_credit_flow_nothing_is_counted() -> None:
    window = CreditWindow(0)
    window.sent(1, 10**9)
    assert not window.exhausted
    assert window.remaining is None
    assert window.acknowledge(1) == 0


def test_a_client_that_never_acknowledges_costs_a_few_kilobytes() -> None:
    window = CreditWindow(1024 * 1024)
    for seq in range(1, 50_000):
        window.sent(seq, 20)
    assert sum(sys.getsizeof(mark) for mark in window._marks) < 8 * 1024
