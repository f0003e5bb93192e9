import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.market.tick_size import ceil_tick, floor_tick, price_limits, tick_size

PRICES = st.integers(min_value=1, max_value=5_000_000)


@pytest.mark.parametrize(
    ("price", "tick"),
    [
        (1, 1),
        (1_999, 1),
        (2_000, 5),
        (4_999, 5),
        (5_000, 10),
        (19_999, 10),
        (20_000, 50),
        (49_999, 50),
        (50_000, 100),
        (199_999, 100),
        (200_000, 500),
        (499_999, 500),
        (500_000, 1_000),
        (1_500_000, 1_000),
    ],
)
def test_the_tick_follows_the_table_of_2023(price: int, tick: int) -> None:
    assert tick_size(price) == tick
    assert tick_size(np.array([price])).tolist() == [tick]


@pytest.mark.parametrize(
    ("price", "below", "above"),
    [
        (22_482.5, 22_450, 22_500),
        (33_075, 33_050, 33_100),
        (30_555, 30_550, 30_600),
        (19_338.6, 19_330, 19_340),
        (2_593, 2_590, 2_595),
    ],
)
def test_targets_go_down_to_the_grid_and_triggers_up(price: float, below: int, above: int) -> None:
    assert floor_tick(price) == below
    assert ceil_tick(price) == above


def test_noise_of_floating_point_does_not_cost_a_tick() -> None:
    noisy = 50_000 * 1.1
    assert noisy > 55_000
    assert ceil_tick(noisy) == 55_000
    assert floor_tick(50_000 * 1.15) == 57_500


@given(PRICES)
def test_rounding_brackets_the_price_and_stays_on_the_grid(price: int) -> None:
    below, above = floor_tick(price), ceil_tick(price)
    assert below <= price <= above
    assert above - below in (0, tick_size(price))
    assert floor_tick(below) == below
    assert ceil_tick(above) == above


@given(st.lists(st.floats(min_value=1, max_value=3e6), min_size=1, max_size=20))
def test_arrays_and_scalars_agree(prices: list[float]) -> None:
    column = np.array(prices)
    assert floor_tick(column).tolist() == [floor_tick(price) for price in prices]
    assert ceil_tick(column).tolist() == [ceil_tick(price) for price in prices]


def test_a_missing_price_gives_zero_in_an_array() -> None:
    assert floor_tick(np.array([np.nan, 10_005.0])).tolist() == [0, 10_000]


@pytest.mark.parametrize(("base", "lower", "upper"), [(9_980, 6_990, 12_970), (4_985, 3_490, 6_480), (1_995, 1_397, 2_590)])
def test_price_limits_of_the_worked_example(base: int, lower: int, upper: int) -> None:
    assert price_limits(base) == (lower, upper)


@given(st.integers(min_value=100, max_value=2_000_000).map(floor_tick))
def test_limits_lie_on_the_grid_within_thirty_percent(base: int) -> None:
    lower, upper = price_limits(base)
    assert floor_tick(lower) == lower
    assert floor_tick(upper) == upper
    assert base * 0.7 - 1e-6 <= lower < base < upper <= base * 1.3 + 1e-6
    lowers, uppers = price_limits(np.array([base]))
    assert (lowers.tolist(), uppers.tolist()) == ([lower], [upper])
