"""Scan runs: each belongs to the room, not to the call that asked for it; callers attach and follow."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import structlog
from google.protobuf.json_format import MessageToJson
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from servers.scanner.telling import Telling
from shared.clock import Clock
from shared.market.errors import KStockError, LimitExceeded
from shared.market.signal import Candidate
from shared.rpc.messages.signals import candidate_message
from shared.rpc.messages.times import timestamp_message
from shared.store.repositories.scans import ScanRun, ScanState
from shared.store.store import Store

log = structlog.get_logger(__name__)

Event = scanner_service_pb2.RunScanResponse
_MOST_AT_WORK = 4
_MOST_WAITING = 20

STATES = {
    ScanState.RUNNING: scan_pb2.SCAN_STATE_RUNNING,
    ScanState.COMPLETED: scan_pb2.SCAN_STATE_COMPLETED,
    ScanState.PARTIAL: scan_pb2.SCAN_STATE_PARTIAL,
    ScanState.FAILED: scan_pb2.SCAN_STATE_FAILED,
    ScanState.CANCELLED: scan_pb2.SCAN_STATE_CANCELLED,
}


def run_json(summary: scan_pb2.ScanRun) -> str:
    """A run's report as the store keeps it."""
    return MessageToJson(summary, indent=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOutcome:
    """What a scan found: rows in the order of the options and the summary of the run, its state included."""

    candidates: list[Candidate]
    state: ScanState


class ActiveRun:
    """One run while it is in memory: what it has told so far, and whoever follows it."""

    def __init__(self, row: ScanRun, summary: scan_pb2.ScanRun) -> None:
        """Begin with nothing told."""
        self.row = row
        self.summary = summary
        self.cancelled = asyncio.Event()
        self._telling: Telling[Event] = Telling()

    def tell(self, event: Event) -> None:
        """Tell every follower."""
        self._telling.tell(event)
        if event.HasField("finished"):
            self._telling.end()

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Tell how far the run is: LOADING, SCORING, SORTING or PUBLISHING."""
        self.tell(Event(progress=scanner_service_pb2.ScanProgress(stage=stage, done=done, total=total)))

    def follow(self) -> AsyncIterator[Event]:
        """Everything that was and will be told, to the end of the run."""
        return self._telling.follow()


Work = Callable[[ActiveRun], Awaitable[ScanOutcome]]


class ScanRuns:
    """Starts runs, remembers the active ones, stores how they end; a component of the scanner room."""

    name = "scan-runs"

    def __init__(self, store: Store, clock: Clock) -> None:
        """Nothing runs before `run`."""
        self._store = store
        self._clock = clock
        self._active: dict[str, ActiveRun] = {}
        self._queue: asyncio.Queue[tuple[ActiveRun, Work]] = asyncio.Queue(_MOST_WAITING)

    async def run(self) -> None:
        """Work on runs until cancelled; runs that an earlier process left open are closed first."""
        async with self._store.begin() as uow:
            await uow.scans.close_abandoned(self._clock.market_now())
        async with asyncio.TaskGroup() as tasks:
            for _ in range(_MOST_AT_WORK):
                tasks.create_task(self._work())

    async def start(self, row: ScanRun, summary: scan_pb2.ScanRun, work: Work) -> tuple[str, bool]:
        """Store and queue a run, or find the one that the same caller started with the same key.

        Args:
            row: The run as it begins.
            summary: The same for those who follow it.
            work: Does the run.

        Returns:
            Id of the run, and whether it was there already.

        Raises:
            LimitExceeded: TOO_MANY_SCANS.
        """
        if self._queue.full():
            raise LimitExceeded("TOO_MANY_SCANS", f"{_MOST_AT_WORK + _MOST_WAITING} scans at once")
        async with self._store.begin() as uow:
            stored = await uow.scans.start(row)
        if stored.run_id != row.run_id:
            return stored.run_id, True
        active = ActiveRun(row, summary)
        self._active[row.run_id] = active
        self._queue.put_nowait((active, work))
        return row.run_id, False

    def active(self, run_id: str) -> ActiveRun | None:
        """The run while it is at work or waiting; None once it has ended."""
        return self._active.get(run_id)

    def cancel(self, run_id: str) -> None:
        """Stop a run at its next step; one that has ended is left as it is."""
        active = self._active.get(run_id)
        if active is not None:
            active.cancelled.set()

    async def _work(self) -> None:
        while True:
            active, work = await self._queue.get()
            try:
                await self._perform(active, work)
            finally:
                del self._active[active.row.run_id]

    async def _perform(self, active: ActiveRun, work: Work) -> None:
        began = self._clock.monotonic()
        try:
            outcome = await work(active)
        except KStockError as error:
            active.summary.problem = str(error)
            outcome = ScanOutcome(candidates=[], state=ScanState.FAILED)
        except Exception:  # the edge of a run: a defect in one strategy must not stop the others
            error_id = secrets.token_hex(8)
            log.exception("scan_failed", run_id=active.row.run_id, error_id=error_id)
            active.summary.problem = f"the scan failed; tell the operator the error id {error_id}"
            outcome = ScanOutcome(candidates=[], state=ScanState.FAILED)
        active.summary.duration_ms = round(1000 * (self._clock.monotonic() - began))
        await self._end(active, outcome)

    async def _end(self, active: ActiveRun, outcome: ScanOutcome) -> None:
        now = self._clock.market_now()
        summary = active.summary
        summary.state = STATES[outcome.state]
        summary.returned_count = len(outcome.candidates)
        summary.finished_time.CopyFrom(timestamp_message(now))
        row = replace(active.row, state=outcome.state, finished_time=now, summary=run_json(summary))
        async with self._store.begin() as uow:
            await uow.scans.save(row)
            await uow.scans.add_candidates(row.run_id, outcome.candidates)
        for rank, candidate in enumerate(outcome.candidates, start=1):
            message = scanner_service_pb2.ScanCandidate(rank=rank, candidate=candidate_message(candidate))
            active.tell(Event(candidate=message))
        active.tell(Event(finished=scanner_service_pb2.ScanFinished(run=summary)))
