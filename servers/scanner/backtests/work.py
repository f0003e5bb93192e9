"""What a backtest does: load the market, replay what is not done yet, store it piece by piece, judge all of it."""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from kstock.scanner.v1 import scanner_service_pb2

from servers.scanner.as_of import newest_closed
from servers.scanner.backtest import CHUNK, WORKERS, BacktestResult, BacktestWindow, judge_one, judged_by, sessions_of
from servers.scanner.backtests.caveats import Replayed
from servers.scanner.backtests.report import ENTRY, report_message
from servers.scanner.evaluation.forward import Future
from servers.scanner.evaluation.packing import pack, unpack
from servers.scanner.evaluation.replay import ReplayedSession, replay
from servers.scanner.evaluation.selection import of_board
from servers.scanner.history import MarketHistory
from servers.scanner.loader import MarketLoader, Stretch
from servers.scanner.strategies.parameters import StrategyParameters, rule_version
from shared.clock import Clock
from shared.market.errors import DataMissing
from shared.market.sessions import SessionCalendar
from shared.market.signal import SignalKind
from shared.market.times import from_yyyymmdd
from shared.rpc.messages.enums import BOARD, SIGNAL_KIND
from shared.rpc.messages.times import local_date_message
from shared.store.repositories.backtests import BacktestRun
from shared.store.store import Store

Event = scanner_service_pb2.RunBacktestResponse
Tell = Callable[[Event], None]

_FOLLOWED = timedelta(days=90)
"""The longest horizon, positions that are carried on, and holidays are shorter."""

_RESTART = "the data or the rules have changed since they were done"


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestTools:
    """What backtests work with."""

    loader: MarketLoader
    rules: StrategyParameters
    store: Store
    clock: Clock
    calendar: SessionCalendar


class BacktestWork:
    """Does runs; keeps nothing between them."""

    def __init__(self, tools: BacktestTools) -> None:
        """Keep the tools."""
        self._tools = tools

    async def check(self, since: date, until: date) -> None:
        """Refuse a period that cannot have signals.

        Raises:
            DataMissing: No session of it has bars.
        """
        async with self._tools.store.read() as uow:
            newest = await uow.bars.newest_date(until)
        if newest is None or newest < since:
            raise DataMissing(
                f"there are no daily bars from {since} to {until}"
                + ("" if newest is None else f"; the newest before are of {newest}")
                + "; import them or choose another period"
            )

    async def perform(self, run: BacktestRun, tell: Tell) -> scanner_service_pb2.BacktestFinished:
        """Do one run, or what is left of it, and tell how far it is.

        Raises:
            DataMissing: No session of the period has bars.
        """
        tools = self._tools
        stretch = await self._load(run)
        history = stretch.history
        sessions = sessions_of(history, BacktestWindow(since=run.since, until=run.until))
        done, dropped = await self._done(run, stretch)
        started = _started(run, history, sessions, rules=tools.rules)
        started.resumed_count, started.restart_reason = len(done), _RESTART if dropped else ""
        tell(Event(started=started))
        if done:
            tell(_progress(done[-1], done=len(done), total=len(sessions)))
        async for piece in self._replay(run, history, sessions[len(done) :]):
            await self._keep(run, piece, number=len(done) // CHUNK)
            for each in piece:
                done.append(each)
                tell(_progress(each, done=len(done), total=len(sessions)))
        result = await asyncio.to_thread(_judge, run, history, done, rules=tools.rules)
        async with tools.store.read() as uow:
            instruments = await uow.instruments.list_all()
        replayed = Replayed(
            since=run.since, until=run.until, result=result, sessions=done, history=history, instruments=instruments
        )
        return await asyncio.to_thread(report_message, started, replayed, tools.rules, now=tools.clock.market_now())

    async def _load(self, run: BacktestRun) -> Stretch:
        known = newest_closed(self._tools.clock.market_now(), self._tools.calendar)
        before = self._tools.calendar.previous_session(run.since).day  # 종가베팅 looks at the pattern of the day before
        last = min(run.until, known)
        return await self._tools.loader.stretch(before, last, until=min(last + _FOLLOWED, known))

    async def _done(self, run: BacktestRun, stretch: Stretch) -> tuple[list[ReplayedSession], int]:
        """Sessions that were done before, and how many had to be dropped because they rest on other data or rules."""
        basis = _basis(run.kind, stretch, self._tools.rules)
        async with self._tools.store.begin() as uow:
            dropped = await uow.backtests.rest_on(run.run_id, basis)
            payloads = await uow.backtests.chunks(run.run_id)
        pieces = [await asyncio.to_thread(unpack, payload, stretch.history, run.kind) for payload in payloads]
        return [each for piece in pieces for each in piece], dropped

    async def _keep(self, run: BacktestRun, piece: Sequence[ReplayedSession], *, number: int) -> None:
        payload = await asyncio.to_thread(pack, piece, run.kind)
        async with self._tools.store.begin() as uow:
            await uow.backtests.add_chunk(run.run_id, number, sessions=len(piece), payload=payload)

    async def _replay(
        self, run: BacktestRun, history: MarketHistory, sessions: Sequence[int]
    ) -> AsyncIterator[list[ReplayedSession]]:
        """Pieces in order, two at work at a time: numpy and compiled loops leave the interpreter lock to others."""
        loop = asyncio.get_running_loop()
        workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="backtest")
        at_work: deque[asyncio.Future[list[ReplayedSession]]] = deque()
        try:
            for start in range(0, len(sessions), CHUNK):
                piece = tuple(sessions[start : start + CHUNK])
                work = partial(_replay_piece, history, piece, run=run, rules=self._tools.rules)
                at_work.append(loop.run_in_executor(workers, work))
                if len(at_work) > WORKERS:
                    yield await at_work.popleft()
            while at_work:
                yield await at_work.popleft()
        finally:
            workers.shutdown(wait=False, cancel_futures=True)  # a piece that is at work ends within a second


