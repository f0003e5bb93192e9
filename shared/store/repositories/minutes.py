"""Bars within a session."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from shared.market.instrument import Ticker
from shared.store.bulk import Cells, Rows, upsert
from shared.store.provenance import Provenance
from shared.store.repositories.base import Repository
from shared.store.repositories.sources import stamp
from shared.store.tables.prices import minute_bars
from shared.store.types import to_microseconds

_PRICES = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteRows:
    """Minute bars of one interval for bulk writing; columns of equal length, prices in won."""

    minutes: int
    tickers: Sequence[str]
    start_time: Sequence[dt.datetime]
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteBar:
    """One bar of `minutes` minutes from `start_time` (UTC) on; prices in won, volume in shares."""

    ticker: Ticker
    minutes: int
    start_time: dt.datetime
    open: int
    high: int
    low: int
    close: int
    volume: int


class MinuteBarRepository(Repository):
    """Minute bars by ticker and interval."""

    async def upsert(self, rows: MinuteRows, provenance: Provenance) -> int:
        """Write minute bars; the better source wins, then the newer fetch. Returns how many changed something."""
        if not rows.tickers:
            return 0
        cells: dict[str, Cells] = {
            "ticker": rows.tickers,
            "start_time": [to_microseconds(moment) for moment in rows.start_time],
            **{name: getattr(rows, name) for name in _PRICES},
        }
        constants = await stamp(self._connection, provenance)
        constants["minutes"] = rows.minutes
        better_by = ("rank", "fetched_time", "volume", "close")
        return await upsert(self._connection, minute_bars, Rows(cells=cells, constants=constants), better_by=better_by)

    async def newest(
        self, ticker: str, minutes: int, *, since: dt.datetime, until: dt.datetime, limit: int
    ) -> list[MinuteBar]:
        """The last `limit` bars of one length and ticker that start from `since` to `until`, both included, oldest first."""
        shown = [minute_bars.c[name] for name in ("ticker", "minutes", "start_time", *_PRICES)]
        query = select(*shown).where(minute_bars.c.ticker == ticker, minute_bars.c.minutes == minutes)
        query = query.where(minute_bars.c.start_time.between(since, until))
        found = await self._connection.execute(query.order_by(minute_bars.c.start_time.desc()).limit(limit))
        return [MinuteBar(**row) for row in reversed(found.mappings().all())]

    async def span(
        self, *, since: dt.datetime, until: dt.datetime, minutes: int | None = None, ticker: str | None = None
    ) -> list[MinuteBar]:
        """Bars that start from `since` to `until`, both included, in order of time.

        Args:
            since: Earliest start.
            until: Latest start.
            minutes: Only bars of this length; None = any.
            ticker: Only this instrument; None = all.
        """
        shown = [minute_bars.c[name] for name in ("ticker", "minutes", "start_time", *_PRICES)]
        query = select(*shown).where(minute_bars.c.start_time.between(since, until))
        if minutes is not None:
            query = query.where(minute_bars.c.minutes == minutes)
        if ticker is not None:
            query = query.where(minute_bars.c.ticker == ticker)
        query = query.order_by(minute_bars.c.start_time, minute_bars.c.ticker, minute_bars.c.minutes)
        return [MinuteBar(**row) for row in (await self._connection.execute(query)).mappings()]
