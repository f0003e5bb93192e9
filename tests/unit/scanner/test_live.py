from datetime import UTC, datetime

import numpy as np
import pytest

from servers.scanner.live import LiveBars, LiveVcp, begin_session, put_bars
from servers.scanner.panel import Status
from servers.scanner.strategies import vcp_signal
from shared.market.errors import InvalidInput
from tests.fixtures.raw_panels import flows_of, panel_of, random_series

NEXT = 20261201
NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)


def market(seed, count, *, drop=0, shortest=40):
    random = np.random.default_rng(seed)
    lengths = [int(random.choice([321, 321, random.integers(shortest, 100)])) for _ in range(count)]
    bars = {f"{i:05d}0": random_series(seed * 100 + i, length) for i, length in enumerate(lengths)}
    return {ticker: rows[:, : rows.shape[1] - drop] for ticker, rows in bars.items()}


def newest(bars_by_ticker, rows, *, scale=1.0, session=NEXT):
    last = np.stack([bars[:, -1] for bars in bars_by_ticker.values()])[rows]
    names = ("open", "high", "low", "close", "volume", "turnover")
    values = {name: last[:, column] * (scale if column < 4 else 1.0) for column, name in enumerate(names)}
    return LiveBars(session=session, rows=np.asarray(rows, dtype=np.int64), **values)


def assert_same_scores(live, full, rows):
    pairs = (
        (live.vcp.records, full.vcp.records),
        (live.vcp.strength.rating, full.vcp.strength.rating),
        (live.total, full.total),
        (live.grade, full.grade),
        (live.detected, full.detected),
        (live.scored, full.scored),
    )
    for ours, theirs in pairs:
        for row in rows:
            np.testing.assert_equal(ours[row].tolist(), theirs[row].tolist())


@pytest.mark.parametrize("seed", range(4))
def test_bars_put_one_by_one_score_as_a_scan_of_the_whole_panel(seed):
    bars = market(seed, 24)
    live = LiveVcp(begin_session(panel_of(market(seed, 24, drop=1)), NEXT, NOW))
    assert not live.signals.scored.any()
    for row in np.random.default_rng(seed).permutation(24).tolist():
        live.put(newest(bars, [row], scale=1.1))
        live.put(newest(bars, [row]))
    live.rescan(np.arange(24))
    full = vcp_signal.score(panel_of(bars, flows=live.signals.panel.flows))
    assert full.scored.any()
    assert_same_scores(live.signals, full, range(24))


def test_one_tickers_rescan_equals_its_row_in_a_full_scan():
    bars = market(9, 30, shortest=70)
    live = LiveVcp(begin_session(panel_of(market(9, 30, drop=1, shortest=70)), NEXT, NOW))
    live.put(newest(bars, range(30)))
    live.put(newest(bars, [7], scale=1.04))
    live.put(newest(bars, [3], scale=0.97))
    full = vcp_signal.score(live.signals.panel)
    assert_same_scores(live.signals, full, [3])


def test_a_bar_of_the_running_session_replaces_itself():
    bars = market(1, 3, shortest=70)
    panel = begin_session(panel_of(market(1, 3, drop=1, shortest=70)), NEXT, NOW)
    before = panel.count.copy()
    for scale in (1.0, 1.02, 0.99):
        put_bars(panel, newest(bars, [0], scale=scale))
    assert panel.count.tolist() == [min(before[0] + 1, 320), before[1], before[2]]
    assert panel.date[:, -1].tolist() == [NEXT, panel.date[1, -1], panel.date[2, -1]]
    assert panel.close[0, -1] == bars["000000"][3, -1] * 0.99
    assert panel.complete.tolist() == [False, True, True]
    assert [Status(code) for code in panel.status] == [Status.OK, Status.HALTED, Status.HALTED]


def test_a_jump_of_the_running_session_is_bad_until_the_price_comes_back():
    bars = market(1, 1, shortest=90)
    panel = begin_session(panel_of(market(1, 1, drop=1, shortest=90)), NEXT, NOW)
    put_bars(panel, newest(bars, [0], scale=3.0))
    assert panel.status.tolist() == [Status.BAD_ADJUST]
    put_bars(panel, newest(bars, [0]))
    assert panel.status.tolist() == [Status.OK]


def test_the_sixtieth_bar_ends_a_short_history():
    rows = random_series(5, 60)
    live = LiveVcp(begin_session(panel_of({"000010": rows[:, :58]}), NEXT, NOW))
    live.put(newest({"000010": rows[:, :59]}, [0]))
    assert live.signals.panel.status.tolist() == [Status.SHORT_HISTORY]
    assert not live.signals.scored[0]
    following = LiveVcp(begin_session(live.signals.panel, NEXT + 1, NOW))
    following.put(newest({"000010": rows}, [0], session=NEXT + 1))
    assert following.signals.scored[0]


@pytest.mark.parametrize("field", ["open", "high", "low", "close", "volume"])
def test_what_is_no_traded_bar_is_not_put(field):
    bars = market(2, 2, shortest=70)
    panel = begin_session(panel_of(market(2, 2, drop=1, shortest=70)), NEXT, NOW)
    wrong = newest(bars, [0, 1])
    getattr(wrong, field)[0] = 0
    put_bars(panel, wrong)
    assert [Status(code) for code in panel.status] == [Status.HALTED, Status.OK]


def test_bars_of_another_session_are_refused():
    bars = market(2, 1)
    live = LiveVcp(begin_session(panel_of(market(2, 1, drop=1)), NEXT, NOW))
    with pytest.raises(InvalidInput, match="session"):
        live.put(newest(bars, [0], session=NEXT + 1))
    with pytest.raises(InvalidInput, match="session"):
        begin_session(live.signals.panel, NEXT, NOW)


def test_a_new_session_moves_the_flows_back_and_publishes_none():
    panel = panel_of({"000010": random_series(1, 100)}, flows=flows_of([(i, 10 * i, 100 * i) for i in range(1, 7)]))
    flows = begin_session(panel, NEXT, NOW).flows
    assert flows.dates[-1] == NEXT
    assert flows.published == 5
    np.testing.assert_array_equal(flows.foreign_net, [[2, 3, 4, 5, 6, np.nan]])
    np.testing.assert_array_equal(flows.turnover, [[200, 300, 400, 500, 600, np.nan]])
