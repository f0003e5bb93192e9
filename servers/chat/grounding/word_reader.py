"""Numbers written as words: `칠만 이천원`, `일점육구 퍼센트`, `세 종목`, `사흘 연속`, `절반`, `수십억`, `doubled`."""

import re
from collections.abc import Callable
from decimal import Decimal

from servers.chat.grounding.claims import Hedge, NumberClaim, Unit
from servers.chat.grounding.number_reader import fraction, hedge_around
from servers.chat.grounding.numerals import (
    ENGLISH,
    ENGLISH_SCALES,
    NATIVE_DAYS,
    NATIVE_TENS,
    NATIVE_UNITS,
    SCALES,
    Written,
    read_english,
    read_korean,
    read_native,
)
from servers.chat.grounding.sheet import Sheet
from servers.chat.grounding.units import UNIT_PATTERN, unit_of

_SINO = "[영공일이삼사오육칠팔구]"
_AMOUNT = (
    "원(?![가-힣]{2})|원(?=입|이|을|으|에|대|가|선|씩|짜|보|까|부)|퍼센트|프로(?![가-힣]{2})|%|포인트|달러|KRW|won(?![a-z])"
)
_KOREAN = re.compile(
    rf"(?<![가-힣0-9A-Za-z])(?P<sign>마이너스\s?|플러스\s?)?"
    rf"(?P<body>(?:{_SINO}?[십백천만억조]|{_SINO})+(?:\s(?:{_SINO}?[십백천만억조]|{_SINO})+)*(?:점{_SINO}+)?)"
    rf"\s?(?={_AMOUNT}|배(?!당|터|경|분|송|정|제|임)|주(?=[를가\s]|$))(?:{UNIT_PATTERN})?",
    re.IGNORECASE,
)
_COUNTERS = (
    r"종목|개(?!월|인|선)|건(?!설)|명|번|배(?!당|터|경|분|송)|회사|기업|군데|차례|항목|시그널|신호|달(?!러)|주(?:간|째|\s?연속)"
    r"|거래일|점(?!유|포|차)|해(?=\s?연속|째)"
)
_UNITS = "|".join(sorted(NATIVE_UNITS, key=len, reverse=True))
_NATIVE = re.compile(
    rf"(?<![가-힣0-9A-Za-z])(?P<word>(?:{'|'.join(NATIVE_TENS)})(?:{_UNITS})?|{_UNITS})\s?(?P<counter>{_COUNTERS})(?:\s?(?P<follow>연속|째|만|동안))?"
)
_DAYS = re.compile(
    rf"(?<![가-힣])(?P<word>{'|'.join(NATIVE_DAYS)})(?=\s?(?:연속|째|만에|동안|간|내리|전|뒤|후|새|[은는이가을를 ,.]|$))"
)
_IN_A_ROW = re.compile(r"\s?(?:연속|째|내리)")
_NUMBER_WORDS = "|".join(sorted([*ENGLISH, *(word for word in ENGLISH_SCALES if len(word) > 2)], key=len, reverse=True))
_ENGLISH_WORDS = re.compile(
    rf"(?<![a-z])(?P<body>(?:{_NUMBER_WORDS})(?:[\s-]+(?:and\s)?(?:{_NUMBER_WORDS}))*)(?![a-z])\s?(?P<unit>{UNIT_PATTERN})?",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?<![가-힣])(?:수|몇)\s?(?:십|백|천|만|억|조)+(?=\s?(?:여|원|주|개|건|명|종목|퍼센트|%|배|포인트|달러|대|\s|$))"
    r"|(?:두|세|한|네)\s?자릿수|(?:single|double|triple)[- ]digits?"
    r"|(?:dozens|hundreds|thousands|millions|billions|trillions) of",
    re.IGNORECASE,
)
_HALF = re.compile(r"(?<![가-힣])절반|반토막|반\s?토막|(?<![a-z])half(?![a-z-])", re.IGNORECASE)
_THIRDS = re.compile(r"(?<![a-z])(?P<n>a|one|two|three)[\s-](?P<d>third|quarter|fifth)s?(?= of| |-)", re.IGNORECASE)
_MULTIPLES = re.compile(
    r"(?<![a-z])(?P<word>doubl(?:ed|ing|e)|tripl(?:ed|ing|e)|quadrupl(?:ed|ing|e)|twice|thrice)(?![a-z])|(?<![가-힣])갑절",
    re.IGNORECASE,
)
_TIMES = {"doub": 2, "trip": 3, "quad": 4, "twic": 2, "thri": 3, "갑절": 2}
_NATIVE_UNITS = {
    "배": Unit.MULTIPLE, "점": Unit.POINTS, "달": Unit.MONTHS, "거래일": Unit.DAYS, "해": Unit.YEARS,
}  # fmt: skip
_NO_CLAIM = frozenset({"번", "군데", "달", "차례"})
"""Counters before which 한 only means `a`."""


