"""Daily bars of single tickers in memory: a chart is asked for again and again, its bars change once a day."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from kstock.market.v1 import market_service_pb2 as wire

from shared.market.bars import BarColumns, FactorColumns
from shared.store.store import Store

CAPACITY = 512
"""Tickers kept; ten years of one take 200 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerSeries:
    """Every stored raw bar of one ticker, its factors, and the names of the sources.

    `answers` keeps pages that were made of them, by request and newest day; they must not be changed.
    """

    bars: BarColumns
    factors: FactorColumns
    sources: tuple[str, ...]
    answers: dict[tuple[bytes, date], wire.ListBarsResponse] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """What all series of one state of the store share: jumps are rare enough to hold those of the whole market."""

    factors: FactorColumns
    rows: Mapping[str, slice]
    source_names: Mapping[int, str]

    def factors_of(self, ticker: str) -> FactorColumns:
        rows = self.rows.get(ticker, slice(0, 0))
        return FactorColumns(
            tickers=self.factors.tickers[rows],
            ex_date=self.factors.ex_date[rows],
            price_factor=self.factors.price_factor[rows],
            quarantined=self.factors.quarantined[rows],
        )


class SeriesCache:
    """Least recently used series are dropped, all of them when bars or factors have changed."""

    def __init__(self, store: Store, capacity: int = CAPACITY) -> None:
        """Start empty; the first question or `reload` fills it."""
        self._store = store
        self._capacity = capacity
        self._series: OrderedDict[str, TickerSeries] = OrderedDict()
        self._edition: _Edition | None = None

    async def get(self, ticker: str) -> TickerSeries:
        """The series of a ticker; empty columns when nothing is stored."""
        known = self._series.get(ticker)
        if known is not None:
            self._series.move_to_end(ticker)
            return known
        edition = self._edition or await self._read_edition()
        async with self._store.read() as uow:
            bars, numbers = await uow.bars.whole_series(ticker)
        # A source of an import that is still running has no name here yet; the reload at its end brings it.
        names = sorted(edition.source_names[number] for number in numbers if number in edition.source_names)
        series = TickerSeries(bars=bars, factors=edition.factors_of(ticker), sources=tuple(names))
        if edition is self._edition:  # else the store has changed while it was read
            self._series[ticker] = series
            if len(self._series) > self._capacity:
                self._series.popitem(last=False)
        return series

    async def reload(self) -> None:
        """Forget everything and read what all series share anew."""
        await self._read_edition()

    async def _read_edition(self) -> _Edition:
        async with self._store.read() as uow:
            factors = await uow.factors.columns(date.max)
            source_names = await uow.sources.names()
        rows, start = {}, 0
        for ticker, jumps in groupby(factors.tickers):
            end = start + sum(1 for _ in jumps)
            rows[ticker], start = slice(start, end), end
        self._series.clear()
        self._edition = _Edition(factors=factors, rows=rows, source_names=source_names)
        return self._edition
