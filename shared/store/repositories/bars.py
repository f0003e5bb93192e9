"""Daily bars as they were traded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, String, and_, column, func, select, text, values

from shared.market.bars import BarColumns
from shared.market.instrument import Ticker
from shared.market.times import from_yyyymmdd, yyyymmdd
from shared.store.bulk import Cells, Rows, upsert
from shared.store.provenance import Provenance
from shared.store.repositories.base import Repository, chunks
from shared.store.repositories.official import take_official_turnover
from shared.store.repositories.sources import stamp
from shared.store.series import Series, SeriesQuery, read_series
from shared.store.tables.instruments import sources
from shared.store.tables.prices import daily_bars

_BETTER_BY = ("rank", "fetched_time", "close", "volume", "open", "high", "low")
_PRICES = ("open", "high", "low", "close", "volume", "turnover")
_SHOWN = ("ticker", *_PRICES, "turnover_estimated", "adjusted_as_of")
_EVER = date(9999, 12, 31)

# Every value on its way costs time, so two share a number where they fit: two prices up to 2^31 won, twenty times what an
# import takes, stay below 2^62.
_PRICE_BITS = 31
_PRICE_MASK = (1 << _PRICE_BITS) - 1
_PACKED = (
    "date * 2 + CAST(turnover_estimated AS INTEGER)",
    f"open * {1 << _PRICE_BITS} + high",
    f"low * {1 << _PRICE_BITS} + close",
    "volume",
    "turnover",
    "coalesce(adjusted_as_of, 0)",
)

# The index starts with the ticker: hop from ticker to ticker instead of reading every row.
_NEWEST_DAY = text(
    "WITH RECURSIVE hop(ticker) AS (SELECT min(ticker) FROM daily_bars UNION ALL "
    "SELECT (SELECT min(ticker) FROM daily_bars WHERE ticker > hop.ticker) FROM hop WHERE hop.ticker IS NOT NULL) "
    "SELECT max(newest) FROM (SELECT (SELECT max(date) FROM daily_bars WHERE daily_bars.ticker = hop.ticker "
    "AND date <= :until) AS newest FROM hop WHERE hop.ticker IS NOT NULL) AS days"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRows:
    """Bars of one source for bulk writing, best sorted by (ticker, date); every column has shape (n,).

    `date` is yyyymmdd, prices and `turnover` won, `volume` shares. A halted day has open = high = low = 0 and volume 0.
    """

    tickers: Sequence[str]
    date: NDArray[np.int32]
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]
    turnover: NDArray[np.int64]
    turnover_estimated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBar:
    """One bar for charts and answers; `source` is the name of its source, `adjusted_as_of` None for a raw price."""

    ticker: Ticker
    day: date
    open: int
    high: int
    low: int
    close: int
    volume: int
    turnover: int
    turnover_estimated: bool
    adjusted_as_of: date | None
    source: str


_same = daily_bars.alias("same")


class BarRepository(Repository):
    """Raw daily bars; adjusting them is the reader's business."""

    async def upsert(self, rows: BarRows, provenance: Provenance) -> int:
        """Write bars; of two rows for one (ticker, day) the better source wins, then the newer fetch, in any order.

        Args:
            rows: Any number of bars; some ten thousand at a time are fast and keep memory small.
            provenance: Their one source. `adjusted_as_of` marks prices that the source has adjusted already.

        Returns:
            Number of bars that were new or replaced another one.
        """
        if not len(rows.tickers):
            return 0
        adjusted = provenance.adjusted_as_of
        cells: dict[str, Cells] = {"ticker": rows.tickers, "date": rows.date}
        cells |= {name: getattr(rows, name) for name in _PRICES}
        constants = await stamp(self._connection, provenance)
        constants["adjusted_as_of"] = None if adjusted is None else yyyymmdd(adjusted)
        if rows.turnover_estimated.any() == rows.turnover_estimated.all():
            constants["turnover_estimated"] = bool(rows.turnover_estimated[0])
        else:
            cells["turnover_estimated"] = rows.turnover_estimated
        written = await upsert(self._connection, daily_bars, Rows(cells=cells, constants=constants), better_by=_BETTER_BY)
        await take_official_turnover(self._connection, rows.tickers, rows.date)
        return written

    async def columns(self, since: date, until: date, tickers: Sequence[str] | None = None) -> BarColumns:
        """Every bar of the days `since` to `until`, both included, in the form the scanner works on.

        Args:
            since: First day.
            until: Last day.
            tickers: Only these; None = the whole market.
        """
        query = _series_query(yyyymmdd(since), yyyymmdd(until), tickers, further=())
        return _columns(await read_series(self._connection, query))

    async def whole_series(self, ticker: str) -> tuple[BarColumns, frozenset[int]]:
        """Every bar of one ticker, and the numbers of the sources they come from, in one statement."""
        query = _series_query(yyyymmdd(date.min), yyyymmdd(date.max), [ticker], further=("source_id",))
        series = await read_series(self._connection, query)
        return _columns(series), frozenset(series.values[-1].tolist())

    async def newest(self, ticker: str, *, limit: int, until: date = _EVER) -> list[DailyBar]:
        """The last `limit` bars of one ticker up to `until`, oldest first."""
        query = self._shown().where(daily_bars.c.ticker == ticker, daily_bars.c.date <= until)
        found = await self._connection.execute(query.order_by(daily_bars.c.date.desc()).limit(limit))
        return [DailyBar(**row) for row in reversed(found.mappings().all())]

    async def span(self, ticker: str, *, since: date, until: date = _EVER, limit: int) -> list[DailyBar]:
        """The first `limit` bars of one ticker from `since` to `until`, both included, oldest first."""
        query = self._shown().where(daily_bars.c.ticker == ticker, daily_bars.c.date.between(since, until))
        found = await self._connection.execute(query.order_by(daily_bars.c.date).limit(limit))
        return [DailyBar(**row) for row in found.mappings()]

    async def latest_of(self, tickers: Sequence[str], *, until: date = _EVER) -> dict[Ticker, DailyBar]:
        """The newest bar up to `until` of each ticker that has one."""
        latest: dict[Ticker, DailyBar] = {}
        for some in chunks(tickers):
            # A list to walk along: with IN (...) SQLite would look at every bar of each ticker.
            wanted = values(column("ticker", String), name="wanted").data([(ticker,) for ticker in some]).cte("wanted")
            newest = select(func.max(_same.c.date)).where(_same.c.ticker == wanted.c.ticker, _same.c.date <= until)
            is_newest = and_(daily_bars.c.ticker == wanted.c.ticker, daily_bars.c.date == newest.scalar_subquery())
            query = self._shown().join(wanted, is_newest)
            bars = [DailyBar(**row) for row in (await self._connection.execute(query)).mappings()]
            latest |= {bar.ticker: bar for bar in bars}
        return latest

    async def newest_date(self, until: date = _EVER) -> date | None:
        """The newest day with a bar of any ticker, not after `until`; None when there is none."""
        found = await self._connection.execute(_NEWEST_DAY, {"until": yyyymmdd(until)})
        newest = found.scalar_one()
        return None if newest is None else from_yyyymmdd(newest)

    async def count(self) -> int:
        """Number of stored bars."""
        return int((await self._connection.execute(select(func.count()).select_from(daily_bars))).scalar_one())

    @staticmethod
    def _shown() -> Select[Any]:
        renamed = (daily_bars.c.date.label("day"), sources.c.name.label("source"))
        return select(*(daily_bars.c[name] for name in _SHOWN), *renamed).join(
            sources, sources.c.source_id == daily_bars.c.source_id
        )


def _series_query(since: int, until: int, tickers: Sequence[str] | None, *, further: tuple[str, ...]) -> SeriesQuery:
    # One number for both marks: fewer values to carry.
    marks = "coalesce(adjusted_as_of, 0) * 2 + CAST(turnover_estimated AS INTEGER)"
    return SeriesQuery(
        source="daily_bars",
        key="ticker",
        day="date",
        expressions=("date", *_PRICES, marks, *further),
        since=since,
        until=until,
        tickers=tickers,
    )


def _columns(series: Series) -> BarColumns:
    day, open_, high, low, close, volume, turnover, marks = series.values[:8]
    return BarColumns(
        tickers=series.tickers,
        ticker_index=series.ticker_index,
        date=day.astype(np.int32),
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=volume,
        turnover=turnover,
        turnover_estimated=(marks & 1).astype(np.bool_),
        adjusted_as_of=(marks >> 1).astype(np.int32),
    )
