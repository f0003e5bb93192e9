"""Strategies on every session of a range, each as it could have been seen on that day (strategies.md 0.5, 9)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.dead_rules import ScanTally
from servers.scanner.evaluation.pool import PoolDay, pool_day
from servers.scanner.history import MarketHistory
from servers.scanner.panel import Panel
from servers.scanner.strategies import daytrading, jongga, vcp_signal
from servers.scanner.strategies.daytrading import DaytradingResult
from servers.scanner.strategies.jongga import JonggaResult
from servers.scanner.strategies.parameters import StrategyParameters
from servers.scanner.strategies.rs import rate
from servers.scanner.strategies.vcp import VcpResult, market_of
from servers.scanner.strategies.vcp_kernel import MAX_LEGS, VCP_ROW, scan_rows
from servers.scanner.strategies.vcp_signal import VcpSignals
from servers.scanner.tallies import tally
from shared.market.adjust import row_keys
from shared.market.signal import SignalKind
from shared.market.times import from_yyyymmdd


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one strategy found on one session; arrays have shape (s,), prices won at the scale of that day.

    Attributes:
        rows: Rows of the panel.
        grade: 0 S, 1 A, 2 B, 3 C.
        score: In the strategy's own points.
        trigger: Buy trigger, NaN where the strategy has none.
        target: Target price.
        stop: Stop price.
        published: Finds that become signals; the others are near misses to compare with.
        tally: What the dead-rule detector keeps of the session.
    """

    rows: NDArray[np.int32]
    grade: NDArray[np.int8]
    score: NDArray[np.float64]
    trigger: NDArray[np.float64]
    target: NDArray[np.float64]
    stop: NDArray[np.float64]
    published: NDArray[np.bool_]
    tally: ScanTally


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedSession:
    """One session (an index): what each strategy found, and the pools they are held against.

    `day` is the session as yyyymmdd, `bars` the traded bar of each ticker as an index into the history, -1 without one,
    shape (n,).
    """

    session: int
    day: int
    bars: NDArray[np.int64]
    found: Mapping[SignalKind, Found]
    pools: Mapping[SignalKind, PoolDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A session's panel together with what the session before knew: VCP as of each ticker's bar before, shape (n,)."""

    panel: Panel
    vcp_before: NDArray[np.bool_]
    parameters: StrategyParameters


Finder = Callable[[Seen], Found]


def replay(
    history: MarketHistory,
    sessions: range | tuple[int, ...],
    *,
    kinds: tuple[SignalKind, ...],
    parameters: StrategyParameters | None = None,
) -> Iterator[ReplayedSession]:
    """Replay strategies session by session; each result depends on that session alone, so a run may stop and go on.

    Args:
        history: The market, later days included; each panel is cut as of the end of its own day.
        sessions: Indices into `history.sessions`, ascending.
        kinds: Strategies to replay.
        parameters: Rules; the defaults of strategies.md 10 when None.

    Yields:
        One value per session, in order.
    """
    rules = parameters or StrategyParameters()
    before: VcpSignals | None = None
    for session in sessions:
        if session > 0 and (before is None or before.panel.session != int(history.sessions[session - 1])):
            before = vcp_signal.score(panel_on(history, session - 1), parameters=rules)
        panel = panel_on(history, session)
        signals = vcp_signal.score(panel, parameters=rules)
        seen = Seen(panel=panel, vcp_before=_vcp_before(panel, rules, before), parameters=rules)
        found = {kind: _found_vcp(signals) if kind is SignalKind.VCP else FINDERS[kind](seen) for kind in kinds}
        bars = bars_on(history, session)
        yield ReplayedSession(
            session=session,
            day=panel.session,
            bars=bars,
            found=found,
            pools={kind: _pool(seen, bars, session, kind) for kind in kinds},
        )
        before = signals


def panel_on(history: MarketHistory, session: int) -> Panel:
    """The market at the end of a session, cut so that nothing later can be in it."""
    return history.panel(from_yyyymmdd(int(history.sessions[session])))


def bars_on(history: MarketHistory, session: int) -> NDArray[np.int64]:
    """Traded bar of each ticker on a session as an index into the history, -1 where it did not trade; shape (n,)."""
    rows = np.arange(len(history.bars.tickers), dtype=np.int32)
    wanted = row_keys(rows, np.full_like(rows, history.sessions[session]))
    found = np.searchsorted(history.keys, wanted)
    return np.where(history.keys.take(found, mode="clip") == wanted, found, -1)


def _vcp_before(panel: Panel, rules: StrategyParameters, before: VcpSignals | None) -> NDArray[np.bool_]:
    """VCP as of each ticker's bar before its newest: from the session before, or worked out again where that was no bar."""
    if before is None:
        return np.zeros(len(panel.tickers), dtype=np.bool_)
    known = before.vcp.detected.copy()
    halted = panel.scored & (panel.date[:, -2] != before.panel.session)
    if halted.any():
        known[halted] = _one_bar_back(panel, rules, halted).detected[halted]
    return known


def _one_bar_back(panel: Panel, rules: StrategyParameters, rows: NDArray[np.bool_]) -> VcpResult:
    """The pattern of a few rows as of the bar before their newest, rated among all."""
    liquid = panel.liquid(adv_min=rules.vcp.adv_min, price_min=rules.common.price_min, bars_back=1)
    count = len(panel.tickers)
    result = VcpResult(
        panel=panel,
        parameters=rules.vcp,
        bars_back=1,
        window=rules.common.window,
        strength=rate(panel, panel.ranked & liquid, bars_back=1),
        scored=rows & (panel.count > rules.common.min_bars),
        records=np.zeros(count, dtype=VCP_ROW),
        legs=np.full((count, MAX_LEGS, 5), np.nan),
    )
    scan_rows(np.flatnonzero(result.scored), market_of(result), rules.vcp.rules(), (result.records, result.legs))
    return result


def _found_vcp(signals: VcpSignals) -> Found:
    rows = np.flatnonzero(signals.detected)
    levels = signals.levels(rows)
    return Found(
        rows=rows.astype(np.int32),
        grade=signals.grade[rows],
        score=signals.total[rows],
        trigger=levels.trigger.astype(np.float64),
        target=levels.target.astype(np.float64),
        stop=levels.stop.astype(np.float64),
        published=np.ones(rows.size, dtype=np.bool_),
        tally=tally(signals),
    )


def _found_jongga(seen: Seen) -> Found:
    result = jongga.score(seen.panel, parameters=seen.parameters.jongga, vcp_before=seen.vcp_before)
    return _levelled(result, np.flatnonzero(result.tradable))


def _found_daytrading(seen: Seen) -> Found:
    result = daytrading.score(seen.panel, parameters=seen.parameters.day)
    near = result.parameters.grade_b - daytrading.FULL  # one item short of the lowest published grade
    return _levelled(result, np.flatnonzero(result.tradable & (result.total >= near)))


def _levelled(result: JonggaResult | DaytradingResult, rows: NDArray[np.int64]) -> Found:
    return Found(
        rows=rows.astype(np.int32),
        grade=result.grade[rows],
        score=result.total[rows].astype(np.float64),
        trigger=np.full(rows.size, np.nan),
        target=result.target[rows].astype(np.float64),
        stop=result.stop[rows].astype(np.float64),
        published=result.detected[rows],
        tally=tally(result),
    )


FINDERS: dict[SignalKind, Finder] = {SignalKind.JONGGA: _found_jongga, SignalKind.DAYTRADING: _found_daytrading}
"""Strategies beside VCP, whose result the others need anyway."""


def _pool(seen: Seen, bars: NDArray[np.int64], session: int, kind: SignalKind) -> PoolDay:
    rules = seen.parameters
    floors = {
        SignalKind.VCP: rules.vcp.adv_min,
        SignalKind.JONGGA: rules.jongga.average_turnover_min,
        SignalKind.DAYTRADING: rules.day.average_turnover_min,
    }
    return pool_day(seen.panel, bars, session, average_turnover_min=floors[kind], price_min=rules.common.price_min)
