"""Ranges counted back from today: 10거래일, 최근 열흘, 6개월, 3년 전, last 20 trading days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from servers.chat.understanding.canvas import Canvas, Hit
from servers.chat.understanding.dates import OLDEST_YEAR, Span, add_months
from servers.chat.understanding.numbers import NATIVE

MAX_SESSIONS = 2_500
"""About ten years; more sessions than that are cut, because no answer shows them."""

_WORDS: dict[str, int] = NATIVE | {
    "하루": 1,
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "이레": 7,
    "여드레": 8,
    "아흐레": 9,
    "열흘": 10,
    "보름": 15,
    "일": 1,
    "이": 2,
    "삼": 3,
    "육": 6,
    "십": 10,
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
    "twenty": 20,
}
_SOME = 5
"""Trading days that `요 며칠` stands for."""
_LEAD = r"(?:최근|지난|과거|근)?"
_RECENT = r"(?:최근|지난|과거)"
_COUNT = r"(?P<n>[0-9]{1,4}|한|두|세|네|석|넉|다섯|여섯|일곱|여덟|아홉|열|스무|일|이|삼|육|십)"
_DAYS = r"(?P<n>하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름)"
_A_FEW = r"(?:요|최근|지난|요즘|근래)(?:몇일|며칠)(?!전|만에|내리|연속|째)(?:간|동안|새|사이|치)?(?!연속|째|내리)"
_A_FEW_EN = r"(?:over |for |in |during )?(?:the |these )?(?:last|past|recent) (?:few|several) (?:trading )?(?:days|sessions)"
_NOT_AVERAGE = r"(?!선|이평|이동|평균|평선|연속|째|내리|물|변동)"
_AGO = r"(?P<ago>전(?!체|부|망|략|환|문|기|자|고))?"
_TRAIL = r"(?:간|동안|치|사이|새|내내|안에|이내|짜리)?"
_TAIL = rf"{_AGO}{_TRAIL}"
_AS_WEEKS = r"(?:간|동안|치|새|사이|(?P<ago>전)|(?=차트|수익률|추이|흐름|등락|외국인|기관|기준|수급|순매수|순매도))"
_COUNT_EN = r"(?P<n>[0-9]{1,4}|a|an|one|two|three|four|five|six|ten|twenty)"
_NOT_OTHERWISE_EN = r"(?! moving| average| ma| in a row| straight| high| low| running| consecutive| streak)"
_A_DAY = r"(?!an? (?:trading |business )?(?:day|session))"
"""`Is it a trading day` counts none."""
_UNITS_EN = {
    "session": r"(?:trading |business )?(?:days?|sessions?)",
    "week": r"weeks?",
    "month": r"months?",
    "quarter": r"quarters?",
    "year": r"years?",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One way to count: group `n` is the count (else `fixed`), group `ago` makes it a day instead of a range."""

    unit: str
    pattern: str
    fixed: int = 0


_ROWS = (
    _Row("session", rf"{_LEAD}{_COUNT}(?:거래일|영업일){_NOT_AVERAGE}{_TAIL}"),
    _Row("session", _A_FEW, _SOME),
    _Row("session", _A_FEW_EN, _SOME),
    _Row("session", rf"{_LEAD}{_DAYS}{_NOT_AVERAGE}{_TAIL}"),
    _Row("session", rf"{_LEAD}(?<![0-9월])(?P<n>[0-9]{{1,4}})일(?!자|날|에|봉){_NOT_AVERAGE}{_TAIL}"),
    _Row("week", rf"{_LEAD}(?:일주일|한주(?=간|동안|내내|전|치|새|사이)){_TAIL}|{_RECENT}한주", 1),
    _Row("week", rf"{_LEAD}(?P<n>두|세|네|이|삼|[0-9]{{1,3}})주일(?!도){_TAIL}"),
    _Row("week", rf"{_RECENT}(?P<n>두|세|네|[0-9]{{1,3}})주(?!식|당|가){_TAIL}"),
    _Row("week", rf"(?P<n>두|세|네|(?<![0-9])[0-9]{{1,2}})주{_AS_WEEKS}"),
    _Row("month", rf"{_LEAD}(?<!상)반년{_TAIL}", 6),
    _Row("month", rf"(?<!●){_LEAD}(?<![0-9●])(?!이달){_COUNT}(?:개월|달)(?!러|성(?!과|적)|아){_TAIL}"),
    _Row("year", rf"{_LEAD}(?<![0-9]){_COUNT}년(?!도|물|생|월|만에){_TAIL}"),
    *(
        _Row(unit, rf"(?:over |for |in |during )?(?:the )?(?:last|past|previous|recent|trailing) {_COUNT_EN}[- ]{words}")
        for unit, words in _UNITS_EN.items()
    ),
    *(
        _Row(
            unit,
            rf"{_A_DAY if unit == 'session' else ''}{_COUNT_EN}[- ]{words}(?P<ago> ago)?{_NOT_OTHERWISE_EN}",
        )
        for unit, words in _UNITS_EN.items()
    ),
    _Row("month", r"(?:over |for |in |during )?the (?:last|past) month", 1),
    _Row("month", r"(?<![0-9])(?P<n>1|3|6|12)m(?![0-9])"),
    _Row("month", r"(?<![0-9])(?P<n>[0-9]{1,2})mo(?![0-9])"),
    _Row("year", r"(?<![0-9])(?P<n>[0-9]{1,2})yr?(?![0-9])"),
    _Row("week", r"(?<![0-9])(?P<n>[0-9]{1,2})w(?![0-9])"),
    _Row("session", r"(?<![0-9])(?P<n>[0-9]{1,3})d(?![0-9])"),
)  # fmt: skip


def read_counted(canvas: Canvas, today: date) -> Iterator[tuple[Hit, Span]]:
    """Days are counted as trading days, weeks, months and years as calendar time up to and with `today`.

    A range of calendar time starts on the day after the same day then, so that six months back from 04-30 begin on 10-31.
    """
    taken: list[Hit] = []
    for row in _ROWS:
        for hit in canvas.find_all(row.pattern):
            span = None if _overlaps(hit, taken) else _span(row, hit, today)
            if span is not None:
                taken.append(hit)
                yield hit, span


def _overlaps(hit: Hit, taken: list[Hit]) -> bool:
    return any(hit.start < other.end and other.start < hit.end for other in taken)


def _span(row: _Row, hit: Hit, today: date) -> Span | None:
    groups = hit.match.groupdict()
    count = row.fixed or _count(groups["n"])
    if count <= 0:
        return None
    if groups.get("ago"):
        return Span.day(_back(today, "day" if row.unit == "session" else row.unit, count))
    if row.unit == "session":
        return Span(first=today, last=today, sessions=min(count, MAX_SESSIONS))
    return Span(first=_back(today, row.unit, count) + timedelta(days=1), last=today)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS[word]


def _back(today: date, unit: str, count: int) -> date:
    if unit in {"day", "week"}:
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = min(count * {"month": 1, "quarter": 3, "year": 12}[unit], 12 * (today.year - OLDEST_YEAR))
    return add_months(today, -months)
