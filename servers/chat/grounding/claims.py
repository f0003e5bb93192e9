"""What a text claims: numbers with units, dates, times, pairs, codes, citations. Positions are of the cleaned text."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a number counts."""

    WON = "won"
    PERCENT = "percent"
    PERCENT_POINT = "percent_point"
    SHARES = "shares"
    COUNT = "count"
    DAYS = "days"
    STREAK = "streak"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    DURATION = "duration"
    POINTS = "points"
    MULTIPLE = "multiple"
    RANK = "rank"
    FOREIGN_MONEY = "foreign_money"
    PLAIN = "plain"


class Hedge(StrEnum):
    """How a number says that it is not exact: about, somewhat more, somewhat less, or `7만원대`."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    BAND = "band"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberClaim(Span):
    """A number.

    Attributes:
        value: As written, in won, percent, shares, days ...; negative only with a written sign.
        step: What one more in its last written place would add: 1억 for `3,456억`, 0.01 for `1.69%`.
        coarse: The same for the last place that is not zero: 100억 for `3,000억`.
        unit: What it counts.
        signed: Whether a sign was written.
        hedge: How exact it claims to be.
        vague: Whether it names a size only (`수십억`), which nothing can prove.
        fallback_day: Day of a month that it could mean instead (`30일`); None when it could not.
    """

    value: Decimal
    step: Decimal
    coarse: Decimal
    unit: Unit
    signed: bool = False
    hedge: Hedge = Hedge.EXACT
    vague: bool = False
    fallback_day: int | None = None

    @property
    def bounds(self) -> bool:
        """Whether it bounds something (`70점 이상`), so that it may be a condition instead of a fact."""
        return self.hedge in {Hedge.OVER, Hedge.UNDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateClaim(Span):
    """A date, or a month, year, quarter or half: everything from `first` to `last` of `year`, or of any year.

    `month` and `day` are None where they are not said; `months` is the length of a stretch of months.
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    months: int = 1
    weekday: int | None = None

    def fits(self, known: date) -> bool:
        """Whether a known date lies in what is claimed."""
        if self.year is not None and known.year != self.year:
            return False
        if self.month is not None and not self.month <= known.month < self.month + self.months:
            return False
        if self.day is not None and known.day != self.day:
            return False
        return self.weekday is None or self.day is None or known.weekday() == self.weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeClaim(Span):
    """A time of day in Korea; `second` None when not said, `either_half` when `3시 30분` may mean 15:30."""

    hour: int
    minute: int
    second: int | None = None
    either_half: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PairClaim(Span):
    """`7/12`: points of a possible total, or month and day."""

    left: Decimal
    right: Decimal

    def fits(self, known: date) -> bool:
        """Whether it is the month and day of a known date."""
        return self.left == known.month and self.right == known.day


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaim(Span):
    """A word with digits in it (`HBM4`), or digits that mean nothing known: it must stand in a source as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationClaim(Span):
    """`[2]`."""

    number: int


Claim = NumberClaim | DateClaim | TimeClaim | PairClaim | TokenClaim | CitationClaim
