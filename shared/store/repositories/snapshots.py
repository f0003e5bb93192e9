"""Pictures of the market within a session, as they were collected: material of the replay feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from shared.market.instrument import Ticker
from shared.store.bulk import Cells, Rows, upsert
from shared.store.provenance import Provenance
from shared.store.repositories.base import Repository
from shared.store.repositories.sources import stamp
from shared.store.tables.prices import intraday_snapshots
from shared.store.types import to_microseconds

_VALUES = ("price", "change", "open", "high", "low", "volume", "turnover", "shares")


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRows:
    """Snapshots for bulk writing, columns of equal length; None where the table has no value (before the open).

    Prices in won, `volume` and `turnover` cumulative over the session in shares and won.
    """

    collected_time: Sequence[datetime]
    tickers: Sequence[str]
    price: Sequence[int | None]
    change: Sequence[int | None]
    open: Sequence[int | None]
    high: Sequence[int | None]
    low: Sequence[int | None]
    volume: Sequence[int | None]
    turnover: Sequence[int | None]
    shares: Sequence[int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One instrument at one moment; see `SnapshotRows` for the values."""

    ticker: Ticker
    collected_time: datetime
    price: int | None
    change: int | None
    open: int | None
    high: int | None
    low: int | None
    volume: int | None
    turnover: int | None
    shares: int | None


class SnapshotRepository(Repository):
    """Whole-market snapshots by the moment of their collection."""

    async def upsert(self, rows: SnapshotRows, provenance: Provenance) -> int:
        """Write snapshots; the better source wins, then the newer fetch. Returns how many changed something."""
        if not rows.tickers:
            return 0
        stamps = {moment: to_microseconds(moment) for moment in set(rows.collected_time)}
        cells: dict[str, Cells] = {
            "collected_time": [stamps[moment] for moment in rows.collected_time],
            "ticker": rows.tickers,
            **{name: getattr(rows, name) for name in _VALUES},
        }
        constants = await stamp(self._connection, provenance)
        return await upsert(
            self._connection,
            intraday_snapshots,
            Rows(cells=cells, constants=constants),
            better_by=("rank", "fetched_time"),
        )

    async def moments(self, since: datetime, until: datetime) -> list[datetime]:
        """Moments with a snapshot from `since` to `until`, both included, in order."""
        # Hop from moment to moment; a DISTINCT would read every row.
        moments: list[datetime] = []
        earliest = select(func.min(intraday_snapshots.c.collected_time))
        found = await self._connection.execute(earliest.where(intraday_snapshots.c.collected_time >= since))
        moment: datetime | None = found.scalar_one()
        while moment is not None and moment <= until:
            moments.append(moment)
            found = await self._connection.execute(earliest.where(intraday_snapshots.c.collected_time > moment))
            moment = found.scalar_one()
        return moments

    async def at(self, moment: datetime) -> list[Snapshot]:
        """Every instrument of one snapshot, by ticker."""
        shown = [intraday_snapshots.c[name] for name in ("ticker", "collected_time", *_VALUES)]
        query = select(*shown).where(intraday_snapshots.c.collected_time == moment).order_by(intraday_snapshots.c.ticker)
        return [Snapshot(**row) for row in (await self._connection.execute(query)).mappings()]
