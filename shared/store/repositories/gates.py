"""Readings of the market gate."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from shared.store.repositories.base import Repository, chunks
from shared.store.tables.prices import market_gates


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRecord:
    """One reading: `level` 0-100, the settled `colour`, and the scanner's whole `reading` as JSON text."""

    gate_time: datetime
    as_of: date
    level: int
    colour: str
    reading: str


class GateRepository(Repository):
    """Gate readings by market time."""

    async def save(self, record: GateRecord) -> None:
        """Store a reading; a second one of the same moment takes its place."""
        values = asdict(record)
        insert = self._insert(market_gates).values(values)
        del values["gate_time"]
        await self._connection.execute(insert.on_conflict_do_update(index_elements=[market_gates.c.gate_time], set_=values))

    async def newest(self, until: datetime, *, limit: int = 1) -> list[GateRecord]:
        """The last readings up to a moment, newest first."""
        query = select(market_gates).where(market_gates.c.gate_time <= until)
        query = query.order_by(market_gates.c.gate_time.desc()).limit(limit)
        return [GateRecord(**row) for row in (await self._connection.execute(query)).mappings()]

    async def at(self, moments: Sequence[datetime]) -> dict[datetime, GateRecord]:
        """The readings of exactly these moments, where there are any."""
        found: dict[datetime, GateRecord] = {}
        for some in chunks(moments):
            query = select(market_gates).where(market_gates.c.gate_time.in_(some))
            rows = (await self._connection.execute(query)).mappings()
            found |= {row["gate_time"]: GateRecord(**row) for row in rows}
        return found
