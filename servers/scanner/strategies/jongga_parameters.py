"""Rules of 종가베팅 V2 that people tune (strategies.md 10, `jongga`)."""

from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from servers.scanner.strategies.ranges import check_ranges, number
from shared.market.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class JonggaParameters:
    """Thresholds; won and fractions, grades in graded points of 12."""

    average_turnover_min: float = number(3.0e9, low=0.0, high=1.0e15)
    price_min: float = 1_000
    exclude_warning: bool = True
    value_points: tuple[float, float, float] = (3.0e10, 1.0e11, 5.0e11)
    news_hours: int = 72
    near_high: float = number(0.95, low=0.1, high=1.3)
    body_min: float = number(0.01, low=0.0, high=0.3)
    body_of_range: float = number(0.5, low=0.0, high=1.0)
    wick_max: float = number(0.5, low=0.0, high=10.0)
    sideways: float = number(0.15, low=0.0, high=1.0)
    contraction: float = number(0.5, low=0.0, high=1.0)
    change_min: float = 0.03
    change_max: float = 0.29
    value_min: float = number(3.0e10, low=0.0, high=1.0e15)
    take_profit: float = 0.05
    stop_loss: float = 0.03
    gap_take_profit: float = number(0.03, low=0.0, high=0.3)
    gap_stop: float = number(-0.02, low=-0.3, high=0.0)
    time_stop: str = "10:00"
    grade_s: int = 10
    grade_a: int = 8
    grade_b: int = 6

    def __post_init__(self) -> None:
        """Refuse values out of range and rules that contradict themselves."""
        check_ranges("jongga", self)
        if not all(low < high for low, high in pairwise((0.0, *self.value_points))):
            raise InvalidInput("jongga.value_pts", "must be positive and rise")
        if not -0.3 <= self.change_min < self.change_max <= 0.3:
            raise InvalidInput("jongga.chg_min", "needs chg_min below chg_max, both within the daily limit")
        if not 0 < self.grade_b < self.grade_a < self.grade_s <= 12:
            raise InvalidInput("jongga.grade", "needs 0 < B < A < S <= 12")
        if not (0 < self.take_profit < 1 and 0 < self.stop_loss < 1):
            raise InvalidInput("jongga.tp", "take profit and stop loss are fractions between 0 and 1")
        if not 1 <= self.news_hours <= 24 * 14:
            raise InvalidInput("jongga.news_hours", "is between 1 hour and two weeks")
        if not (self.time_stop[2:3] == ":" and _OPENS <= self.time_stop <= _CLOSES and _is_time(self.time_stop)):
            raise InvalidInput("jongga.time_stop", f"is a time of the session, {_OPENS} to {_CLOSES}")


_OPENS, _CLOSES = "09:00", "15:30"


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).strftime("%H:%M") == text
    except ValueError:
        return False
