"""Dates and ranges in a question, as concrete inclusive ranges counted from market time."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources

from servers.chat.understanding.after_holidays import read_after_holidays
from servers.chat.understanding.canvas import PERIOD, Canvas, Hit
from servers.chat.understanding.counted_ranges import read_counted
from servers.chat.understanding.dates import Span, add_months, unit_span
from servers.chat.understanding.values import Period
from servers.chat.understanding.written_dates import read_absolute
from shared.market.errors import DataMissing
from shared.market.sessions import SessionCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """One row of the table of words: each of `patterns` means the unit that lies `offset` units from the current one."""

    patterns: tuple[str, ...]
    unit: str
    offset: int


def load_period_rows() -> tuple[PeriodRow, ...]:
    """Read the packaged table of words for days and ranges."""
    text = (resources.files(__package__) / "tables" / "periods.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["row"]
    return tuple(PeriodRow(patterns=tuple(row["patterns"]), unit=row["unit"], offset=row["offset"]) for row in rows)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    words: str
    span: Span
    relative: bool = False


_JOINED = re.compile(r"^(?:에서|부터|~|-|to|through|until)$")
_SINCE = re.compile(r"^(?:부터|이후|이래|뒤로|지나고|지나서)(?!터)")
_END = re.compile(r"\s?말일?(?![고씀해하했한])")
_AGAINST = re.compile(r"^(?:종가|주가|가격|값)?(대비|보다|에비해|에비하면)")
_NOT_MEANT = re.compile(r"^(?:은|는|이|가|을|를|꺼|거|것|치)?(?:말고|아니고|아니라|빼고|대신)")


class PeriodReader:
    """Reads periods against a calendar and the date of market time."""

    def __init__(
        self, rows: tuple[PeriodRow, ...], calendar: SessionCalendar, holidays: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self._rows = rows
        self._calendar = calendar
        self._holidays = holidays or {}

    def after_holidays(self, canvas: Canvas, today: date) -> tuple[tuple[Hit, Span], ...]:
        """Periods that begin after a holiday; the holiday itself is then not what is asked about."""
        return tuple(read_after_holidays(canvas, today, self._calendar, self._holidays))

    def read(self, canvas: Canvas, today: date, *, forward: bool = False) -> tuple[tuple[Period, ...], Canvas]:
        """All periods in text order, and the canvas with them painted over.

        Args:
            canvas: The question with its instruments painted over already.
            today: Date of market time in Korea.
            forward: Dates without a year lie ahead (holidays, sessions) instead of behind.
        """
        found, canvas = self._absolute(canvas, today, forward=forward)
        for row, pattern in ((each, pattern) for each in self._rows for pattern in each.patterns):
            for hit in canvas.find_all(pattern):
                item = _its_end(
                    _Found(hit.start, hit.end, hit.words, self._relative(row, today), relative=True), canvas, today
                )
                found.append(item)
                canvas = canvas.paint(item.start, item.end, PERIOD)
        found.sort(key=lambda item: item.start)
        joined = [_compared_with(item, canvas) for item in _meant(_join(found, canvas, today), canvas)]
        return tuple(self._settle(item, today) for item in joined), canvas

    def _absolute(self, canvas: Canvas, today: date, *, forward: bool) -> tuple[list[_Found], Canvas]:
        found: list[_Found] = []
        for hit, span in () if forward else self.after_holidays(canvas, today):
            found.append(_Found(hit.start, hit.end, hit.words, span))
            canvas = canvas.paint(hit.start, hit.end, PERIOD)
        written = read_absolute(canvas, today, forward=forward)
        for hit, span in (*written,):
            found.append(_Found(hit.start, hit.end, hit.words, span))
            canvas = canvas.paint(hit.start, hit.end, PERIOD)
        for hit, span in (*read_counted(canvas, today),):
            found.append(_Found(hit.start, hit.end, hit.words, span, relative=True))
            canvas = canvas.paint(hit.start, hit.end, PERIOD)
        return found, canvas

    def _relative(self, row: PeriodRow, today: date) -> Span:
        if row.unit == "session":
            step = self._calendar.next_session if row.offset > 0 else self._calendar.previous_session
            return Span.day(step(today).day)
        if row.unit == "latest_session":
            return Span.day(self._calendar.latest_session(today).day)
        if row.unit == "months_ago":
            return Span.day(add_months(today, -row.offset))
        if row.unit == "year_back":
            return Span(first=add_months(today, -12 * row.offset) + timedelta(days=1), last=today)
        return unit_span(row.unit, row.offset, today)

    def _settle(self, found: _Found, today: date) -> Period:
        """Count sessions on the calendar and move a past day without a session to the one before it."""
        span, words = found.span, found.words
        if span.sessions is not None:
            sessions = self._calendar.last_sessions(today, span.sessions)
            first, last = sessions[0].day, sessions[-1].day
            return Period(first=first, last=last, words=words, sessions=span.sessions, relative=True, at=found.start)
        period = Period(
            first=span.first, last=span.last, words=words, single=span.single, relative=found.relative, at=found.start
        )
        if span.single and span.first < today and not self._is_open(span.first):
            day = self._calendar.latest_session(span.first).day
            return replace(period, first=day, last=day, moved=True)
        return period

    def _is_open(self, day: date) -> bool:
        """Days outside of the calendar count as open: whether there is data for them is the store's business."""
        try:
            return self._calendar.is_open_day(day)
        except DataMissing:
            return True


