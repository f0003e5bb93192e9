"""The work of `kstock import`: opens the store of real data, reads the files, reports what became of each row."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bots.console.screen import Screen
from servers.commands.import_progress import import_progress
from servers.commands.invocation import Invocation
from servers.market.ingest.discovery import discover
from servers.market.ingest.importer import import_paths
from servers.market.ingest.summary import FileReport, FileStatus, ImportSummary
from servers.store_choice import REAL_FILE, SIMULATED_FILE
from shared.clock import WallClock
from shared.market.errors import InvalidInput
from shared.store.origin import Origin
from shared.store.store import Store

UNREAD_FILES = 2
"""Exit code when a file could not be read, as for any bad input."""

_HEADER = ("file", "read", "stored", "unchanged", "halted", "ignored", "rejected", "result")
_NUMBERS = _HEADER[1:7]


async def run_import(call: Invocation, paths: Sequence[Path], screen: Screen) -> int:
    """Import and print the summary.

    Args:
        call: Its store is where the rows go; without one, `kstock.db` in the data folder.
        paths: Files and folders.
        screen: Where the summary goes; progress goes to standard error.

    Returns:
        Exit code: 0, or 2 when a file of a folder could not be read.

    Raises:
        InvalidInput: A named file cannot be imported, or the store is the one of the simulated market.
        StoreUnusable: The store cannot be used, or holds simulated data.
    """
    settings, clock = call.settings, WallClock()
    url = call.store or settings.store.url or str(settings.data_dir / REAL_FILE)
    if Path(url).name == SIMULATED_FILE:
        raise InvalidInput("--store", f"{url} is the store of the simulated market; real data needs one of its own")
    await asyncio.to_thread(discover, paths)  # a mistyped path must not leave an empty store behind
    opened = await Store.open(url, origin=Origin.REAL, clock=clock, upgrade=settings.store.upgrade)
    async with opened as store:
        with import_progress(screen) as progress:
            summary = await import_paths(store, paths, progress=progress, clock=clock, data_dir=settings.data_dir)
        _print(summary, store.place, screen)
    return UNREAD_FILES if summary.failed else 0


def _print(summary: ImportSummary, place: str, screen: Screen) -> None:
    if screen.as_json:
        screen.json_line(json.dumps(_as_json(summary, place), ensure_ascii=False))
        return
    screen.table(_HEADER, [_row(report) for report in summary.files], right=_NUMBERS)
    screen.line(
        f"{place}: {summary.read:,} rows read in {summary.seconds:.1f} s, {summary.stored:,} stored, "
        f"{summary.unchanged:,} unchanged, {summary.rejected:,} rejected; "
        f"price jumps explained {summary.adjusted:,}, quarantined {summary.quarantined:,}"
    )
    for report in summary.files:
        for reason, count in report.rejected.items():
            screen.line(f"rejected from {report.path}: {count:,} rows, {reason}; see {report.reject_file}")
    for report in summary.failed:
        screen.remark(f"not read: {report.path}: {report.why}")


def _row(report: FileReport) -> list[str]:
    counts = (report.read, report.stored, report.unchanged, report.halted, report.ignored, report.rejected_rows)
    shown = [f"{count:,}" for count in counts] if report.status in _READ else [""] * len(counts)
    result = f"{report.status.lower()}: {report.why}" if report.why else report.status.lower()
    return [report.path.name, *shown, result]


_READ = (FileStatus.IMPORTED, FileStatus.CHECKED)


def _as_json(summary: ImportSummary, place: str) -> dict[str, Any]:
    return {
        "store": place,
        "read": summary.read,
        "stored": summary.stored,
        "unchanged": summary.unchanged,
        "halted": summary.halted,
        "rejected": summary.rejected,
        "adjusted": summary.adjusted,
        "quarantined": summary.quarantined,
        "seconds": round(summary.seconds, 3),
        "files": [_file_as_json(report) for report in summary.files],
    }


def _file_as_json(report: FileReport) -> dict[str, Any]:
    paths = {"path": str(report.path), "reject_file": str(report.reject_file) if report.reject_file else None}
    return asdict(report) | paths | {"rejected": dict(report.rejected)}
