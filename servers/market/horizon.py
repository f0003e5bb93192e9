"""How far market time lets anybody see: what lies after it is never returned."""

from datetime import date, datetime, time

from shared.clock import Clock, ClockMode
from shared.market.quote import Quality
from shared.market.sessions import SessionCalendar, SessionPhase
from shared.market.times import kst_date, kst_datetime
from shared.store.origin import Origin

_FLOWS_PUBLISHED = time(18)
"""Confirmed net buying of a day is published at 18:00 KST (strategies.md 0.5)."""

LIVE_QUALITIES = frozenset({Quality.REALTIME, Quality.POLLED, Quality.DELAYED})
"""Qualities that promise a price of this moment."""


class Horizon:
    """The newest things that are known at market time, and what quality they have."""

    def __init__(self, clock: Clock, calendar: SessionCalendar, origin: Origin) -> None:
        self._clock = clock
        self._calendar = calendar
        self._origin = origin

    @property
    def now(self) -> datetime:
        """Market time, UTC."""
        return self._clock.market_now()

    @property
    def mode(self) -> ClockMode:
        """How market time runs."""
        return self._clock.mode

    def today(self) -> date:
        """The date of market time in Korea."""
        return kst_date(self.now)

    def phase(self) -> SessionPhase:
        """What the market is doing."""
        return self._calendar.phase(self.now)

    def bar_day(self) -> date:
        """The last session whose close has passed: the newest daily bar that is known."""
        newest = self._calendar.latest_session(self.today())
        return newest.day if newest.closes <= self.now else self._calendar.previous_session(newest.day).day

    def flow_day(self) -> date:
        """The last session whose confirmed flows have been published."""
        newest = self._calendar.latest_session(self.today())
        published = kst_datetime(newest.day, _FLOWS_PUBLISHED) <= self.now
        return newest.day if published else self._calendar.previous_session(newest.day).day

    def closed(self, day: date) -> datetime:
        """When the session of a day closed, UTC."""
        return self._calendar.latest_session(day).closes

    @property
    def close_quality(self) -> Quality:
        """Quality of an official close of this store."""
        return Quality.CLOSED if self._origin is Origin.REAL else Quality.SIMULATED

    def shown_quality(self, quality: Quality) -> Quality:
        """A live quality is a replayed one where market time is not the wall's own."""
        rehearsed = self.mode in {ClockMode.FIXED, ClockMode.REPLAY}
        return Quality.REPLAYED if rehearsed and quality in LIVE_QUALITIES else quality
