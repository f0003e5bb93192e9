"""The import files that the settings name: read again before a session opens and after it has closed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from servers.market.ingest.importer import import_paths
from servers.market.ingest.summary import FileStatus, SilentProgress
from shared.clock import Clock, ClockMode
from shared.market.errors import InvalidInput
from shared.market.sessions import SessionCalendar
from shared.store.origin import Origin
from shared.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesRead:
    """Files that were read and rows of them that changed the store."""

    files: int = 0
    rows: int = 0


class ImportFiles:
    """Files and folders into which somebody puts what the exchange and others publish."""

    def __init__(
        self, paths: Sequence[Path], *, store: Store, clock: Clock, calendar: SessionCalendar, data_dir: Path
    ) -> None:
        """Keep the collaborators; nothing is opened before `read`. Reject files go below `data_dir`."""
        self._paths = tuple(paths)
        self._store = store
        self._clock = clock
        self._calendar = calendar
        self._data_dir = data_dir
        self._turn = asyncio.Lock()

    @property
    def are_in_use(self) -> bool:
        """Whether there are any that may be read: rehearsals and the simulated market take nothing from outside."""
        return bool(self._paths) and self._store.origin is Origin.REAL and self._clock.mode is ClockMode.WALL

    async def read(self) -> FilesRead:
        """Import what is new in them; a file whose content is known changes nothing.

        Raises:
            InvalidInput: A named file is missing or of unknown columns, or one of a folder is damaged; the others were read.
            StoreUnusable: The store or the reject files cannot be written.
        """
        if not self.are_in_use:
            return FilesRead()
        async with self._turn:
            summary = await import_paths(
                self._store,
                self._paths,
                progress=SilentProgress(),
                clock=self._clock,
                data_dir=self._data_dir,
                calendar=self._calendar,
            )
        for report in summary.failed:
            raise InvalidInput(str(report.path), report.why)
        used = [report for report in summary.files if report.status is not FileStatus.SKIPPED]
        return FilesRead(files=len(used), rows=summary.stored)
