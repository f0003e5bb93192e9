"""Alarms about the rules themselves (strategies.md 9.6): items that never score, and rates outside of their usual bands.

A sub-item that is zero for every ticker over twenty sessions is most likely broken, not unlucky: a public project's
consolidation rule never fired in 346 signals because its average included the day itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.market.signal import SignalKind

SESSIONS = 20
GATE_DAYS = 3 * 245
"""Sessions after which the gate's colours are judged: about three years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCount:
    """How often one item of one strategy earned points in a session; `missing` when its input was not there at all."""

    kind: SignalKind
    item: str
    earned: int
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanTally:
    """What one scan of one session counted: `session` yyyymmdd, tickers, and tickers per item."""

    kind: SignalKind
    session: int
    eligible: int
    detected: int
    items: tuple[ItemCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadRule:
    """An item that earned nothing for any ticker over `sessions` sessions in which its input was there."""

    kind: SignalKind
    item: str
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Usual share of the eligible tickers, as fractions; an alarm outside, no proof inside."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BandReading:
    """A band and the mean share seen."""

    band: Band
    share: float
    sessions: int

    @property
    def inside(self) -> bool:
        """Whether the share is within the band."""
        return self.band.low <= self.share <= self.band.high


BANDS: dict[SignalKind, Band] = {
    SignalKind.VCP: Band(name="VCP detected", low=0.005, high=0.05),
    SignalKind.JONGGA: Band(name="종가베팅 tradable S+A", low=0.0, high=0.03),
    SignalKind.DAYTRADING: Band(name="단타 B or better", low=0.001, high=0.05),
}
"""What the `detected` of a tally must count for the band of its kind to apply."""

GATE_BAND = Band(name="gate colour", low=0.10, high=0.60)


def count_items(
    kind: SignalKind,
    names: Sequence[str],
    points: NDArray[np.int8],
    *,
    scored: NDArray[np.bool_],
    missing: Mapping[str, NDArray[np.bool_]] | None = None,
) -> tuple[ItemCount, ...]:
    """Count per item the scored tickers that earned anything.

    Args:
        kind: The strategy.
        names: Items in the order of the columns of `points`.
        points: Points per ticker and item, shape (n, items).
        scored: Tickers that count, shape (n,).
        missing: Per item the tickers without its input, shape (n,); an item without input for everybody is not dead.
    """
    absent = missing or {}
    earned = (points[scored] > 0).sum(axis=0).tolist()
    return tuple(
        ItemCount(kind=kind, item=name, earned=earned[column], missing=name in absent and bool(absent[name][scored].all()))
        for column, name in enumerate(names)
    )


def dead_rules(tallies: Sequence[ScanTally]) -> tuple[DeadRule, ...]:
    """Items that have not scored for anybody in the newest twenty sessions of their strategy that had their input.

    Args:
        tallies: Scans of any strategies, any order; sessions without a scored ticker do not count.
    """
    newest_first = sorted((tally for tally in tallies if tally.eligible), key=lambda tally: -tally.session)
    counts: dict[tuple[SignalKind, str], list[int]] = {}
    for tally in newest_first:
        for item in tally.items:
            if not item.missing:
                counts.setdefault((item.kind, item.item), []).append(item.earned)
    return tuple(
        DeadRule(kind=kind, item=item, sessions=SESSIONS)
        for (kind, item), earned in sorted(counts.items())
        if len(earned) >= SESSIONS and not any(earned[:SESSIONS])
    )


def read_bands(tallies: Sequence[ScanTally]) -> tuple[BandReading, ...]:
    """Mean daily share of `detected` among the eligible, per strategy that has a band."""
    readings = []
    for kind, band in BANDS.items():
        shares = [tally.detected / tally.eligible for tally in tallies if tally.kind is kind and tally.eligible]
        if shares:
            readings.append(BandReading(band=band, share=float(np.mean(shares)), sessions=len(shares)))
    return tuple(readings)


def read_gate_bands(colours: Mapping[str, int]) -> tuple[BandReading, ...]:
    """Share of sessions per gate colour; empty before there are three years of them.

    Args:
        colours: Sessions counted per colour; a colour that never occurred must be there with 0.
    """
    total = sum(colours.values())
    if total < GATE_DAYS:
        return ()
    return tuple(
        BandReading(
            band=Band(name=f"{GATE_BAND.name} {colour}", low=GATE_BAND.low, high=GATE_BAND.high),
            share=count / total,
            sessions=total,
        )
        for colour, count in colours.items()
    )
