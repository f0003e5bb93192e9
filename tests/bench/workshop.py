"""Where benchmarks work: a folder that is gone afterwards, and the real market in a store, imported once."""

import asyncio
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from servers.market.ingest.importer import import_paths
from servers.market.ingest.summary import ImportSummary, SilentProgress
from shared.clock import WallClock
from shared.store.origin import Origin
from shared.store.store import Store
from tests.conftest import REPOSITORY


class DataAbsent(Exception):
    """A figure needs the real market data, which is not beside the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import: rows read, wall-clock and CPU seconds."""

    rows: int
    seconds: float
    cpu_s: float


class Workshop:
    """One run's folder and data."""

    def __init__(self, folder: Path) -> None:
        """Work in an empty folder."""
        self.folder = folder

    @property
    def data(self) -> Path:
        """Folder of the real market data.

        Raises:
            DataAbsent: There is none.
        """
        folder = REPOSITORY.parent / "shared" / "data"
        if not (folder / "daily_ohlcv.parquet").exists():
            raise DataAbsent("needs the real market data beside the repository")
        return folder

    @cached_property
    def real_store(self) -> Path:
        """The whole folder of real data in a store, for reading.

        Raises:
            DataAbsent: There is none.
        """
        path = self.new_folder("real") / "kstock.db"
        timed_import(self.data, store_file=path)
        return path

    def new_folder(self, name: str) -> Path:
        """An empty folder."""
        folder = self.folder / name
        folder.mkdir()
        return folder


def timed_import(*paths: Path, store_file: Path) -> Import:
    """Import files into a new store."""

    async def once() -> ImportSummary:
        async with await Store.open(str(store_file), origin=Origin.REAL, clock=WallClock()) as store:
            return await import_paths(store, paths, progress=SilentProgress(), clock=WallClock(), data_dir=store_file.parent)

    used, began = time.process_time(), time.perf_counter()
    summary = asyncio.run(once())
    return Import(rows=summary.read, seconds=time.perf_counter() - began, cpu_s=time.process_time() - used)
