"""Cuts what a chart shows out of one ticker's bars: adjusted as of a day, by day, week or month. Pure."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from servers.market.series import TickerSeries
from shared.market.adjust import adjustment, traded
from shared.market.bars import BarColumns


class Span(StrEnum):
    """Length of a bar that is made of sessions."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars in ascending order; arrays have shape (n,), prices in won as whole numbers, `date` yyyymmdd.

    `date` of a week or month is its last session with a bar. `halted` rows have open = high = low = 0.
    """

    date: NDArray[np.int32]
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]
    turnover: NDArray[np.int64]
    turnover_estimated: NDArray[np.bool_]
    halted: NDArray[np.bool_]

    def rows(self, chosen: slice | NDArray[np.bool_]) -> "Chart":
        """Some of the bars."""
        return Chart(
            date=self.date[chosen],
            open=self.open[chosen],
            high=self.high[chosen],
            low=self.low[chosen],
            close=self.close[chosen],
            volume=self.volume[chosen],
            turnover=self.turnover[chosen],
            turnover_estimated=self.turnover_estimated[chosen],
            halted=self.halted[chosen],
        )


def daily_chart(series: TickerSeries, *, first: int, last: int, adjusted_as_of: int | None, with_halted: bool) -> Chart:
    """Daily bars of a period.

    Args:
        series: The stored bars and factors of one ticker.
        first: First day, yyyymmdd.
        last: Last day, yyyymmdd.
        adjusted_as_of: Day whose scale the prices have; None for raw prices, which leaves out rows that their source has
            adjusted already: they never were prices.
        with_halted: Whether days without trading are kept.
    """
    bars = series.bars
    halted = ~traded(bars)
    chosen = (bars.date >= first) & (bars.date <= last)
    if not with_halted:
        chosen &= ~halted
    if adjusted_as_of is None:
        chosen &= bars.adjusted_as_of == 0
        return _chart(bars, halted).rows(chosen)
    scale = adjustment(bars, series.factors, adjusted_as_of)
    return _scaled(_chart(bars, halted), scale).rows(chosen)


def combined(daily: Chart, span: Span) -> Chart:
    """Daily bars joined to weeks or months; halted days are no part of them."""
    traded_days = daily.rows(~daily.halted)
    if span is Span.DAY or not traded_days.date.size:
        return daily
    group = _weeks(traded_days.date) if span is Span.WEEK else traded_days.date // 100
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    ends = np.r_[starts[1:], group.size] - 1
    return Chart(
        date=traded_days.date[ends],
        open=traded_days.open[starts],
        high=np.maximum.reduceat(traded_days.high, starts),
        low=np.minimum.reduceat(traded_days.low, starts),
        close=traded_days.close[ends],
        volume=np.add.reduceat(traded_days.volume, starts),
        turnover=np.add.reduceat(traded_days.turnover, starts),
        turnover_estimated=np.logical_or.reduceat(traded_days.turnover_estimated, starts),
        halted=np.zeros(starts.size, dtype=np.bool_),
    )


def unexplained_jumps(series: TickerSeries, *, first: int, last: int) -> list[int]:
    """Days of a period, yyyymmdd, whose price jump nothing explains."""
    days = series.factors.ex_date
    return [int(day) for day in days[series.factors.quarantined & (days >= first) & (days <= last)]]


def _chart(bars: BarColumns, halted: NDArray[np.bool_]) -> Chart:
    return Chart(
        date=bars.date,
        open=bars.open,
        high=bars.high,
        low=bars.low,
        close=bars.close,
        volume=bars.volume,
        turnover=bars.turnover,
        turnover_estimated=bars.turnover_estimated,
        halted=halted,
    )


def _scaled(raw: Chart, scale: NDArray[np.float64]) -> Chart:
    if np.all(scale == 1.0):
        return raw

    def price(column: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.rint(column * scale).astype(np.int64)

    return Chart(
        date=raw.date,
        open=price(raw.open),
        high=price(raw.high),
        low=price(raw.low),
        close=price(raw.close),
        volume=np.rint(raw.volume / scale).astype(np.int64),
        turnover=raw.turnover,
        turnover_estimated=raw.turnover_estimated,
        halted=raw.halted,
    )


def _weeks(date: NDArray[np.int32]) -> NDArray[np.int64]:
    months = ((date // 10_000 - 1970) * 12 + date // 100 % 100 - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + date % 100 - 1
    return np.asarray((days + 3) // 7, dtype=np.int64)  # 1970-01-01 was a Thursday; weeks begin on Monday
