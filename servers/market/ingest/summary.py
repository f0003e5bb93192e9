"""What an import reports while it runs and when it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class FileStatus(StrEnum):
    """What became of one file."""

    IMPORTED = "IMPORTED"
    CHECKED = "CHECKED"  # only compared, nothing of it is stored
    SKIPPED = "SKIPPED"  # unknown columns, found in a folder
    FAILED = "FAILED"  # unreadable or empty, found in a folder


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """Counts of one file; every row that was read is stored, unchanged, rejected or ignored.

    `stored` rows are new or changed something, `unchanged` rows said what the store knew or knew better. `halted` of them
    are halted days. `ignored` rows are sound but nothing the store keeps (no six-character code, before the first trade).
    `rejected` counts by reason; the rows themselves are in `reject_file`.
    """

    path: Path
    status: FileStatus
    kind: str = ""
    why: str = ""
    read: int = 0
    stored: int = 0
    unchanged: int = 0
    halted: int = 0
    ignored: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    reject_file: Path | None = None

    @property
    def rejected_rows(self) -> int:
        """Rows rejected for any reason."""
        return sum(self.rejected.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """Result of one import.

    Over the whole store, `adjusted` jumps have a factor and `quarantined` ones have none (BAD_ADJUST).
    """

    files: Sequence[FileReport]
    adjusted: int
    quarantined: int
    seconds: float

    @property
    def read(self) -> int:
        """Rows read from all files."""
        return sum(report.read for report in self.files)

    @property
    def stored(self) -> int:
        """Rows that were new or changed something."""
        return sum(report.stored for report in self.files)

    @property
    def unchanged(self) -> int:
        """Rows that the store knew already."""
        return sum(report.unchanged for report in self.files)

    @property
    def rejected(self) -> int:
        """Rows in reject files."""
        return sum(report.rejected_rows for report in self.files)

    @property
    def halted(self) -> int:
        """Halted days among the rows read."""
        return sum(report.halted for report in self.files)

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """Files that could not be read."""
        return tuple(report for report in self.files if report.status is FileStatus.FAILED)

    @property
    def skipped(self) -> tuple[FileReport, ...]:
        """Files of unknown columns."""
        return tuple(report for report in self.files if report.status is FileStatus.SKIPPED)


class ImportProgress(Protocol):
    """Where an import tells how far it is; the command line draws bars from it."""

    def planned(self, files: Sequence[tuple[Path, int | None]]) -> None:
        """The files that will be read, in order, each with its number of rows where the format says it."""

    def advanced(self, path: Path, rows: int) -> None:
        """`rows` more rows of the file are done."""

    def finished(self, report: FileReport) -> None:
        """The file is done, skipped or failed."""

    def step(self, name: str) -> None:
        """A step after the files begins, e.g. `corporate actions`."""


class SilentProgress:
    """Reports to nobody."""

    def planned(self, files: Sequence[tuple[Path, int | None]]) -> None:
        """Ignore it."""

    def advanced(self, path: Path, rows: int) -> None:
        """Ignore it."""

    def finished(self, report: FileReport) -> None:
        """Ignore it."""

    def step(self, name: str) -> None:
        """Ignore it."""
