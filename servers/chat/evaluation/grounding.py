"""Every number of a text against the facts: what is written and known nowhere is made up, or at least not shown."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servers.chat.evaluation.facts import NUMBER, Facts, read_number

_UNITS = {"조": 10**12, "억": 10**8, "만": 10**4, "천": 10**3}
_LETTERS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_SKIPPED = re.compile(
    r"https?://\S+|(?:상담전화|crisis line) 109(?:\(24시간\)| \(24 hours\))?|\[\d{1,3}\]|^\s*(?:[-•]\s*)?\d{1,2}\.\s",
    re.MULTILINE,
)
_CODE = re.compile(r"(?<![0-9A-Z,.])[0-9][0-9A-Z]{5}(?![0-9A-Z,.%원주억만])")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}:\d{2}(?::\d{2})?)(?![\d:])")
_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})|(?P<m2>\d{1,2})/(?P<d2>\d{1,2})(?![\d/])"
    r"|(?:(?P<y3>\d{4})년\s*)?(?P<m3>\d{1,2})월\s*(?P<d3>\d{1,2})일"
)
_MONTH = re.compile(
    r"(?:(?P<year>\d{4})년\s*)?(?P<month>\d{1,2})월|(?P<only>\d{4})년|(?<!\d)(?P<bare>20\d\d)(?=\W|$)(?![,.]\d)"
)
_KOREAN_AMOUNT = re.compile(r"(?P<parts>(?:\d[\d,]*(?:\.\d+)?\s*[조억만천]\s*)+(?:\d[\d,]*)?|\d[\d,]*(?:\.\d+)?)\s*원")
_PART = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([조억만천]?)")
_ENGLISH_AMOUNT = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<letter>[KMBT]?)\s*KRW")
_MOVE = re.compile(r"[▲▼]\s*(?P<number>\d[\d,]*)(?!\d*[.%])")
_RATE = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?:%p?|퍼센트|percentage points)")
_BIG_COUNT = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[억만천])\s*(?=주|건|개)")
_ROUND = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3})\s*(?:거래일|일|주|분|초|시간|개월|년|배|점|글자|번|개|회|등급|호가|sessions?|days?|minutes?|weeks?|trades|times|x|-)",
    re.IGNORECASE,
)

_TIMES = "07:00 08:00 08:30 08:40 08:50 09:00 10:00 15:20 15:30 15:40 15:45 16:00 16:30 18:00 20:00"
_HOURS = frozenset(_TIMES.split())
"""Times of the market's day that never change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something written that nothing known bears out: the words, and those around them."""

    text: str
    context: str


def ungrounded(text: str, facts: Facts) -> list[Claim]:
    """Numbers, dates, times and codes of a text that are no fact.

    Args:
        text: Prose or a data block's text.
        facts: What is known; `derive` must have been called.
    """
    reader = _Reader(_SKIPPED.sub(lambda found: " " * len(found[0]), text), facts)
    return [Claim(text=found, context=_around(text, place, len(found))) for place, found in reader.unknown()]