def _replay_piece(
    history: MarketHistory, sessions: tuple[int, ...], *, run: BacktestRun, rules: StrategyParameters
) -> list[ReplayedSession]:
    replayed = replay(history, sessions, kinds=(run.kind,), parameters=rules)
    return [of_board(each, history, run.board) for each in replayed]


def _judge(
    run: BacktestRun, history: MarketHistory, replayed: Sequence[ReplayedSession], *, rules: StrategyParameters
) -> BacktestResult:
    judged = judged_by(run.entry, rules, seed=run.seed)
    return judge_one(Future.of(history), replayed, run.kind, rules=rules, judged=judged)


def _started(
    run: BacktestRun, history: MarketHistory, sessions: Sequence[int], *, rules: StrategyParameters
) -> scanner_service_pb2.BacktestStarted:
    first, last = (from_yyyymmdd(int(history.sessions[place])) for place in (sessions[0], sessions[-1]))
    return scanner_service_pb2.BacktestStarted(
        run_id=run.run_id,
        session_count=len(sessions),
        rule_version=rule_version(run.kind, rules),
        kind=SIGNAL_KIND.to_wire(run.kind),
        since=local_date_message(first),
        until=local_date_message(last),
        entry=ENTRY[run.entry],
        board=None if run.board is None else BOARD.to_wire(run.board),
    )


def _progress(session: ReplayedSession, *, done: int, total: int) -> Event:
    day = local_date_message(from_yyyymmdd(session.day))
    return Event(progress=scanner_service_pb2.BacktestProgress(session=day, done=done, total=total))


def _basis(kind: SignalKind, stretch: Stretch, rules: StrategyParameters) -> str:
    """What replayed sessions rest on: rules, generations of the data, and the tickers that rows stand for."""
    tickers = hashlib.sha256(",".join(stretch.history.bars.tickers).encode()).hexdigest()[:16]
    generations = " ".join(f"{name}:{number}" for name, number in sorted(stretch.generations.items()))
    return f"{rule_version(kind, rules)} {generations} {tickers}"
