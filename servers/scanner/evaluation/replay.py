"""Strategies on every session of a range, each as it could have been seen on that day (strategies.md 0.5, 9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.evaluation.finders import FINDERS, Found, Seen, floor_of
from servers.scanner.evaluation.pool import PoolDay, pool_day
from servers.scanner.history import MarketHistory
from servers.scanner.panel import Panel
from servers.scanner.strategies import vcp_signal
from servers.scanner.strategies.parameters import StrategyParameters
from servers.scanner.strategies.rs import rate
from servers.scanner.strategies.vcp import VcpResult, market_of
from servers.scanner.strategies.vcp_kernel import MAX_LEGS, VCP_ROW, scan_rows
from servers.scanner.strategies.vcp_signal import VcpSignals
from shared.market.adjust import row_keys
from shared.market.signal import SignalKind
from shared.market.times import from_yyyymmdd

_ON_THE_DAY, _ON_THE_DAY_BEFORE = frozenset({SignalKind.VCP, SignalKind.JONGGA}), frozenset({SignalKind.JONGGA})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedSession:
    """One session (an index): what each strategy found, and the pools they are held against.

    `day` is the session as yyyymmdd, `bars` the traded bar of each ticker as an index into the history, -1 without one,
    shape (n,). `estimated` is the share of the universe of which no flags are on record.
    """

    session: int
    day: int
    bars: NDArray[np.int64]
    found: Mapping[SignalKind, Found]
    pools: Mapping[SignalKind, PoolDay]
    estimated: float


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
    looks_back = not _ON_THE_DAY_BEFORE.isdisjoint(kinds)
    before: VcpSignals | None = None
    for session in sessions:
        if looks_back and session > 0 and not _is_of(before, int(history.sessions[session - 1])):
            before = vcp_signal.score(panel_on(history, session - 1), parameters=rules)
        panel = panel_on(history, session)
        signals = None if _ON_THE_DAY.isdisjoint(kinds) else vcp_signal.score(panel, parameters=rules)
        seen = Seen(panel=panel, vcp=signals, vcp_before=_vcp_before(panel, rules, before), parameters=rules)
        bars = bars_on(history, session)
        yield ReplayedSession(
            session=session,
            day=panel.session,
            bars=bars,
            found={kind: FINDERS[kind](seen) for kind in kinds},
            pools={kind: pool_of(panel, bars, session, kind=kind, rules=rules) for kind in kinds},
            estimated=float(panel.universe.estimated[panel.ranked].mean()) if panel.ranked.any() else 0.0,
        )
        before = signals if looks_back else None


def pool_of(panel: Panel, bars: NDArray[np.int64], session: int, *, kind: SignalKind, rules: StrategyParameters) -> PoolDay:
    """The tickers of a session that a strategy could have chosen from."""
    floor = floor_of(kind, rules)
    return pool_day(panel, bars, session, average_turnover_min=floor, price_min=rules.common.price_min)


def panel_on(history: MarketHistory, session: int) -> Panel:
    """The market at the end of a session, cut so that nothing later can be in it."""
    return history.panel(from_yyyymmdd(int(history.sessions[session])))


def bars_on(history: MarketHistory, session: int) -> NDArray[np.int64]:
    """Traded bar of each ticker on a session as an index into the history, -1 where it did not trade; shape (n,)."""
    rows = np.arange(len(history.bars.tickers), dtype=np.int32)
    wanted = row_keys(rows, np.full_like(rows, history.sessions[session]))
    found = np.searchsorted(history.keys, wanted)
    return np.where(history.keys.take(found, mode="clip") == wanted, found, -1)


def _is_of(signals: VcpSignals | None, day: int) -> bool:
    return signals is not None and signals.panel.session == day


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
