"""Backtest runs: what was asked for, the sessions that are done, the result."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from shared.market.errors import NotFound
from shared.market.instrument import Board
from shared.market.outcome import EntryMode
from shared.market.signal import SignalKind
from shared.store.repositories.base import Repository
from shared.store.tables.evaluation import backtest_chunks, backtest_runs


class BacktestState(StrEnum):
    """RUNNING is open, also when its process has died; a FAILED run may be tried again."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRun:
    """One replay of one strategy over a range of days, both included.

    `board` None means every board. `basis` names the data and rules of the stored sessions, `result` is the scanner's own
    report as JSON, empty until the end. Times are market time, UTC.
    """

    run_id: str
    kind: SignalKind
    principal: str
    state: BacktestState
    since: date
    until: date
    board: Board | None
    entry: EntryMode
    seed: int
    started_time: datetime
    basis: str = ""
    finished_time: datetime | None = None
    problem: str = ""
    result: str = ""


class BacktestRepository(Repository):
    """Stored runs and their sessions."""

    async def start(self, run: BacktestRun) -> None:
        """Store a new run."""
        await self._connection.execute(insert(backtest_runs).values(_row(run)))

    async def save(self, run: BacktestRun) -> None:
        """Store the newest state of a run."""
        await self._connection.execute(update(backtest_runs).where(backtest_runs.c.run_id == run.run_id).values(_row(run)))

    async def get(self, run_id: str) -> BacktestRun:
        """One run.

        Raises:
            NotFound: No such run.
        """
        found = await self._connection.execute(select(backtest_runs).where(backtest_runs.c.run_id == run_id))
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFound("BACKTEST_RUN", run_id)
        values: dict[str, Any] = {**row, "state": BacktestState(row["state"]), "entry": EntryMode(row["entry"])}
        return BacktestRun(**values)

    async def ended(self, *, limit: int) -> list[str]:
        """Ids of the completed runs that were started last, newest first."""
        runs = backtest_runs.c
        query = select(runs.run_id).where(runs.state == BacktestState.COMPLETED.value)
        return list((await self._connection.execute(query.order_by(runs.started_time.desc()).limit(limit))).scalars())

    async def newest(self, kind: SignalKind, *, until: date) -> BacktestRun | None:
        """The completed run over every board that reaches furthest, the latest of several; None without one.

        Runs that enter at a trigger are left out: they have no base rate. `until` is the last day that a run may reach.
        """
        runs = backtest_runs.c
        query = (
            select(runs.run_id)
            .where(runs.kind == kind, runs.state == BacktestState.COMPLETED.value, runs.board.is_(None))
            .where(runs.entry != EntryMode.TRIGGER.value, runs.until <= until)
            .order_by(runs.until.desc(), runs.finished_time.desc())
            .limit(1)
        )
        run_id = (await self._connection.execute(query)).scalar_one_or_none()
        return None if run_id is None else await self.get(run_id)

    async def rest_on(self, run_id: str, basis: str) -> int:
        """Let the sessions of a run rest on some data and rules; those of another basis are dropped.

        Returns:
            Number of sessions dropped.
        """
        chunks, same = backtest_chunks.c, backtest_runs.c.run_id == run_id
        before = (await self._connection.execute(select(backtest_runs.c.basis).where(same))).scalar_one()
        if before == basis:
            return 0
        counted = await self._connection.execute(select(func.sum(chunks.sessions)).where(chunks.run_id == run_id))
        dropped = int(counted.scalar_one() or 0)
        await self._connection.execute(delete(backtest_chunks).where(chunks.run_id == run_id))
        await self._connection.execute(update(backtest_runs).where(same).values(basis=basis))
        return dropped

    async def add_chunk(self, run_id: str, number: int, *, sessions: int, payload: bytes) -> None:
        """Store the next sessions of a run; the same ones a second time change nothing."""
        statement = self._insert(backtest_chunks).values(run_id=run_id, number=number, sessions=sessions, payload=payload)
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def chunks(self, run_id: str) -> list[bytes]:
        """Stored sessions of a run in order, up to the first piece that is missing."""
        table = backtest_chunks.c
        query = select(table.number, table.payload).where(table.run_id == run_id).order_by(table.number)
        found = (await self._connection.execute(query)).all()
        return [payload for place, (number, payload) in enumerate(found) if number == place]

    async def drop_chunks(self, run_id: str) -> None:
        """Forget the sessions of a run that has ended; its result stays."""
        await self._connection.execute(delete(backtest_chunks).where(backtest_chunks.c.run_id == run_id))


def _row(run: BacktestRun) -> dict[str, Any]:
    values: dict[str, Any] = {column.name: getattr(run, column.name) for column in backtest_runs.c}
    return values | {"state": run.state.value, "entry": run.entry.value}
