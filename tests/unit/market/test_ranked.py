"""The order of instruments over a period."""

import numpy as np
import pytest
from kstock.common.v1 import ranking_pb2

from servers.market.ranked import Order, ranked_by_bars, ranked_by_flows
from shared.market.bars import BarColumns, FactorColumns, FlowColumns
from shared.market.instrument import Instrument, InstrumentKind, Ticker

DAYS = (20260427, 20260428, 20260429)
CLOSES = {"000010": (1_000, 1_100, 1_210), "000020": (500, 500, 400), "000030": (5_000, 1_000, 1_100)}
LISTED = {
    ticker: Instrument(ticker=Ticker(ticker), name=f"종목{ticker}", kind=InstrumentKind.COMMON, shares=10)
    for ticker in CLOSES
}
SPLIT = FactorColumns(
    tickers=("000030",),
    ex_date=np.array([20260428], dtype=np.int32),
    price_factor=np.array([0.2]),
    quarantined=np.array([False]),
)


def bars() -> BarColumns:
    close = np.array([price for prices in CLOSES.values() for price in prices], dtype=np.int64)
    size = close.size
    return BarColumns(
        tickers=tuple(CLOSES),
        ticker_index=np.repeat(np.arange(3, dtype=np.int32), 3),
        date=np.tile(np.array(DAYS, dtype=np.int32), 3),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.arange(1, size + 1, dtype=np.int64),
        turnover=close * np.arange(1, size + 1),
        turnover_estimated=np.zeros(size, dtype=np.bool_),
        adjusted_as_of=np.zeros(size, dtype=np.int32),
    )


@pytest.mark.parametrize(
    ("days", "ascending", "expected"),
    [
        ((20260429, 20260429), False, {"000010": 1_000, "000030": 1_000, "000020": -2_000}),
        ((20260428, 20260429), True, {"000020": -2_000, "000030": 1_000, "000010": 2_100}),
    ],
)
def test_changes_count_from_the_close_before_the_period_on_one_scale(days, ascending, expected):
    order = Order(ascending=ascending, limit=5)
    rows = ranked_by_bars(bars(), SPLIT, LISTED, measure=ranking_pb2.RANK_MEASURE_CHANGE, days=days, order=order).rows
    assert [(row.rank, row.instrument.ticker, row.change_bps) for row in rows] == [
        (place, ticker, change) for place, (ticker, change) in enumerate(expected.items(), start=1)
    ]


def test_an_unexplained_jump_has_no_place_among_changes_but_among_turnovers():
    odd = FactorColumns(
        tickers=SPLIT.tickers,
        ex_date=SPLIT.ex_date,
        price_factor=np.array([1.0]),
        quarantined=np.array([True]),
    )
    days = (20260428, 20260429)
    order = Order(ascending=False, limit=5)
    changes, turnovers = (
        ranked_by_bars(bars(), odd, LISTED, measure=measure, days=days, order=order)
        for measure in (ranking_pb2.RANK_MEASURE_CHANGE, ranking_pb2.RANK_MEASURE_TURNOVER)
    )
    assert ([row.instrument.ticker for row in changes.rows], changes.compared_count) == (["000010", "000020"], 2)
    assert turnovers.rows[0].instrument.ticker == "000030"


@pytest.mark.parametrize(
    ("measure", "ascending", "expected"),
    [
        (ranking_pb2.RANK_MEASURE_FOREIGN_NET, False, ["000010", "000030", "000020"]),
        (ranking_pb2.RANK_MEASURE_BOTH_NET, False, ["000010"]),
        (ranking_pb2.RANK_MEASURE_BOTH_NET, True, ["000020"]),
    ],
)
def test_flows_are_summed_and_both_together_only_where_they_agree(measure, ascending, expected):
    flows = FlowColumns(
        tickers=tuple(CLOSES),
        ticker_index=np.array([0, 0, 1, 2], dtype=np.int32),
        date=np.array([*DAYS[:2], *DAYS[:2]], dtype=np.int32),
        foreign_net=np.array([5, 3, -9, 4], dtype=np.int64),
        institution_net=np.array([1, 1, -1, -5], dtype=np.int64),
        from_shares=np.zeros(4, dtype=np.bool_),
    )
    found = ranked_by_flows(flows, LISTED, measure=measure, order=Order(ascending=ascending, limit=5))
    assert [row.instrument.ticker for row in found.rows] == expected


@pytest.mark.parametrize(
    ("closes", "measure", "expected"),
    [
        ((*(1_000,) * 20, 1_010), ranking_pb2.RANK_MEASURE_NEW_HIGH, [("000010", 100)]),
        ((*(1_000,) * 20, 1_000), ranking_pb2.RANK_MEASURE_NEW_HIGH, []),
        ((*(1_000,) * 19, 1_010), ranking_pb2.RANK_MEASURE_NEW_HIGH, []),
        ((*(1_000,) * 20, 990), ranking_pb2.RANK_MEASURE_NEW_LOW, [("000010", -100)]),
        ((1_000, 1_300), ranking_pb2.RANK_MEASURE_LIMIT_UP, [("000010", 3_000)]),
        ((1_000, 1_299), ranking_pb2.RANK_MEASURE_LIMIT_UP, []),
        ((1_000, 700), ranking_pb2.RANK_MEASURE_LIMIT_DOWN, [("000010", -3_000)]),
    ],
)
def test_highs_lows_and_limits_are_those_of_the_last_day(closes, measure, expected):
    days = np.array([20260301 + place for place in range(len(closes))], dtype=np.int32)
    close = np.array(closes, dtype=np.int64)
    series = BarColumns(
        tickers=("000010",),
        ticker_index=np.zeros(close.size, dtype=np.int32),
        date=days,
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.ones(close.size, dtype=np.int64),
        turnover=close,
        turnover_estimated=np.zeros(close.size, dtype=np.bool_),
        adjusted_as_of=np.zeros(close.size, dtype=np.int32),
    )
    period = (int(days[0]), int(days[-1]))
    order = Order(ascending=False, limit=5)
    found = ranked_by_bars(series, SPLIT, LISTED, measure=measure, days=period, order=order)
    assert [(row.instrument.ticker, row.change_bps) for row in found.rows] == expected
    assert found.compared_count == len(expected)
