"""Daily bars of single tickers in memory: a chart is asked for again and again, its bars change once a day."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date

from kstock.market.v1 import market_service_pb2 as wire

from shared.market.bars import BarColumns, FactorColumns
from shared.store.store import Store

_SINCE, _UNTIL = date(1900, 1, 1), date(9999, 12, 31)

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


class SeriesCache:
    """Least recently used series are dropped; `clear` when bars or factors have changed."""

    def __init__(self, store: Store, capacity: int = CAPACITY) -> None:
        """Start empty."""
        self._store = store
        self._capacity = capacity
        self._series: OrderedDict[str, TickerSeries] = OrderedDict()
        self._edition = 0

    async def get(self, ticker: str) -> TickerSeries:
        """The series of a ticker; empty columns when nothing is stored."""
        known = self._series.get(ticker)
        if known is not None:
            self._series.move_to_end(ticker)
            return known
        edition = self._edition
        async with self._store.read() as uow:
            series = TickerSeries(
                bars=await uow.bars.columns(_SINCE, _UNTIL, [ticker]),
                factors=await uow.factors.columns(_UNTIL, [ticker]),
                sources=tuple(await uow.bars.sources_of(ticker)),
            )
        if edition == self._edition:  # else it may have been read before the change that cleared the cache
            self._series[ticker] = series
            if len(self._series) > self._capacity:
                self._series.popitem(last=False)
        return series

    async def clear(self) -> None:
        """Forget everything."""
        self._edition += 1
        self._series.clear()
