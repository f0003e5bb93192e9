import numpy as np
import pytest

from servers.scanner.strategies.rs import past_strength, place, rate
from servers.scanner.strategies.vcp import score
from tests.fixtures.raw_panels import panel_of, random_market, random_series, series


def closes(*values_by_ticker, width=320):
    table = np.full((len(values_by_ticker), width), np.nan)
    for row, values in enumerate(values_by_ticker):
        if len(values):
            table[row, -len(values) :] = values
    return table


def test_all_horizons_are_weighted():
    line = np.arange(1.0, 254.0)
    r63, r126, r189, r252 = (line[-1] / line[-1 - k] - 1 for k in (63, 126, 189, 252))
    assert past_strength(closes(line))[0] == pytest.approx(0.4 * r63 + 0.2 * r126 + 0.2 * r189 + 0.2 * r252, rel=1e-9)


def test_missing_horizons_are_dropped_and_weights_renormalised():
    line = np.arange(1.0, 190.0)
    r63, r126 = line[-1] / line[-64] - 1, line[-1] / line[-127] - 1
    assert past_strength(closes(line))[0] == pytest.approx((0.4 * r63 + 0.2 * r126) / 0.6, rel=1e-9)


def test_sixty_three_bars_have_no_rating():
    strength = past_strength(closes(np.arange(1.0, 64.0), np.arange(1.0, 65.0), []))
    assert np.isnan(strength).tolist() == [True, False, True]
    assert place(strength, strength[1:2]).tolist() == [0, 1, 0]


def test_a_rating_counts_strictly_smaller_strengths():
    ordered = np.array([0.1, 0.2, 0.2, 0.3])
    assert place(np.array([0.1, 0.2, 0.3, 9.0]), ordered).tolist() == [1, 1 + 99 // 4, 1 + 99 * 3 // 4, 99]


def test_nobody_is_rated_without_a_cross_section():
    assert place(np.array([0.1]), np.zeros(0)).tolist() == [0]


def test_strengths_that_differ_by_noise_are_equal():
    flat = np.full(64, 1000.0)
    noisy = flat.copy()
    noisy[0] *= 1 + 1e-13
    panel = panel_of({"1": series(*[flat] * 5), "2": series(noisy, noisy, noisy, noisy, flat)})
    assert rate(panel, np.full(2, True)).rating.tolist() == [1, 1]


def test_strangers_to_the_cross_section_are_placed_but_not_counted():
    panel = random_market(5, 40)
    members = np.arange(40) < 20
    rated = rate(panel, members)
    assert rated.ordered.size == (members & ~np.isnan(rated.strength)).sum()
    assert (rated.rating[~np.isnan(rated.strength)] > 0).all()


def test_the_pattern_is_rated_among_eligible_liquid_scored_tickers():
    panel = random_market(5, 40)
    panel.universe.exclusion[:5] = 1
    panel.status[5:10] = 1
    panel.turnover[10:15] = 9.99e8
    panel.close[15:20] *= 999 / panel.close[15:20, -1:]
    rated = score(panel).strength
    assert rated.ordered.size == (~np.isnan(rated.strength[20:])).sum()


def test_ratings_as_of_an_earlier_bar_equal_those_of_that_day():
    bars, everybody = {f"{i}": random_series(i, 320) for i in range(12)}, np.full(12, True)
    then = rate(panel_of({code: rows[:, :-3] for code, rows in bars.items()}), everybody)
    assert rate(panel_of(bars), everybody, bars_back=3).rating.tolist() == then.rating.tolist()


def test_a_narrow_window_uses_the_horizons_it_holds():
    line = np.arange(1.0, 71.0)
    assert past_strength(closes(line, width=70))[0] == pytest.approx(line[-1] / line[-64] - 1, abs=1e-9)
