"""The result of a backtest as it travels and is stored."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import numpy as np
from kstock.scanner.v1 import scanner_service_pb2

from servers.scanner.backtest import BacktestResult
from servers.scanner.backtests.caveats import Replayed, caveats, costs_text
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.outcome import EntryMode, Fill
from shared.market.scoreboard import GRADES, claim
from shared.market.signal import Grade, SignalKind
from shared.market.times import from_yyyymmdd
from shared.rpc.messages.statistics import StatisticsPeriod, statistics_messages
from shared.rpc.messages.times import local_date_message, timestamp_message

_BPS = 10_000

ENTRY = {
    EntryMode.NEXT_OPEN: scanner_service_pb2.BACKTEST_ENTRY_NEXT_OPEN,
    EntryMode.TRIGGER: scanner_service_pb2.BACKTEST_ENTRY_TRIGGER,
    EntryMode.CLOSE: scanner_service_pb2.BACKTEST_ENTRY_CLOSE,
}

MAIN_HORIZON = {SignalKind.VCP: 10, SignalKind.JONGGA: 1, SignalKind.DAYTRADING: 1, SignalKind.DISPARITY: 10}
"""Horizon of the equity curve: how long the strategy means to hold (strategies.md 4, 5, 7.1; 9.7 for VCP)."""


def report_message(
    started: scanner_service_pb2.BacktestStarted, replayed: Replayed, rules: StrategyParameters, *, now: datetime
) -> scanner_service_pb2.BacktestFinished:
    """Everything that is told at the end of a run.

    Args:
        started: What was told at its beginning.
        replayed: The judged replay.
        rules: Rules it was replayed by.
        now: Market time.
    """
    result = replayed.result
    lines = result.scoreboard.lines
    claims = {line.horizon: claim(lines, line.horizon) for line in lines} if result.entry is not EntryMode.TRIGGER else {}
    period = StatisticsPeriod(
        kind=result.kind, since=result.first, until=result.last, target_return_bps=target_rates(result.kind, rules)
    )
    return scanner_service_pb2.BacktestFinished(
        run_id=started.run_id,
        rows=statistics_messages(lines, claims, period),
        equity=_equity(result, [from_yyyymmdd(each.day) for each in replayed.sessions]),
        unfilled={fill.name: count for fill, count in result.scoreboard.fills.items() if fill is not Fill.FILLED},
        costs=costs_text(result.fee, result.slip_ticks),
        caveats=caveats(replayed),
        equity_horizon_sessions=MAIN_HORIZON[result.kind],
        started=started,
        eligible_per_session=result.eligible_per_day,
        found_per_session=sum(result.scoreboard.fills.values()) / result.sessions,
        computed_time=timestamp_message(now),
    )


def target_rates(kind: SignalKind, rules: StrategyParameters) -> Mapping[Grade, int]:
    """Rate in basis points that each grade's reference target stands for; empty where grades have none."""
    if kind is not SignalKind.VCP:
        return {}
    return {grade: round(_BPS * rate) for grade, rate in zip(GRADES, rules.grade_vcp.targets, strict=True)}


def _equity(result: BacktestResult, sessions: Sequence[date]) -> list[scanner_service_pb2.EquityPoint]:
    """Running sums of daily means, each session's signals with one part in `horizon` of the capital."""
    horizon = MAIN_HORIZON[result.kind]
    curve = next(each for each in result.scoreboard.curves if each.horizon == horizon)
    if not curve.day.size:
        return []
    place = {from_yyyymmdd(day): number for number, day in enumerate(curve.day.tolist())}
    at = np.array([place.get(day, -1) for day in sessions])
    signal, control = (np.cumsum(np.where(at >= 0, values[at], 0.0)) / horizon * _BPS for values in (curve.held, curve.base))
    return [
        scanner_service_pb2.EquityPoint(session=local_date_message(day), signal_bps=round(one), control_bps=round(other))
        for day, one, other in zip(sessions, signal.tolist(), control.tolist(), strict=True)
    ]
