from datetime import date

import numpy as np
import pytest

from shared.market.costs import net_return, sell_tax


@pytest.mark.parametrize(
    ("sold_on", "rate"),
    [
        (date(2019, 6, 2), 0.0030),
        (date(2019, 6, 3), 0.0025),
        (date(2020, 12, 31), 0.0025),
        (date(2021, 1, 1), 0.0023),
        (date(2022, 12, 31), 0.0023),
        (date(2023, 6, 1), 0.0020),
        (date(2024, 6, 1), 0.0018),
        (date(2025, 12, 31), 0.0015),
        (date(2026, 1, 1), 0.0020),
    ],
)
def test_the_sell_tax_is_the_one_of_the_sell_date(sold_on: date, rate: float) -> None:
    assert sell_tax(sold_on) == rate


def test_net_returns_of_the_worked_example() -> None:
    day = date(2026, 3, 2)
    assert net_return(10_000, 10_500, day) == pytest.approx(0.047585, abs=5e-7)
    assert net_return(10_000, 9_700, day) == pytest.approx(-0.032231, abs=5e-7)


def test_breaking_even_in_2026_takes_a_quarter_percent() -> None:
    assert net_return(1_000_000, 1_002_305, date(2026, 3, 2)) == pytest.approx(0, abs=1e-6)


def test_a_delisted_stock_loses_everything() -> None:
    assert net_return(10_000, 0, date(2026, 3, 2)) == -1.0


def test_arrays_use_the_tax_of_each_day() -> None:
    days = np.array([20251230, 20260302], dtype=np.int32)
    returns = net_return(np.array([10_000.0, 10_000.0]), np.array([10_500.0, 10_500.0]), days)
    assert returns == pytest.approx([net_return(10_000, 10_500, date(2025, 12, 30)), 0.047585], abs=5e-7)
