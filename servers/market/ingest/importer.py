"""Imports market files into a store: idempotent, in any order, and going on where an interrupted run stopped."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from servers.market.ingest.actions import Derived, derive
from servers.market.ingest.bar_writer import DailyBarsWriter, OfficialTableWriter
from servers.market.ingest.check_writer import CalendarChecker, SuspicionChecker
from servers.market.ingest.discovery import discover
from servers.market.ingest.file_import import FileImport, Outcome
from servers.market.ingest.master_writer import DelistingWriter, KisMasterWriter, ListingWriter
from servers.market.ingest.moment_writer import MinuteBarsWriter, SnapshotsWriter
from servers.market.ingest.reader import SourceFile
from servers.market.ingest.rejects import RejectFile
from servers.market.ingest.rules import OpenDays
from servers.market.ingest.schemas import FileKind
from servers.market.ingest.series_writer import (
    FlowsWriter,
    FxRatesWriter,
    IndexBarsWriter,
    MarketFlowsWriter,
    NewsWriter,
    ShareFlowsWriter,
)
from servers.market.ingest.sources import fetched_time
from servers.market.ingest.summary import FileReport, FileStatus, ImportProgress, ImportSummary
from servers.market.ingest.writer import Writer
from shared.clock import Clock
from shared.market.errors import StoreUnusable
from shared.market.sessions import SessionCalendar
from shared.store.origin import Origin
from shared.store.store import Store

CHUNK_ROWS = 50_000
"""Rows a transaction: an interrupted import repeats no more than this."""

_ACTION_KINDS = frozenset(
    {FileKind.DAILY_BARS, FileKind.OFFICIAL_TABLE, FileKind.LISTING_MASTER, FileKind.DELISTING, FileKind.KIS_MASTER}
)
"""Kinds that can change factors or capitalisation: prices, share counts, listing days, liquidation trading."""


async def import_paths(
    store: Store,
    paths: Sequence[Path],
    *,
    progress: ImportProgress,
    clock: Clock,
    data_dir: Path,
    calendar: SessionCalendar | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> ImportSummary:
    """Import files and folders.

    Rows that cannot be stored go to `<data_dir>/rejects/<file>.csv`. Importing a file again changes nothing; an import that
    was killed goes on where it stopped.

    Args:
        store: Where to; its origin must be REAL.
        paths: Files and folders. Every file of a folder is taken, those of unknown columns are skipped with a report.
        progress: Told about every chunk.
        clock: Stamps the import log.
        data_dir: Parent of the reject files.
        calendar: Trading days; None loads the built-in calendar.
        chunk_rows: Rows a transaction.

    Returns:
        Counts by file; files of a folder that could not be read are among them as FAILED.

    Raises:
        InvalidInput: A named file is missing, empty, damaged or of unknown columns; nothing was written then.
        StoreUnusable: The store or the reject files cannot be written, or the store holds the simulated market.
    """
    if store.origin is not Origin.REAL:
        raise StoreUnusable(f"{store.place} holds the simulated market; real data goes into a store of its own")
    began = clock.monotonic()
    found = await asyncio.to_thread(discover, paths)
    progress.planned([(source.path, source.table.rows) for source in found.sources])
    for report in found.left_out:
        progress.finished(report)
    run = _Run(
        store,
        progress=progress,
        clock=clock,
        data_dir=data_dir,
        calendar=calendar or SessionCalendar.load(),
        chunk_rows=chunk_rows,
    )
    outcomes = [await run.read(source) for source in found.sources if source.schema.kind not in _AFTER_ACTIONS]
    derived = await run.settle(outcomes)
    outcomes += [await run.read(source) for source in found.sources if source.schema.kind in _AFTER_ACTIONS]
    return ImportSummary(
        files=(*(outcome.report for outcome in outcomes), *found.left_out),
        adjusted=derived[0],
        quarantined=derived[1],
        seconds=clock.monotonic() - began,
    )


_AFTER_ACTIONS = frozenset({FileKind.SUSPECTED_ACTIONS})


class _Run:
    """One call of `import_paths`."""

    def __init__(
        self,
        store: Store,
        *,
        progress: ImportProgress,
        clock: Clock,
        data_dir: Path,
        calendar: SessionCalendar,
        chunk_rows: int,
    ) -> None:
        self._store = store
        self._progress = progress
        self._clock = clock
        self._data_dir = data_dir
        self._chunk_rows = chunk_rows
        self._days = OpenDays.of(calendar)
        self._reject_names: set[Path] = set()
        self._read_files: dict[str, Path] = {}
        self._writers = _writers(calendar)

    async def read(self, source: SourceFile) -> Outcome:
        """Read one file into the store; a copy of a file of this run is not read twice."""
        twin = self._read_files.setdefault(source.digest, source.path)
        if twin != source.path:
            report = FileReport(path=source.path, status=FileStatus.IMPORTED, why=f"has the same content as {twin}")
            self._progress.finished(report)
            return Outcome(report=report, kind=source.schema.kind)
        rejects = RejectFile(self._data_dir, source.path, taken=self._reject_names)
        writer = self._writers[source.schema.kind](source)
        job = FileImport(source, writer, store=self._store, clock=self._clock, days=self._days, rejects=rejects)
        outcome = await job.run(self._progress, chunk_rows=self._chunk_rows)
        self._progress.finished(outcome.report)
        return outcome

    async def settle(self, outcomes: Sequence[Outcome]) -> tuple[int, int]:
        """Derive what follows from all files together and close their import log.

        Returns:
            Adjusted and quarantined jumps of the whole store.
        """
        open_logs = [outcome.log for outcome in outcomes if outcome.log is not None]
        derived: Derived | None = None
        if any(outcome.log is not None and outcome.kind in _ACTION_KINDS for outcome in outcomes):
            self._progress.step("corporate actions")
            derived = await derive(self._store)
        async with self._store.begin() as uow:
            if derived is not None:
                await uow.instruments.refresh_capital()
                await uow.factors.replace(derived.tickers, derived.factors)
            for name in sorted({name for outcome in outcomes for name in outcome.generations}):
                await uow.meta.bump_generation(name)
            for log in open_logs:
                await uow.imports.save(log)
            if derived is not None:
                return derived.adjusted, derived.quarantined
            known = await uow.factors.columns(date.max)
            return int((~known.quarantined).sum()), int(known.quarantined.sum())


def _writers(calendar: SessionCalendar) -> dict[FileKind, Callable[[SourceFile], Writer]]:
    return {
        FileKind.TRADING_CALENDAR: lambda _: CalendarChecker(calendar),
        FileKind.LISTING_MASTER: lambda _: ListingWriter(),
        FileKind.DELISTING: lambda _: DelistingWriter(),
        FileKind.KIS_MASTER: lambda _: KisMasterWriter(calendar),
        FileKind.OFFICIAL_TABLE: lambda source: OfficialTableWriter(fetched_time(source)),
        FileKind.DAILY_BARS: lambda source: DailyBarsWriter(fetched_time(source)),
        FileKind.SUSPECTED_ACTIONS: lambda _: SuspicionChecker(),
        FileKind.INDEX_BARS: lambda source: IndexBarsWriter(fetched_time(source)),
        FileKind.FX_RATES: lambda source: FxRatesWriter(fetched_time(source)),
        FileKind.FLOWS_WON: lambda source: FlowsWriter(fetched_time(source)),
        FileKind.FLOWS_SHARES: lambda source: ShareFlowsWriter(fetched_time(source)),
        FileKind.MARKET_FLOWS: lambda source: MarketFlowsWriter(fetched_time(source)),
        FileKind.NEWS: lambda source: NewsWriter(fetched_time(source)),
        FileKind.MINUTE_BARS: lambda source: MinuteBarsWriter(fetched_time(source)),
        FileKind.INTRADAY_SNAPSHOTS: lambda source: SnapshotsWriter(fetched_time(source)),
    }
