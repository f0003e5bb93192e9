"""Index bars, exchange rates and flows of whole boards: few rows, read whole."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Table, select

from shared.market.instrument import Board
from shared.market.times import yyyymmdd
from shared.market.topic import MarketIndex
from shared.store.bulk import Cell, Rows, upsert
from shared.store.provenance import Provenance
from shared.store.repositories.base import Repository
from shared.store.repositories.sources import stamp
from shared.store.tables.prices import fx_rates, index_bars, market_flows

_EVER = dt.date(9999, 12, 31)
_ORDER = ("rank", "fetched_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBar:
    """One day of an index: levels in index points x 100, volume in shares, turnover and capitalisation in won."""

    index_name: MarketIndex
    day: dt.date
    open_e2: int
    high_e2: int
    low_e2: int
    close_e2: int
    volume: int
    turnover: int
    market_cap_krw: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FxRate:
    """Closing rate of a day, times 10,000; `pair` such as `USDKRW`: won per dollar."""

    pair: str
    day: dt.date
    rate_e4: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFlow:
    """Net buying in won on a whole board by kind of investor; `institution` is the sum of its kinds."""

    board: Board
    day: dt.date
    individual_net_krw: int
    foreign_net_krw: int
    institution_net_krw: int
    financial_investment_net_krw: int
    insurance_net_krw: int
    investment_trust_net_krw: int
    bank_net_krw: int
    other_financial_net_krw: int
    pension_net_krw: int
    other_corporation_net_krw: int


class _DatedRepository(Repository):
    async def _upsert(
        self, table: Table, values: Sequence[IndexBar] | Sequence[FxRate] | Sequence[MarketFlow], provenance: Provenance
    ) -> int:
        if not values:
            return 0
        cells: dict[str, list[Cell]] = {
            field.name: [getattr(value, field.name) for value in values] for field in fields(values[0])
        }
        cells["date"] = [yyyymmdd(value.day) for value in values]
        del cells["day"]
        constants = await stamp(self._connection, provenance)
        return await upsert(self._connection, table, Rows(cells=cells, constants=constants), better_by=_ORDER)


class IndexRepository(_DatedRepository):
    """Daily bars of the market indices."""

    async def upsert(self, bars: Sequence[IndexBar], provenance: Provenance) -> int:
        """Write index bars; the better source wins, then the newer fetch. Returns how many changed something."""
        return await self._upsert(index_bars, bars, provenance)

    async def newest(self, index: MarketIndex, *, limit: int, until: dt.date = _EVER) -> list[IndexBar]:
        """The last `limit` bars of an index up to `until`, oldest first."""
        shown = [index_bars.c.date.label("day"), *(index_bars.c[name] for name in _names(IndexBar))]
        query = select(*shown).where(index_bars.c.index_name == index, index_bars.c.date <= until)
        found = await self._connection.execute(query.order_by(index_bars.c.date.desc()).limit(limit))
        return [IndexBar(**row) for row in reversed(found.mappings().all())]


class FxRepository(_DatedRepository):
    """Exchange rates."""

    async def upsert(self, rates: Sequence[FxRate], provenance: Provenance) -> int:
        """Write rates; the better source wins, then the newer fetch. Returns how many changed something."""
        return await self._upsert(fx_rates, rates, provenance)

    async def newest(self, pair: str, *, limit: int, until: dt.date = _EVER) -> list[FxRate]:
        """The last `limit` rates of a pair up to `until`, oldest first."""
        shown = [fx_rates.c.date.label("day"), *(fx_rates.c[name] for name in _names(FxRate))]
        query = select(*shown).where(fx_rates.c.pair == pair, fx_rates.c.date <= until)
        found = await self._connection.execute(query.order_by(fx_rates.c.date.desc()).limit(limit))
        return [FxRate(**row) for row in reversed(found.mappings().all())]


class MarketFlowRepository(_DatedRepository):
    """Investor flows of whole boards."""

    async def upsert(self, days: Sequence[MarketFlow], provenance: Provenance) -> int:
        """Write flows; the better source wins, then the newer fetch. Returns how many changed something."""
        return await self._upsert(market_flows, days, provenance)

    async def newest(self, board: Board, *, limit: int, until: dt.date = _EVER) -> list[MarketFlow]:
        """The last `limit` days of a board up to `until`, oldest first."""
        shown = [market_flows.c.date.label("day"), *(market_flows.c[name] for name in _names(MarketFlow))]
        query = select(*shown).where(market_flows.c.board == board, market_flows.c.date <= until)
        found = await self._connection.execute(query.order_by(market_flows.c.date.desc()).limit(limit))
        return [MarketFlow(**row) for row in reversed(found.mappings().all())]


def _names(value: type[IndexBar] | type[FxRate] | type[MarketFlow]) -> list[str]:
    return [field.name for field in fields(value) if field.name != "day"]
