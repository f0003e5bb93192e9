"""How far an import is: bars where a person watches, one line a file elsewhere; both on standard error."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bots.console.screen import Screen
from servers.market.ingest.summary import FileReport, ImportProgress


@contextmanager
def import_progress(screen: Screen) -> Iterator[ImportProgress]:
    """Where an import reports while it runs; what was drawn is gone after the block."""
    console = Console(stderr=True, markup=False, highlight=False)
    if not console.is_terminal:
        yield _Lines(screen)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Bars(bars)


class _Bars:
    """One bar for all files, one for the file that is read."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._all = bars.add_task("files", total=None)
        self._totals: dict[Path, int | None] = {}
        self._open: dict[Path, TaskID] = {}

    def planned(self, files: Sequence[tuple[Path, int | None]]) -> None:
        """Note how long each file is."""
        self._totals = dict(files)
        self._bars.update(self._all, total=len(files))

    def advanced(self, path: Path, rows: int) -> None:
        """Move the bar of the file."""
        if path not in self._open:
            self._open[path] = self._bars.add_task(path.name, total=self._totals.get(path))
        self._bars.advance(self._open[path], rows)

    def finished(self, report: FileReport) -> None:
        """Take the bar of the file away."""
        task = self._open.pop(report.path, None)
        if task is not None:
            self._bars.remove_task(task)
        if report.path in self._totals:
            self._bars.advance(self._all)

    def step(self, name: str) -> None:
        """Show what is done after the files."""
        self._bars.add_task(name, total=None)


class _Lines:
    """One line for each file and step."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def planned(self, files: Sequence[tuple[Path, int | None]]) -> None:
        """Say how many files there are."""
        self._screen.remark(f"files to import: {len(files):,}")

    def advanced(self, path: Path, rows: int) -> None:
        """Nothing: the file reports when it is done."""

    def finished(self, report: FileReport) -> None:
        """Say what became of the file."""
        counts = f"{report.read:,} rows read, {report.stored:,} stored, {report.rejected_rows:,} rejected"
        self._screen.remark(f"{report.status.lower()} {report.path}: {report.why or counts}")

    def step(self, name: str) -> None:
        """Say what is done after the files."""
        self._screen.remark(name)
