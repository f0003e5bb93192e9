"""Connections: one async engine per store, set up so that an acknowledged write survives a crash."""

from pathlib import Path

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from shared.market.errors import InvalidInput

_WRITES = "kstock_writes"
_DURABLE, _SOON = "FULL", "NORMAL"
WRITES = {_WRITES: _DURABLE}
"""Execution options of a connection that is going to write."""

WRITES_SOON = {_WRITES: _SOON}
"""The same for what may be lost when the machine loses power: nobody waits for the disk."""

READS = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Execution options of a PostgreSQL connection that reads one snapshot; SQLite's transactions do so anyway."""

_BUSY_MS = 10_000
_CACHE_KIB = 32_768
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def parse_url(text: str) -> URL:
    """URL of a store with the driver this program uses.

    Args:
        text: `sqlite:///path`, `postgresql://user:password@host/database`, or a path.

    Raises:
        InvalidInput: Another kind of database, or no URL at all.
    """
    if "://" not in text:
        return URL.create("sqlite+aiosqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise InvalidInput("store.url", "is no URL; write sqlite:///var/kstock.db or postgresql://user@host/name") from error
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise InvalidInput("store.url", f"names {url.get_backend_name()}; kstock stores in sqlite or postgresql")
    if driver.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise InvalidInput("store.url", "names no file; write sqlite:///var/kstock.db")
    return url.set(drivername=driver)


def is_sqlite(url: URL) -> bool:
    """Whether the store is a file."""
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path:
    """The file of a SQLite store."""
    return Path(str(url.database).removeprefix("file:"))


def place_of(url: URL) -> str:
    """How messages name the store: its file, or its address without the password."""
    return str(file_of(url)) if is_sqlite(url) else url.set(drivername="postgresql").render_as_string(hide_password=True)


def build_engine(url: URL) -> AsyncEngine:
    """Engine whose commits are durable; nothing connects yet."""
    if is_sqlite(url):
        return _sqlite_engine(url)
    return create_async_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "timeout": 10,
            # Operators may have set synchronous_commit off for the server; an acknowledged signal must not be lost.
            "server_settings": {"application_name": "kstock", "synchronous_commit": "on", "timezone": "UTC", "jit": "off"},
        },
    )


def _sqlite_engine(url: URL) -> AsyncEngine:
    # The driver's own transaction control begins too late (at the first write); BEGIN is ours.
    engine = create_async_engine(url, connect_args={"isolation_level": None})
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for name, value in (
        ("busy_timeout", _BUSY_MS),
        ("foreign_keys", "ON"),
        ("synchronous", _DURABLE),
        ("temp_store", "MEMORY"),
        ("cache_size", -_CACHE_KIB),
    ):
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


def _begin(connection: Connection) -> None:
    level = connection.get_execution_options().get(_WRITES)
    if level is None:
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
    # A transaction that reads first and writes later would fail when another one wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
