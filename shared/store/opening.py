"""Checks and papers of a store that is being opened: tables, origin, integrity."""

import secrets
from datetime import datetime

from sqlalchemy import URL, Connection, insert, inspect, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock
from shared.market.errors import StoreUnusable
from shared.store import schema
from shared.store.engine import WRITES, is_sqlite, place_of
from shared.store.origin import Origin
from shared.store.tables.operations import store_meta
from shared.store.tables.signals import event_logs

_ORIGIN = "origin"
_UPGRADE_LOCK = text("SELECT pg_advisory_xact_lock(7305884110)")
"""One process at a time makes or upgrades the tables; the number is ours by chance."""


async def examine(engine: AsyncEngine, url: URL, *, origin: Origin | None, clock: Clock, upgrade: bool | None) -> Origin:
    """Check a database, set up an empty one, upgrade an older one; see `Store.open` for what can be wrong.

    Returns:
        The origin of what is in it.
    """
    place = place_of(url)
    if is_sqlite(url):
        async with engine.connect() as connection:
            await connection.run_sync(check_integrity, place)
    else:
        await _set_up_blank(engine, place, origin=origin, clock=clock)
    async with engine.connect() as connection:
        await connection.run_sync(check_ours, place)
        current = await connection.run_sync(schema.check_revision, place)
    if not current and not (is_sqlite(url) if upgrade is None else upgrade):
        raise StoreUnusable(f"{place} has the tables of an older kstock; set KSTOCK_STORE__UPGRADE=true once to upgrade")
    writer = engine.execution_options(**WRITES)
    if not current:
        async with writer.begin() as connection:
            if not is_sqlite(url):
                await connection.execute(_UPGRADE_LOCK)
            await connection.run_sync(schema.upgrade)
    async with writer.connect() as connection:
        # SQLite tells that a file is read-only when something is written, not before; the change is never committed.
        await connection.execute(update(store_meta).values(value=store_meta.c.value))
        return await connection.run_sync(check_origin, place, origin)


async def _set_up_blank(engine: AsyncEngine, place: str, *, origin: Origin | None, clock: Clock) -> None:
    async with engine.begin() as connection:
        await connection.execute(_UPGRADE_LOCK)
        if not await connection.run_sync(is_blank):
            return
        if origin is None:
            raise StoreUnusable(f"{place} is an empty database; import data first or name an existing store")
        chosen, now = origin, clock.machine_now()
        await connection.run_sync(lambda sync: establish(sync, origin=chosen, now=now))


def check_integrity(connection: Connection, place: str) -> None:
    """Read a SQLite file through once: about 0.3 s per 100 MB.

    Raises:
        StoreUnusable: A page is damaged.
    """
    verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if verdict != "ok":
        raise StoreUnusable(f"{place} is damaged ({verdict}); restore it from a backup, or move it away and import again")


def is_blank(connection: Connection) -> bool:
    """Whether the database has no table at all."""
    return not inspect(connection).get_table_names()


def check_ours(connection: Connection, place: str) -> None:
    """Refuse a database with tables of another program.

    Raises:
        StoreUnusable: It is not a kstock store.
    """
    if not inspect(connection).has_table(store_meta.name):
        raise StoreUnusable(f"{place} holds tables of another program; name another database")


def establish(connection: Connection, *, origin: Origin, now: datetime) -> None:
    """Make the tables of an empty database and stamp them."""
    schema.create(connection)
    stamps = {_ORIGIN: origin.value, "created_time": now.isoformat(), "store_id": secrets.token_hex(16)}
    connection.execute(insert(store_meta), [{"key": key, "value": value} for key, value in stamps.items()])
    log = {"name": "signals", "epoch": secrets.token_hex(16), "last_event_id": 0, "earliest_event_id": 1}
    connection.execute(insert(event_logs), [log])


def check_origin(connection: Connection, place: str, wanted: Origin | None) -> Origin:
    """Origin of an established store.

    Raises:
        StoreUnusable: The store has no stamp, or real facts were wanted and it holds simulated ones, or the reverse.
    """
    found = connection.execute(select(store_meta.c.value).where(store_meta.c.key == _ORIGIN)).scalar_one_or_none()
    if found is None:
        raise StoreUnusable(f"{place} says nothing about the origin of its data; move it away and import again")
    origin = Origin(found)
    if wanted is not None and origin is not wanted:
        raise StoreUnusable(
            f"{place} holds {origin.value} data and this run needs {wanted.value}; the two never share a store, name another"
        )
    return origin
