import numpy as np
import pytest

from shared.market.adjust import adjustment, after_listing, close_ratios, derive_factors, traded
from tests.fixtures.columns import DAYS, bars, factors
from tests.fixtures.columns import share_counts as shares


def test_a_split_that_the_share_counts_explain_becomes_a_factor():
    found = derive_factors(
        bars({"000010": [100, 100], "005930": [50_000, 50_500, 10_200, 10_100]}),
        shares({"005930": [(20260105, 1_000), (20260108, 5_000)]}),
    )
    assert found.tickers == ("005930",)
    assert found.ex_date.tolist() == [20260107]
    assert found.price_factor.tolist() == [0.2]
    assert not found.quarantined.any()


def test_a_jump_whose_shares_are_listed_later_is_quarantined():
    found = derive_factors(
        bars({"064960": [40_000, 20_000, 20_100]}),
        shares({"064960": [(20260105, 1_000), (20260106, 1_000), (20260107, 2_000)]}),
    )
    assert found.quarantined.tolist() == [True]
    assert found.price_factor.tolist() == [1.0]


def test_a_jump_without_any_share_count_is_quarantined():
    found = derive_factors(bars({"A00001": [1000, 1306]}), shares({"005930": [(20260105, 10), (20260106, 20)]}))
    assert found.quarantined.tolist() == [True]


def test_share_counts_of_a_neighbour_explain_nothing():
    found = derive_factors(
        bars({"000020": [1000, 1000], "000030": [5000, 1000]}),
        shares({"000020": [(20260105, 1)], "000030": [(20260106, 5)], "000040": [(20260107, 1)]}),
    )
    assert found.quarantined.tolist() == [True]


def test_a_move_of_exactly_the_tolerance_is_no_jump():
    assert not derive_factors(bars({"000020": [1000, 1305]}), shares({})).tickers


def test_the_bar_before_a_halt_is_compared_with_the_bar_after_it():
    found = derive_factors(
        bars({"000020": [1000, (20_000, "halted"), (20_000, "halted"), 21_000]}),
        shares({"000020": [(20260105, 20), (20260107, 1), (20260108, 1)]}),
    )
    # The nearest official day before the jump already shows the new count, as the definition says.
    assert found.ex_date.tolist() == [20260108]
    assert found.quarantined.tolist() == [True]
    resolved = derive_factors(
        bars({"000020": [1000, (1000, "halted"), (1000, "halted"), 21_000]}),
        shares({"000020": [(20260107, 20), (20260108, 1)]}),
    )
    assert resolved.price_factor.tolist() == [20.0]


def test_the_first_five_bars_of_a_listing_may_jump():
    columns = bars({"000020": [1000, 2600, 4000, 1000, 4000, 1000, 4000]})
    found = derive_factors(columns, shares({}), list_date=np.array([DAYS[0]], dtype=np.int32))
    assert found.ex_date.tolist() == [DAYS[5], DAYS[6]]
    older = derive_factors(columns, shares({}), list_date=np.array([20200101], dtype=np.int32))
    assert older.ex_date.size == 6


def test_an_unknown_listing_day_exempts_nothing():
    columns = bars({"000020": [1000, 2600], "000030": [1000, 2600]})
    assert not after_listing(columns, np.zeros(2, dtype=np.int32)).any()


def test_exempt_rows_are_not_jumps():
    columns = bars({"000020": [1000, 300, 100]})
    found = derive_factors(columns, shares({}), exempt=np.array([False, True, False]))
    assert found.ex_date.tolist() == [DAYS[2]]


def test_rows_adjusted_by_their_source_get_no_factor():
    counts = shares({"000020": [(20260105, 1), (20260106, 5)]})
    found = derive_factors(bars({"000020": [5000, 1000]}, adjusted_as_of=20260201), counts)
    assert found.quarantined.tolist() == [True]
    assert derive_factors(bars({"000020": [5000, 1000]}, adjusted_as_of=20260105), counts).price_factor.tolist() == [0.2]


def test_a_factor_multiplies_earlier_rows_only_and_several_compound():
    columns = bars({"000020": [1, 1, 1], "000030": [1, 1, 1, 1]})
    known = factors([("000020", DAYS[1], 0.5), ("000030", DAYS[1], 0.5), ("000030", DAYS[3], 4.0), ("999999", DAYS[1], 9.0)])
    assert adjustment(columns, known, DAYS[6]).tolist() == [0.5, 1, 1, 2.0, 4.0, 4.0, 1]


def test_a_factor_of_the_future_is_not_known_yet():
    columns = bars({"000030": [1, 1, 1, 1]})
    known = factors([("000030", DAYS[1], 0.5), ("000030", DAYS[3], 4.0)])
    assert adjustment(columns, known, DAYS[2]).tolist() == [0.5, 1, 1, 1]


def test_rows_adjusted_by_their_source_get_later_factors_only():
    columns = bars({"000030": [1, 1, 1, 1]}, adjusted_as_of=DAYS[2])
    known = factors([("000030", DAYS[1], 0.5), ("000030", DAYS[3], 4.0)])
    assert adjustment(columns, known, DAYS[6]).tolist() == [4.0, 4.0, 4.0, 1.0]


def test_a_quarantined_jump_changes_nothing():
    columns = bars({"000030": [1, 1]})
    known = factors([("000030", DAYS[1], 0.5)], quarantined=True)
    assert adjustment(columns, known, DAYS[6]).tolist() == [1, 1]


def test_no_rows_give_no_factors():
    empty = bars({})
    assert derive_factors(empty, shares({}), list_date=np.zeros(0, dtype=np.int32)).tickers == ()
    assert adjustment(empty, factors([]), 20260101).size == 0


@pytest.mark.parametrize("broken", ["open", "low", "volume"])
def test_a_row_without_trades_is_not_a_bar(broken):
    columns = bars({"000030": [1000]})
    getattr(columns, broken)[0] = 0
    assert not traded(columns).any()


def test_close_ratios_are_taken_after_the_factors_between_two_rows():
    columns = bars({"000020": [1000, 500, 550], "000030": [100, 110]})
    known = factors([("000020", DAYS[1], 0.5), ("000020", DAYS[6], 0.1)])
    assert close_ratios(columns, known)[1:3].tolist() == [1.0, 1.1]
    assert np.isnan(close_ratios(columns, known)[[0, 3]]).all()


def test_a_row_already_adjusted_for_a_factor_is_not_divided_by_it_again():
    columns = bars({"000020": [500, 500]}, adjusted_as_of=DAYS[2])
    assert close_ratios(columns, factors([("000020", DAYS[1], 0.5)]))[1] == 1.0
