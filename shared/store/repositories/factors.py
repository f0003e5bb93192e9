"""Corporate-action factors and quarantined jumps, derived from bars and official share counts."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from sqlalchemy import delete, insert, select

from shared.market.bars import FactorColumns
from shared.market.times import from_yyyymmdd, yyyymmdd
from shared.store.repositories.base import Repository, chunks
from shared.store.tables.prices import adjustment_factors


class FactorRepository(Repository):
    """One row per jump of a raw price that is beyond the daily limit."""

    async def replace(self, tickers: Sequence[str], factors: FactorColumns) -> None:
        """Put newly derived factors in the place of the former ones.

        Args:
            tickers: Every ticker that was examined, also those without any jump.
            factors: Their jumps.
        """
        for some in chunks(tickers):
            await self._connection.execute(delete(adjustment_factors).where(adjustment_factors.c.ticker.in_(some)))
        rows = [
            {"ticker": ticker, "ex_date": from_yyyymmdd(day), "price_factor": factor, "quarantined": quarantined}
            for ticker, day, factor, quarantined in zip(
                factors.tickers,
                factors.ex_date.tolist(),
                factors.price_factor.tolist(),
                factors.quarantined.tolist(),
                strict=True,
            )
        ]
        if rows:
            await self._connection.execute(insert(adjustment_factors), rows)

    async def columns(self, until: date, tickers: Sequence[str] | None = None) -> FactorColumns:
        """Factors and quarantined jumps with an ex-date up to `until`, sorted by (ticker, ex-date)."""
        table = adjustment_factors.c
        query = select(table.ticker, table.ex_date, table.price_factor, table.quarantined).where(table.ex_date <= until)
        if tickers is not None:
            query = query.where(table.ticker.in_(tickers))
        rows = (await self._connection.execute(query.order_by(table.ticker, table.ex_date))).all()
        return FactorColumns(
            tickers=tuple(row[0] for row in rows),
            ex_date=np.array([yyyymmdd(row[1]) for row in rows], dtype=np.int32),
            price_factor=np.array([row[2] for row in rows], dtype=np.float64),
            quarantined=np.array([row[3] for row in rows], dtype=np.bool_),
        )
