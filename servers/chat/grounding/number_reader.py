"""Numbers with units in cleaned text: `12조 3,456억원`, `-0.41%`, `칠만 이천원`, `three stocks`, `98.9B KRW`, `5~7%`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from servers.chat.grounding.claims import Hedge, NumberClaim, PairClaim, TokenClaim, Unit
from servers.chat.grounding.numerals import ENGLISH_SCALES, Written, joined, read_digits, scale_of
from servers.chat.grounding.sheet import Sheet
from servers.chat.grounding.units import UNIT_PATTERN, unit_of

_DIGITS = r"[0-9](?:[0-9,]*[0-9])?(?:\.[0-9]+)?"
_KOREAN_SCALE = r"[십백천]?[만억조]|백(?!화|신|분|서|업)|천(?!연|안|재)|십(?!자)"
_PART = rf"{_DIGITS}\s?(?:{_KOREAN_SCALE})"
_ENGLISH_SCALE = r"(?:\s?-?(?:hundred|thousand|million|billion|trillion|bn|mn|tn)|[kmbt])(?![a-z])"
_BODY = rf"{_PART}(?:\s?{_PART})*(?:\s?{_DIGITS}(?=여?\s?(?:원|주(?!년)|won|krw|달러)))?|{_DIGITS}(?:{_ENGLISH_SCALE})?"
_SIGN = r"(?<![0-9A-Za-z가-힣)\]])-(?=[0-9₩$])|[+▲△▼▽]|플러스\s?|마이너스\s?|\bplus\s|\bminus\s"
_NUMBER = re.compile(
    rf"(?=[0-9+▲△▼▽₩$마플kump-])(?:(?P<sign>{_SIGN})\s?)?(?P<currency>₩\s?|\bkrw\s?|\$\s?|\busd\s?)?"
    rf"(?<![0-9A-Za-z])(?<![0-9][.,])(?P<body>{_BODY})(?P<more>여)?(?:\s?(?:{UNIT_PATTERN}))?",
    re.IGNORECASE,
)
_PAIR = re.compile(rf"(?<![0-9A-Za-z/.,])({_DIGITS})\s?/\s?({_DIGITS})(?![0-9/]|\.[0-9])")
_FRACTION = re.compile(r"(?<![0-9])([0-9]{1,2})\s?분의\s?([0-9]{1,2})(?![0-9])")
_RANGE = re.compile(r"\s?(?:~|-|to|에서)\s?")
_INNER = r"(?:[0-9A-Za-z]|[.,+-](?=[0-9A-Za-z]))*"
_GLUED = re.compile(rf"[A-Za-z&]+[.+-]?[0-9]{_INNER}|[0-9][0-9.,]*[A-Za-z]{_INNER}")
_LOOSE = re.compile(r"[0-9](?:[0-9]|[.,:](?=[0-9]))*")
_PARTS = re.compile(rf"({_DIGITS})\s?({_KOREAN_SCALE})?")
_ENGLISH = re.compile(rf"({_DIGITS})\s?-?([a-z]+)?", re.IGNORECASE)
_MINUS = ("-", "▼", "▽", "마이너스", "minus")

_ABOUT_BEFORE = re.compile(
    r"(?:약|대략|얼추|거의|대체로|(?<![a-z])(?:about|around|roughly|approximately|some|nearly))\s*$", re.IGNORECASE
)
_ABOUT_AFTER = re.compile(r"\s?(?:가량|정도|쯤|안팎|내외|남짓|or so)")
_OVER_BEFORE = re.compile(r"(?<![a-z])(?:over|above|more than|exceeding|at least)\s*$", re.IGNORECASE)
_OVER_AFTER = re.compile(
    r"\s?(?:여|을|를|이|가|선|선을|대를)?\s?(?:넘|웃도|웃돌|상회|돌파|이상|초과|\+|or more|or higher|or above)",
    re.IGNORECASE,
)
_UNDER_BEFORE = re.compile(r"(?<![a-z])(?:under|below|less than|almost|at most|up to)\s*$", re.IGNORECASE)
_UNDER_AFTER = re.compile(
    r"\s?(?:에|을|를|이|가|선|선을)?\s?(?:육박|가까|밑도|밑돌|하회|못\s?미|이하|미만|or less|or below|or lower)",
    re.IGNORECASE,
)
_BAND_AFTER = re.compile(r"\s?(?:원)?대(?![가-힣])|\s?(?:원)?대(?=[가를에의로은는 ]|입니|이며|이고|였)")


def read_pairs(sheet: Sheet) -> list[PairClaim]:
    """`7/12`, left to the date reader only by its order: what is surely a date was taken before."""
    return [
        PairClaim(
            start=match.start(), end=match.end(), text=match[0],
            left=read_digits(match[1]).value, right=read_digits(match[2]).value,
        )
        for match in sheet.take(_PAIR)
    ]  # fmt: skip


def read_fractions(sheet: Sheet) -> list[NumberClaim]:
    """`3분의 1` as about 33 %."""
    return [fraction(match, Decimal(match[2]) / Decimal(match[1])) for match in sheet.take(_FRACTION) if int(match[1])]


def fraction(match: re.Match[str], share: Decimal) -> NumberClaim:
    """A share of a whole, which nobody means to the last digit."""
    return NumberClaim(
        start=match.start(), end=match.end(), text=match[0], value=100 * share, step=Decimal(1), coarse=Decimal(1),
        unit=Unit.PERCENT, hedge=Hedge.ABOUT,
    )  # fmt: skip


def read_numbers(sheet: Sheet) -> list[NumberClaim]:
    """Every number in digits; a range gives two of the same unit."""
    claims: list[NumberClaim] = []
    for match in _NUMBER.finditer(sheet.rest):
        if _is_glued(sheet.rest, match):
            continue
        claim = _claim(sheet.rest, match)
        if claims and claims[-1].unit is Unit.PLAIN and _RANGE.fullmatch(sheet.rest[claims[-1].end : claim.start]):
            claims[-1] = _same_unit(claims[-1], claim, match)
        claims.append(claim)
    for claim in claims:
        sheet.paint(claim.start, claim.end)
    return claims


def read_tokens(sheet: Sheet) -> Iterator[TokenClaim]:
    """Whatever digits are left."""
    for pattern in (_GLUED, _LOOSE):
        for match in sheet.take(pattern):
            yield TokenClaim(start=match.start(), end=match.end(), text=match[0])


def _claim(text: str, match: re.Match[str]) -> NumberClaim:
    unit, factor = unit_of(match)
    if unit is Unit.PLAIN and match["currency"]:
        unit = Unit.WON if match["currency"].strip().lower() in {"₩", "krw"} else Unit.FOREIGN_MONEY
    written = read_body(match["body"]).times(factor)
    sign = (match["sign"] or "").strip().lower()
    value = -written.value if sign in _MINUS else written.value
    before, after = text[: match.start()], text[match.end() :]
    return NumberClaim(
        start=match.start(), end=match.end(), text=match[0], value=value, step=written.step, coarse=written.coarse,
        unit=unit,
        signed=bool(sign), hedge=Hedge.OVER if match["more"] else hedge_around(before, after),
        fallback_day=_day(match, unit),
    )  # fmt: skip


def read_body(body: str) -> Written:
    """The value of `12조 3,456억`, `98.9B` or `72,300`."""
    english = _ENGLISH.fullmatch(body.strip())
    if english is not None and english[2]:
        # `2B` is printed for 1.95B as well: a tenth of an English scale is always meant to be there.
        digits = english[1] if "." in english[1] else f"{english[1]}.0"
        return read_digits(digits, ENGLISH_SCALES[english[2].lower()])
    if english is not None:
        return read_digits(english[1])
    return joined([read_digits(digits, scale_of(scale or "")) for digits, scale in _PARTS.findall(body)])


def hedge_around(before: str, after: str) -> Hedge:
    """How exact a number claims to be by the words around it."""
    if _BAND_AFTER.match(after):
        return Hedge.BAND
    if _OVER_AFTER.match(after) or _OVER_BEFORE.search(before):
        return Hedge.OVER
    if _UNDER_AFTER.match(after) or _UNDER_BEFORE.search(before):
        return Hedge.UNDER
    if _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(after):
        return Hedge.ABOUT
    return Hedge.EXACT


def _same_unit(first: NumberClaim, second: NumberClaim, match: re.Match[str]) -> NumberClaim:
    """`5~7%`: the first number has the second one's unit and scale."""
    _, factor = unit_of(match)
    scales = [scale for _, scale in _PARTS.findall(match["body"]) if scale]
    factor *= scale_of(scales[0]) if scales and first.value < 10**4 else 1
    return replace(
        first, value=first.value * factor, step=first.step * factor, coarse=first.coarse * factor, unit=second.unit
    )


def _is_glued(text: str, match: re.Match[str]) -> bool:
    """Whether the digits are part of a word such as `HBM3` or `5G`."""
    if match.end() > match.end("body"):
        return False
    following = text[match.end() : match.end() + 1]
    return following.isascii() and following.isalpha()


def _day(match: re.Match[str], unit: Unit) -> int | None:
    body = match["body"]
    alone = (
        match[0].endswith("일")
        and not match[0].endswith("거래일")
        and not match[0].endswith("영업일")
        and body.isdigit()
        and not match["sign"]
    )
    return int(body) if alone and unit is Unit.DAYS and 1 <= int(body) <= 31 else None
