"""Long time series out of the database as numpy columns, without a Python object per value.

SQLite joins the numbers of one ticker into one text per column inside the database (no Python code runs per row, and the
interpreter lock is free meanwhile); PostgreSQL sends its binary COPY format, whose rows have one fixed width.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import cast

import aiosqlite
import asyncpg
import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.market.errors import StoreUnusable

_TICKERS_PER_STEP = 150
_FEW_TICKERS = 2
"""So few are parsed sooner than a thread takes over."""

_TICKER_BYTES = 6
_DAY_SPAN = 100_000_000
_COPY_HEADER_BYTES = 19
_COPY_TRAILER_BYTES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesQuery:
    """What to read: integer expressions of one table, by ticker, for a span of days.

    `source` is a table or join, `key` and `day` its ticker and yyyymmdd columns. Every expression must be an integer and
    never NULL; the first one rises with the day. `since` and `until` are yyyymmdd, both included; `tickers` None means all.
    """

    source: str
    key: str
    day: str
    expressions: Sequence[str]
    since: int
    until: int
    tickers: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Rows sorted by (ticker, day): `ticker_index` points into `tickers`, `values` has one array per expression."""

    tickers: tuple[str, ...]
    ticker_index: NDArray[np.int32]
    values: list[NDArray[np.int64]]


async def read_series(connection: AsyncConnection, query: SeriesQuery) -> Series:
    """Read the series inside the connection's transaction."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    if connection.dialect.name == "sqlite":
        return await _read_sqlite(cast("aiosqlite.Connection", driver), query)
    return await _read_postgresql(driver, query)


async def _read_sqlite(driver: aiosqlite.Connection, query: SeriesQuery) -> Series:
    joined = ", ".join(f"group_concat({expression}, ' ')" for expression in query.expressions)
    chosen, parameters = "", []
    if query.tickers is not None:
        chosen = f" AND {query.key} IN (SELECT value FROM json_each(?))"  # noqa: S608  # names of our own tables
        parameters = [json.dumps(list(query.tickers))]
    statement = (
        f"SELECT {query.key}, count(*), {joined} FROM {query.source} "  # noqa: S608  # names of our own tables
        f"WHERE {query.day} BETWEEN ? AND ?{chosen} GROUP BY {query.key} ORDER BY {query.key}"
    )
    steps: list[Series] = []
    async with driver.execute(statement, (query.since, query.until, *parameters)) as cursor:
        rows = list(await cursor.fetchmany(_TICKERS_PER_STEP))
        while len(rows) == _TICKERS_PER_STEP:
            # The database fetches the next ones while these are parsed.
            async with asyncio.TaskGroup() as tasks:
                parsing = tasks.create_task(asyncio.to_thread(_parse_joined, rows))
                fetching = tasks.create_task(cursor.fetchmany(_TICKERS_PER_STEP))
            steps.append(parsing.result())
            rows = list(fetching.result())
        if rows:
            steps.append(_parse_joined(rows) if len(rows) <= _FEW_TICKERS else await asyncio.to_thread(_parse_joined, rows))
    return _sorted(_concatenate(steps, len(query.expressions)))


def _parse_joined(rows: Iterable[Row]) -> Series:
    tickers, counts, *columns = zip(*rows, strict=True)
    return Series(
        tickers=tickers,
        ticker_index=np.repeat(np.arange(len(tickers), dtype=np.int32), counts),
        values=[np.fromstring(" ".join(column), dtype=np.int64, sep=" ") for column in columns],
    )


def _concatenate(steps: Sequence[Series], width: int) -> Series:
    if not steps:
        empty = np.zeros(0, dtype=np.int64)
        return Series(tickers=(), ticker_index=empty.astype(np.int32), values=[empty] * width)
    offsets = np.cumsum([0, *(len(step.tickers) for step in steps)]).tolist()
    return Series(
        tickers=tuple(ticker for step in steps for ticker in step.tickers),
        ticker_index=np.concatenate(
            [step.ticker_index + np.int32(offset) for step, offset in zip(steps, offsets, strict=False)]
        ),
        values=[np.concatenate([step.values[column] for step in steps]) for column in range(width)],
    )


async def _read_postgresql(driver: asyncpg.Connection, query: SeriesQuery) -> Series:
    listed = ", ".join(f"({expression})::bigint" for expression in query.expressions)
    chosen, parameters = "", []
    if query.tickers is not None:
        chosen = f" AND {query.key} = ANY($3::text[])"
        parameters = [list(query.tickers)]
    received = bytearray()

    async def receive(data: bytes) -> None:
        received.extend(data)

    span = f"{query.day} BETWEEN $1 AND $2{chosen}"
    await driver.copy_from_query(
        f"SELECT {query.key}, {listed} FROM {query.source} WHERE {span}",  # noqa: S608  # names of our own tables
        query.since,
        query.until,
        *parameters,
        output=receive,
        format="binary",
    )
    return await asyncio.to_thread(_parse_copied, received, len(query.expressions))


def _parse_copied(received: bytearray, width: int) -> Series:
    # PostgreSQL manual, COPY, Binary Format: per row a field count, per field its length and the value, big endian.
    fields: list[tuple[str, str]] = [("count", ">i2"), ("ticker_length", ">i4"), ("ticker", f"S{_TICKER_BYTES}")]
    for column in range(width):
        fields += [(f"length{column}", ">i4"), (f"value{column}", ">i8")]
    layout = np.dtype(fields)
    body = len(received) - _COPY_HEADER_BYTES - _COPY_TRAILER_BYTES
    if body % layout.itemsize:
        raise StoreUnusable("a time series holds a ticker that has not six characters; import it again")
    rows = np.frombuffer(received, dtype=layout, count=body // layout.itemsize, offset=_COPY_HEADER_BYTES)
    tickers, index = np.unique(rows["ticker"], return_inverse=True)
    return _sorted(
        Series(
            tickers=tuple(ticker.decode("ascii") for ticker in tickers.tolist()),
            ticker_index=index.astype(np.int32),
            values=[rows[f"value{column}"].astype(np.int64) for column in range(width)],
        )
    )


def _sorted(series: Series) -> Series:
    """Sort by (ticker, first value). Neither database promises an order here, both mostly keep it."""
    key = series.ticker_index.astype(np.int64) * _DAY_SPAN + series.values[0]
    if bool((np.diff(key) > 0).all()):
        return series
    order = np.argsort(key, kind="stable")
    return Series(
        tickers=series.tickers,
        ticker_index=series.ticker_index[order],
        values=[values[order] for values in series.values],
    )
