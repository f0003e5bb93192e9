from datetime import UTC, date, datetime, time

import numpy as np
import pytest

from servers.scanner.as_of import newest_closed, published_by
from servers.scanner.history import build_panel, prepare_history
from servers.scanner.panel import Status
from servers.scanner.universe import FlagSpan, describe_universe
from shared.market.errors import InvalidInput, NotFound
from shared.market.instrument import Board, Instrument, InstrumentFlag, InstrumentKind
from shared.market.sessions import SessionCalendar
from shared.market.times import KST, kst_datetime
from tests.fixtures.columns import DAYS, bars, factors, flows, share_counts

LONG = tuple(int(str(day).replace("-", "")) for day in np.arange("2025-01-01", "2026-12-01", dtype="datetime64[D]"))


def history(columns, *, known=(), flow=None, instruments=None, flags=(), shares=None):
    facts = describe_universe(columns.tickers, instruments or {}, flags=flags)
    return prepare_history(columns, factors(list(known)), flows(flow or {}), facts, shares=shares)


def day(number):
    return date(number // 10_000, number // 100 % 100, number % 100)


def test_bars_are_right_aligned_and_halted_days_are_not_bars():
    columns = bars({"000020": [100, (100, "halted"), 102], "000030": [None, 200, 201]})
    panel = history(columns).panel(day(DAYS[2]), window=4)
    assert panel.count.tolist() == [2, 2]
    np.testing.assert_array_equal(panel.close, [[np.nan, np.nan, 100, 102], [np.nan, np.nan, 200, 201]])
    assert panel.date.tolist() == [[0, 0, DAYS[0], DAYS[2]], [0, 0, DAYS[1], DAYS[2]]]
    assert panel.session == DAYS[2]
    assert panel.row("000030") == 1
    with pytest.raises(NotFound):
        panel.row("999990")


def test_only_the_window_is_kept():
    panel = history(bars({"000020": [100, 101, 102, 103]})).panel(day(DAYS[6]), window=2)
    assert panel.close.tolist() == [[102, 103]]
    assert panel.count.tolist() == [2]


def test_a_ticker_without_trades_on_the_newest_session_is_halted():
    columns = bars({"000020": [100, (100, "halted")], "000030": [100, 101]})
    assert [Status(code) for code in history(columns).panel(day(DAYS[1])).status] == [Status.HALTED, Status.SHORT_HISTORY]


def test_sessions_without_any_row_are_holes_and_halted_days_are_not():
    rows = {"000020": [100, None, None, 103], "000030": [100, (100, "halted"), 101, 102], "000040": [None, None, 100, 101]}
    whole = history(bars(rows | {"000050": [100] * 4}))
    assert whole.panel(day(DAYS[3])).holes.tolist() == [2, 0, 0, 0]
    assert whole.panel(day(DAYS[3]), window=1).holes.tolist() == [0, 0, 0, 0]
    assert whole.panel(day(DAYS[0])).holes.tolist() == [0, 0, 0, 0]


def test_a_ticker_that_vanished_or_never_traded_has_no_data():
    columns = bars({"000020": [100] + [None] * 6, "000030": [100] * 7, "000040": [(100, "halted")] * 7})
    panel = history(columns).panel(day(DAYS[6]))
    assert [Status(code) for code in panel.status] == [Status.NO_DATA, Status.SHORT_HISTORY, Status.NO_DATA]


def test_sixty_bars_are_enough_and_fifty_nine_are_not():
    columns = bars({"000020": [100] * 60, "000030": [None] + [100] * 59}, days=LONG)
    panel = history(columns).panel(day(LONG[59]))
    assert [Status(code) for code in panel.status] == [Status.OK, Status.SHORT_HISTORY]


def test_a_jump_in_the_window_is_bad_until_it_leaves_it():
    columns = bars({"000020": [100] * 70 + [200] * 70}, days=LONG)
    known = history(columns)
    assert known.panel(day(LONG[69])).status.tolist() == [Status.OK]
    assert known.panel(day(LONG[70])).status.tolist() == [Status.BAD_ADJUST]
    assert known.panel(day(LONG[130]), window=62).status.tolist() == [Status.BAD_ADJUST]
    assert known.panel(day(LONG[130]), window=61).status.tolist() == [Status.OK]


def test_a_factor_heals_its_jump_and_scales_the_bars_before():
    columns = bars({"000020": [100] * 70 + [200] * 10}, days=LONG)
    panel = history(columns, known=[("000020", LONG[70], 2.0)]).panel(day(LONG[79]))
    assert panel.status.tolist() == [Status.OK]
    assert set(panel.close[0, -80:].tolist()) == {200.0}
    assert panel.volume[0, -80] == 500.0
    assert panel.turnover[0, -80] == 100_000.0


def test_a_factor_of_a_later_day_is_not_applied():
    columns = bars({"000020": [100] * 70 + [200] * 10}, days=LONG)
    panel = history(columns, known=[("000020", LONG[70], 2.0)]).panel(day(LONG[69]))
    assert panel.close[0, -1] == 100.0


def test_the_first_bars_of_a_listing_may_jump():
    instrument = Instrument(
        ticker="000020", name="새싹", kind=InstrumentKind.COMMON, board=Board.KOSDAQ, list_date=day(LONG[0])
    )
    columns = bars({"000020": [100, 300, 900] + [900] * 70}, days=LONG)
    assert history(columns, instruments={"000020": instrument}).panel(day(LONG[72])).status.tolist() == [Status.OK]
    assert history(columns).panel(day(LONG[72])).status.tolist() == [Status.BAD_ADJUST]


def test_liquidation_trading_may_jump():
    columns = bars({"000020": [100] * 70 + [20, 5]}, days=LONG)
    span = FlagSpan(ticker="000020", flag=InstrumentFlag.LIQUIDATION, valid_from=day(LONG[70]), valid_to=day(LONG[71]))
    assert history(columns, flags=[span]).panel(day(LONG[71])).status.tolist() == [Status.OK]
    assert history(columns).panel(day(LONG[71])).status.tolist() == [Status.BAD_ADJUST]


def test_the_future_is_not_in_the_panel():
    clean = bars({"000020": [100, 101, 102, 103], "000030": [200, 201, 202, 203]})
    poisoned = bars({"000020": [100, 101, 102, 9_999_999], "000030": [200, 201, 202, (1, "halted")]})
    flow = {"000020": [(DAYS[2], 5, 6)]}
    poisoned_flow = {"000020": [(DAYS[2], 5, 6), (DAYS[3], 10**15, -(10**15))]}
    counts = {"000020": [(DAYS[2], 10)]}
    poisoned_counts = {"000020": [(DAYS[2], 10), (DAYS[3], 10**9)]}
    then = history(clean, flow=flow, shares=share_counts(counts)).panel(day(DAYS[2]))
    now = history(
        poisoned,
        flow=poisoned_flow,
        known=[("000020", DAYS[3], 1e6)],
        shares=share_counts(poisoned_counts),
        flags=[FlagSpan(ticker="000030", flag=InstrumentFlag.ADMINISTRATIVE, valid_from=day(DAYS[3]))],
    ).panel(day(DAYS[2]))
    for name in ("session", "tickers"):
        assert getattr(then, name) == getattr(now, name)
    for name in ("date", "open", "high", "low", "close", "volume", "turnover", "jump", "status", "market_cap", "count"):
        np.testing.assert_array_equal(getattr(then, name), getattr(now, name), err_msg=name)
    for name in ("dates", "foreign_net", "institution_net", "turnover"):
        np.testing.assert_array_equal(getattr(then.flows, name), getattr(now.flows, name), err_msg=name)
    np.testing.assert_array_equal(then.universe.exclusion, now.universe.exclusion)


@pytest.mark.parametrize(
    ("moment", "bar_day", "flow_day"),
    [
        (datetime(2026, 4, 2, 15, 15, tzinfo=KST), 20260401, 20260401),
        (datetime(2026, 4, 2, 15, 30, tzinfo=KST), 20260402, 20260401),
        (datetime(2026, 4, 2, 17, 59, 59, tzinfo=KST), 20260402, 20260401),
        (datetime(2026, 4, 2, 18, 0, tzinfo=KST), 20260402, 20260402),
        (datetime(2026, 4, 2, 9, 0, tzinfo=UTC), 20260402, 20260402),
        (datetime(2026, 4, 2, 23, 0, tzinfo=UTC), 20260402, 20260402),
        (date(2026, 4, 2), 20260402, 20260402),
    ],
)
def test_bars_are_known_from_1530_and_flows_from_1800_in_korea(moment, bar_day, flow_day):
    known = published_by(moment)
    assert (known.bars, known.flows) == (bar_day, flow_day)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(InvalidInput):
        published_by(datetime(2026, 4, 2, 15, 15))


def test_flows_stand_under_their_sessions_and_unpublished_ones_are_unknown():
    columns = bars({"000020": [100, (100, "halted"), 102], "000030": [200, 201, 202]})
    flow = {"000030": [(DAYS[0], 1, 2), (DAYS[2], 3, 4)], "000020": [(DAYS[1], 5, 6)], "777770": [(DAYS[1], 7, 8)]}
    panel = history(columns, flow=flow).panel(datetime(2026, 1, 7, 16, 0, tzinfo=KST))
    assert panel.flows.dates.tolist() == [0, 0, 0, *DAYS[:3]]
    assert panel.flows.published == 5
    np.testing.assert_array_equal(panel.flows.foreign_net[:, -3:], [[np.nan, 5, np.nan], [1, np.nan, np.nan]])
    np.testing.assert_array_equal(panel.flows.institution_net[:, -3:], [[np.nan, 6, np.nan], [2, np.nan, np.nan]])
    np.testing.assert_array_equal(panel.flows.turnover[:, -3:], [[100_000, 0, 102_000], [200_000, 201_000, 202_000]])
    evening = history(columns, flow=flow).panel(day(DAYS[2]))
    assert evening.flows.published == 6
    assert evening.flows.foreign_net[1, -1] == 3


def test_market_cap_is_the_share_count_of_then_times_the_raw_close():
    columns = bars({"000020": [100, 101, 200], "000030": [100, 101, 102], "000040": [(5, "halted")] * 3})
    instruments = {
        ticker: Instrument(ticker=ticker, name="", kind=InstrumentKind.COMMON, shares=7) for ticker in ("000030", "000040")
    }
    counts = share_counts({"000020": [(DAYS[0], 10), (DAYS[2], 5)]})
    known = history(columns, instruments=instruments, shares=counts, known=[("000020", DAYS[2], 2.0)])
    np.testing.assert_array_equal(known.panel(day(DAYS[1])).market_cap, [1010, 707, np.nan])
    np.testing.assert_array_equal(known.panel(day(DAYS[2])).market_cap, [1000, 714, np.nan])


def test_an_estimated_turnover_is_remembered():
    columns = bars({"000020": [100] * 30, "000030": [100] * 30}, days=LONG)
    columns.turnover_estimated[[5, 30 + 15]] = True
    assert history(columns).panel(day(LONG[29])).turnover_estimated.tolist() == [False, True]


def test_a_day_before_all_data_gives_an_empty_panel():
    panel = history(bars({"000020": [100, 101]})).panel(date(2020, 1, 1))
    assert panel.session == 0
    assert panel.status.tolist() == [Status.NO_DATA]
    assert not panel.ranked.any()


def test_no_tickers_at_all_give_an_empty_panel():
    columns = bars({})
    panel = build_panel(columns, factors([]), flows({}), describe_universe((), {}), as_of=date(2026, 1, 5))
    assert panel.tickers == ()
    assert panel.close.shape == (0, 320)


def test_facts_of_other_tickers_are_refused():
    with pytest.raises(InvalidInput, match=r"facts\.tickers"):
        prepare_history(bars({"000020": [1]}), factors([]), flows({}), describe_universe(["000030"], {}))


@pytest.mark.parametrize(
    ("moment", "newest"),
    [
        (kst_datetime(date(2026, 11, 19), time(15, 45)), date(2026, 11, 18)),  # exam day trades until 16:30
        (kst_datetime(date(2026, 11, 19), time(16, 30)), date(2026, 11, 19)),
        (kst_datetime(date(2026, 11, 20), time(15, 29)), date(2026, 11, 19)),
        (kst_datetime(date(2026, 11, 20), time(15, 30)), date(2026, 11, 20)),
        (date(2026, 11, 19), date(2026, 11, 19)),
        (date(2026, 11, 21), date(2026, 11, 20)),  # a Saturday
    ],
)
def test_bars_are_known_from_the_close_of_their_own_session(moment, newest):
    assert newest_closed(moment, SessionCalendar.load()) == newest
