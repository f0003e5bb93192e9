"""What the importer asks of the code that stores one file kind."""

from datetime import date
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shared.store.unit_of_work import UnitOfWork


class Writer(Protocol):
    """Stores the sound rows of one file. Made for one file, used chunk by chunk in file order."""

    @property
    def generations(self) -> frozenset[str]:
        """Counters to raise because readers must load again."""

    @property
    def remark(self) -> str:
        """What the report of the file should say, known after `finish`; mostly empty."""

    @property
    def complete(self) -> bool:
        """False after `finish` when the file must be read again once the store knows more."""

    def collect(self, rows: pl.DataFrame) -> None:
        """Take notice of a chunk, also of one that an interrupted import has stored already."""

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk inside a transaction.

        Returns:
            Rows that were new or changed something.
        """

    async def finish(self, uow: UnitOfWork) -> int:
        """Store what only the whole file tells, after its last chunk.

        Returns:
            Further rows that were new or changed something, where `write` stores nothing.
        """


def days(rows: pl.DataFrame, name: str = "date") -> NDArray[np.int32]:
    """A date column as integers yyyymmdd."""
    column = pl.col(name)
    number = column.dt.year() * 10_000 + column.dt.month().cast(pl.Int32) * 100 + column.dt.day().cast(pl.Int32)
    return rows.select(number.cast(pl.Int32)).to_series().to_numpy()


def whole(rows: pl.DataFrame, name: str) -> NDArray[np.int64]:
    """A column of whole numbers; nulls are 0."""
    return rows[name].fill_null(0).to_numpy()


def newest_day(rows: pl.DataFrame, name: str) -> date | None:
    """Newest date of a column; None without any."""
    newest = rows[name].max()
    return newest if isinstance(newest, date) else None
