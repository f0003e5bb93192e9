"""The database of one kstock: opened, checked, and handed out as units of work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.clock import Clock
from shared.store.engine import READS, WRITES, WRITES_SOON, build_engine, is_sqlite, parse_url, place_of
from shared.store.failures import explained, unreachable
from shared.store.new_file import ensure_file
from shared.store.opening import examine
from shared.store.origin import Origin
from shared.store.unit_of_work import UnitOfWork

_COMMIT_SOON = text("SET LOCAL synchronous_commit = off")


class Store:
    """One database, SQLite or PostgreSQL. Close it, or use it as an async context manager."""

    def __init__(self, engine: AsyncEngine, *, url: URL, origin: Origin) -> None:
        """Wrap a checked database; `Store.open` is the way to get one."""
        self.url = url
        self.origin = origin
        self.place = place_of(url)
        self._engine = engine
        self._reader = engine.execution_options(**({} if is_sqlite(url) else READS))
        self._writer = engine.execution_options(**WRITES)
        self._soon = engine.execution_options(**WRITES_SOON)
        # SQLite has one writer. Waiting here is fair and costs nothing; waiting inside SQLite polls.
        self._turn = asyncio.Lock() if is_sqlite(url) else None

    @property
    def is_file(self) -> bool:
        """Whether it is a file of this machine instead of a database on a server."""
        return is_sqlite(self.url)

    @classmethod
    async def open(cls, url: str, *, origin: Origin | None, clock: Clock, upgrade: bool | None = None) -> Self:
        """Open a store, making it when there is none.

        Args:
            url: `sqlite:///path`, a path, or `postgresql://...`.
            origin: What the caller will read or write; None accepts either, but then the store must exist.
            clock: Stamps a new store.
            upgrade: Bring older tables to this version; None does so for SQLite and leaves PostgreSQL to its operator.
                An empty PostgreSQL database is always set up.

        Raises:
            StoreUnusable: Corrupt, half-written, read-only, of a newer version, of another program or origin, or out of
                reach; the message names the file and what to do.
            InvalidInput: The URL names no usable kind of database.
        """
        parsed = parse_url(url)
        if is_sqlite(parsed):
            await ensure_file(parsed, origin, clock)
        engine = build_engine(parsed)
        place = place_of(parsed)
        try:
            with explained(place), unreachable(place):
                found = await examine(engine, parsed, origin=origin, clock=clock, upgrade=upgrade)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, url=parsed, origin=found)

    @asynccontextmanager
    async def begin(self, *, durable: bool = True) -> AsyncIterator[UnitOfWork]:
        """A writing transaction; committed at the end of the block, rolled back on any error.

        Args:
            durable: Whether the block ends only when the disk has it. What does not wait for that survives the end of this
                process, but the last of it may be lost when the machine loses power.
        """
        async with self._writing_turn():
            with explained(self.place):
                async with (self._writer if durable else self._soon).begin() as connection:
                    if not durable:
                        await self._do_not_wait(connection)
                    yield UnitOfWork(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A reading transaction on one snapshot; writers are not held up. Nothing it writes would stay."""
        with explained(self.place):
            async with self._reader.connect() as connection:
                yield UnitOfWork(connection)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _do_not_wait(self, connection: AsyncConnection) -> None:
        if not self.is_file:
            await connection.execute(_COMMIT_SOON)

    @asynccontextmanager
    async def _writing_turn(self) -> AsyncIterator[None]:
        if self._turn is None:
            yield
        else:
            async with self._turn:
                yield
