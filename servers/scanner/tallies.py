"""What a scan counted, in the form that the dead-rule detector keeps (strategies.md 9.6)."""

from typing import TypeAlias

import numpy as np

from servers.scanner.dead_rules import ItemCount, ScanTally, count_items
from servers.scanner.strategies import daytrading, jongga
from servers.scanner.strategies.daytrading import DaytradingResult
from servers.scanner.strategies.jongga import JonggaResult
from servers.scanner.strategies.vcp_signal import VcpSignals
from shared.market.signal import SignalKind

Tallied: TypeAlias = VcpSignals | JonggaResult | DaytradingResult
"""Results whose scores are sums of items."""

VCP_ITEMS = ("trend", "structure", "dry_up", "tightness", "proximity")
GRADE_A, GRADE_B = 1, 2


def tally(result: Tallied) -> ScanTally:
    """Count a result: what its band is about, among the liquid members of the universe, and every item of its score."""
    if isinstance(result, VcpSignals):
        return _vcp(result)
    return _jongga(result) if isinstance(result, JonggaResult) else _daytrading(result)


def _vcp(signals: VcpSignals) -> ScanTally:
    points = np.stack([signals.vcp.records[name] for name in VCP_ITEMS], axis=1)
    return ScanTally(
        kind=SignalKind.VCP,
        session=signals.panel.session,
        eligible=int(signals.tradable.sum()),
        detected=int(signals.detected.sum()),
        items=count_items(SignalKind.VCP, VCP_ITEMS, points, scored=signals.panel.ranked),
    )


def _jongga(result: JonggaResult) -> ScanTally:
    missing = {"supply": ~result.supply.known}
    if result.news is None:
        missing["news"] = np.ones(result.total.size, dtype=np.bool_)
    items = count_items(SignalKind.JONGGA, jongga.ITEMS, result.points, scored=result.scored, missing=missing)
    return _graded(result, SignalKind.JONGGA, items, floor=jongga.GATE_FLOOR, worst=GRADE_A)


def _daytrading(result: DaytradingResult) -> ScanTally:
    missing = {"institution_buying": ~result.supply.known, "sector_momentum": result.sectors.sector < 0}
    items = count_items(SignalKind.DAYTRADING, daytrading.ITEMS, result.points, scored=result.scored, missing=missing)
    return _graded(result, SignalKind.DAYTRADING, items, floor=daytrading.GATE_FLOOR, worst=GRADE_B)


def _graded(
    result: JonggaResult | DaytradingResult, kind: SignalKind, items: tuple[ItemCount, ...], *, floor: int, worst: int
) -> ScanTally:
    return ScanTally(
        kind=kind,
        session=result.panel.session,
        eligible=int((result.scored & np.equal(result.gates & floor, 0)).sum()),
        detected=int((result.tradable & (result.grade <= worst)).sum()),
        items=items,
    )
