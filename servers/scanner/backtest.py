"""Backtests: strategies replayed over a range of sessions and judged beside their base rate (strategies.md 9)."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future as Promise
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np

from servers.scanner.evaluation.forward import Future, Purchases
from servers.scanner.evaluation.pool import join_days
from servers.scanner.evaluation.replay import ReplayedSession, replay
from servers.scanner.evaluation.table import Judged, Scoreboard, SignalSet, scoreboard
from servers.scanner.history import MarketHistory
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.errors import DataMissing
from shared.market.outcome import EntryMode
from shared.market.scoreboard import HORIZONS
from shared.market.signal import SignalKind
from shared.market.times import from_yyyymmdd, yyyymmdd

KINDS = (SignalKind.VCP, SignalKind.JONGGA, SignalKind.DAYTRADING)
"""Strategies of a backtest that names none."""

ENTRIES: dict[SignalKind, tuple[EntryMode, ...]] = {
    SignalKind.VCP: (EntryMode.NEXT_OPEN, EntryMode.TRIGGER),
    SignalKind.JONGGA: (EntryMode.CLOSE,),
    SignalKind.DAYTRADING: (EntryMode.NEXT_OPEN,),
    SignalKind.DISPARITY: (EntryMode.NEXT_OPEN,),
}
"""Strategies that can be replayed on daily bars, and the entries that judge them, the main one first (strategies.md 9.1)."""

CHUNK = 20
"""Sessions that one thread replays at once."""

WORKERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestWindow:
    """What to replay: days from `since` to `until`, both included."""

    since: date
    until: date
    kinds: tuple[SignalKind, ...] = KINDS
    horizons: tuple[int, ...] = HORIZONS


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestResult:
    """The scoreboard of one strategy and entry over the sessions replayed.

    Attributes:
        kind: The strategy.
        entry: How it was bought.
        first: First session.
        last: Last session.
        sessions: How many sessions were replayed.
        eligible_per_day: Mean size of the pool.
        found_per_day: Mean finds per session, before the cool-down.
        slip_ticks: Ticks lost on each side.
        fee: Broker fee per side.
        scoreboard: Lines horizon by horizon, grade by grade, all published signals last; and daily curves.
    """

    kind: SignalKind
    entry: EntryMode
    first: date
    last: date
    sessions: int
    eligible_per_day: float
    found_per_day: float
    slip_ticks: int
    fee: float
    scoreboard: Scoreboard


def sessions_of(history: MarketHistory, window: BacktestWindow) -> list[int]:
    """Indices of the sessions in a window.

    Raises:
        DataMissing: If the history has no session in it.
    """
    days = history.sessions
    inside = np.flatnonzero((days >= yyyymmdd(window.since)) & (days <= yyyymmdd(window.until))).tolist()
    if not inside:
        raise DataMissing(
            f"there are no daily bars from {window.since} to {window.until}; import them or choose another range"
        )
    return inside


def replay_window(
    history: MarketHistory,
    window: BacktestWindow,
    *,
    parameters: StrategyParameters | None = None,
    done: int = 0,
) -> Iterator[ReplayedSession]:
    """Replay the sessions of a window in order, on two threads.

    Args:
        history: The market.
        window: Days and strategies.
        parameters: Rules; the defaults when None.
        done: Sessions that an earlier run has delivered already; the result of the rest does not depend on it.

    Yields:
        One value per session; stop iterating to cancel.

    Raises:
        DataMissing: If the history has no session in the window.
    """
    sessions = sessions_of(history, window)[done:]
    for chunk in replay_chunks(history, sessions, kinds=window.kinds, parameters=parameters):
        yield from chunk


def replay_chunks(
    history: MarketHistory,
    sessions: Sequence[int],
    *,
    kinds: tuple[SignalKind, ...],
    parameters: StrategyParameters | None = None,
) -> Iterator[list[ReplayedSession]]:
    """Replay sessions in order, on two threads; numpy and compiled loops let them run on two cores.

    Args:
        history: The market.
        sessions: Indices of the sessions, ascending.
        kinds: Strategies.
        parameters: Rules; the defaults when None.

    Yields:
        `CHUNK` sessions at a time, fewer at the end; stop iterating to cancel.
    """
    chunks = [tuple(sessions[start : start + CHUNK]) for start in range(0, len(sessions), CHUNK)]

    def run(chunk: tuple[int, ...]) -> list[ReplayedSession]:
        return list(replay(history, chunk, kinds=kinds, parameters=parameters))

    workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="backtest")
    at_work: deque[Promise[list[ReplayedSession]]] = deque()
    try:
        for chunk in chunks:
            at_work.append(workers.submit(run, chunk))
            if len(at_work) > WORKERS:
                yield at_work.popleft().result()
        while at_work:
            yield at_work.popleft().result()
    finally:
        workers.shutdown(cancel_futures=True)


def judge(
    history: MarketHistory,
    window: BacktestWindow,
    replayed: Sequence[ReplayedSession],
    *,
    parameters: StrategyParameters | None = None,
) -> tuple[BacktestResult, ...]:
    """Judge what a replay found, one result per strategy and entry.

    Args:
        history: The same market.
        window: The same window.
        replayed: All its sessions.
        parameters: Rules; costs are taken from them.
    """
    rules = parameters or StrategyParameters()
    future = Future.of(history)
    return tuple(
        judge_one(future, replayed, kind, rules=rules, judged=judged_by(entry, rules), horizons=window.horizons)
        for kind in window.kinds
        for entry in ENTRIES[kind]
    )


def judged_by(entry: EntryMode, rules: StrategyParameters, *, seed: int = 0) -> Judged:
    """How finds are judged under some rules."""
    return Judged(entry=entry, fee=rules.common.fee, slip_ticks=rules.common.slip_ticks, seed=seed)


def run_backtest(
    history: MarketHistory, window: BacktestWindow, *, parameters: StrategyParameters | None = None
) -> tuple[BacktestResult, ...]:
    """Replay and judge in one go."""
    return judge(history, window, list(replay_window(history, window, parameters=parameters)), parameters=parameters)


def judge_one(
    future: Future,
    replayed: Sequence[ReplayedSession],
    kind: SignalKind,
    *,
    rules: StrategyParameters,
    judged: Judged,
    horizons: Sequence[int] = HORIZONS,
) -> BacktestResult:
    """Judge one strategy by one entry.

    Args:
        future: What happened afterwards.
        replayed: All sessions, at least one.
        kind: The strategy.
        rules: Rules it was replayed by.
        judged: Entry, costs and random controls.
        horizons: Bars to hold.
    """
    signals = signal_set(replayed, kind, rules)
    pools = [each.pools[kind] for each in replayed]
    return BacktestResult(
        kind=kind,
        entry=judged.entry,
        first=from_yyyymmdd(replayed[0].day),
        last=from_yyyymmdd(replayed[-1].day),
        sessions=len(replayed),
        eligible_per_day=sum(pool.rows.size for pool in pools) / len(replayed),
        found_per_day=signals.rows.size / len(replayed),
        slip_ticks=judged.slip_ticks,
        fee=judged.fee,
        scoreboard=scoreboard(
            future,
            signals,
            join_days(pools),
            judged=judged,
            sessions=[each.session for each in replayed],
            horizons=horizons,
        ),
    )


def signal_set(replayed: Sequence[ReplayedSession], kind: SignalKind, rules: StrategyParameters) -> SignalSet:
    """All finds of one strategy as columns."""
    found = [each.found[kind] for each in replayed]
    sizes = [each.rows.size for each in found]
    return SignalSet(
        rows=np.concatenate([each.rows for each in found]),
        grade=np.concatenate([each.grade for each in found]),
        published=np.concatenate([each.published for each in found]),
        purchases=Purchases(
            session=np.repeat([each.session for each in replayed], sizes).astype(np.int32),
            bars=np.concatenate([each.bars[part.rows] for each, part in zip(replayed, found, strict=True)]),
            trigger=np.concatenate([each.trigger for each in found]),
            target=np.concatenate([each.target for each in found]),
            stop=np.concatenate([each.stop for each in found]),
            moving_average=moving_average(kind, rules),
        ),
    )


def moving_average(kind: SignalKind, rules: StrategyParameters) -> int:
    """Bars of the average that is a strategy's target; 0 for a fixed target."""
    return rules.signal.average_bars if kind is SignalKind.DISPARITY else 0
