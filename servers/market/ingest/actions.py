"""Corporate actions after an import: jumps of raw prices get a factor from official share counts or are quarantined."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shared.market.adjust import derive_factors, row_keys
from shared.market.bars import BarColumns, FactorColumns
from shared.market.instrument import InstrumentFlag
from shared.market.times import yyyymmdd
from shared.store.repositories.instruments import FlaggedSpan
from shared.store.store import Store

_EARLIEST, _LATEST = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Factors of the whole store and the tickers that were examined for them."""

    tickers: tuple[str, ...]
    factors: FactorColumns

    @property
    def adjusted(self) -> int:
        """Jumps with a factor."""
        return int((~self.factors.quarantined).sum())

    @property
    def quarantined(self) -> int:
        """Jumps that nothing explains."""
        return int(self.factors.quarantined.sum())


async def derive(store: Store) -> Derived:
    """Find the jumps of every stored bar; nothing is written."""
    async with store.read() as uow:
        bars = await uow.bars.columns(_EARLIEST, _LATEST)
        shares = await uow.share_counts.columns(_EARLIEST, _LATEST)
        listed = {known.ticker: known.list_date for known in await uow.instruments.list_all()}
        liquidations = await uow.instruments.flagged(InstrumentFlag.LIQUIDATION)
    list_date = np.array([_number(listed.get(ticker)) for ticker in bars.tickers], dtype=np.int32)  # type: ignore[call-overload]
    exempt = flagged_rows(bars, liquidations)
    factors = await asyncio.to_thread(derive_factors, bars, shares, list_date=list_date, exempt=exempt)
    return Derived(tickers=bars.tickers, factors=factors)


def flagged_rows(bars: BarColumns, spans: Iterable[FlaggedSpan]) -> NDArray[np.bool_]:
    """Which bars lie in one of the spans; shape (n,)."""
    marked = np.zeros(bars.date.size, dtype=np.bool_)
    place = {ticker: index for index, ticker in enumerate(bars.tickers)}
    keys = row_keys(bars.ticker_index, bars.date)
    for span in spans:
        index = place.get(span.ticker)
        if index is not None:
            owner = np.array([index, index], dtype=np.int32)
            ends = row_keys(owner, np.array([yyyymmdd(span.first), yyyymmdd(span.last) + 1], dtype=np.int32))
            start, stop = np.searchsorted(keys, ends)
            marked[start:stop] = True
    return marked


def _number(day: date | None) -> int:
    return 0 if day is None else yyyymmdd(day)
