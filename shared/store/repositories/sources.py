"""Numbers of source names."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store.bulk import Constant
from shared.store.provenance import Provenance
from shared.store.repositories.base import Repository
from shared.store.tables.instruments import sources
from shared.store.types import to_microseconds


class SourceRepository(Repository):
    """Source names as the small numbers that rows carry."""

    async def number(self, name: str) -> int:
        """Number of a source, given to it on first use."""
        await self._connection.execute(self._insert(sources).values(name=name).on_conflict_do_nothing())
        found = await self._connection.execute(select(sources.c.source_id).where(sources.c.name == name))
        return int(found.scalar_one())

    async def names(self) -> dict[int, str]:
        """Every known source by its number."""
        found = await self._connection.execute(select(sources.c.source_id, sources.c.name))
        return dict(found.all())


async def stamp(connection: AsyncConnection, provenance: Provenance) -> dict[str, Constant]:
    """The columns that say where rows come from, as bulk writing needs them."""
    return {
        "source_id": await SourceRepository(connection).number(provenance.source),
        "rank": provenance.rank.value,
        "fetched_time": to_microseconds(provenance.fetched_time),
    }
