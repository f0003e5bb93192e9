"""Rules of the 단타 checklist that people tune (strategies.md 10, `day`)."""

from dataclasses import dataclass

from servers.scanner.strategies.ranges import check_ranges, number
from shared.market.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class DaytradingParameters:
    """Thresholds; won, fractions and multiples, grades in points of 105."""

    average_turnover_min: float = number(3.0e9, low=0.0, high=1.0e15)
    price_min: float = 1_000
    exclude_warning: bool = True
    volume_full: float = 2.0
    volume_half: float = 1.5
    box_width: float = 0.20
    average_near: float = 0.01
    buying_full: float = 1.0e10
    buying_half: float = 5.0e9
    ratio_full: float = 0.05
    ratio_half: float = 0.025
    ratio_full_min: float = 1.0e9
    ratio_half_min: float = 5.0e8
    change_max: float = 0.25
    take_profit: float = 0.05
    stop_loss: float = 0.03
    grade_s: int = 90
    grade_a: int = 75
    grade_b: int = 60

    def __post_init__(self) -> None:
        """Refuse values out of range and rules that contradict themselves."""
        check_ranges("day", self)
        for full, half, name in (
            (self.volume_full, self.volume_half, "vol"),
            (self.buying_full, self.buying_half, "inst"),
            (self.ratio_full, self.ratio_half, "ratio"),
            (self.ratio_full_min, self.ratio_half_min, "ratio_min"),
        ):
            if not 0 < half <= full:
                raise InvalidInput(f"day.{name}_half", "must be positive and not above the full one")
        if not 0 < self.grade_b < self.grade_a < self.grade_s <= 105:
            raise InvalidInput("day.grade", "needs 0 < B < A < S <= 105")
        for name in ("take_profit", "stop_loss", "box_width", "average_near", "change_max"):
            if not 0 < getattr(self, name) < 1:
                raise InvalidInput(f"day.{name}", "is a fraction between 0 and 1")
