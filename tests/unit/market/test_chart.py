"""What a chart shows of one ticker's bars."""

import numpy as np
import pytest

from servers.market.chart import Span, combined, daily_chart, unexplained_jumps
from servers.market.series import TickerSeries
from servers.market.stored_quotes import previous_closes
from shared.market.bars import BarColumns, FactorColumns


def columns(
    *rows: tuple[int, int, int], adjusted: int = 0, tickers: tuple[str, ...] = ("005930",), owner: list[int] | None = None
):
    """Bars of (day, close, volume); a volume of 0 is a halted day."""
    day, close, volume = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    traded = np.where(volume > 0, 1, 0)
    return BarColumns(
        tickers=tickers,
        ticker_index=np.array(owner or [0] * len(rows), dtype=np.int32),
        date=day.astype(np.int32),
        open=close * traded,
        high=(close + 5) * traded,
        low=(close - 5) * traded,
        close=close,
        volume=volume,
        turnover=close * volume,
        turnover_estimated=np.zeros(len(rows), dtype=np.bool_),
        adjusted_as_of=np.full(len(rows), adjusted, dtype=np.int32),
    )


def factors(*rows: tuple[int, float, bool], ticker: str = "005930") -> FactorColumns:
    return FactorColumns(
        tickers=(ticker,) * len(rows),
        ex_date=np.array([row[0] for row in rows], dtype=np.int32),
        price_factor=np.array([row[1] for row in rows], dtype=np.float64),
        quarantined=np.array([row[2] for row in rows], dtype=np.bool_),
    )


def series(bars: BarColumns, *actions: tuple[int, float, bool]) -> TickerSeries:
    return TickerSeries(bars=bars, factors=factors(*actions), sources=("krx",))


def shown(stored: TickerSeries, *, as_of: int | None = 20991231, with_halted: bool = False):
    return daily_chart(stored, first=19000101, last=20991231, adjusted_as_of=as_of, with_halted=with_halted)


def test_prices_before_an_action_are_scaled_and_volumes_divided():
    chart = shown(series(columns((20260305, 1_000, 10), (20260306, 205, 50)), (20260306, 0.2, False)))
    assert (chart.close.tolist(), chart.volume.tolist(), chart.turnover.tolist()) == ([200, 205], [50, 50], [10_000, 10_250])


def test_an_action_after_the_day_of_the_scale_does_not_count():
    stored = series(columns((20260305, 1_000, 10), (20260306, 205, 50)), (20260306, 0.2, False))
    assert shown(stored, as_of=20260305).close.tolist() == [1_000, 205]


def test_halted_days_are_left_out_unless_asked_for():
    stored = series(columns((20260305, 100, 10), (20260306, 100, 0)))
    assert shown(stored).date.tolist() == [20260305]
    assert shown(stored, with_halted=True).halted.tolist() == [False, True]


def test_prices_that_a_source_adjusted_are_no_raw_prices():
    assert shown(series(columns((20260305, 100, 10), adjusted=20250617)), as_of=None).date.size == 0


def test_weeks_begin_on_monday_also_across_a_year():
    days = (20251226, 20251229, 20251230, 20260102, 20260105)
    weeks = combined(shown(series(columns(*((day, 100 + place, 10) for place, day in enumerate(days))))), Span.WEEK)
    assert weeks.date.tolist() == [20251226, 20260102, 20260105]
    assert (weeks.open.tolist(), weeks.close.tolist(), weeks.volume.tolist()) == (
        [100, 101, 104],
        [100, 103, 104],
        [10, 30, 10],
    )
    assert (weeks.high.tolist(), weeks.low.tolist()) == ([105, 108, 109], [95, 96, 99])


def test_months_take_no_part_of_halted_days():
    days = ((20260227, 100, 10), (20260303, 101, 0), (20260304, 102, 10))
    months = combined(shown(series(columns(*days)), with_halted=True), Span.MONTH)
    assert (months.date.tolist(), months.open.tolist()) == ([20260227, 20260304], [100, 102])


def test_only_quarantined_jumps_of_the_period_are_named():
    stored = series(columns((20260305, 100, 1)), (20260302, 1.0, True), (20260305, 1.0, True), (20260306, 0.5, False))
    assert unexplained_jumps(stored, first=20260303, last=20260306) == [20260305]


@pytest.mark.parametrize(("actions", "previous"), [((), 1_000), (((20260306, 0.2, False),), 200)])
def test_the_previous_close_is_on_the_scale_of_the_newest_bar(actions, previous):
    bars = columns((20260305, 1_000, 10), (20260306, 205, 50))
    assert previous_closes(bars, factors(*actions)) == {"005930": previous}


def test_a_ticker_with_one_bar_has_no_previous_close():
    bars = columns((20260306, 100, 1), (20260305, 7, 1), (20260306, 8, 1), tickers=("000660", "005930"), owner=[0, 1, 1])
    assert previous_closes(bars, factors()) == {"005930": 7}
