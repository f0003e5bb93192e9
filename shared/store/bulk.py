"""Many rows at once: executemany on SQLite, COPY on PostgreSQL, one rule for which row wins.

Values bypass SQLAlchemy, so they must be what the columns hold: integers yyyymmdd, microseconds, text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.market.errors import InvalidInput

Cell = int | float | str | bool | None
Cells = Sequence[Cell] | NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows as columns: `cells` by column name, all of one length; `constants` are the same in every row."""

    cells: Mapping[str, Cells]
    constants: Mapping[str, int | None]

    def __post_init__(self) -> None:
        """Refuse columns of different lengths, which would silently lose rows."""
        if len({len(column) for column in self.cells.values()}) != 1:
            raise InvalidInput("rows", "every column must have the same length")

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of `tuples`."""
        return (*self.cells, *self.constants)

    def tuples(self) -> Iterable[tuple[Cell, ...]]:
        """One tuple per row."""
        columns = [column.tolist() if isinstance(column, np.ndarray) else column for column in self.cells.values()]
        return zip(*columns, *(repeat(value) for value in self.constants.values()), strict=False)

    def __len__(self) -> int:
        return len(next(iter(self.cells.values())))


async def upsert(connection: AsyncConnection, table: Table, rows: Rows, *, better_by: Sequence[str]) -> int:
    """Insert rows; where the key exists, the row that is greater by `better_by` stays.

    Args:
        connection: Inside a writing transaction.
        table: Target; its primary key is what conflicts.
        rows: Values of every column that has no default.
        better_by: Columns compared in this order, none of them NULL; equal rows change nothing.

    Returns:
        Number of rows that were new or replaced another one.
    """
    if not len(rows):
        return 0
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    if connection.dialect.name == "sqlite":
        async with driver.executemany(_insert(table, rows.names, better_by), rows.tuples()) as cursor:
            return int(cursor.rowcount)
    stage = f"stage_{table.name}"
    await driver.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS {stage} (LIKE {table.name} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS"
    )
    await driver.execute(f"TRUNCATE {stage}")
    await driver.copy_records_to_table(stage, records=rows.tuples(), columns=list(rows.names))
    outcome = await driver.execute(_merge(table, stage, rows.names, better_by))
    return int(outcome.rsplit(" ", 1)[-1])  # asyncpg answers with the command tag, `INSERT 0 42`


# Names in the statements below are those of our own tables; values never enter the text.


def _insert(table: Table, names: Sequence[str], better_by: Sequence[str]) -> str:
    marks = ", ".join("?" * len(names))
    conflict = _on_conflict(table, names, better_by)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks}) {conflict}"  # noqa: S608


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _on_conflict(table: Table, names: Sequence[str], better_by: Sequence[str]) -> str:
    keys = _keys(table)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    new = ", ".join(f"excluded.{name}" for name in better_by)
    old = ", ".join(f"{table.name}.{name}" for name in better_by)
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes} WHERE ({new}) > ({old})"


def _merge(table: Table, stage: str, names: Sequence[str], better_by: Sequence[str]) -> str:
    # One statement may not touch a row twice, so the best of equal keys is chosen first.
    keys = ", ".join(_keys(table))
    order = ", ".join(chain((keys,), (f"{name} DESC" for name in better_by)))
    listed = ", ".join(names)
    best = f"SELECT DISTINCT ON ({keys}) {listed} FROM {stage} ORDER BY {order}"  # noqa: S608
    return f"INSERT INTO {table.name} ({listed}) {best} {_on_conflict(table, names, better_by)}"