class _Reader:
    """Reads one kind of number after the other; what was read is blanked out."""

    def __init__(self, text: str, facts: Facts) -> None:
        self._text = text
        self._facts = facts
        self._words = facts.numbers_in_words

    def unknown(self) -> Iterator[tuple[int, str]]:
        yield from self._read(_CODE, self._is_code)
        yield from self._read(_DATE, self._is_date)
        yield from self._read(_CLOCK, lambda found: found[1] in self._facts.moments | _HOURS or self._is_said(found[1]))
        yield from self._read(_KOREAN_AMOUNT, self._is_amount)
        yield from self._read(_ENGLISH_AMOUNT, self._is_english_amount)
        yield from self._read(_RATE, self._is_rate)
        yield from self._read(_MONTH, self._is_month)
        yield from self._read(_BIG_COUNT, self._is_big_count)
        yield from self._read(_ROUND, lambda found: self._is_plain(found["number"]) or int(found["number"]) in _SPANS)
        yield from self._read(_MOVE, lambda found: self._is_won(read_number(found["number"]), Decimal(1)))
        yield from self._read(NUMBER, lambda found: self._is_plain(found[0]))

    def _read(self, pattern: re.Pattern[str], known: Callable[[re.Match[str]], bool]) -> Iterator[tuple[int, str]]:
        found = list(pattern.finditer(self._text))
        for match in found:
            if not known(match):
                yield match.start(), match[0].strip()
        for match in found:
            self._text = self._text[: match.start()] + " " * len(match[0]) + self._text[match.end() :]

    def _is_said(self, text: str) -> bool:
        return any(text in words for words in self._facts.words)

    def _is_code(self, found: re.Match[str]) -> bool:
        return self._is_said(found[0]) or (found[0].isdigit() and self._is_plain(found[0]))

    def _is_date(self, found: re.Match[str]) -> bool:
        month = int(found["month"] or found["m2"] or found["m3"])
        day = int(found["day"] or found["d2"] or found["d3"])
        year = found["year"] or found["y3"]
        if any((one.month, one.day) == (month, day) and year in {None, str(one.year)} for one in self._facts.days):
            return True
        is_share = found["m2"] is not None and self._is_plain(found["m2"]) and self._is_plain(found["d2"])  # `3/12점`
        return is_share or self._is_said(found[0])

    def _is_month(self, found: re.Match[str]) -> bool:
        year = found["year"] or found["only"] or found["bare"]
        month = found["month"]
        days: Iterable[date] = self._facts.days
        fits = (year in {None, str(one.year)} and month in {None, str(one.month), f"{one.month:02}"} for one in days)
        return any(fits) or self._is_said(found[0]) or (found["bare"] is not None and self._is_plain(found["bare"]))

    def _is_amount(self, found: re.Match[str]) -> bool:
        amount, step = _korean_amount(found["parts"])
        return self._is_won(amount, step) or self._is_said(found[0].strip())

    def _is_english_amount(self, found: re.Match[str]) -> bool:
        factor = _LETTERS.get(found["letter"], 1)
        number = read_number(found["number"])
        return self._is_won(number * factor, _step(found["number"]) * factor) or self._is_said(found[0])

    def _is_won(self, amount: Decimal, step: Decimal) -> bool:
        return amount in self._words or any(abs(abs(fact) - amount) * 2 <= step for fact in self._facts.won)

    def _is_rate(self, found: re.Match[str]) -> bool:
        rate, step = read_number(found["number"]) * 100, _step(found["number"]) * 100
        if any(abs(abs(fact) - rate) * 2 <= step for fact in self._facts.rates):
            return True
        return read_number(found["number"]) in self._words

    def _is_big_count(self, found: re.Match[str]) -> bool:
        factor = _UNITS[found["unit"]]
        count, step = read_number(found["number"]) * factor, _step(found["number"]) * factor
        return any(abs(abs(fact) - count) * 2 <= step for fact in self._facts.numbers) or self._is_said(found[0])

    def _is_plain(self, text: str) -> bool:
        number, step = read_number(text), _step(text)
        if number in self._words or any(abs(abs(fact) - number) * 2 < step for fact in self._facts.numbers):
            return True
        return "," in text and number == int(number) and int(number) in {abs(fact) for fact in self._facts.won}


_SPANS = frozenset({1, 2, 3, 5, 10, 20, 25, 30, 50, 52, 60, 100, 120, 200})
"""Lengths of averages, windows and limits that the definitions name: 20거래일, 52주, 10분."""


def _korean_amount(text: str) -> tuple[Decimal, Decimal]:
    """An amount and the unit that it is rounded to."""
    amount, step = Decimal(0), Decimal(1)
    for number, unit in _PART.findall(text):
        factor = _UNITS.get(unit, 1)
        amount += read_number(number) * factor
        step = _step(number) * factor
    return amount, step


def _step(text: str) -> Decimal:
    """The place of the last digit written: 0.01 for `1.69`, 1 for `1,284`."""
    decimals = len(text.partition(".")[2])
    return Decimal(1).scaleb(-decimals)


def _around(text: str, place: int, length: int) -> str:
    return text[max(0, place - 25) : place + length + 15].replace("\n", " ").strip()
