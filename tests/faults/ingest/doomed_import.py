"""A process that imports a folder and dies by SIGKILL: `python -m ... STORE FOLDER DATA_DIR KILL_AFTER_MS KILL_AT_CALL`.

It dies when the given number of milliseconds have passed since the import began, or at the given call of its progress, and
ends well when neither comes.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from servers.market.ingest.importer import import_paths
from servers.market.ingest.summary import FileReport
from shared.clock import WallClock
from shared.store.origin import Origin
from shared.store.store import Store


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DoomedProgress:
    """Dies at the n-th call."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            die()

    def planned(self, files: Sequence[tuple[Path, int | None]]) -> None:
        self._count()

    def advanced(self, path: Path, rows: int) -> None:
        self._count()

    def finished(self, report: FileReport) -> None:
        self._count()

    def step(self, name: str) -> None:
        self._count()


async def main(store_path: str, folder: Path, data_dir: Path, *, kill_after_ms: int, kill_at_call: int) -> None:
    async with await Store.open(store_path, origin=Origin.REAL, clock=WallClock()) as store:
        timer = threading.Timer(kill_after_ms / 1000, die)
        timer.daemon = True
        timer.start()
        progress = DoomedProgress(kill_at_call)
        await import_paths(store, [folder], progress=progress, clock=WallClock(), data_dir=data_dir, chunk_rows=5)
        timer.cancel()


if __name__ == "__main__":
    asyncio.run(
        main(
            sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), kill_after_ms=int(sys.argv[4]), kill_at_call=int(sys.argv[5])
        )
    )
