"""Figures of many instruments over a period, and their order; pure arithmetic on columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from kstock.common.v1 import ranking_pb2
from numpy.typing import NDArray

from shared.market.adjust import adjustment, row_keys, select_rows, traded
from shared.market.bars import BarColumns, FactorColumns, FlowColumns
from shared.market.instrument import Instrument
from shared.market.tick_size import price_limits
from shared.rpc.messages.instruments import instrument_message

_LEAST_BEFORE = 20
"""Sessions before the last one without which a close is no high of the period."""
MEAN_OF = 20
"""Sessions before the last day whose mean volume it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Rows in their order with their places, and how many instruments were compared."""

    rows: list[ranking_pb2.RankedInstrument]
    compared_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """From which end, and how many rows."""

    ascending: bool
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """Where each ticker's rows of a period lie: `start` its first row, `first` the period's first, `end` after its last."""

    start: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """What bars tell of each ticker over a period, adjusted as of its last day; NaN where it is unknown.

    `before` is the close of the session before the last one, `highest` and `lowest` are those of the period's closes without
    the last, which itself counts only on the period's last day.
    """

    base_close: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    turnover: NDArray[np.float64]
    volume_ratio: NDArray[np.float64]
    before: NDArray[np.float64]
    highest: NDArray[np.float64]
    lowest: NDArray[np.float64]


def ranked_by_bars(
    bars: BarColumns,
    factors: FactorColumns,
    instruments: Mapping[str, Instrument],
    *,
    measure: ranking_pb2.RankMeasure,
    days: tuple[int, int],
    order: Order,
) -> Ranking:
    """The first rows among the instruments that traded in the period and have the measure.

    Args:
        bars: Raw bars of the period and some time before it.
        factors: Factors up to the last day.
        instruments: Those to compare, by ticker.
        measure: One of those that bars tell.
        days: First and last day of the period, yyyymmdd. Prices are adjusted as of the last one.
        order: Which rows.
    """
    kept = select_rows(bars, traded(bars))
    if not kept.date.size:
        return Ranking(rows=[], compared_count=0)
    spans = _spans(kept, *days)
    figures = _figures(kept, adjustment(kept, factors, days[1]), spans, days[1])
    shares = np.array([_shares(instruments.get(ticker)) for ticker in kept.tickers])
    value = _VALUES[measure](figures, shares)
    compared = np.array([ticker in instruments for ticker in kept.tickers]) & (spans.end > spans.first)
    if measure in _ACROSS_DAYS:
        doubtful = _doubtful(factors, days)
        compared &= np.array([ticker not in doubtful for ticker in kept.tickers])
    value = np.where(compared, value, np.nan)
    figures = replace(figures, base_close=figures.before) if measure in _OF_LAST_DAY else figures
    rows = [_row(instruments[kept.tickers[place]], figures, place) for place in _places(value, kept.tickers, order)]
    return Ranking(rows=_placed(rows), compared_count=int((~np.isnan(value)).sum()))


def ranked_by_flows(
    flows: FlowColumns, instruments: Mapping[str, Instrument], *, measure: ranking_pb2.RankMeasure, order: Order
) -> Ranking:
    """The first rows among the instruments that have flows in the period.

    Args:
        flows: Flows of the period.
        instruments: Those to compare, by ticker.
        measure: One of those that flows tell; BOTH_NET leaves out where the two disagree.
        order: Which rows; ascending means that selling is asked for.
    """
    size = len(flows.tickers)
    foreign, institution = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.add.at(foreign, flows.ticker_index, flows.foreign_net)
    np.add.at(institution, flows.ticker_index, flows.institution_net)
    value = _flow_value(measure, foreign, institution, ascending=order.ascending)
    value[[ticker not in instruments for ticker in flows.tickers]] = np.nan
    rows = [
        ranking_pb2.RankedInstrument(
            instrument=instrument_message(instruments[flows.tickers[place]]),
            foreign_net_krw=int(foreign[place]),
            institution_net_krw=int(institution[place]),
        )
        for place in _places(value, flows.tickers, order)
    ]
    return Ranking(rows=_placed(rows), compared_count=int((~np.isnan(value)).sum()))


def _places(value: NDArray[np.float64], tickers: tuple[str, ...], order: Order) -> list[int]:
    """Positions of the first values; equal ones by ticker, unknown ones never."""
    signed = value if order.ascending else -value
    known = np.flatnonzero(~np.isnan(signed)).tolist()
    return sorted(known, key=lambda place: (float(signed[place]), tickers[place]))[: order.limit]


def _placed(rows: list[ranking_pb2.RankedInstrument]) -> list[ranking_pb2.RankedInstrument]:
    for place, row in enumerate(rows, start=1):
        row.rank = place
    return rows


def _spans(bars: BarColumns, first: int, last: int) -> _Spans:
    keys, tickers = row_keys(bars.ticker_index, bars.date), np.arange(len(bars.tickers), dtype=np.int32)

    def rows_before(day: int) -> NDArray[np.int64]:
        return np.searchsorted(keys, row_keys(tickers, np.full(tickers.size, day, dtype=np.int32)))

    return _Spans(start=rows_before(0), first=rows_before(first), end=rows_before(last + 1))


def _doubtful(factors: FactorColumns, days: tuple[int, int]) -> frozenset[str]:
    """Tickers with a jump in the period that nothing explains: a change across it means nothing."""
    inside = factors.quarantined & (factors.ex_date >= days[0]) & (factors.ex_date <= days[1])
    return frozenset(factors.tickers[row] for row in np.flatnonzero(inside).tolist())


def _figures(bars: BarColumns, scale: NDArray[np.float64], spans: _Spans, until: int) -> _Figures:
    """Figures per ticker; what tickers without a bar in the period get means nothing."""
    close, volume = bars.close * scale, bars.volume / scale
    last = np.maximum(spans.end - 1, 0)
    base = np.maximum(spans.start, np.minimum(spans.first, last) - (spans.first > spans.start))
    on_time = (bars.date[last] == until) & (last > spans.start)
    known = on_time & (last - spans.first >= _LEAST_BEFORE)
    return _Figures(
        base_close=np.round(close[base]),
        close=np.round(close[last]),
        volume=_sums(volume, spans.first, spans.end),
        turnover=_sums(bars.turnover.astype(np.float64), spans.first, spans.end),
        volume_ratio=_ratio(volume, spans, last),
        before=np.where(on_time, np.round(close[np.maximum(last - 1, 0)]), np.nan),
        highest=_extremes(np.maximum, close, spans, known),
        lowest=_extremes(np.minimum, close, spans, known),
    )


def _extremes(extreme: np.ufunc, close: NDArray[np.float64], spans: _Spans, known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The extreme of the period's closes without the last; NaN where that is not known."""
    found = np.full(known.size, np.nan)
    for place in np.flatnonzero(known).tolist():
        found[place] = extreme.reduce(close[spans.first[place] : spans.end[place] - 1])
    return np.round(found)


