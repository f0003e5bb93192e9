"""A copy of a SQLite store for a replay to work on, so that no rehearsal reaches the real signals."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from shared.market.errors import StoreUnusable


async def copy_store(original: Path, copy: Path) -> None:
    """Copy a store, also one that is in use; an earlier copy is replaced.

    Raises:
        StoreUnusable: The original cannot be read or the copy cannot be written.
    """
    try:
        await asyncio.to_thread(_copy, original, copy)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnusable(f"{original} could not be copied to {copy} for the replay: {error}") from error


def _copy(original: Path, copy: Path) -> None:
    for leftover in (copy, *(copy.with_name(copy.name + suffix) for suffix in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{original.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
