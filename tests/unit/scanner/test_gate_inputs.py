"""The gate's inputs: what is counted, and that a live reading is what the closing one will be at the same prices."""

import numpy as np
import pytest

from servers.scanner.gate_facts import breadth, index_facts
from servers.scanner.gate_inputs import closing_reading, gate_base, live_reading
from shared.market.topic import MarketIndex
from tests.fixtures.panels import SESSIONS, day, market, random_rows

KOSPI, KOSDAQ = MarketIndex.KOSPI, MarketIndex.KOSDAQ
NO_PRICES = np.full(60, np.nan)


def closes(seed: int, bars: int = 400) -> np.ndarray:
    return 2_500 * np.exp(np.random.default_rng(seed).normal(0.0005, 0.01, bars).cumsum())


@pytest.fixture(scope="module")
def history():
    return market(random_rows(3, 60, 330))


def base_of(history, session, **indices):
    return gate_base(history.panel(day(session)), {MarketIndex(name): values for name, values in indices.items()})


def test_the_closing_reading_counts_the_tickers_that_traded_on_the_session(history):
    panel = history.panel(day(SESSIONS[399]))
    base = base_of(history, SESSIONS[399], KOSPI=closes(1), KOSDAQ=closes(2))
    counted = panel.universe.eligible & (panel.date[:, -1] == panel.session)
    assert closing_reading(base).reading.breadth == breadth(panel.close, counted & (panel.count >= 20))
    assert closing_reading(base).indices[KOSPI] == index_facts(closes(1))


def test_a_live_reading_at_the_closing_prices_is_the_closing_reading(history):
    before, after = history.panel(day(SESSIONS[398])), history.panel(day(SESSIONS[399]))
    index = closes(1)
    base = gate_base(before, {KOSPI: index[:-1], KOSDAQ: index[:-1]})
    traded = after.date[:, -1] == after.session
    prices = np.where(traded, after.close[:, -1], np.nan)
    live = live_reading(base, {KOSPI: index[-1], KOSDAQ: index[-1]}, prices)
    both = base.counted & traded
    above = after.close[:, -1] > after.close[:, -20:].mean(axis=1)
    standing = base.counted & ~traded & base.above
    assert live.reading.breadth == ((both & above).sum() + standing.sum()) / base.counted.sum()
    assert live.indices[KOSPI] == index_facts(index)


def test_without_any_price_the_breadth_of_the_close_stands(history):
    base = base_of(history, SESSIONS[399], KOSPI=closes(1), KOSDAQ=closes(2))
    live = live_reading(base, {KOSPI: closes(1)[-1], KOSDAQ: closes(2)[-1]}, NO_PRICES)
    assert live.reading.breadth == closing_reading(base).reading.breadth


def test_an_index_without_a_live_level_or_without_history_is_missing(history):
    base = base_of(history, SESSIONS[399], KOSPI=closes(1))
    assert live_reading(base, {KOSPI: 2_500.0, KOSDAQ: 800.0}, NO_PRICES).reading.missing == ("KOSDAQ",)
    assert live_reading(base, {}, NO_PRICES).reading.missing == ("KOSPI", "KOSDAQ")


def test_a_ticker_with_an_unexplained_jump_or_too_few_bars_is_not_counted():
    rows = random_rows(4, 3, 100, halts=0.0)
    first, second, third = rows
    bar = rows[first][-3]
    rows[first][-3:] = [tuple(value * 3 for value in bar[:4]) + bar[4:]] * 3
    rows[third] = rows[third][-12:]
    panel = market(rows).panel(day(SESSIONS[399]))
    assert gate_base(panel, {}).counted.tolist() == [ticker == second for ticker in rows]
