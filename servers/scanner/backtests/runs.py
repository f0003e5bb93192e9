"""Backtest runs: each belongs to the room, not to the call that asked for it; one at a time, for it takes both cores."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import structlog
from google.protobuf.json_format import MessageToJson, Parse
from kstock.scanner.v1 import scanner_service_pb2

from servers.scanner.backtests.wishes import BacktestWish
from servers.scanner.backtests.work import BacktestWork, Event
from servers.scanner.telling import Telling
from shared.clock import Clock
from shared.market.errors import KStockError, LimitExceeded
from shared.store.repositories.backtests import BacktestRun, BacktestState
from shared.store.store import Store

log = structlog.get_logger(__name__)

_MOST_WAITING = 4


class BacktestRuns:
    """Starts runs and goes on with interrupted ones, remembers the active ones; a component of the scanner room."""

    name = "backtests"

    def __init__(self, work: BacktestWork, store: Store, clock: Clock) -> None:
        """Nothing runs before `run`."""
        self._work = work
        self._store = store
        self._clock = clock
        self._active: dict[str, Telling[Event]] = {}
        self._queue: asyncio.Queue[BacktestRun] = asyncio.Queue(_MOST_WAITING)

    async def run(self) -> None:
        """Work on runs until cancelled; the one that is interrupted by that can be continued."""
        while True:
            run = await self._queue.get()
            try:
                await self._perform(run, self._active[run.run_id])
            finally:
                del self._active[run.run_id]

    async def start(self, wish: BacktestWish, *, principal: str) -> str:
        """Store and queue a new run.

        Returns:
            Its id.

        Raises:
            DataMissing: No session of the period has bars.
            LimitExceeded: TOO_MANY_BACKTESTS.
        """
        await self._work.check(wish.since, wish.until)
        self._refuse_more()
        run = BacktestRun(
            run_id=secrets.token_hex(12),
            kind=wish.kind,
            principal=principal,
            state=BacktestState.RUNNING,
            since=wish.since,
            until=wish.until,
            board=wish.board,
            entry=wish.entry,
            seed=wish.seed,
            started_time=self._clock.market_now(),
        )
        async with self._store.begin() as uow:
            await uow.backtests.start(run)
        self._enqueue(run)
        return run.run_id

    async def follow(self, run_id: str) -> AsyncIterator[Event]:
        """Everything a run tells, to its end; one that no process works on any more goes on.

        Raises:
            NotFound: No such run.
            LimitExceeded: TOO_MANY_BACKTESTS.
            KStockError: What the run ended with.
        """
        if run_id not in self._active:
            async with self._store.read() as uow:
                run = await uow.backtests.get(run_id)
            if run.state is BacktestState.COMPLETED:
                for event in _told(run):
                    yield event
                return
        if run_id not in self._active:  # another caller may have been quicker
            self._refuse_more()
            self._enqueue(replace(run, state=BacktestState.RUNNING, problem="", finished_time=None))
        async for event in self._active[run_id].follow():
            yield event

    def _refuse_more(self) -> None:
        if self._queue.full():
            raise LimitExceeded("TOO_MANY_BACKTESTS", f"1 backtest at work and {_MOST_WAITING} waiting")

    def _enqueue(self, run: BacktestRun) -> None:
        self._refuse_more()
        self._active[run.run_id] = Telling()
        self._queue.put_nowait(run)

    async def _perform(self, run: BacktestRun, telling: Telling[Event]) -> None:
        try:
            finished = await self._work.perform(run, telling.tell)
        except KStockError as error:
            await self._save(run, BacktestState.FAILED, problem=str(error))
            telling.end(error)
        except Exception as error:  # the edge of a run: a defect in one must not stop the others
            log.exception("backtest_failed", run_id=run.run_id)
            await self._save(run, BacktestState.FAILED, problem="the calculation failed; the log knows more")
            telling.end(error)
        else:
            await self._save(run, BacktestState.COMPLETED, result=MessageToJson(finished, indent=None))
            telling.tell(Event(finished=finished))
            telling.end()

    async def _save(self, run: BacktestRun, state: BacktestState, *, problem: str = "", result: str = "") -> None:
        async with self._store.begin() as uow:
            stored = await uow.backtests.get(run.run_id)
            ended = replace(
                stored, state=state, problem=problem[:500], result=result, finished_time=self._clock.market_now()
            )
            await uow.backtests.save(ended)
            if state is BacktestState.COMPLETED:
                await uow.backtests.drop_chunks(run.run_id)


def _told(run: BacktestRun) -> list[Event]:
    """What is left to tell of a run that has ended."""
    finished = Parse(run.result, scanner_service_pb2.BacktestFinished())
    return [Event(started=finished.started), Event(finished=finished)]
