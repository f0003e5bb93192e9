"""Replays are point in time and resumable; every trap of strategies.md 9.5 shows when it is set again."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from servers.scanner.backtest import BacktestWindow, judge, replay_window, run_backtest, sessions_of
from servers.scanner.evaluation.forward import Future, Purchases
from servers.scanner.evaluation.pool import PoolDay, join_days
from servers.scanner.evaluation.table import Judged, SignalSet, scoreboard
from servers.scanner.universe import FlagSpan
from shared.market.errors import DataMissing
from shared.market.instrument import InstrumentFlag
from shared.market.outcome import EntryMode
from shared.market.scoreboard import GRADES, claim
from shared.market.signal import SignalKind
from tests.fixtures.panels import SESSIONS, day, market, random_flows, random_rows

EOK = 100_000_000
LENGTH = 150
FIRST = 110
JONGGA, DAYTRADING = SignalKind.JONGGA, SignalKind.DAYTRADING


@cache
def rows_of(seed=5, count=40):
    return {ticker: rows for ticker, rows in random_rows(seed, count, LENGTH).items() if len(rows) == LENGTH}


def window(first=FIRST, last=LENGTH - 1, kinds=(JONGGA, DAYTRADING), **options):
    def session(place):
        return day(SESSIONS[400 - LENGTH + place])

    return BacktestWindow(since=session(first), until=session(last), kinds=kinds, **options)


def finds(replayed):
    return [
        (each.day, kind, found.rows.tolist(), found.grade.tolist(), found.target.tolist(), found.stop.tolist())
        for each in replayed
        for kind, found in each.found.items()
    ]


def test_a_replayed_session_knows_nothing_of_later_ones():
    rows = rows_of()
    poison = [(10**6, 2 * 10**6, 1, 10**6, 10**9, 10**14)] * 20
    poisoned = market({ticker: [*bars[:-20], *poison] for ticker, bars in rows.items()})
    honest = market({ticker: bars[:-20] for ticker, bars in rows.items()}, last=SESSIONS[379])
    until = window(last=LENGTH - 21)
    assert finds(replay_window(poisoned, until)) == finds(replay_window(honest, until))
    assert any(found for _, _, found, *_ in finds(replay_window(honest, until)))


def test_future_flows_factors_and_flags_change_nothing_either():
    rows = rows_of()
    some = list(rows)[:3]
    flow = random_flows(1, rows, sessions=30, missing=0.0)
    later = {
        "flow": {ticker: [*pairs[:-10], *[(10**13, 10**13)] * 10] for ticker, pairs in flow.items()},
        "splits": [(some[0], SESSIONS[395], 0.1)],
        "flags": [FlagSpan(ticker=some[1], flag=InstrumentFlag.ADMINISTRATIVE, valid_from=day(SESSIONS[395]))],
        "delisted": {some[2]: day(SESSIONS[399])},
    }
    until = window(last=LENGTH - 12)
    assert finds(replay_window(market(rows, **later), until)) == finds(replay_window(market(rows, flow=flow), until))


def test_a_replay_that_goes_on_gives_what_one_in_one_piece_gives():
    history, whole = market(rows_of()), window()
    all_at_once = finds(replay_window(history, whole))
    begun = []
    for each in replay_window(history, whole):
        begun.append(each)
        if len(begun) == 7:
            break
    assert finds([*begun, *replay_window(history, whole, done=7)]) == all_at_once


def test_a_strategy_is_replayed_alone_as_among_others():
    history, kinds = market(rows_of()), (SignalKind.VCP, JONGGA, DAYTRADING, SignalKind.DISPARITY)
    together = finds(replay_window(history, window(first=LENGTH - 8, kinds=kinds)))
    alone = [find for kind in kinds for find in finds(replay_window(history, window(first=LENGTH - 8, kinds=(kind,))))]
    assert sorted(map(repr, alone)) == sorted(map(repr, together))
    assert any(rows for _, kind, rows, *_ in together if kind is SignalKind.DISPARITY)


def test_a_window_without_sessions_is_an_error_and_not_an_empty_table():
    weekend = date(2024, 7, 6)
    with pytest.raises(DataMissing, match="no daily bars"):
        sessions_of(market(rows_of()), BacktestWindow(since=weekend, until=weekend + timedelta(days=1)))
    with pytest.raises(DataMissing):
        run_backtest(market(rows_of()), BacktestWindow(since=date(1999, 1, 1), until=date(1999, 12, 31)))


def test_a_backtest_has_a_line_for_every_grade_and_horizon():
    results = run_backtest(market(rows_of()), window(horizons=(1, 5)))
    assert [result.kind for result in results] == [JONGGA, DAYTRADING]
    for result in results:
        lines = result.scoreboard.lines
        assert [(line.horizon, line.grade) for line in lines] == [(h, g) for h in (1, 5) for g in (*GRADES, None)]
        total = lines[4]
        assert total.signals == sum(line.signals for line in lines[:3])  # C is not published
        assert 0 <= total.fill_rate <= 1
        assert result.sessions == LENGTH - FIRST
        for curve, whole in zip(result.scoreboard.curves, lines[4::5], strict=True):
            assert curve.horizon == whole.horizon
            assert curve.day.tolist() == sorted(set(curve.day.tolist()))
            assert curve.excess.mean() == pytest.approx(whole.excess)


# The traps of strategies.md 9.5: each test shows the honest figure and that the trap would have given another one.

FLAT = (10_000, 10_000, 10_000, 10_000, 1_000, 10**9)


def follow(history, places, *, target=np.nan, stop=np.nan, entry=EntryMode.CLOSE, horizons=(5,), others=(), slip=0):
    """Scoreboard of hand-made signals `(row, session)`; the pool is them and `others`, all alike."""
    keys = {(int(t), int(d)): i for i, (t, d) in enumerate(zip(history.bars.ticker_index, history.bars.date, strict=True))}
    bars = np.array([keys[row, int(history.sessions[session])] for row, session in places], dtype=np.int64)
    sessions = np.array([session for _, session in places], dtype=np.int32)
    full = np.ones(len(places))
    signals = SignalSet(
        rows=np.array([row for row, _ in places], dtype=np.int32),
        grade=np.zeros(len(places), dtype=np.int8),
        published=np.ones(len(places), dtype=bool),
        purchases=Purchases(session=sessions, bars=bars, trigger=np.nan * full, target=target * full, stop=stop * full),
    )
    days = []
    for session in sorted(set(sessions.tolist())):
        members = sorted(
            {row for row, own in places if own == session}
            | {row for row in others if (row, int(history.sessions[session])) in keys}
        )
        days.append(
            PoolDay(
                session=session,
                rows=np.array(members, dtype=np.int32),
                bars=np.array([keys[row, int(history.sessions[session])] for row in members], dtype=np.int64),
                cells=np.zeros(len(members), dtype=np.int16),
            )
        )
    board = scoreboard(
        Future.of(history),
        signals,
        join_days(days),
        judged=Judged(entry=entry, slip_ticks=slip, seeds=20),
        sessions=list(range(history.sessions.size)),
        horizons=horizons,
    )
    return board.lines[4]


def test_trap_survivorship_a_delisted_ticker_counts_with_its_end():
    dying = [*[FLAT] * 5, (8_000, 8_000, 3_000, 3_000, 1, 10**6), (2_000, 2_000, 500, 500, 1, 10**6)]
    rows = {"000010": [*dying, *[None] * 23], "000020": [FLAT] * 30}
    gone = market(rows, delisted={"000010": day(SESSIONS[377])})
    line = follow(gone, [(0, 4), (1, 4)], horizons=(20,))
    assert line.filled == 2
    assert line.held == pytest.approx((-0.95 - 0.0023) / 2, abs=0.002)
    survivors_only = follow(market({"000020": [FLAT] * 30}), [(0, 4)], horizons=(20,))
    assert survivors_only.held > line.held + 0.4


def test_trap_todays_lists_a_flag_holds_only_on_its_days():
    rows = rows_of()
    history_of = {
        "never": market(rows),
        "later": market(
            rows, flags=[FlagSpan(ticker=t, flag=InstrumentFlag.ADMINISTRATIVE, valid_from=day(SESSIONS[399])) for t in rows]
        ),
        "then": market(
            rows, flags=[FlagSpan(ticker=t, flag=InstrumentFlag.ADMINISTRATIVE, valid_from=day(SESSIONS[0])) for t in rows]
        ),
    }
    found = {name: finds(replay_window(history, window(last=LENGTH - 2))) for name, history in history_of.items()}
    assert found["later"] == found["never"]
    assert not any(rows for _, _, rows, *_ in found["then"])


def test_trap_same_day_flows_a_decision_at_the_close_does_not_know_them():
    rows = rows_of()
    quiet = {ticker: [(-EOK, -EOK)] * 40 for ticker in rows}
    bought = {ticker: [*[(-EOK, -EOK)] * 39, (10**13, 10**13)] for ticker in rows}
    last = window(first=LENGTH - 1)
    jongga = [finds(replay_window(market(rows, flow=flow), replace(last, kinds=(JONGGA,)))) for flow in (quiet, bought)]
    assert jongga[0] == jongga[1]
    evening = [finds(replay_window(market(rows, flow=flow), replace(last, kinds=(DAYTRADING,)))) for flow in (quiet, bought)]
    assert evening[0] != evening[1]  # the checklist of the evening does know them


def test_trap_halted_zero_prices_are_no_lows():
    rows = {"000010": [*[FLAT] * 3, None, None, *[FLAT] * 10]}
    history = market(rows)
    line = follow(history, [(0, 2)], stop=9_000)
    assert line.mae == 0
    assert line.mean == pytest.approx(-0.0021, abs=1e-3)
    zeros = market({"000010": [*[FLAT] * 3, *[(1, 10_000, 1, 10_000, 1, 1)] * 2, *[FLAT] * 10]})
    assert follow(zeros, [(0, 2)], stop=9_000).mae < -0.9


def test_trap_unadjusted_splits_do_not_make_returns():
    split = [*[(50_000, 50_000, 50_000, 50_000, 200, 10**9)] * 4, *[FLAT] * 8]
    rows = {"000010": split}
    adjusted = follow(market(rows, splits=[("000010", SESSIONS[392], 0.2)]), [(0, 3)])
    assert adjusted.held == pytest.approx(-0.0021, abs=1e-3)
    unexplained = follow(market(rows), [(0, 3)])
    assert (unexplained.signals, unexplained.unresolved) == (1, 1)
    assert np.isnan([unexplained.held, unexplained.mean, unexplained.mae]).all()


def test_trap_weekends_signals_are_dated_on_sessions():
    history = market(rows_of())
    replayed = list(replay_window(history, BacktestWindow(since=date(2024, 6, 1), until=date(2024, 6, 30), kinds=(JONGGA,))))
    assert [day(each.day).weekday() for each in replayed].count(5) == 0
    assert {each.day for each in replayed} <= set(history.sessions.tolist())
    assert len(replayed) == 20


def test_trap_repeats_of_a_ticker_within_the_holding_period_count_once():
    rising = [(p, p, p, p, 1_000, 10**9) for p in (10_000, 10_000, 10_100, 10_200, 10_300, 10_400, 10_500, *[10_500] * 8)]
    history = market({"000010": rising})
    line = follow(history, [(0, 1), (0, 2), (0, 3), (0, 6)], horizons=(5,))
    assert line.signals == 2  # sessions 1 and 6
    assert follow(history, [(0, 1), (0, 2), (0, 3), (0, 6)], horizons=(1,)).signals == 4


def test_trap_costs_a_flat_trade_loses_fees_tax_and_slippage():
    history = market({"000010": [FLAT] * 10})
    assert follow(history, [(0, 1)]).held == pytest.approx((1 - 0.00015 - 0.0018) / 1.00015 - 1)
    slipped = follow(history, [(0, 1)], slip=1).held
    assert slipped == pytest.approx(9_990 * (1 - 0.00015 - 0.0018) / (10_010 * 1.00015) - 1)
    assert follow(history, [(0, 1)]).hit == 0


def test_the_base_rate_is_taken_from_the_same_day_and_not_from_zero():
    up = [(p, p, p, p, 1_000, 10**9) for p in range(10_000, 11_500, 100)]
    history = market({"000010": up, "000020": up, "000030": up})
    line = follow(history, [(0, 2), (0, 7)], others=(1, 2))
    assert line.held > 0.03
    assert line.base == pytest.approx(line.held)
    assert line.excess == pytest.approx(0)
    assert line.base_hit == 1
    assert line.band_low == pytest.approx(line.band_high)


def test_the_trigger_entry_waits_for_its_price_and_claims_no_base_rate():
    bars = [FLAT, FLAT, (10_000, 10_100, 9_900, 10_000, 1, 10**9), (10_050, 10_300, 10_000, 10_250, 1, 10**9), *[FLAT] * 30]
    history = market({"000010": bars})
    keys = np.flatnonzero(history.bars.date == history.sessions[0])
    purchases = Purchases(
        session=np.zeros(1, np.int32),
        bars=keys,
        trigger=np.array([10_200.0]),
        target=np.array([np.nan]),
        stop=np.array([np.nan]),
    )
    signals = SignalSet(
        rows=np.zeros(1, np.int32), grade=np.zeros(1, np.int8), published=np.ones(1, bool), purchases=purchases
    )
    board = scoreboard(
        Future.of(history),
        signals,
        join_days([PoolDay(session=0, rows=np.zeros(1, np.int32), bars=keys, cells=np.zeros(1, np.int16))]),
        judged=Judged(entry=EntryMode.TRIGGER, slip_ticks=0, seeds=2),
        sessions=[0],
        horizons=(1,),
    )
    line = board.lines[4]
    assert (line.signals, line.filled) == (1, 1)
    assert line.held == pytest.approx(10_250 * (1 - 0.00015 - 0.0018) / (10_200 * 1.00015) - 1)
    assert np.isnan([line.base, line.excess, line.band_low, line.band_high]).all()
    assert not claim(board.lines, 1).works


def test_judging_is_the_same_every_time():
    history, whole = market(rows_of()), window(kinds=(JONGGA,), horizons=(1,))
    replayed = list(replay_window(history, whole))
    assert repr(judge(history, whole, replayed)) == repr(judge(history, whole, replayed))