def _ratio(volume: NDArray[np.float64], spans: _Spans, last: NDArray[np.int64]) -> NDArray[np.float64]:
    """The last day against the mean of the sessions before it; NaN where there are too few."""
    enough = last - spans.start >= MEAN_OF
    before = _sums(volume, np.where(enough, last - MEAN_OF, last), last) / MEAN_OF
    unknown = np.full(last.size, np.nan)
    return np.asarray(np.divide(volume[last], before, out=unknown, where=enough & (before > 0)))


def _sums(values: NDArray[np.float64], first: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
    total = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray(total[end] - total[first])


def _row(instrument: Instrument, figures: _Figures, place: int) -> ranking_pb2.RankedInstrument:
    base_close, close = int(figures.base_close[place]), int(figures.close[place])
    ratio = float(figures.volume_ratio[place])
    return ranking_pb2.RankedInstrument(
        instrument=instrument_message(instrument),
        base_close_krw=base_close,
        close_krw=close,
        change_bps=_bps(close, base_close),
        volume_shares=round(float(figures.volume[place])),
        turnover_krw=round(float(figures.turnover[place])),
        market_cap_krw=None if instrument.shares is None else instrument.shares * close,
        volume_ratio_e2=None if np.isnan(ratio) else round(100 * ratio),
    )


def _shares(instrument: Instrument | None) -> float:
    return np.nan if instrument is None or instrument.shares is None else float(instrument.shares)


def _bps(price: int, base: int) -> int:
    """Change in basis points, rounded half away from zero."""
    move = price - base
    return (-1 if move < 0 else 1) * ((abs(move) * 20_000 + base) // (2 * base)) if base > 0 else 0


def _flow_value(
    measure: ranking_pb2.RankMeasure, foreign: NDArray[np.int64], institution: NDArray[np.int64], *, ascending: bool
) -> NDArray[np.float64]:
    if measure == ranking_pb2.RANK_MEASURE_FOREIGN_NET:
        return foreign.astype(np.float64)
    if measure == ranking_pb2.RANK_MEASURE_INSTITUTION_NET:
        return institution.astype(np.float64)
    agree = (foreign < 0) & (institution < 0) if ascending else (foreign > 0) & (institution > 0)
    return np.where(agree, foreign + institution, np.nan)


def _change(figures: _Figures, _: NDArray[np.float64]) -> NDArray[np.float64]:
    unknown = np.full(figures.close.size, np.nan)
    return np.asarray(np.divide(figures.close, figures.base_close, out=unknown, where=figures.base_close > 0))


def _cap(figures: _Figures, shares: NDArray[np.float64], holds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Capitalisation of those for which it holds, 0 without a known number of shares."""
    return np.where(holds, np.nan_to_num(figures.close * shares), np.nan)


def _at_limit(figures: _Figures, shares: NDArray[np.float64], *, upper: bool) -> NDArray[np.float64]:
    known = figures.before > 0
    limits = price_limits(np.where(known, figures.before, 1).astype(np.int64))[int(upper)]
    return _cap(figures, shares, known & (figures.close == limits))


_VALUES: Mapping[ranking_pb2.RankMeasure, Callable[[_Figures, NDArray[np.float64]], NDArray[np.float64]]] = {
    ranking_pb2.RANK_MEASURE_CHANGE: _change,
    ranking_pb2.RANK_MEASURE_TURNOVER: lambda figures, _: figures.turnover,
    ranking_pb2.RANK_MEASURE_VOLUME: lambda figures, _: figures.volume,
    ranking_pb2.RANK_MEASURE_MARKET_CAP: lambda figures, shares: figures.close * shares,
    ranking_pb2.RANK_MEASURE_VOLUME_RATIO: lambda figures, _: figures.volume_ratio,
    ranking_pb2.RANK_MEASURE_NEW_HIGH: lambda figures, shares: _cap(figures, shares, figures.close > figures.highest),
    ranking_pb2.RANK_MEASURE_NEW_LOW: lambda figures, shares: _cap(figures, shares, figures.close < figures.lowest),
    ranking_pb2.RANK_MEASURE_LIMIT_UP: lambda figures, shares: _at_limit(figures, shares, upper=True),
    ranking_pb2.RANK_MEASURE_LIMIT_DOWN: lambda figures, shares: _at_limit(figures, shares, upper=False),
}
BY_BARS = frozenset(_VALUES)
"""Measures that bars tell; the others need flows."""
_OF_LAST_DAY = frozenset(
    {
        ranking_pb2.RANK_MEASURE_NEW_HIGH,
        ranking_pb2.RANK_MEASURE_NEW_LOW,
        ranking_pb2.RANK_MEASURE_LIMIT_UP,
        ranking_pb2.RANK_MEASURE_LIMIT_DOWN,
    }
)
"""Measures of what the last day is beside the others."""
_ACROSS_DAYS = _OF_LAST_DAY | {ranking_pb2.RANK_MEASURE_CHANGE, ranking_pb2.RANK_MEASURE_VOLUME_RATIO}
