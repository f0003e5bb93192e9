"""Many rows at once: executemany on SQLite, COPY on PostgreSQL, one rule for which row wins.

Values bypass SQLAlchemy, so they must be what the columns hold: integers yyyymmdd, microseconds, text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.market.errors import InvalidInput

Cell = int | float | str | bool | None
Cells = Sequence[Cell] | NDArray[np.generic]


Constant = int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows as columns: `cells` by column name, all of one length; `constants` are the same in every row."""

    cells: Mapping[str, Cells]
    constants: Mapping[str, Constant]

    def __post_init__(self) -> None:
        """Refuse columns of different lengths, which would silently lose rows."""
        if len({len(column) for column in self.cells.values()}) != 1:
            raise InvalidInput("rows", "every column must have the same length")

    def tuples(self) -> Iterable[tuple[Cell, ...]]:
        """The cells, one tuple per row."""
        columns = [column.tolist() if isinstance(column, np.ndarray) else column for column in self.cells.values()]
        return zip(*columns, strict=True)

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
        async with driver.executemany(_insert(table, rows, better_by), rows.tuples()) as cursor:
            return int(cursor.rowcount)
    stage = f"stage_{table.name}"
    await driver.execute(f"DROP TABLE IF EXISTS {stage}")
    await driver.execute(f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS {_selected(table.name, rows)} WITH NO DATA")
    await driver.copy_records_to_table(stage, records=rows.tuples(), columns=list(rows.cells))
    outcome = await driver.execute(_merge(table, stage, rows, better_by))
    return int(outcome.rsplit(" ", 1)[-1])  # asyncpg answers with the command tag, `INSERT 0 42`


# Names in the statements below are those of our own tables. Of values only constants enter the text, as numbers: binding
# them again for every row would take a third of the time.


def _insert(table: Table, rows: Rows, better_by: Sequence[str]) -> str:
    marks = ", ".join("?" for _ in rows.cells)
    literals = "".join(f", {_literal(value)}" for value in rows.constants.values())
    return f"{_target(table, rows)} VALUES ({marks}{literals}) {_on_conflict(table, rows, better_by)}"


def _merge(table: Table, stage: str, rows: Rows, better_by: Sequence[str]) -> str:
    # One statement may not touch a row twice, so the best of equal keys is chosen first.
    keys = ", ".join(name for name in _keys(table) if name in rows.cells)
    order = ", ".join(chain((keys,), (f"{name} DESC" for name in better_by if name in rows.cells)))
    listed = ", ".join(rows.cells)
    literals = "".join(f", {_literal(value)}" for value in rows.constants.values())
    best = f"SELECT DISTINCT ON ({keys}) {listed}{literals} FROM {stage} ORDER BY {order}"  # noqa: S608
    return f"{_target(table, rows)} {best} {_on_conflict(table, rows, better_by)}"


def _target(table: Table, rows: Rows) -> str:
    return f"INSERT INTO {table.name} ({', '.join((*rows.cells, *rows.constants))})"


def _selected(table_name: str, rows: Rows) -> str:
    return f"SELECT {', '.join(rows.cells)} FROM {table_name}"  # noqa: S608


def _on_conflict(table: Table, rows: Rows, better_by: Sequence[str]) -> str:
    keys = _keys(table)
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*rows.cells, *rows.constants) if name not in keys)
    new = ", ".join(f"excluded.{name}" for name in better_by)
    old = ", ".join(f"{table.name}.{name}" for name in better_by)
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes} WHERE ({new}) > ({old})"


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _literal(value: Constant) -> str:
    if value is None:
        return "NULL"
    return ("TRUE" if value else "FALSE") if isinstance(value, bool) else str(int(value))
