"""Looking ahead: the short way of holding to a horizon says what following the whole path says."""

from dataclasses import replace

import numpy as np
import pytest

from servers.scanner.evaluation.forward import Future, Purchases
from servers.scanner.evaluation.table import ended_returns
from servers.scanner.history import prepare_history
from shared.market.adjust import select_rows
from shared.market.outcome import EntryMode, Exit, Fill, OutcomeRule
from shared.market.tick_size import floor_tick
from tests.fixtures.columns import factors, flows
from tests.fixtures.panels import SESSIONS, bar_columns, day, market, random_rows

FLAT = (10_000, 10_000, 10_000, 10_000, 1_000, 10**9)


def purchases(history, rows_and_sessions, *, target=np.nan, stop=np.nan):
    keys = {(int(t), int(d)): i for i, (t, d) in enumerate(zip(history.bars.ticker_index, history.bars.date, strict=True))}
    bars = [keys[row, int(history.sessions[session])] for row, session in rows_and_sessions]
    nothing = np.full(len(bars), np.nan)
    return Purchases(
        session=np.array([session for _, session in rows_and_sessions], dtype=np.int32),
        bars=np.array(bars, dtype=np.int64),
        trigger=nothing,
        target=nothing + target if np.isnan(target) else np.full(len(bars), target),
        stop=nothing + stop if np.isnan(stop) else np.full(len(bars), stop),
    )


def everything(history):
    sessions = np.searchsorted(history.sessions, history.bars.date).astype(np.int32)
    nothing = np.full(sessions.size, np.nan)
    return Purchases(session=sessions, bars=np.arange(sessions.size), trigger=nothing, target=nothing, stop=nothing)


@pytest.mark.parametrize("entry", [EntryMode.CLOSE, EntryMode.NEXT_OPEN])
@pytest.mark.parametrize("horizon", [1, 3, 20])
def test_holding_is_following_without_levels(entry, horizon):
    rows = random_rows(11, 12, 90, halts=0.05)
    tickers = list(rows)
    rows[tickers[0]] = [*rows[tickers[0]][:60], *[(7_000, 7_000, 7_000, 7_000, 10, 10**6)] * 2, *rows[tickers[0]][62:]]
    history = market(
        rows,
        splits=[(tickers[1], SESSIONS[380], 0.2), (tickers[2], SESSIONS[360], 4.0)],
        delisted={tickers[3]: day(SESSIONS[399]), tickers[4]: day(SESSIONS[370])},
    )
    future, bought = Future.of(history), everything(history)
    rule = OutcomeRule(entry=entry, horizon=horizon)
    followed = ended_returns(future.follow(bought, [rule])[0])
    held = future.hold(bought.session, bought.bars, rule)
    followable = bought.session < history.sessions.size - 1
    np.testing.assert_allclose(held[followable], followed[followable], rtol=1e-12)
    assert np.isfinite(held).sum() > 400


def test_a_locked_limit_down_bar_cannot_be_sold():
    rows = [FLAT, FLAT, (7_000, 7_000, 7_000, 7_000, 1, 10**6), (6_000, 6_100, 5_900, 6_000, 1_000, 10**9), FLAT]
    history = market({"000010": rows})
    future = Future.of(history)
    bought = purchases(history, [(0, 0)])
    rule = OutcomeRule(entry=EntryMode.CLOSE, horizon=2, slip_ticks=0)
    assert future.hold(bought.session, bought.bars, rule)[0] == pytest.approx(
        0.6 * (1 - 0.00015 - 0.0018) / 1.00015 - 1, abs=1e-3
    )


def test_a_delisted_ticker_is_sold_in_its_last_trades_or_lost():
    history = market(
        {"000010": [FLAT] * 5 + [(3_000, 3_000, 3_000, 3_000, 1, 10**6)], "000020": [FLAT] * 3, "000030": [FLAT] * 30},
        delisted={"000010": day(SESSIONS[399]), "000020": day(SESSIONS[395])},
        last=SESSIONS[399],
    )
    # 000010 traded until the end, 000020 stopped long before its delisting
    halted_long = market(
        {"000020": [FLAT] * 3 + [None] * 27, "000030": [FLAT] * 30}, delisted={"000020": day(SESSIONS[398])}
    )
    future, gone = Future.of(history), Future.of(halted_long)
    rule = OutcomeRule(entry=EntryMode.CLOSE, horizon=20, slip_ticks=0)
    one = purchases(history, [(0, 24)])
    other = purchases(halted_long, [(0, 0)])
    assert future.follow(one, [rule])[0].exit[0] == Exit.DELISTED
    assert future.hold(one.session, one.bars, rule)[0] == pytest.approx(-0.7, abs=0.01)
    assert gone.hold(other.session, other.bars, rule)[0] == pytest.approx(-1.0)


