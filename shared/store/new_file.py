"""Making the file of a SQLite store: complete or not at all."""

import os
import secrets
from pathlib import Path

from sqlalchemy import URL

from shared.clock import Clock
from shared.market.errors import StoreUnusable
from shared.store.engine import WRITES, build_engine, file_of
from shared.store.opening import establish
from shared.store.origin import Origin


async def ensure_file(url: URL, origin: Origin | None, clock: Clock) -> None:
    """Leave an existing file alone, make a missing one.

    Raises:
        StoreUnusable: The path is a folder or an empty file, the file is missing and nobody says what it shall hold, or
            the folder cannot be written.
    """
    path = file_of(url)
    try:
        if path.exists():
            _check_file(path)
        elif origin is None:
            raise StoreUnusable(f"{path} does not exist; import data first or name an existing store")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            await _make(url, path, origin=origin, clock=clock)
    except OSError as error:
        raise StoreUnusable(f"{path} cannot be made: {error.strerror}; check the folder and its permissions") from error


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise StoreUnusable(f"{path} is a folder; name a file, such as {path / 'kstock.db'}")
    if path.stat().st_size == 0:
        # Files of ours get their name only when they are complete, so this one lost its content or never was a store.
        raise StoreUnusable(f"{path} is an empty file; restore it from a backup, or remove it to start anew")


async def _make(url: URL, path: Path, *, origin: Origin, clock: Clock) -> None:
    # A crash on the way leaves only the draft, never a half-made store under the real name.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    engine = build_engine(url.set(database=str(draft)))
    try:
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            await driver.execute("PRAGMA journal_mode = WAL")
        async with engine.execution_options(**WRITES).begin() as connection:
            await connection.run_sync(lambda sync: establish(sync, origin=origin, now=clock.machine_now()))
        await engine.dispose()
        _publish(draft, path)
    finally:
        await engine.dispose()
        for leftover in path.parent.glob(f"{draft.name}*"):
            leftover.unlink()


def _publish(draft: Path, path: Path) -> None:

    try:
        os.link(draft, path)  # fails when another process was faster, where a rename would replace its store
    except FileExistsError:
        return
    except OSError:
        draft.rename(path)  # a file system without hard links
