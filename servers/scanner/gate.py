"""Market gate (strategies.md 6): may one act in this market now? A level 0-100 and a colour, with the reasons for them."""

import math
from dataclasses import dataclass
from enum import StrEnum

from servers.scanner.gate_facts import IndexFacts
from shared.market.errors import InvalidInput
from shared.market.signal import Component

_TREND_POINTS = 60.0
_TODAY_POINTS = 20.0
_BREADTH_POINTS = 20.0
_NEUTRAL_LEVEL = 50


class GateColour(StrEnum):
    """GREEN: every grade is shown as tradable; YELLOW: only S and A; RED: nothing is."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


class GateData(StrEnum):
    """How much of the input was there."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateParameters:
    """Borders of the gate; levels in points, `crash` as a fraction."""

    green: int = 70
    yellow: int = 40
    hysteresis: int = 2
    crash: float = -0.03

    def __post_init__(self) -> None:
        """Refuse borders that cannot be told apart."""
        if not 0 < self.yellow < self.green <= 100:
            raise InvalidInput("gate", "needs 0 < yellow < green <= 100")
        if self.hysteresis < 0:
            raise InvalidInput("gate.hysteresis", "must not be negative")
        if not -0.3 <= self.crash < 0:
            raise InvalidInput("gate.crash", "is a fall as a fraction, between -0.3 and 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReading:
    """One evaluation. `colour` follows from `level` alone; `settle` turns readings into the colour that is shown.

    `kospi_status` and `kosdaq_status` are the words for today's change, empty when the index is missing; changes and
    `breadth` are fractions, None when missing.
    """

    level: int
    colour: GateColour
    circuit: bool
    data_status: GateData
    parts: tuple[Component, ...]
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    kospi_status: str
    kosdaq_status: str
    kospi_change: float | None
    kosdaq_change: float | None
    breadth: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateState:
    """The colour shown, and the other colour that the last evaluation asked for, if any."""

    colour: GateColour
    wanted: GateColour | None = None


def read_gate(
    kospi: IndexFacts | None,
    kosdaq: IndexFacts | None,
    breadth_share: float | None,
    *,
    parameters: GateParameters | None = None,
) -> GateReading:
    """Score the market.

    Args:
        kospi: Facts of KOSPI, None when missing.
        kosdaq: Facts of KOSDAQ, None when missing.
        breadth_share: Result of `breadth`, None when missing.
        parameters: Borders; the defaults of strategies.md 10 when None.

    Returns:
        The reading; with both indices missing YELLOW 50 marked as missing, never a score made of what is left.
    """
    limits = parameters or GateParameters()
    indices = {"KOSPI": kospi, "KOSDAQ": kosdaq}
    present = {name: facts for name, facts in indices.items() if facts is not None}
    missing = tuple(name for name in indices if name not in present) + (() if breadth_share is not None else ("breadth",))
    parts = tuple(part for name, facts in present.items() for part in _index_parts(name, facts))
    parts += () if breadth_share is None else (_breadth_part(breadth_share),)
    circuit = any(_tidy(facts.change) <= limits.crash for facts in present.values())
    level = _level(parts, complete=not missing) if present else _NEUTRAL_LEVEL
    level = min(level, limits.yellow - 1) if circuit else level
    return GateReading(
        level=level,
        colour=colour_of(level, limits) if present else GateColour.YELLOW,
        circuit=circuit,
        data_status=GateData.MISSING if not present else GateData.PARTIAL if missing else GateData.COMPLETE,
        parts=parts,
        missing=missing,
        reasons=_reasons(present, breadth_share, circuit=circuit),
        kospi_status=change_word(kospi.change) if kospi else "",
        kosdaq_status=change_word(kosdaq.change) if kosdaq else "",
        kospi_change=kospi.change if kospi else None,
        kosdaq_change=kosdaq.change if kosdaq else None,
        breadth=breadth_share,
    )


def colour_of(level: int, parameters: GateParameters) -> GateColour:
    """Colour of a level without regard to what was shown before."""
    if level >= parameters.green:
        return GateColour.GREEN
    return GateColour.YELLOW if level >= parameters.yellow else GateColour.RED


def settle(previous: GateState | None, reading: GateReading, *, parameters: GateParameters | None = None) -> GateState:
    """Decide the colour shown after a live reading.

    The colour changes when the border is passed by `hysteresis` points, when the same other colour is read twice in a row,
    or at once when an index falls through the circuit limit.
    """
    limits = parameters or GateParameters()
    if previous is None or reading.circuit or reading.colour is previous.colour:
        return GateState(colour=reading.colour)
    if reading.colour is previous.wanted:
        return GateState(colour=reading.colour)
    rising = _RANK[reading.colour] > _RANK[previous.colour]
    # A level counts as past a border only with the margin; across two borders the nearer one may already be passed.
    margin = -limits.hysteresis if rising else max(limits.hysteresis - 1, 0)
    safe = colour_of(reading.level + margin, limits)
    return GateState(colour=safe, wanted=None if safe is reading.colour else reading.colour)


_RANK = {GateColour.RED: 0, GateColour.YELLOW: 1, GateColour.GREEN: 2}


def change_word(change: float) -> str:
    """Word for a change of an index, given as a fraction."""
    value = _tidy(change)
    if value > 0:
        return "강세" if value > 0.01 else "소폭 상승"
    if value == 0:
        return "보합"
    return "소폭 하락" if value >= -0.01 else "약세"


def _level(parts: tuple[Component, ...], *, complete: bool) -> int:
    points = sum(part.points for part in parts)
    if complete:
        return _half_up(points)
    return _half_up(100 * points / sum(part.max_points for part in parts))


def _index_parts(name: str, facts: IndexFacts) -> tuple[Component, Component]:
    # Each index carries half of the weight, so that the parts add up to the level.
    return (
        Component(name=f"{name} trend", points=trend_points(facts) / 2, max_points=_TREND_POINTS / 2),
        Component(name=f"{name} today", points=today_points(facts.change) / 2, max_points=_TODAY_POINTS / 2),
    )


def _breadth_part(share: float) -> Component:
    points = _BREADTH_POINTS * min(max((share - 0.30) / 0.40, 0.0), 1.0)
    return Component(name="breadth", points=points, max_points=_BREADTH_POINTS, evidence=_breadth_text(share))


def trend_points(facts: IndexFacts) -> float:
    """Points 0-60 for the trend of one index; what cannot be measured yet earns nothing."""
    points = (
        15.0 * (facts.close > facts.sma20)
        + 15.0 * (facts.sma20 > facts.sma60)
        + 10.0 * (facts.sma20 > facts.sma20_5_bars_ago)
    )
    return points + _rsi_points(facts.rsi14) + _high_points(_tidy(facts.close / facts.max120))


def today_points(change: float) -> float:
    """Points 0-20 for today's change of one index, given as a fraction."""
    value = _tidy(change)
    if value > 0:
        return 20.0 if value > 0.01 else 14.0
    if value == 0:
        return 10.0
    return 6.0 if value >= -0.01 else 0.0


def _rsi_points(rsi: float) -> float:
    if 50 <= rsi <= 70:
        return 10.0
    return 5.0 if 40 <= rsi <= 80 else 0.0


def _high_points(of_high: float) -> float:
    if of_high >= 0.95:
        return 10.0
    return 5.0 if of_high >= 0.90 else 0.0


def _reasons(present: dict[str, IndexFacts], share: float | None, *, circuit: bool) -> tuple[str, ...]:
    reasons = ["지수 급락 -3% 이하 – 게이트 차단"] if circuit else []
    for name, facts in present.items():
        reasons += _index_reasons({"KOSPI": "코스피", "KOSDAQ": "코스닥"}[name], facts)
    return tuple(reasons if share is None else [*reasons, _breadth_text(share)])


def _index_reasons(label: str, facts: IndexFacts) -> list[str]:
    reasons = []
    if not math.isnan(facts.sma20):
        reasons.append(f"{label} 20일선 {'위' if facts.close > facts.sma20 else '아래'}")
    if facts.sma20 > facts.sma60:
        reasons.append(f"{label} 20일선>60일선")
    if not math.isnan(facts.rsi14):
        reasons.append(f"{label} RSI {_half_up(facts.rsi14)}")
    return reasons


def _breadth_text(share: float) -> str:
    return f"상승종목 비중(20일선) {_half_up(100 * share)}%"


def _half_up(value: float) -> int:
    return math.floor(_tidy(value) + 0.5)


def _tidy(value: float) -> float:
    """Take off the noise of binary fractions before a comparison (strategies.md 0.4)."""
    return round(value, 9)
