"""One cold load of the market: `python -m tests.bench.panel_arms ARM STORE` prints its seconds as JSON.

- `product`: the panel as a scan gets it: adjusted, with flows, universe and statuses.
- `pandas`: the raw bars of the same days by `read_sql_query`, pivoted to one table per column; nothing else.
"""

import asyncio
import json
import sqlite3
import sys
import time
from contextlib import closing
from datetime import date

import pandas as pd

from servers.scanner.loader import MarketLoader
from shared.clock import WallClock
from shared.market.sessions import SessionCalendar
from shared.store.store import Store

_DAY = date(2026, 4, 30)
_SINCE = 20_241_201
_COLUMNS = ("open", "high", "low", "close", "volume", "turnover")


class Stopwatch:
    """Wall-clock and CPU seconds since it was made; threads included."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._cpu


async def product(path: str) -> dict[str, float]:
    """Open the store, then load the panel."""
    calendar, opening = SessionCalendar.load(), Stopwatch()
    async with await Store.open(path, origin=None, clock=WallClock()) as store:
        opened, _ = opening.read()
        loading = Stopwatch()
        await MarketLoader(store, calendar).panel(_DAY)
        wall, cpu = loading.read()
    return {"wall_s": wall, "cpu_s": cpu, "open_s": opened}


def by_pandas(path: str) -> dict[str, float]:
    """Read and pivot."""
    loading = Stopwatch()
    query = f"SELECT ticker, date, {', '.join(_COLUMNS)} FROM daily_bars WHERE date BETWEEN ? AND ?"
    with closing(sqlite3.connect(path)) as connection:
        rows = pd.read_sql_query(query, connection, params=(_SINCE, int(_DAY.strftime("%Y%m%d"))))
    tables = {name: rows.pivot(index="date", columns="ticker", values=name) for name in _COLUMNS}
    wall, cpu = loading.read()
    assert all(len(table) for table in tables.values())
    return {"wall_s": wall, "cpu_s": cpu}


if __name__ == "__main__":
    _arm, _path = sys.argv[1:]
    print(json.dumps(asyncio.run(product(_path)) if _arm == "product" else by_pandas(_path)))