def read_words(sheet: Sheet) -> list[NumberClaim]:
    """Every number written as words."""
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], NumberClaim | None]], ...] = (
        (_VAGUE, _vague),
        (_HALF, lambda match, _: fraction(match, Decimal(1) / 2)),
        (_THIRDS, _thirds),
        (_MULTIPLES, _multiple),
        (_KOREAN, _korean),
        (_NATIVE, _native),
        (_DAYS, _days),
        (_ENGLISH_WORDS, _english),
    )
    claims = []
    for pattern, read in readers:
        for match in pattern.finditer(sheet.rest):
            claim = read(match, sheet.rest)
            if claim is not None:
                sheet.paint(match.start(), match.end())
                claims.append(claim)
    return claims


def _number(match: re.Match[str], text: str, written: Written, unit: Unit) -> NumberClaim:
    before, after = text[: match.start()], text[match.end() :]
    sign = (match.groupdict().get("sign") or "").strip()
    return NumberClaim(
        start=match.start(), end=match.end(), text=match[0],
        value=-written.value if sign == "마이너스" else written.value,
        step=written.step, coarse=written.coarse, unit=unit, signed=bool(sign),
        hedge=hedge_around(before, after),
    )  # fmt: skip


def _whole(number: int) -> Written:
    return Written(Decimal(number), Decimal(1), Decimal(1))


def _korean(match: re.Match[str], text: str) -> NumberClaim | None:
    unit, factor = unit_of(match)
    if unit is Unit.PLAIN or (unit is Unit.SHARES and not set(match["body"]) & SCALES.keys()):
        return None  # `사주` is not four shares
    return _number(match, text, read_korean(match["body"]).times(factor), unit)


def _native(match: re.Match[str], text: str) -> NumberClaim | None:
    number, counter = read_native(match["word"]), match["counter"]
    if number == 1 and counter in _NO_CLAIM:
        return None
    if counter == "거래일" and match["follow"] in {"연속", "째"}:
        return _number(match, text, _whole(number), Unit.STREAK)
    unit = Unit.WEEKS if counter.startswith("주") else _NATIVE_UNITS.get(counter, Unit.COUNT)
    return _number(match, text, _whole(number), unit)


def _days(match: re.Match[str], text: str) -> NumberClaim:
    unit = Unit.STREAK if _IN_A_ROW.match(text, match.end()) else Unit.DAYS
    return _number(match, text, _whole(NATIVE_DAYS[match["word"]]), unit)


def _english(match: re.Match[str], text: str) -> NumberClaim | None:
    unit, factor = unit_of(match)
    written = read_english(match["body"])
    if unit is Unit.PLAIN and written.value <= 12:
        return None  # `one of`, `two reasons`: words without a figure's weight
    return _number(match, text, written.times(factor), unit)


def _vague(match: re.Match[str], _: str) -> NumberClaim:
    return NumberClaim(
        start=match.start(), end=match.end(), text=match[0], value=Decimal(0), step=Decimal(1), coarse=Decimal(1),
        unit=Unit.PLAIN, vague=True, hedge=Hedge.ABOUT,
    )  # fmt: skip


def _thirds(match: re.Match[str], _: str) -> NumberClaim:
    parts = {"third": 3, "quarter": 4, "fifth": 5}[match["d"].lower()]
    return fraction(match, Decimal({"a": 1, "one": 1, "two": 2, "three": 3}[match["n"].lower()]) / parts)


def _multiple(match: re.Match[str], text: str) -> NumberClaim:
    return _number(match, text, _whole(_TIMES[match[0].lower()[:4]]), Unit.MULTIPLE)