def without(history_rows, ticker, missing, **options):
    """A market in which the data has no row of a ticker on some of its sessions."""
    columns = bar_columns(history_rows)
    own = columns.ticker_index == columns.tickers.index(ticker)
    keep = ~own
    keep[np.flatnonzero(own)] = [place not in missing for place in range(own.sum())]
    facts = market(history_rows, **options).facts
    return prepare_history(select_rows(columns, keep), factors([]), flows({}), facts)


def test_nothing_is_followed_across_a_hole_in_the_data():
    rows = {"000010": [FLAT] * 12, "000020": [FLAT] * 12}
    history = without(rows, "000010", {6, 7})
    future, bought = Future.of(history), purchases(history, [(0, 2), (0, 4), (0, 5), (0, 8), (1, 4)])
    for entry in (EntryMode.CLOSE, EntryMode.NEXT_OPEN):
        rule = OutcomeRule(entry=entry, horizon=3)
        held = future.hold(bought.session, bought.bars, rule)
        assert np.isfinite(held).tolist() == [True, False, False, True, True]
        np.testing.assert_array_equal(ended_returns(future.follow(bought, [rule])[0]), held)


def test_data_that_end_before_a_delisting_are_no_total_loss():
    rows = {"000010": [FLAT] * 30, "000020": [FLAT] * 30}
    ends_early = without(rows, "000010", set(range(8, 30)), delisted={"000010": day(SESSIONS[398])})
    rule = OutcomeRule(entry=EntryMode.CLOSE, horizon=10)
    bought = purchases(ends_early, [(0, 5)])
    assert Future.of(ends_early).follow(bought, [rule])[0].exit[0] == Exit.OPEN
    assert np.isnan(Future.of(ends_early).hold(bought.session, bought.bars, rule)).all()


def test_a_ticker_that_did_not_trade_on_the_next_session_is_not_bought():
    history = market({"000010": [FLAT, None, FLAT, FLAT], "000020": [FLAT] * 4})
    future, bought = Future.of(history), purchases(history, [(0, 0), (1, 0)])
    rule = OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=1)
    assert future.follow(bought, [rule])[0].fill.tolist() == [Fill.NOT_TRADED, Fill.FILLED]
    assert np.isnan(future.hold(bought.session, bought.bars, rule)).tolist() == [True, False]


def test_what_lies_beyond_the_data_is_not_known():
    history = market({"000010": [FLAT] * 10})
    future, bought = Future.of(history), purchases(history, [(0, 9), (0, 7)])
    rule = OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=3)
    assert future.follow(bought, [rule])[0].fill.tolist() == [Fill.PENDING, Fill.FILLED]
    assert np.isnan(future.hold(bought.session, bought.bars, rule)).all()


def test_a_moving_target_is_where_the_price_meets_its_own_average():
    closes = [10_000] * 30 + [8_000, 8_100, 8_500, 9_100, 9_600, 9_900, 9_900]
    rows = [(c, c + 40, c - 40, c, 1_000, 10**9) for c in closes]
    history = market({"000005": [FLAT] * len(rows), "000010": rows, "000020": [FLAT] * len(rows)})
    bought = replace(purchases(history, [(1, 30)], stop=7_000), moving_average=25)
    outcome = Future.of(history).follow(bought, [OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=10)])[0]
    averages = [sum(closes[bar - 24 : bar]) / 24 for bar in range(31, 37)]
    met = next(bar for bar, average in zip(range(31, 37), averages, strict=True) if closes[bar] + 40 >= average)
    assert outcome.exit[0] == Exit.TARGET
    assert outcome.exit_date[0] == history.sessions[met]
    assert outcome.exit_price[0] == max(floor_tick(averages[met - 31]), closes[met])


def test_a_moving_target_is_known_before_its_bar_begins():
    spike = (8_000, 9_950, 8_000, 8_050, 1_000, 10**9)
    history = market({"000010": [*[FLAT] * 31, (8_000, 8_000, 8_000, 8_000, 1_000, 10**9), spike, FLAT]})
    bought = replace(purchases(history, [(0, 31)], stop=7_000), moving_average=25)
    outcome = Future.of(history).follow(bought, [OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=10)])[0]
    assert outcome.exit_price[0] == floor_tick((23 * 10_000 + 8_000) / 24)  # 9,910; with the close of the bar 9,840


def test_a_moving_target_needs_its_bars():
    rows = [(10_000, 20_000, 9_000, 10_000, 1_000, 10**9)] * 20
    history = market({"000010": rows})
    bought = replace(purchases(history, [(0, 5)]), moving_average=25)
    outcome = Future.of(history).follow(bought, [OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=3)])[0]
    assert outcome.exit[0] == Exit.HORIZON
