"""Reads one file into the store, chunk by chunk, with its progress in the same transactions."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from servers.market.ingest.reader import SourceFile
from servers.market.ingest.rejects import RejectFile
from servers.market.ingest.rules import OpenDays
from servers.market.ingest.schemas import FileKind
from servers.market.ingest.summary import FileReport, FileStatus, ImportProgress
from servers.market.ingest.validation import Checked, checked_chunks
from servers.market.ingest.writer import Writer
from shared.clock import Clock
from shared.market.errors import InvalidInput
from shared.store.repositories.imports import ImportFile, ImportState
from shared.store.store import Store

RULES_VERSION = 1
"""Raise it when rows that used to be rejected are accepted now, so that known files are read again."""

_CHECKED_ONLY = frozenset({FileKind.TRADING_CALENDAR, FileKind.SUSPECTED_ACTIONS})
"""Kinds of which nothing is stored, so that there is nothing to remember."""

_HALTED = pl.all_horizontal(pl.col(name) == 0 for name in ("open", "high", "low", "volume"))
_BAR_KINDS = frozenset({FileKind.DAILY_BARS, FileKind.OFFICIAL_TABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Result of one file. `log` is what the import log shall say once all that follows from the file is stored too."""

    report: FileReport
    kind: FileKind
    log: ImportFile | None = None
    generations: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class _Counts:
    read: int = 0
    sound: int = 0
    stored: int = 0
    halted: int = 0
    ignored: int = 0


class FileImport:
    """One file on its way into the store."""

    def __init__(
        self, source: SourceFile, writer: Writer, *, store: Store, clock: Clock, days: OpenDays, rejects: RejectFile
    ) -> None:
        self._source = source
        self._writer = writer
        self._store = store
        self._clock = clock
        self._days = days
        self._rejects = rejects
        self._counts = _Counts()
        self._logged = source.schema.kind not in _CHECKED_ONLY
        self._log = ImportFile(
            digest=source.digest,
            schema=f"{source.schema.kind}/{RULES_VERSION}",
            file_name=str(source.path)[-400:],
            state=ImportState.RUNNING,
            rows_total=source.table.rows or 0,
            rows_done=0,
            rows_stored=0,
            rows_rejected=0,
            started_time=clock.machine_now(),
        )

    async def run(self, progress: ImportProgress, *, chunk_rows: int) -> Outcome:
        """Read the file to its end; one that turns out to be damaged gives a FAILED report."""
        async with self._store.read() as uow:
            known = await uow.imports.find(self._log.digest, self._log.schema) if self._logged else None
        if known is not None and known.state is ImportState.DONE:
            return self._known_already(known)
        try:
            await self._read(progress, chunk_rows, known)
        except InvalidInput as error:
            return await self._failed(error)
        return self._finished()

    async def _read(self, progress: ImportProgress, chunk_rows: int, known: ImportFile | None) -> None:
        resume_at = 0
        if known is not None:
            self._log, resume_at = known, known.rows_done
            self._counts.stored = known.rows_stored
        chunks = checked_chunks(self._source, self._days, chunk_rows)
        while (chunk := await asyncio.to_thread(_next, chunks)) is not None:
            self._notice(chunk)
            if self._counts.read > resume_at:
                await self._write(chunk)
            progress.advanced(self._source.path, chunk.read)
        async with self._store.begin() as uow:
            self._counts.stored += await self._writer.finish(uow)
        self._rejects.close()

    def _notice(self, chunk: Checked) -> None:
        counts = self._counts
        counts.read += chunk.read
        counts.sound += chunk.sound.height
        counts.ignored += chunk.ignored
        if self._source.schema.kind in _BAR_KINDS:
            counts.halted += chunk.sound.filter(_HALTED).height
        self._rejects.add(chunk.rejected)
        self._writer.collect(chunk.sound)

    async def _write(self, chunk: Checked) -> None:
        async with self._store.begin() as uow:
            if chunk.sound.height:
                self._counts.stored += await self._writer.write(uow, chunk.sound)
            if self._logged:
                self._log = self._progressed()
                await uow.imports.save(self._log)

    def _progressed(self) -> ImportFile:
        counts = self._counts
        return replace(
            self._log,
            state=ImportState.RUNNING,
            rows_total=max(self._log.rows_total, counts.read),
            rows_done=counts.read,
            rows_stored=counts.stored,
            rows_rejected=sum(self._rejects.counts.values()),
        )

    def _finished(self) -> Outcome:
        log = None
        if self._logged:
            log = self._progressed()
            if self._writer.complete:
                log = replace(log, state=ImportState.DONE, finished_time=self._clock.machine_now())
            else:
                log = replace(log, rows_done=0)
        status = FileStatus.IMPORTED if self._logged else FileStatus.CHECKED
        return Outcome(
            report=self._report(status, why=self._writer.remark),
            kind=self._source.schema.kind,
            log=log,
            generations=self._writer.generations,
        )

    async def _failed(self, error: InvalidInput) -> Outcome:
        self._rejects.close()
        log = replace(self._progressed(), state=ImportState.FAILED) if self._logged else None
        report = self._report(FileStatus.FAILED, why=error.why)
        return Outcome(report=report, kind=self._source.schema.kind, log=log, generations=self._writer.generations)

    def _known_already(self, known: ImportFile) -> Outcome:
        rejected = {"rejected when it was imported": known.rows_rejected} if known.rows_rejected else {}
        report = replace(
            self._report(FileStatus.IMPORTED, why="known already: nothing to do"),
            read=known.rows_total,
            unchanged=known.rows_total - known.rows_rejected,
            rejected=rejected,
        )
        return Outcome(report=report, kind=self._source.schema.kind)

    def _report(self, status: FileStatus, *, why: str) -> FileReport:
        counts = self._counts
        stored = min(counts.stored, counts.sound)
        return FileReport(
            path=self._source.path,
            status=status,
            kind=self._source.schema.kind,
            why=why,
            read=counts.read,
            stored=stored,
            unchanged=counts.sound - stored,
            halted=counts.halted,
            ignored=counts.ignored,
            rejected=dict(self._rejects.counts),
            reject_file=self._rejects.path if self._rejects.counts else None,
        )


def _next(chunks: Iterator[Checked]) -> Checked | None:
    return next(chunks, None)
