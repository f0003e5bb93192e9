"""Rules on trades within a session (strategies.md 7): disparity, nearness to it, quick drops, value surges with a fall.

Everything here is a pure function of what was measured; `intraday_monitor.py` keeps the trades and applies them. The rules
decide; sending, routes and personal cooldowns are the business of the alert room.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from servers.scanner.strategies.ranges import check_ranges, number
from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker


class IntradayRule(StrEnum):
    """What can be noticed; spam control counts each rule of a ticker on its own."""

    DISPARITY = "DISPARITY"
    PROXIMITY = "PROXIMITY"
    DROP = "DROP"
    SURGE = "SURGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntradayParameters:
    """Thresholds as fractions; `surge` a multiple of the usual value; `average_bars` of the disparity average."""

    average_bars: int = number(25, low=2, high=300)
    disparity_threshold: float = -0.08
    proximity: float = 0.01
    drop_minutes: int = 5
    drop: float = 0.03
    surge: float = 3.0
    surge_drop: float = 0.015
    rearm: float = 0.003
    deepening: float = 0.01
    stale_after: timedelta = timedelta(seconds=60)
    cooldown: timedelta = timedelta(seconds=600)

    def __post_init__(self) -> None:
        """Refuse thresholds that would fire always or never."""
        check_ranges("signal", self)
        if not -0.9 < self.disparity_threshold < 0:
            raise InvalidInput("signal.disparity_threshold", "is a fraction between -0.9 and 0")
        if not 1 <= self.drop_minutes <= 60:
            raise InvalidInput("signal.drop_min", "is between 1 and 60 minutes")
        for name in ("proximity", "drop", "surge_drop", "deepening"):
            if not 0 < getattr(self, name) < 1:
                raise InvalidInput(f"signal.{name}", "is a fraction between 0 and 1")
        if self.surge <= 1 or not 0 <= self.rearm < 1:
            raise InvalidInput("signal", "needs surge above 1 and rearm in [0, 1)")
        if not timedelta() < self.stale_after <= timedelta(hours=1):
            raise InvalidInput("signal.stale_after", "is above 0 and at most an hour")
        if not timedelta() <= self.cooldown <= timedelta(days=1):
            raise InvalidInput("signal.cooldown", "is at most a day and not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLevels:
    """What one ticker's history says about today; prices in won as adjusted for today.

    Attributes:
        previous_sum: Sum of the last `average_bars - 1` closes; NaN when there are fewer, which switches disparity off.
        average_turnover: Mean won traded a day over the last 20 bars; NaN when unknown, which switches the surge rule off.
    """

    previous_sum: float
    average_turnover: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One trade, or one polled price picture; `turnover_krw` cumulative over the session, `open_krw` None when unknown.

    `single_price` marks a volatility halt, call auction or trading halt, in which nothing is announced.
    """

    time: datetime
    price_krw: int
    turnover_krw: int
    open_krw: int | None = None
    single_price: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be a price."""
        if self.price_krw <= 0 or self.turnover_krw < 0:
            raise InvalidInput("trade", "needs a positive price and a turnover that is not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReading:
    """A rule looked at once.

    Attributes:
        rule: Which rule.
        met: Whether its condition holds.
        clear: Whether the condition is false by the re-arm margin.
        value: What was measured, a fraction; lower is deeper.
        threshold: What `value` was compared with.
        ratio: Multiple of the usual value, for the surge rule; NaN elsewhere.
    """

    rule: IntradayRule
    met: bool
    clear: bool
    value: float
    threshold: float
    ratio: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertArm:
    """Spam control of one (ticker, rule); `cleared` says that the condition was clearly false since the last hit."""

    last_hit: datetime | None = None
    last_value: float = math.nan
    cleared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A rule that fired: everything a message must say, except the instrument's name."""

    ticker: Ticker
    reading: RuleReading
    price_krw: int
    time: datetime


def trigger_price(previous_sum: float, threshold: float, average_bars: int = 25) -> float:
    """The price at or below which the live disparity is at or below `threshold`.

    Args:
        previous_sum: Sum of the last `average_bars - 1` closes in won.
        threshold: Disparity as a negative fraction.
        average_bars: Bars in the average, the live price included.

    Returns:
        Won, not on the tick grid; NaN when the sum is NaN.
    """
    return (1 + threshold) * previous_sum / (average_bars - (1 + threshold))


def live_disparity(price: float, previous_sum: float, average_bars: int = 25) -> float:
    """Distance of a live price from the average that includes it, a fraction."""
    return price / ((previous_sum + price) / average_bars) - 1


def disparity_readings(price: float, levels: DayLevels, parameters: IntradayParameters) -> tuple[RuleReading, ...]:
    """Disparity and nearness to its trigger price (7.1, 7.4); empty without enough history."""
    if not levels.previous_sum > 0:
        return ()
    threshold = parameters.disparity_threshold
    trigger = trigger_price(levels.previous_sum, threshold, parameters.average_bars)
    disparity = live_disparity(price, levels.previous_sum, parameters.average_bars)
    above = round(price / trigger - 1, 9)
    return (
        RuleReading(
            rule=IntradayRule.DISPARITY,
            met=above <= 0,
            clear=disparity > threshold + parameters.rearm,
            value=disparity,
            threshold=threshold,
        ),
        RuleReading(
            rule=IntradayRule.PROXIMITY,
            met=0 < above <= parameters.proximity,
            clear=above > parameters.proximity + parameters.rearm or above < -parameters.rearm,
            value=above,
            threshold=parameters.proximity,
        ),
    )


def drop_reading(price: float, earlier_price: float, parameters: IntradayParameters) -> RuleReading:
    """Return over the last minutes against the drop threshold (7.2)."""
    change = round(price / earlier_price - 1, 9)
    return RuleReading(
        rule=IntradayRule.DROP,
        met=change <= -parameters.drop,
        clear=change > -parameters.drop + parameters.rearm,
        value=change,
        threshold=-parameters.drop,
    )


def surge_reading(change: float, ratio: float, parameters: IntradayParameters) -> RuleReading:
    """Value traded in the last minutes as a multiple of the usual, together with a fall (7.3)."""
    heavy = round(ratio, 9) >= parameters.surge
    return RuleReading(
        rule=IntradayRule.SURGE,
        met=heavy and change <= -parameters.surge_drop,
        clear=not heavy or change > -parameters.surge_drop + parameters.rearm,
        value=change,
        threshold=-parameters.surge_drop,
        ratio=ratio,
    )


def decide(arm: AlertArm, reading: RuleReading, now: datetime, parameters: IntradayParameters) -> tuple[AlertArm, bool]:
    """Whether a reading becomes a hit, and the arm afterwards (7.5).

    A second hit needs the cooldown to be over and, since the first one, either a clear release of the condition or a value
    deeper by `deepening`.
    """
    cleared = arm.cleared or reading.clear
    cooled = arm.last_hit is None or now - arm.last_hit >= parameters.cooldown
    deeper = round(reading.value - arm.last_value, 9) <= -parameters.deepening
    if reading.met and cooled and (cleared or deeper):
        return AlertArm(last_hit=now, last_value=reading.value, cleared=False), True
    return replace(arm, cleared=cleared), False
