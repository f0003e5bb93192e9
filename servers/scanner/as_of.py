"""What was published at a moment (strategies.md 0.5): the rule that keeps the future out of every score."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.market.sessions import SessionCalendar
from shared.market.times import end_of_day, kst_date, to_kst, to_utc, yyyymmdd

BAR_KNOWN_FROM = time(15, 30)
"""The closing auction of a usual day ends: from then on the day's bar is complete. See `newest_closed` for other days."""

FLOWS_KNOWN_FROM = time(18, 0)
"""The exchange publishes the day's confirmed investor flows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Newest days whose bars and flows were out at `as_of` (UTC), and the Korean day of the moment itself (yyyymmdd)."""

    as_of: datetime
    today: int
    bars: int
    flows: int


def published_by(as_of: date | datetime) -> Published:
    """Which days' data may be used at a moment; a plain date means the end of that day.

    Raises:
        InvalidInput: If the moment has no time zone.
    """
    moment = as_of if isinstance(as_of, datetime) else end_of_day(as_of)
    local = to_kst(moment)
    today, before = local.date(), local.date() - timedelta(days=1)
    return Published(
        as_of=to_utc(moment),
        today=yyyymmdd(today),
        bars=yyyymmdd(today if local.time() >= BAR_KNOWN_FROM else before),
        flows=yyyymmdd(today if local.time() >= FLOWS_KNOWN_FROM else before),
    )


def newest_closed(as_of: date | datetime, calendar: SessionCalendar) -> date:
    """The last session whose close has passed at a moment: its bars may be read. A late close (exam day) counts.

    Args:
        as_of: A plain date means the end of that day.
        calendar: Knows the hours.

    Raises:
        DataMissing: Outside the calendar.
    """
    moment = as_of if isinstance(as_of, datetime) else end_of_day(as_of)
    newest = calendar.latest_session(kst_date(moment))
    return newest.day if newest.closes <= moment else calendar.previous_session(newest.day).day
