"""Generations: how readers learn that facts have changed."""

from sqlalchemy import select

from shared.store.repositories.base import Repository
from shared.store.tables.operations import generations


class MetaRepository(Repository):
    """Counters by name: `bars`, `flows`, `instruments`, `index`, `news`."""

    async def generation(self, name: str) -> int:
        """Current generation; 0 before the first write."""
        found = await self._connection.execute(select(generations.c.generation).where(generations.c.name == name))
        return found.scalar_one_or_none() or 0

    async def generations(self) -> dict[str, int]:
        """Every counter that was ever raised."""
        found = await self._connection.execute(select(generations.c.name, generations.c.generation))
        return dict(found.all())

    async def bump_generation(self, name: str) -> int:
        """Raise a counter in this transaction; readers see it together with what was written.

        Returns:
            The new generation.
        """
        insert = self._insert(generations).values(name=name, generation=1)
        raised = await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=[generations.c.name], set_={"generation": generations.c.generation + 1}
            ).returning(generations.c.generation)
        )
        return int(raised.scalar_one())
