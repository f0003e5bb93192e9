"""Arithmetic of calendar days: spans, months, and the units that people count in."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

OLDEST_YEAR, NEWEST_YEAR = 1956, 2099
"""The exchange opened in 1956; a year outside is no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An inclusive range of dates before the exchange calendar is asked; `sessions` when trading days were counted."""

    first: date
    last: date
    single: bool = False
    sessions: int | None = None

    @classmethod
    def day(cls, day: date) -> Self:
        """One day."""
        return cls(first=day, last=day, single=True)

    def until(self, today: date) -> "Span":
        """Cut a range that is still running at today; a wholly past or future one stays as it is."""
        return Span(first=self.first, last=today) if self.first <= today < self.last else self


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, days_in_month(year, month)))


def days_in_month(year: int, month: int) -> int:
    """Length of a month in days."""
    return calendar.monthrange(year, month)[1]


def unit_span(unit: str, offset: int, today: date) -> Span:
    """The day, week (Monday to Friday), month, quarter or year that lies `offset` units from the one of `today`.

    The current unit ends today; a past or future one is whole.
    """
    if unit == "day":
        return Span.day(today + timedelta(days=offset))
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
        return Span(first=first, last=first + timedelta(days=4)).until(today)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = add_months(today.replace(month=months * ((today.month - 1) // months) + 1, day=1), months * offset)
    return months_from(first, months).until(today)


def months_from(first: date, months: int) -> Span:
    """Whole months beginning with the one that starts on `first`."""
    return Span(first=first, last=add_months(first, months) - timedelta(days=1))
