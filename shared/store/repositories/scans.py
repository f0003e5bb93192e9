"""Scan runs and the candidates they found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, insert, literal, select, tuple_, update

from shared.market.errors import NotFound
from shared.market.signal import Candidate, SignalKind
from shared.store.repositories.base import Repository
from shared.store.signal_json import dump_candidate, load_candidate
from shared.store.tables.signals import scan_candidates, scan_runs
from shared.store.types import UtcTime


class ScanState(StrEnum):
    """RUNNING is open; PARTIAL means that some tickers failed; the others are ends too."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRun:
    """One run of one strategy over the universe.

    `summary` is the scanner's own report as JSON. `idempotency_key` is unique per principal; None = every request is a new
    run. Times are market time, UTC.
    """

    run_id: str
    kind: SignalKind
    principal: str
    idempotency_key: str | None
    state: ScanState
    as_of: date
    started_time: datetime
    finished_time: datetime | None = None
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanKey:
    """Place of a run in lists, newest first."""

    started_time: datetime
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFilter:
    """Which runs; an empty field filters nothing."""

    kinds: tuple[SignalKind, ...] = ()
    states: tuple[ScanState, ...] = ()
    as_of: date | None = None


class ScanRepository(Repository):
    """Stored runs."""

    async def start(self, run: ScanRun) -> ScanRun:
        """Store a new run, or return the one that the same caller started with the same idempotency key."""
        statement = self._insert(scan_runs).values(_row(run)).on_conflict_do_nothing()
        if (await self._connection.execute(statement)).rowcount == 1:
            return run
        found = await self._connection.execute(
            select(scan_runs).where(
                scan_runs.c.principal == run.principal, scan_runs.c.idempotency_key == run.idempotency_key
            )
        )
        return _run(found.mappings().one())

    async def save(self, run: ScanRun) -> None:
        """Store the newest state of a run.

        Raises:
            NotFound: The run was never started.
        """
        changed = await self._connection.execute(update(scan_runs).where(scan_runs.c.run_id == run.run_id).values(_row(run)))
        if changed.rowcount != 1:
            raise NotFound("SCAN_RUN", run.run_id)

    async def get(self, run_id: str) -> ScanRun:
        """One run.

        Raises:
            NotFound: No such run.
        """
        found = await self._connection.execute(select(scan_runs).where(scan_runs.c.run_id == run_id))
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFound("SCAN_RUN", run_id)
        return _run(row)

    async def page(self, chosen: ScanFilter, *, after: ScanKey | None = None, limit: int) -> list[ScanRun]:
        """Runs newest first; `after` is the key of the last one already seen."""
        query = select(scan_runs)
        if chosen.kinds:
            query = query.where(scan_runs.c.kind.in_(chosen.kinds))
        if chosen.states:
            query = query.where(scan_runs.c.state.in_([state.value for state in chosen.states]))
        if chosen.as_of is not None:
            query = query.where(scan_runs.c.as_of == chosen.as_of)
        if after is not None:
            place = tuple_(literal(after.started_time, UtcTime), after.run_id)
            query = query.where(tuple_(scan_runs.c.started_time, scan_runs.c.run_id) < place)
        query = query.order_by(scan_runs.c.started_time.desc(), scan_runs.c.run_id.desc()).limit(limit)
        return [_run(row) for row in (await self._connection.execute(query)).mappings()]

    async def ended(self, *, limit: int) -> list[str]:
        """Ids of the runs with a result that were started last, newest first."""
        with_result = scan_runs.c.state.in_([ScanState.COMPLETED.value, ScanState.PARTIAL.value])
        query = select(scan_runs.c.run_id).where(with_result).order_by(scan_runs.c.started_time.desc()).limit(limit)
        return list((await self._connection.execute(query)).scalars())

    async def add_candidates(self, run_id: str, candidates: Sequence[Candidate]) -> None:
        """Store what a run found, in its order; once per run."""
        rows = [
            {
                "run_id": run_id,
                "position": position,
                "ticker": candidate.ticker,
                "score": candidate.score,
                "candidate": dump_candidate(candidate),
            }
            for position, candidate in enumerate(candidates)
        ]
        if rows:
            await self._connection.execute(insert(scan_candidates), rows)

    async def candidates(self, run_id: str, *, after: int = -1, limit: int) -> list[Candidate]:
        """Candidates in the order of the run; `after` is the position of the last one already seen."""
        query = select(scan_candidates.c.candidate).where(
            scan_candidates.c.run_id == run_id, scan_candidates.c.position > after
        )
        found = await self._connection.execute(query.order_by(scan_candidates.c.position).limit(limit))
        return [load_candidate(text) for text in found.scalars()]

    async def close_abandoned(self, now: datetime) -> int:
        """Mark the runs as failed that a stopped process left running; call it before the first new run.

        Returns:
            Number of runs closed.
        """
        closed = await self._connection.execute(
            update(scan_runs)
            .where(scan_runs.c.state == ScanState.RUNNING.value)
            .values(state=ScanState.FAILED.value, finished_time=now)
        )
        return closed.rowcount


def _run(row: RowMapping) -> ScanRun:
    return ScanRun(**{**row, "state": ScanState(row["state"])})


def _row(run: ScanRun) -> dict[str, Any]:
    return {column.name: getattr(run, column.name) for column in scan_runs.c} | {"state": run.state.value}
