"""Dates and times in cleaned text: `2026-04-30`, `4월 30일(목)`, `04/30(목)`, `1분기`, `Apr 30`, `13:27:06`, `오후 3시`."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass

from servers.chat.grounding.claims import DateClaim, TimeClaim
from servers.chat.grounding.sheet import Sheet

_Groups = dict[str, str | None]

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if number
} | {"sept": 9}  # fmt: skip
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAYS = {word: number for number, word in enumerate("월화수목금토일")} | {
    name.lower()[:3]: number for number, name in enumerate(calendar.day_name)
}
_IN_BRACKETS = r"\s?\((?P<w>[월화수목금토일]|mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:요일)?\)"
_WEEKDAY = rf"(?:{_IN_BRACKETS}|\s(?P<w2>[월화수목금토일])요일)?"
_YEAR, _MONTH, _DAY = r"(?P<y>(?:19|20)[0-9]{2})", r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12][0-9]|0?[1-9])"


@dataclass(frozen=True, slots=True)
class _Row:
    """One way to write a date; `signs` are characters of which one must be there, so that most rows need not be tried."""

    signs: str
    pattern: re.Pattern[str]


_ANY, _VOWELS = "", "aeiouAEIOU"
_NAME, _TH = rf"(?P<mn>{_MONTH_NAMES})", "(?:st|nd|rd|th)?"
_YEAR_SAID = r"(?:(?P<y>(?:19|20)?[0-9]{2})년\s?)?"
_ROWS = tuple(
    _Row(signs, re.compile(pattern, re.IGNORECASE))
    for signs, pattern in (
        ("-./", rf"(?<![0-9]){_YEAR}\s?[-./]\s?{_MONTH}\s?[-./]\s?{_DAY}(?![0-9]|\.[0-9]){_WEEKDAY}"),
        ("-./", rf"(?<![0-9.])'?(?P<y>[12][0-9])[-./]{_MONTH}[-./]{_DAY}(?![0-9./-]){_WEEKDAY}"),
        ("월", rf"(?<![0-9]){_YEAR_SAID}{_MONTH}월\s?{_DAY}일(?!\s?(?:연속|째|간|동안)){_WEEKDAY}"),
        (_ANY, rf"(?<![0-9]){_YEAR}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])"),
        (_VOWELS, rf"(?<![a-z]){_NAME}\.?\s{_DAY}{_TH}(?![0-9,]*[0-9%])(?:,?\s{_YEAR})?"),
        (_VOWELS, rf"(?<![0-9]){_DAY}{_TH}\s(?:of\s)?{_NAME}(?![a-z])\.?(?:,?\s{_YEAR})?"),
        ("분", r"(?<![0-9])(?:(?P<y>(?:19|20)?[0-9]{2})년\s?)?(?P<q>[1-4])분기(?!\s?연속)"),
        ("qQ", r"(?<![0-9a-z])(?:(?P<q>[1-4])q|q(?P<q2>[1-4]))(?:\s?'?(?P<y>(?:20)?[0-9]{2}))?(?![0-9a-z])"),
        ("반", rf"(?<![0-9]){_YEAR}년\s?(?P<h>[상하])반기"),
        ("월", rf"(?<![0-9]){_YEAR_SAID}{_MONTH}월(?!\s?(?:연속|째))"),
        (_VOWELS, rf"(?<![a-z]){_NAME},?\s{_YEAR}(?![0-9])"),
        ("(", rf"(?<![0-9./-]){_MONTH}/{_DAY}(?![0-9./]){_IN_BRACKETS}"),
        ("-./", rf"(?<![0-9]){_YEAR}[-./]{_MONTH}(?![0-9./-])"),
        (_ANY, rf"(?<![0-9,.]){_YEAR}(?:년(?:도)?|(?![0-9,.]|\s?(?:원|주|개|건|종목|명|점|포인트|%|배|won|krw|shares)))"),
    )
)  # fmt: skip
_CLOCK = re.compile(
    r"(?:(?P<half>오전|오후)\s?)?(?<![0-9:])(?P<h>[01]?[0-9]|2[0-4]):(?P<mi>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?(?![0-9:])"
    r"(?:\s?(?P<ap>[ap])\.?m\.?)?(?:\s?KST)?",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"(?:(?P<half>오전|오후)\s?)?(?<![0-9])(?P<h>1?[0-9]|2[0-4])시(?!가|총|장|간|그|점|세|황|대|리즈|즌|작|행|현|중|도|청)"
    r"(?:\s?(?P<mi>[0-5]?[0-9])분(?!기|의)|\s?(?P<ha>반))?(?:\s?(?P<s>[0-5]?[0-9])초)?"
)
_ENGLISH_HOUR = re.compile(r"(?<![0-9:])(?P<h>1?[0-9])\s?(?P<ap>[ap])\.?m\.?(?![a-z])", re.IGNORECASE)


def read_dates(sheet: Sheet) -> list[DateClaim]:
    """Every date, and every month, quarter, half or year."""
    letters = set(sheet.rest)
    rows = (row for row in _ROWS if not row.signs or not letters.isdisjoint(row.signs))
    return [_date(match) for row in rows for match in sheet.take(row.pattern)]


def read_times(sheet: Sheet) -> list[TimeClaim]:
    """Every time of day."""
    patterns = ((":", _CLOCK), ("시", _HOURS), ("m", _ENGLISH_HOUR), ("M", _ENGLISH_HOUR))
    return [_time(match) for sign, pattern in patterns if sign in sheet.rest for match in sheet.take(pattern)]


def _date(match: re.Match[str]) -> DateClaim:
    groups = match.groupdict()
    month, months = _month(groups)
    day, weekday = groups.get("d"), groups.get("w") or groups.get("w2")
    return DateClaim(
        start=match.start(),
        end=match.end(),
        text=match[0],
        year=_year(groups.get("y")),
        month=month,
        months=months,
        day=int(day) if day else None,
        weekday=_WEEKDAYS[weekday.lower()[:3]] if weekday else None,
    )


def _month(groups: _Groups) -> tuple[int | None, int]:
    """First month and number of months."""
    readers: tuple[tuple[str, Callable[[str], tuple[int, int]]], ...] = (
        ("q", lambda quarter: (3 * int(quarter) - 2, 3)),
        ("q2", lambda quarter: (3 * int(quarter) - 2, 3)),
        ("h", lambda half: (1 if half == "상" else 7, 6)),
        ("mn", lambda name: (_MONTHS[name.lower()], 1)),
        ("m", lambda month: (int(month), 1)),
    )
    return next(((read(text)) for name, read in readers if (text := groups.get(name))), (None, 1))


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _time(match: re.Match[str]) -> TimeClaim:
    groups = match.groupdict()
    hour, half = int(match["h"]), groups.get("half") or (groups.get("ap") or "").lower()
    if half in {"오후", "p"} and hour < 12:
        hour += 12
    second = groups.get("s")
    return TimeClaim(
        start=match.start(),
        end=match.end(),
        text=match[0],
        hour=hour,
        minute=30 if groups.get("ha") else int(groups.get("mi") or 0),
        second=int(second) if second else None,
        either_half=not half and hour < 8,
    )
