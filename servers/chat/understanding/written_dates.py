"""Dates that are written out: 2026년 4월 30일, 4/30, 지난주 금요일, 1분기, 상반기, 15일 종가, April 2026, on March 3."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from servers.chat.understanding.canvas import Canvas, Hit
from servers.chat.understanding.dates import NEWEST_YEAR, OLDEST_YEAR, Span, add_months, days_in_month, months_from

Groups = dict[str, str | None]

_MONTHS_EN = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if number
}  # fmt: skip
_NAMES_EN = "|".join(sorted(_MONTHS_EN, key=len, reverse=True))
_WEEKDAYS = {word: number for number, word in enumerate("월화수목금토일")} | {
    name.lower(): number for number, name in enumerate(calendar.day_name)
}
_WEEKDAYS_EN = "|".join(name.lower() for name in calendar.day_name)
_WEEKS = {
    "지지난주": -2,
    "저저번주": -2,
    "지난주": -1,
    "저번주": -1,
    "이번주": 0,
    "금주": 0,
    "이번": 0,
    "this ": 0,
    "다음주": 1,
    "다음": 1,
    "next ": 1,
}
_YEAR_WORDS = {"올해": 0, "금년": 0, "작년": -1, "지난해": -1, "재작년": -2, "내년": 1}
_THURSDAY = 3
_MONTH_WORDS = {"지난달": -1, "저번달": -1, "이번달": 0, "이달": 0, "last month": -1, "this month": 0}
_WEEK_NUMBERS = {
    "첫": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "마지막": -1,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1,
}  # fmt: skip
_PARTS = {"초": (1, 10), "중순": (11, 20), "말": (21, 31)}

_YEAR = r"(?:(?P<y>(?:19|20)[0-9]{2}|[0-9]{2})년도?|(?P<yw>올해|금년|작년|지난해|재작년|내년))"
_MONTH = r"(?<![0-9])(?P<m>1[0-2]|0?[1-9])월"
_DAY = r"(?P<d>3[01]|[12][0-9]|0?[1-9])"
_NOT_RECENT = r"(?<![0-9])(?<!최근)(?<!지난)(?<!과거)"
_PREPOSITION = (
    "(?:"
    + "|".join(rf"(?<={word} )" for word in ("in", "during", "since", "for", "of", "from", "to", "through", "until"))
    + ")"
)
_ORDINAL = r"(?:st|nd|rd|th)?(?![0-9])"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """What dates without a year are counted from, and whether they lie ahead."""

    today: date
    forward: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """One way to write a date and how its groups become a span; None from `read` means that it is no date."""

    pattern: str
    read: Callable[[Groups, _Clock], Span | None]


def read_absolute(canvas: Canvas, today: date, *, forward: bool) -> Iterator[tuple[Hit, Span]]:
    """Dates that are written out; what one pattern took is not given to a later one.

    Args:
        canvas: The question.
        today: Date of market time.
        forward: A date without a year is the next such date instead of the last one.
    """
    clock = _Clock(today=today, forward=forward)
    taken: list[Hit] = []
    for row in _ROWS:
        for hit in canvas.find_all(row.pattern):
            if any(hit.start < other.end and other.start < hit.end for other in taken):
                continue
            span = row.read(hit.match.groupdict(), clock)
            if span is not None:
                taken.append(hit)
                yield hit, span


def _day(groups: Groups, clock: _Clock) -> Span | None:
    year, month, day = _year(groups, clock), _month(groups), int(groups["d"] or 0)
    if year is not None:
        return Span.day(date(year, month, day)) if _exists(year, month, day) else None
    years = range(clock.today.year - 4, clock.today.year + 5)
    days = [date(candidate, month, day) for candidate in years if _exists(candidate, month, day)]
    return _nearest(days, clock)


def _days_of_month(groups: Groups, clock: _Clock) -> Span | None:
    first = _day(groups, clock)
    last_day = int(groups["d2"] or 0)
    if first is None or last_day < first.first.day or not _exists(first.first.year, first.first.month, last_day):
        return None
    return Span(first=first.first, last=first.first.replace(day=last_day))


def _month_span(groups: Groups, clock: _Clock) -> Span | None:
    first_month = _month(groups)
    length = int(groups.get("m2") or first_month) - first_month + 1
    if length < 1:
        return None
    span = _months(_year(groups, clock), first_month, length, clock)
    bounds = _PARTS.get(groups.get("part") or "")
    if span is None or bounds is None:
        return span
    last = min(bounds[1], days_in_month(span.first.year, span.first.month))
    return Span(first=span.first.replace(day=bounds[0]), last=span.first.replace(day=last)).until(clock.today)


def _week_of_month(groups: Groups, clock: _Clock) -> Span | None:
    """The n-th week, Monday to Friday, of those whose Thursday lies in the month (ISO 8601)."""
    offset = _MONTH_WORDS.get(groups.get("mw") or "")
    month = add_months(clock.today.replace(day=1), offset) if offset is not None else None
    span = months_from(month, 1) if month else _months(_year(groups, clock), _month(groups), 1, clock)
    week = _week(span.first, groups["n"] or "") if span else None
    if week and week.first > clock.today and not clock.forward and not (groups.get("y") or groups.get("yw") or month):
        week = _week(add_months(week.last, -12).replace(day=1), groups["n"] or "")
    return week.until(clock.today) if week else None


def _week(month: date, words: str) -> Span | None:
    place = _WEEK_NUMBERS.get(words) or int(words)
    days = (month.replace(day=number) for number in range(1, days_in_month(month.year, month.month) + 1))
    thursdays = [day for day in days if day.weekday() == _THURSDAY]
    if place > len(thursdays):
        return None
    monday = thursdays[place - 1 if place > 0 else -1] - timedelta(days=_THURSDAY)
    return Span(first=monday, last=monday + timedelta(days=4))


def _quarter(groups: Groups, clock: _Clock) -> Span | None:
    return _months(_year(groups, clock), 3 * int(groups["q"] or 1) - 2, 3, clock)


def _half(groups: Groups, clock: _Clock) -> Span | None:
    return _months(_year(groups, clock), 1 if groups["h"] == "상" else 7, 6, clock)


def _whole_year(groups: Groups, clock: _Clock) -> Span | None:
    return _months(_year(groups, clock), 1, 12, clock)


def _weekday(groups: Groups, clock: _Clock) -> Span:
    """`지난주 금요일` is of that week, `금요일` the newest Friday up to today, or ahead the next one."""
    weekday, today = _WEEKDAYS[groups["wd"] or ""], clock.today
    offset = _WEEKS.get(groups.get("w") or "")
    if offset is not None:
        return Span.day(today - timedelta(days=today.weekday()) + timedelta(weeks=offset, days=weekday))
    back = today - timedelta(days=(today.weekday() - weekday) % 7)
    if groups.get("w") == "last " and back == today:
        back -= timedelta(weeks=1)
    return Span.day(back + timedelta(weeks=1) if clock.forward and back < today else back)


def _day_alone(groups: Groups, clock: _Clock) -> Span | None:
    month, day = clock.today.replace(day=1), int(groups["d"] or 0)
    months = [add_months(month, step) for step in range(-3, 4)]
    return _nearest([start.replace(day=day) for start in months if _exists(start.year, start.month, day)], clock)


def _year(groups: Groups, clock: _Clock) -> int | None:
    text, word = groups.get("y"), groups.get("yw")
    if text:
        return int(text) if len(text) == 4 else 2000 + int(text)
    return clock.today.year + _YEAR_WORDS[word] if word else None


def _month(groups: Groups) -> int:
    name = groups.get("mn")
    return _MONTHS_EN[name] if name else int(groups["m"] or 0)


def _months(year: int | None, month: int, length: int, clock: _Clock) -> Span | None:
    """A stretch of months; without a year the newest that has begun, or ahead the next that has not ended."""
    today = clock.today
    if year is None:
        year = today.year
        if not clock.forward and date(year, month, 1) > today:
            year -= 1
        if clock.forward and months_from(date(year, month, 1), length).last < today:
            year += 1
    if not OLDEST_YEAR <= year <= NEWEST_YEAR or not 1 <= month <= 12:
        return None
    return months_from(date(year, month, 1), length).until(today)


def _nearest(days: list[date], clock: _Clock) -> Span | None:
    if clock.forward:
        ahead = [day for day in days if day >= clock.today]
        return Span.day(min(ahead)) if ahead else None
    past = [day for day in days if day <= clock.today]
    return Span.day(max(past)) if past else None


def _exists(year: int, month: int, day: int) -> bool:
    return OLDEST_YEAR <= year <= NEWEST_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


_ROWS = (
    _Row(rf"(?<![0-9])(?P<y>(?:19|20)[0-9]{{2}})[-./](?P<m>[01]?[0-9])[-./]{_DAY}(?![0-9])", _day),
    _Row(rf"(?<![0-9.])(?P<y>2[0-9])[./](?P<m>[01]?[0-9])[./]{_DAY}(?![0-9])", _day),
    _Row(r"(?<![0-9])(?P<y>20[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])", _day),
    _Row(rf"{_YEAR}?{_MONTH}{_DAY}일?(?:부터|에서|~|-)(?P<d2>3[01]|[12][0-9]|[1-9])일(?:까지)?", _days_of_month),
    _Row(rf"{_YEAR}?{_MONTH}{_DAY}일(?!연속|째|치|간|동안)", _day),
    _Row(rf"{_YEAR}?(?<![0-9])(?P<m>1[0-2]|[1-9])월?(?:~|-|에서)(?P<m2>1[0-2]|[1-9])월(?![0-9])(?:까지)?", _month_span),
    _Row(
        rf"(?:{_YEAR}?{_MONTH}|(?P<mw>지난달|저번달|이번달|이달))"
        r"(?P<n>첫|둘|두|셋|세|넷|네|다섯|마지막|[1-5])(?:번째|째|쨰)?주차?(?!식|가|년)",
        _week_of_month,
    ),
    _Row(
        rf"(?P<n>first|second|third|fourth|fifth|last) week of (?:(?P<mn>{_NAMES_EN})(?:,? (?P<y>20[0-9]{{2}}))?"
        r"|(?P<mw>last month|this month))",
        _week_of_month,
    ),
    _Row(rf"(?:{_YEAR}|지난)?{_MONTH}달?(?P<part>초|중순|말)?(?!물|급)", _month_span),
    _Row(rf"{_YEAR}?(?P<q>[1-4])분기", _quarter),
    _Row(rf"{_YEAR}?(?P<h>[상하])반기", _half),
    _Row(r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})년도?(?:한해)?(?!생|만기)", _whole_year),
    _Row(rf"{_NOT_RECENT}(?P<y>1[89]|2[0-9])년도?(?:한해)?(?!전|간|동안|치|만|물|생|째)", _whole_year),
    _Row(rf"(?P<mn>{_NAMES_EN})\.? (?P<d>3[01]|[12][0-9]|[1-9]){_ORDINAL}(?:,? (?P<y>20[0-9]{{2}}))?", _day),
    _Row(rf"(?P<d>3[01]|[12][0-9]|[1-9]){_ORDINAL} (?:of )?(?P<mn>{_NAMES_EN})(?:,? (?P<y>20[0-9]{{2}}))?", _day),
    _Row(rf"(?P<mn>{_NAMES_EN}),? (?:of )?(?P<y>20[0-9]{{2}})", _month_span),
    _Row(rf"{_PREPOSITION}(?P<mn>{_NAMES_EN})", _month_span),
    _Row(r"q(?P<q>[1-4])(?:[ ,]+(?P<y>20[0-9]{2}))?", _quarter),
    _Row(r"(?:in|during|for|of) (?P<y>20[0-9]{2})(?![0-9,.])", _whole_year),
    _Row(rf"(?<![0-9./])(?P<m>1[0-2]|0?[1-9])/{_DAY}(?![0-9/])일?", _day),
    _Row(r"(?P<w>지지난주|저저번주|지난주|저번주|이번주|금주|다음주|지난|이번|다음)?(?P<wd>[월화수목금토일])요일", _weekday),
    _Row(rf"(?P<w>last |this |next )?(?P<wd>{_WEEKDAYS_EN})", _weekday),
    _Row(rf"{_NOT_RECENT}(?P<d>3[01]|[12][0-9]|[1-9])일(?=자|날|에(?!서)|종가(?!추|흐)|기준)", _day_alone),
)  # fmt: skip
