"""What a measurement says: a median with its spread, a target, and how it stands beside its alternative."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median of several measurements, and their extremes."""

    median: float
    lowest: float
    highest: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of one measurement or more."""
        return cls(median=statistics.median(values), lowest=min(values), highest=max(values), count=len(values))

    def __str__(self) -> str:
        middle = short(self.median)
        return middle if self.count == 1 else f"{middle} ({short(self.lowest)} to {short(self.highest)}, n={self.count})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A ratio to an alternative, taken pair by pair in the same run.

    `what` goes on after the number, e.g. `times as fast as a loop`. `at_least` is the target, None where there is none.
    """

    what: str
    ratio: Spread
    at_least: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the ratio reaches its target."""
        return self.at_least is None or self.ratio.median >= self.at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table; `at_most` is its target in `unit`, None for a figure that only explains others."""

    name: str
    measured: Spread
    unit: str
    at_most: float | None = None
    beside: Beside | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether every target is met; None when there is none."""
        has_target = self.at_most is not None or (self.beside is not None and self.beside.at_least is not None)
        if not has_target:
            return None
        within = self.at_most is None or self.measured.median <= self.at_most
        return within and (self.beside is None or self.beside.is_met)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A figure that could not be taken here."""

    name: str
    why: str


def short(value: float) -> str:
    """A number with three significant digits, whole from 100 on."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{value:,.{digits}f}"
