"""A copy of a SQLite store to rehearse on: replay writes its signals there and never into the real log."""

import asyncio
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from shared.market.errors import InvalidInput, StoreUnusable
from shared.store.engine import file_of, is_sqlite, parse_url
from shared.store.failures import explained


async def copy_store(source: str, target: Path) -> None:
    """Copy a SQLite store as it stands at one moment, also while others write to it; an earlier copy is replaced.

    Args:
        source: URL or path of the store.
        target: File to make; the folder is made too.

    Raises:
        InvalidInput: The source is not a SQLite store.
        StoreUnusable: The source cannot be read or the copy cannot be written; an earlier copy is still there then.
    """
    url = parse_url(source)
    if not is_sqlite(url):
        raise InvalidInput("store.url", "is PostgreSQL; copy the database with its own tools and name the copy")
    with explained(str(file_of(url))):
        await asyncio.to_thread(_copy, file_of(url), target)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise StoreUnusable(f"{source} does not exist; import data first or name an existing store")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(draft)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = WAL")
        for journal in ("-wal", "-shm"):
            target.with_name(target.name + journal).unlink(missing_ok=True)
        draft.replace(target)
    except OSError as error:
        raise StoreUnusable(f"{target} cannot be made: {error.strerror}; check the folder and its permissions") from error
    finally:
        for leftover in target.parent.glob(f"{draft.name}*"):
            leftover.unlink()
