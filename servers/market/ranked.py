"""Figures of many instruments over a period, and their order; pure arithmetic on columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from kstock.common.v1 import ranking_pb2
from numpy.typing import NDArray

from shared.market.adjust import adjustment, row_keys, select_rows, traded
from shared.market.bars import BarColumns, FactorColumns, FlowColumns
from shared.market.instrument import Instrument
from shared.rpc.messages.instruments import instrument_message

MEAN_OF = 20
"""Sessions before the last day whose mean volume it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One instrument's value and the row that tells it; the row has no place yet."""

    value: float
    row: ranking_pb2.RankedInstrument


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """Where each ticker's rows of a period lie: `start` its first row, `first` the period's first, `end` after its last."""

    start: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]


def ranked_by_bars(
    bars: BarColumns,
    factors: FactorColumns,
    instruments: Mapping[str, Instrument],
    *,
    measure: ranking_pb2.RankMeasure,
    days: tuple[int, int],
) -> list[Ranked]:
    """Rows of the instruments that traded in the period and have the measure.

    Args:
        bars: Raw bars of the period and some time before it.
        factors: Factors up to the last day.
        instruments: Those to compare, by ticker.
        measure: One of those that bars tell.
        days: First and last day of the period, yyyymmdd. Prices are adjusted as of the last one.
    """
    kept = select_rows(bars, traded(bars))
    if not kept.date.size:
        return []
    scale = adjustment(kept, factors, days[1])
    spans = _spans(kept, *days)
    doubtful = _doubtful(factors, days)
    value_of = _VALUES[measure]
    found = []
    for place, ticker in enumerate(kept.tickers):
        instrument = instruments.get(ticker)
        if instrument is None or spans.end[place] <= spans.first[place]:
            continue
        row = _row(kept, scale, instrument, (int(spans.start[place]), int(spans.first[place]), int(spans.end[place])))
        value = None if ticker in doubtful and measure in _ACROSS_DAYS else value_of(row)
        if value is not None:
            found.append(Ranked(value=value, row=row))
    return found


def ranked_by_flows(
    flows: FlowColumns, instruments: Mapping[str, Instrument], *, measure: ranking_pb2.RankMeasure, ascending: bool
) -> list[Ranked]:
    """Rows of the instruments that have flows in the period.

    Args:
        flows: Flows of the period.
        instruments: Those to compare, by ticker.
        measure: One of those that flows tell; BOTH_NET leaves out where the two disagree.
        ascending: Whether selling is asked for.
    """
    size = len(flows.tickers)
    foreign, institution = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.add.at(foreign, flows.ticker_index, flows.foreign_net)
    np.add.at(institution, flows.ticker_index, flows.institution_net)
    found = []
    for ticker, bought, held in zip(flows.tickers, foreign.tolist(), institution.tolist(), strict=True):
        instrument = instruments.get(ticker)
        if instrument is None:
            continue
        row = ranking_pb2.RankedInstrument(
            instrument=instrument_message(instrument), foreign_net_krw=bought, institution_net_krw=held
        )
        value = _flow_value(measure, bought, held, ascending=ascending)
        if value is not None:
            found.append(Ranked(value=value, row=row))
    return found


def in_order(found: list[Ranked], *, ascending: bool, limit: int) -> list[ranking_pb2.RankedInstrument]:
    """The first rows with their places; equal values by ticker."""
    sign = 1 if ascending else -1
    best = sorted(found, key=lambda one: (sign * one.value, one.row.instrument.ticker))[:limit]
    for place, one in enumerate(best, start=1):
        one.row.rank = place
    return [one.row for one in best]


def _spans(bars: BarColumns, first: int, last: int) -> _Spans:
    keys, tickers = row_keys(bars.ticker_index, bars.date), np.arange(len(bars.tickers), dtype=np.int32)

    def rows_before(day: int) -> NDArray[np.int64]:
        return np.searchsorted(keys, row_keys(tickers, np.full(tickers.size, day, dtype=np.int32)))

    return _Spans(start=rows_before(0), first=rows_before(first), end=rows_before(last + 1))


def _doubtful(factors: FactorColumns, days: tuple[int, int]) -> frozenset[str]:
    """Tickers with a jump in the period that nothing explains: a change across it means nothing."""
    inside = factors.quarantined & (factors.ex_date >= days[0]) & (factors.ex_date <= days[1])
    return frozenset(factors.tickers[row] for row in np.flatnonzero(inside).tolist())


def _row(
    bars: BarColumns, scale: NDArray[np.float64], instrument: Instrument, span: tuple[int, int, int]
) -> ranking_pb2.RankedInstrument:
    start, first, end = span
    base, last = max(start, first - 1), end - 1
    base_close, close = (round(float(bars.close[row] * scale[row])) for row in (base, last))
    volume = bars.volume[first:end] / scale[first:end]
    row = ranking_pb2.RankedInstrument(
        instrument=instrument_message(instrument),
        base_close_krw=base_close,
        close_krw=close,
        change_bps=_bps(close, base_close),
        volume_shares=round(float(volume.sum())),
        turnover_krw=int(bars.turnover[first:end].sum()),
        market_cap_krw=None if instrument.shares is None else instrument.shares * close,
    )
    before = bars.volume[max(start, last - MEAN_OF) : last] / scale[max(start, last - MEAN_OF) : last]
    if before.size == MEAN_OF:
        row.volume_ratio_e2 = round(float(100 * bars.volume[last] / scale[last] / before.mean()))
    return row


def _bps(price: int, base: int) -> int:
    """Change in basis points, rounded half away from zero."""
    move = price - base
    return (-1 if move < 0 else 1) * ((abs(move) * 20_000 + base) // (2 * base)) if base > 0 else 0


def _flow_value(measure: ranking_pb2.RankMeasure, foreign: int, institution: int, *, ascending: bool) -> float | None:
    if measure == ranking_pb2.RANK_MEASURE_FOREIGN_NET:
        return float(foreign)
    if measure == ranking_pb2.RANK_MEASURE_INSTITUTION_NET:
        return float(institution)
    agree = (foreign < 0 and institution < 0) if ascending else (foreign > 0 and institution > 0)
    return float(foreign + institution) if agree else None


def _present(name: str) -> Callable[[ranking_pb2.RankedInstrument], float | None]:
    def value(row: ranking_pb2.RankedInstrument) -> float | None:
        return float(getattr(row, name)) if row.HasField(name) else None

    return value


_VALUES: Mapping[ranking_pb2.RankMeasure, Callable[[ranking_pb2.RankedInstrument], float | None]] = {
    ranking_pb2.RANK_MEASURE_CHANGE: _present("change_bps"),
    ranking_pb2.RANK_MEASURE_TURNOVER: _present("turnover_krw"),
    ranking_pb2.RANK_MEASURE_VOLUME: _present("volume_shares"),
    ranking_pb2.RANK_MEASURE_MARKET_CAP: _present("market_cap_krw"),
    ranking_pb2.RANK_MEASURE_VOLUME_RATIO: _present("volume_ratio_e2"),
}
BY_BARS = frozenset(_VALUES)
"""Measures that bars tell; the others need flows."""
_ACROSS_DAYS = frozenset({ranking_pb2.RANK_MEASURE_CHANGE, ranking_pb2.RANK_MEASURE_VOLUME_RATIO})
