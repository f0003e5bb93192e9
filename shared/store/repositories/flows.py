"""Net buying by investor type: won where a source says so, else share counts at the day's close."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, text

from shared.market.bars import FlowColumns
from shared.market.instrument import Ticker
from shared.market.times import from_yyyymmdd, yyyymmdd
from shared.store.bulk import Cells, Rows, upsert
from shared.store.provenance import Provenance
from shared.store.repositories.base import Repository
from shared.store.repositories.sources import stamp
from shared.store.series import SeriesQuery, read_series
from shared.store.tables.instruments import sources
from shared.store.tables.prices import flows, share_flows

_EVER = dt.date(9999, 12, 31)
_ORDER = ("rank", "fetched_time")
_UNSHOWN = frozenset({"ticker", "source_id", "rank", "fetched_time"})

# Won as such; shares only for days without won.
_BOTH = (
    "(SELECT ticker, date, foreign_net_krw, institution_net_krw, 0 AS from_shares FROM flows UNION ALL "
    "SELECT ticker, date, foreign_net_shares * close, institution_net_shares * close, 1 FROM share_flows "
    "WHERE NOT EXISTS (SELECT 1 FROM flows WHERE flows.ticker = share_flows.ticker AND flows.date = share_flows.date)"
    ") AS both_units"
)
_NEWEST = text(
    f"SELECT ticker, date, foreign_net_krw, institution_net_krw, from_shares FROM {_BOTH} "  # noqa: S608  # constant
    "WHERE ticker = :ticker AND date <= :until ORDER BY date DESC LIMIT :limit"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRows:
    """Net buying in won for bulk writing; columns of shape (n,), `date` yyyymmdd. Institutions include pension funds."""

    tickers: Sequence[str]
    date: NDArray[np.int32]
    foreign_net_krw: NDArray[np.int64]
    institution_net_krw: NDArray[np.int64]
    pension_net_krw: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFlowRows:
    """Net buying in shares for bulk writing; columns of shape (n,). `close` in won turns shares into won."""

    tickers: Sequence[str]
    date: NDArray[np.int32]
    foreign_net_shares: NDArray[np.int64]
    institution_net_shares: NDArray[np.int64]
    close: NDArray[np.int64]
    foreign_held_shares: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDay:
    """One day of one ticker in won; `from_shares` marks shares times close."""

    ticker: Ticker
    day: dt.date
    foreign_net_krw: int
    institution_net_krw: int
    from_shares: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDetail:
    """Everything stored about one day of one ticker, won and shares apart; None where no source says it."""

    day: dt.date
    foreign_net_krw: int | None = None
    institution_net_krw: int | None = None
    pension_net_krw: int | None = None
    foreign_net_shares: int | None = None
    institution_net_shares: int | None = None
    foreign_held_shares: int | None = None
    close: int | None = None
    source: str = ""


class FlowRepository(Repository):
    """Investor flows of single instruments."""

    async def upsert(self, rows: FlowRows, provenance: Provenance) -> int:
        """Write net buying in won; the better source wins, then the newer fetch, in any order.

        Returns:
            Number of rows that were new or replaced others.
        """
        if not len(rows.tickers):
            return 0
        cells: dict[str, Cells] = {
            "ticker": rows.tickers,
            "date": rows.date,
            "foreign_net_krw": rows.foreign_net_krw,
            "institution_net_krw": rows.institution_net_krw,
        }
        if rows.pension_net_krw is not None:
            cells["pension_net_krw"] = rows.pension_net_krw
        constants = await stamp(self._connection, provenance)
        better_by = (*_ORDER, "foreign_net_krw", "institution_net_krw")
        return await upsert(self._connection, flows, Rows(cells=cells, constants=constants), better_by=better_by)

    async def upsert_shares(self, rows: ShareFlowRows, provenance: Provenance) -> int:
        """Write net buying in shares; the better source wins, then the newer fetch, in any order.

        Returns:
            Number of rows that were new or replaced others.
        """
        if not len(rows.tickers):
            return 0
        cells: dict[str, Cells] = {
            "ticker": rows.tickers,
            "date": rows.date,
            "foreign_net_shares": rows.foreign_net_shares,
            "institution_net_shares": rows.institution_net_shares,
            "close": rows.close,
        }
        if rows.foreign_held_shares is not None:
            cells["foreign_held_shares"] = rows.foreign_held_shares
        constants = await stamp(self._connection, provenance)
        better_by = (*_ORDER, "foreign_net_shares", "institution_net_shares")
        return await upsert(self._connection, share_flows, Rows(cells=cells, constants=constants), better_by=better_by)

    async def columns(self, since: dt.date, until: dt.date, tickers: Sequence[str] | None = None) -> FlowColumns:
        """Flows of the days `since` to `until`, both included, in won, sorted by (ticker, date)."""
        series = await read_series(
            self._connection,
            SeriesQuery(
                source=_BOTH,
                key="ticker",
                day="date",
                expressions=("date", "foreign_net_krw", "institution_net_krw", "from_shares"),
                since=yyyymmdd(since),
                until=yyyymmdd(until),
                tickers=tickers,
            ),
        )
        day, foreign, institution, from_shares = series.values
        return FlowColumns(
            tickers=series.tickers,
            ticker_index=series.ticker_index,
            date=day.astype(np.int32),
            foreign_net=foreign,
            institution_net=institution,
            from_shares=from_shares.astype(np.bool_),
        )

    async def newest(self, ticker: str, *, limit: int, until: dt.date = _EVER) -> list[FlowDay]:
        """The last `limit` days of one ticker up to `until`, oldest first."""
        found = await self._connection.execute(_NEWEST, {"ticker": ticker, "until": yyyymmdd(until), "limit": limit})
        days = [
            FlowDay(
                ticker=Ticker(row.ticker),
                day=from_yyyymmdd(row.date),
                foreign_net_krw=row.foreign_net_krw,
                institution_net_krw=row.institution_net_krw,
                from_shares=bool(row.from_shares),
            )
            for row in found
        ]
        return days[::-1]

    async def details(self, ticker: str, *, since: dt.date, until: dt.date, limit: int) -> list[FlowDetail]:
        """The last `limit` days of one ticker from `since` to `until`, both included, oldest first; `source` names won."""
        merged: dict[dt.date, dict[str, Any]] = {}
        for table in (share_flows, flows):
            shown = [column for column in table.c if column.name not in _UNSHOWN]
            query = select(*shown, sources.c.name.label("source")).join(sources, sources.c.source_id == table.c.source_id)
            query = query.where(table.c.ticker == ticker, table.c.date.between(since, until))
            found = await self._connection.execute(query.order_by(table.c.date.desc()).limit(limit))
            for row in found.mappings():
                values = dict(row)
                merged.setdefault(values.pop("date"), {}).update(values)
        return [FlowDetail(day=day, **merged[day]) for day in sorted(merged)[-limit:]]

    async def newest_date(self, until: dt.date = _EVER) -> dt.date | None:
        """The newest day with flows of any ticker in won, not after `until`; None when there is none."""
        found = await self._connection.execute(select(func.max(flows.c.date)).where(flows.c.date <= until))
        newest: dt.date | None = found.scalar_one()
        return newest
