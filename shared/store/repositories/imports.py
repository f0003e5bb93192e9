"""Files that were imported, so that an interrupted import goes on where it stopped."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from shared.store.repositories.base import Repository
from shared.store.tables.operations import import_files


class ImportState(StrEnum):
    """RUNNING also stands for an import that was interrupted."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """One file read by one schema. `digest` is the SHA-256 of its content in hex; `rows_done` is where to go on."""

    digest: str
    schema: str
    file_name: str
    state: ImportState
    rows_total: int
    rows_done: int
    rows_stored: int
    rows_rejected: int
    started_time: datetime
    finished_time: datetime | None = None


class ImportRepository(Repository):
    """The import log."""

    async def find(self, digest: str, schema: str) -> ImportFile | None:
        """What is known about a file, by its content; None when it was never seen."""
        found = await self._connection.execute(
            select(import_files).where(import_files.c.digest == digest, import_files.c.schema == schema)
        )
        row = found.mappings().one_or_none()
        return None if row is None else ImportFile(**{**row, "state": ImportState(row["state"])})

    async def save(self, file: ImportFile) -> None:
        """Store progress, in the same unit of work as the rows it counts."""
        values = asdict(file) | {"state": file.state.value}
        insert = self._insert(import_files).values(values)
        keys = [import_files.c.digest, import_files.c.schema]
        await self._connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=values))

    async def newest(self, *, limit: int) -> list[ImportFile]:
        """The files imported last, newest first."""
        query = select(import_files).order_by(import_files.c.started_time.desc(), import_files.c.digest).limit(limit)
        rows = (await self._connection.execute(query)).mappings()
        return [ImportFile(**{**row, "state": ImportState(row["state"])}) for row in rows]
