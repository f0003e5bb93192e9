"""What the gate is computed from: index closes and the breadth of a completed session, and what live prices make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from servers.scanner.gate import GateParameters, GateReading, read_gate
from servers.scanner.gate_facts import WINDOW, IndexFacts, index_facts
from servers.scanner.panel import Panel
from shared.market.times import from_yyyymmdd
from shared.market.topic import MarketIndex
from shared.store.repositories.indices import IndexBar
from shared.store.unit_of_work import UnitOfWork

GATE_INDICES = (MarketIndex.KOSPI, MarketIndex.KOSDAQ)

BREADTH_BARS = 20
"""Bars of the average that breadth compares with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateBase:
    """The market after a completed session.

    Attributes:
        session: The session.
        closes: Closes of each index in points, oldest first, `session` last; an index without a bar of it is left out.
        rows: Row of each ticker in the arrays, shape (n,).
        counted: Members of the universe that traded on `session` and have 20 bars without an unexplained jump.
        sums: Sum of the newest 19 closes, won.
        above: Close above its 20-bar average.
    """

    session: date
    closes: Mapping[MarketIndex, NDArray[np.float64]]
    rows: Mapping[str, int]
    counted: NDArray[np.bool_]
    sums: NDArray[np.float64]
    above: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketReading:
    """One evaluation of the gate beside the facts of the indices that it rests on."""

    reading: GateReading
    indices: Mapping[MarketIndex, IndexFacts]


async def read_closes(uow: UnitOfWork, session: date) -> dict[MarketIndex, NDArray[np.float64]]:
    """Closes of the gate's indices up to a session; an index without a bar of that very session is missing."""
    series = [await uow.indices.newest(index, limit=WINDOW, until=session) for index in GATE_INDICES]
    return {bars[-1].index_name: closes_of(bars) for bars in series if bars and bars[-1].day == session}


def closes_of(bars: Sequence[IndexBar]) -> NDArray[np.float64]:
    """Closes in index points."""
    return np.array([bar.close_e2 for bar in bars], dtype=np.float64) / 100


def gate_base(panel: Panel, closes: Mapping[MarketIndex, NDArray[np.float64]]) -> GateBase:
    """Measure a completed session.

    Args:
        panel: The market at its end.
        closes: From `read_closes` of the same session.
    """
    window = panel.close[:, -BREADTH_BARS:]
    averages = window.mean(axis=1)
    jumped = panel.jump[:, -BREADTH_BARS + 1 :].any(axis=1)
    traded = panel.date[:, -1] == panel.session
    with np.errstate(invalid="ignore"):
        above = window[:, -1] > averages
    return GateBase(
        session=from_yyyymmdd(panel.session),
        closes=closes,
        rows=panel.rows,
        counted=panel.universe.eligible & traded & ~jumped & np.isfinite(averages),
        sums=window[:, 1:].sum(axis=1),
        above=above,
    )


def closing_reading(base: GateBase, parameters: GateParameters | None = None) -> MarketReading:
    """The gate after the session, from official closes alone."""
    return market_reading(base.closes, _share(base, base.above), parameters)


def live_reading(
    base: GateBase,
    levels: Mapping[MarketIndex, float],
    prices: NDArray[np.float64],
    *,
    parameters: GateParameters | None = None,
) -> MarketReading:
    """The gate within the session after `base`: live values are the newest bar.

    Args:
        base: The session before.
        levels: Live index levels in points; an index without one, or without history, is missing.
        prices: Newest price of each row in won; NaN where the ticker has not traded yet, whose bar before then counts.
        parameters: Borders.
    """
    closes = {index: np.append(closes, levels[index])[-WINDOW:] for index, closes in base.closes.items() if index in levels}
    with np.errstate(invalid="ignore"):
        above = np.where(np.isnan(prices), base.above, prices > (base.sums + prices) / BREADTH_BARS)
    return market_reading(closes, _share(base, above), parameters)


def market_reading(
    closes: Mapping[MarketIndex, NDArray[np.float64]], share: float | None, parameters: GateParameters | None
) -> MarketReading:
    """The gate from closes of the indices, the newest last, and the breadth; None where that is missing."""
    found = {index: index_facts(values) for index, values in closes.items()}
    known = {index: facts for index, facts in found.items() if facts is not None}
    reading = read_gate(known.get(MarketIndex.KOSPI), known.get(MarketIndex.KOSDAQ), share, parameters=parameters)
    return MarketReading(reading=reading, indices=known)


def _share(base: GateBase, above: NDArray[np.bool_]) -> float | None:
    total = int(base.counted.sum())
    return int((above & base.counted).sum()) / total if total else None
