"""Official figures of a day: listed shares, capitalisation, turnover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.market.adjust import ShareCounts
from shared.market.instrument import Ticker
from shared.market.times import yyyymmdd
from shared.store.bulk import Cells, Rows, upsert
from shared.store.provenance import Provenance
from shared.store.repositories.base import Repository
from shared.store.repositories.sources import stamp
from shared.store.series import SeriesQuery, read_series
from shared.store.tables.prices import share_counts

_BETTER_BY = ("rank", "fetched_time", "shares")

# The exchange's own turnover replaces an estimate, whichever of the two was imported first.
_TAKE_TURNOVER = text(
    "UPDATE daily_bars SET turnover = official.turnover_krw, turnover_estimated = false FROM share_counts AS official "
    "WHERE official.ticker = daily_bars.ticker AND official.date = daily_bars.date AND official.turnover_krw IS NOT NULL "
    "AND daily_bars.turnover_estimated AND official.ticker BETWEEN :first AND :last "
    "AND official.date BETWEEN :since AND :until"
)


async def take_official_turnover(connection: AsyncConnection, tickers: Sequence[str], days: NDArray[np.int32]) -> None:
    """Replace estimated turnover of bars where an official figure exists, within the span of some rows just written."""
    span = {"first": min(tickers), "last": max(tickers), "since": int(days.min()), "until": int(days.max())}
    await connection.execute(_TAKE_TURNOVER, span)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialRows:
    """Official figures for bulk writing; columns of shape (n,), `date` yyyymmdd, won and shares.

    `turnover_krw` is 0 where the table has none and nothing was traded; None leaves the column out.
    """

    tickers: Sequence[str]
    date: NDArray[np.int32]
    shares: NDArray[np.int64]
    market_cap_krw: NDArray[np.int64]
    turnover_krw: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialFigure:
    """Listed shares and capitalisation of one instrument at the end of a day; None where the table has none."""

    day: date
    shares: int
    market_cap_krw: int | None


class ShareCountRepository(Repository):
    """Listed shares by day; what the exchange counted, never derived from prices."""

    async def upsert(self, rows: OfficialRows, provenance: Provenance) -> int:
        """Write official figures; they also replace estimated turnover of stored bars.

        Returns:
            Number of figures that were new or replaced others.
        """
        if not len(rows.tickers):
            return 0
        cells: dict[str, Cells] = {
            "ticker": rows.tickers,
            "date": rows.date,
            "shares": rows.shares,
            "market_cap_krw": rows.market_cap_krw,
        }
        if rows.turnover_krw is not None:
            cells["turnover_krw"] = rows.turnover_krw
        constants = await stamp(self._connection, provenance)
        table_rows = Rows(cells=cells, constants=constants)
        written = await upsert(self._connection, share_counts, table_rows, better_by=_BETTER_BY)
        await take_official_turnover(self._connection, rows.tickers, rows.date)
        return written

    async def columns(self, since: date, until: date, tickers: Sequence[str] | None = None) -> ShareCounts:
        """Every count of the days `since` to `until`, both included, sorted by (ticker, date)."""
        series = await read_series(
            self._connection,
            SeriesQuery(
                source="share_counts",
                key="ticker",
                day="date",
                expressions=("date", "shares"),
                since=yyyymmdd(since),
                until=yyyymmdd(until),
                tickers=tickers,
            ),
        )
        return ShareCounts(
            tickers=series.tickers,
            ticker_index=series.ticker_index,
            date=series.values[0].astype(np.int32),
            shares=series.values[1],
        )

    async def newest(self, ticker: str, *, until: date) -> OfficialFigure | None:
        """The last figure of one ticker up to `until`; None without any."""
        table = share_counts.c
        query = select(table.date.label("day"), table.shares, table.market_cap_krw)
        query = query.where(table.ticker == ticker, table.date <= until).order_by(table.date.desc()).limit(1)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else OfficialFigure(**row)

    async def shares_on(self, day: date) -> dict[Ticker, int]:
        """Newest count of every ticker that was known at the end of `day`."""
        newest = (
            select(share_counts.c.ticker, func.max(share_counts.c.date).label("date"))
            .where(share_counts.c.date <= day)
            .group_by(share_counts.c.ticker)
            .subquery()
        )
        found = await self._connection.execute(
            select(share_counts.c.ticker, share_counts.c.shares).join(
                newest, (newest.c.ticker == share_counts.c.ticker) & (newest.c.date == share_counts.c.date)
            )
        )
        return {Ticker(ticker): shares for ticker, shares in found}
