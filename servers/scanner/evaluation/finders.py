"""What each strategy finds on one session, in the form that replays keep."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from servers.scanner.dead_rules import ScanTally
from servers.scanner.panel import Panel
from servers.scanner.strategies import daytrading, disparity, jongga
from servers.scanner.strategies.daytrading import DaytradingResult
from servers.scanner.strategies.disparity import DisparityResult
from servers.scanner.strategies.jongga import JonggaResult
from servers.scanner.strategies.parameters import StrategyParameters
from servers.scanner.strategies.vcp_signal import VcpSignals
from servers.scanner.tallies import tally
from shared.market.signal import SignalKind


class Gap(IntFlag):
    """Inputs that were not there when a find was scored."""

    FLOWS = 1
    NEWS = 2
    SECTOR = 4


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
        gaps: `Gap` bits of each find.
        tally: What the dead-rule detector keeps of the session; None for strategies without items and for what was stored.
    """

    rows: NDArray[np.int32]
    grade: NDArray[np.int8]
    score: NDArray[np.float64]
    trigger: NDArray[np.float64]
    target: NDArray[np.float64]
    stop: NDArray[np.float64]
    published: NDArray[np.bool_]
    gaps: NDArray[np.int8]
    tally: ScanTally | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A session's panel with what strategies need besides: VCP of the session, and as of each ticker's bar before, (n,).

    `vcp` is None where no strategy asks for it.
    """

    panel: Panel
    vcp: VcpSignals | None
    vcp_before: NDArray[np.bool_]
    parameters: StrategyParameters


Finder = Callable[[Seen], Found]


def floor_of(kind: SignalKind, rules: StrategyParameters) -> float:
    """Liquidity floor of a strategy in won a day, which its pool has as well."""
    floors: Mapping[SignalKind, float] = {
        SignalKind.VCP: rules.vcp.adv_min,
        SignalKind.JONGGA: rules.jongga.average_turnover_min,
        SignalKind.DAYTRADING: rules.day.average_turnover_min,
    }
    return floors.get(kind, disparity.AVERAGE_TURNOVER_MIN)


def _found_vcp(seen: Seen) -> Found:
    signals = seen.vcp
    assert signals is not None
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
        gaps=_gaps({Gap.FLOWS: ~signals.smart.known[rows]}),
        tally=tally(signals),
    )


def _found_jongga(seen: Seen) -> Found:
    result = jongga.score(seen.panel, parameters=seen.parameters.jongga, vcp_before=seen.vcp_before)
    rows = np.flatnonzero(result.tradable)
    without = {Gap.FLOWS: ~result.supply.known[rows], Gap.NEWS: np.ones(rows.size, dtype=np.bool_)}
    return _levelled(result, rows, _gaps(without))


def _found_daytrading(seen: Seen) -> Found:
    result = daytrading.score(seen.panel, parameters=seen.parameters.day)
    near = result.parameters.grade_b - daytrading.FULL  # one item short of the lowest published grade
    rows = np.flatnonzero(result.tradable & (result.total >= near))
    without = {Gap.FLOWS: ~result.supply.known[rows], Gap.SECTOR: result.sectors.sector[rows] < 0}
    return _levelled(result, rows, _gaps(without))


def _levelled(result: JonggaResult | DaytradingResult, rows: NDArray[np.int64], gaps: NDArray[np.int8]) -> Found:
    return Found(
        rows=rows.astype(np.int32),
        grade=result.grade[rows],
        score=result.total[rows].astype(np.float64),
        trigger=np.full(rows.size, np.nan),
        target=result.target[rows].astype(np.float64),
        stop=result.stop[rows].astype(np.float64),
        published=result.detected[rows],
        gaps=gaps,
        tally=tally(result),
    )


def _found_disparity(seen: Seen) -> Found:
    """The target moves with the average and is found while following, see `Purchases.moving_average`."""
    result: DisparityResult = disparity.score(seen.panel, parameters=seen.parameters.signal)
    rows = np.flatnonzero(result.tradable)
    return Found(
        rows=rows.astype(np.int32),
        grade=result.grade[rows],
        score=result.score[rows],
        trigger=np.full(rows.size, np.nan),
        target=np.full(rows.size, np.nan),
        stop=result.stop[rows].astype(np.float64),
        published=np.ones(rows.size, dtype=np.bool_),
        gaps=_gaps({Gap.NEWS: np.ones(rows.size, dtype=np.bool_)}),
    )


def _gaps(missing: Mapping[Gap, NDArray[np.bool_]]) -> NDArray[np.int8]:
    gaps: NDArray[np.int8] = np.bitwise_or.reduce([where * np.int8(bit) for bit, where in missing.items()], axis=0)
    return gaps


FINDERS: dict[SignalKind, Finder] = {
    SignalKind.VCP: _found_vcp,
    SignalKind.JONGGA: _found_jongga,
    SignalKind.DAYTRADING: _found_daytrading,
    SignalKind.DISPARITY: _found_disparity,
}
"""Strategies that can be replayed on daily bars."""
