"""Periods that begin when a holiday ended: 설 지나고, 추석 이후, since Lunar New Year."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from servers.chat.understanding.canvas import Canvas, Hit
from servers.chat.understanding.dates import Span
from shared.market.errors import DataMissing
from shared.market.sessions import SessionCalendar

_LONGEST = timedelta(days=400)
_SHORT = {"설날": r"(?<![건개역낭전신증해])설"}
"""What a holiday is called where the words after it leave no doubt."""
_OVER = (
    r"(?:연휴|휴장|명절)?(?:가|이|를|을|도)?(?:지나(?:고나서|고|서|면서)?|이후로?|후(?:로|에)?|끝나(?:고나서|고|면서|자)|끝난(?:뒤|후)|"
    r"쇠고(?:나서)?|보내고|다음|뒤로?|부터|직후)"
)
_FIRST_DAY = r"(?P<first>(?:의|에|맞이한)?첫(?:거래일|영업일|날|장))?"


def read_after_holidays(
    canvas: Canvas, today: date, calendar: SessionCalendar, names: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Hit, Span]]:
    """From the first session after the newest such holiday up to `today`, or that session alone (`첫날`).

    Args:
        canvas: The question.
        today: Date of market time.
        calendar: Knows why a day had no session.
        names: Patterns by a part of the calendar's reason.
    """
    for reason, patterns in names.items():
        for pattern in _patterns(reason, patterns):
            for hit in canvas.find_all(pattern):
                first = _first_session(reason, today, calendar)
                if first is not None:
                    alone = hit.match.groupdict().get("first")
                    yield hit, Span.day(first) if alone else Span(first=first, last=today)


def _patterns(reason: str, patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in (*patterns, *((_SHORT[reason],) if reason in _SHORT else ())):
        if re.search("[가-힣]", pattern):
            yield rf"(?:{pattern}){_OVER}{_FIRST_DAY}"
        else:
            yield rf"(?:since|after) (?:the )?(?:{pattern})(?: (?:holidays?|break|closure))?"


def _first_session(reason: str, today: date, calendar: SessionCalendar) -> date | None:
    """None when no such holiday is known or the market has not opened since."""
    try:
        days = [one.day for one in calendar.holidays_between(today - _LONGEST, today) if reason in one.reason]
        first = calendar.next_session(days[-1]).day if days else None
    except DataMissing:
        return None
    return first if first is not None and first <= today else None