def _join(found: list[_Found], canvas: Canvas, today: date) -> list[_Found]:
    """Make one range of two periods with 부터/~/to between them, and let a period with 부터/이후/since run until today."""
    joined: list[_Found] = []
    for item in found:
        last = joined[-1] if joined else None
        if last is not None and _between(canvas, last, item) and last.span.first <= item.span.last:
            span = Span(first=last.span.first, last=item.span.last)
            words, relative = f"{last.words} ~ {item.words}", last.relative and item.relative
            joined[-1] = _Found(last.start, item.end, words, span, relative)
        else:
            joined.append(item)
    return [_run_until_today(item, canvas, today) for item in joined]


def _its_end(item: _Found, canvas: Canvas, today: date) -> _Found:
    """The last day of a past period of which only the end is meant: `작년 말`, `지난달 말일`."""
    match = _END.match(canvas.text[item.end :])
    if match is None or item.span.single or item.span.last >= today:
        return item
    end = item.end + match.end()
    return replace(item, end=end, words=canvas.original[item.start : end].rstrip(), span=Span.day(item.span.last))


def _compared_with(item: _Found, canvas: Canvas) -> _Found:
    """A day that is named to be compared with says so itself: `4월 15일 대비`."""
    match = _AGAINST.match(canvas.text[item.end :].replace(" ", ""))
    return replace(item, words=f"{item.words} {match[1]}") if item.span.single and match else item


def _meant(found: list[_Found], canvas: Canvas) -> list[_Found]:
    """Without periods that the asker does not want: `3년 말고 3개월`; all when that leaves none."""
    kept = [
        item
        for item in found
        if not _NOT_MEANT.search(canvas.text[item.end :].replace(" ", ""))
        and not canvas.text[: item.start].rstrip().endswith((" not", "instead of"))
    ]
    return kept or found


def _between(canvas: Canvas, left: _Found, right: _Found) -> bool:
    between = canvas.text[left.end : right.start].replace(" ", "").strip("'\"")
    return bool(_JOINED.search(between))


def _run_until_today(item: _Found, canvas: Canvas, today: date) -> _Found:
    after = canvas.text[item.end :].replace(" ", "")
    before = canvas.text[: item.start].rstrip()
    open_end = bool(_SINCE.search(after)) or before.endswith("since")
    if not open_end or item.span.first > today or item.span.sessions is not None:
        return item
    return replace(item, span=Span(first=item.span.first, last=today))
