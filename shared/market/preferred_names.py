"""What people call preferred shares: their company by any of its names, and the class.

`현대차2우B` is also `현차 2우선주`, `현대자동차 제2우선주` and `Hyundai Motor's second preferred`. A preferred share
belongs to the company with the same first five characters of the code (KRX: 005380 is the common share of 005385, 005387
and 005389).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.market.instrument import Instrument, InstrumentKind, Ticker

ISSUER_LENGTH = 5
"""First characters of a code that all classes of a company's shares have in common."""

_CLASS = re.compile(r"(?P<number>[1-9]?)우(?P<letter>[BC]?)(?:\(전환\))?$")
_KOREAN_ORDINALS = {1: "첫번째", 2: "두번째", 3: "세번째"}
_ENGLISH_ORDINALS = {1: ("1st", "first"), 2: ("2nd", "second"), 3: ("3rd", "third")}


def issuer_of(ticker: Ticker) -> str:
    """What the codes of all share classes of a company begin with."""
    return ticker[:ISSUER_LENGTH]


def preferred_names(
    instruments: Sequence[Instrument], names: Mapping[Ticker, Iterable[str]]
) -> Iterator[tuple[str, Ticker]]:
    """Names of the listed preferred shares beside their official ones.

    Args:
        instruments: Every instrument.
        names: What each instrument is called, official names and others.

    Yields:
        Name and ticker; a name may be that of several shares.
    """
    companies = {issuer_of(one.ticker): one.ticker for one in instruments if one.kind is InstrumentKind.COMMON}
    for share in instruments:
        match = _CLASS.search(share.name)
        company = companies.get(issuer_of(share.ticker))
        if share.delist_date is not None or company is None or match is None or company == share.ticker:
            continue
        number = int(match["number"] or 1)
        korean, latin = tuple(_korean_classes(number, match["letter"])), tuple(_latin_classes(number))
        for name in names.get(company, ()):
            endings = (*korean, *latin) if name.isascii() else korean
            yield from ((f"{name}{ending}", share.ticker) for ending in endings)


def _korean_classes(number: int, letter: str) -> Iterator[str]:
    numbers = ("", "1") if number == 1 else (str(number),)
    for written in numbers:
        yield f"{written}우"
        yield f"{written}우선주"
        if letter:
            yield f"{written}우{letter}"
            yield f"{written}우선주{letter}"
    yield f"제{number}우선주"
    if number in _KOREAN_ORDINALS:
        yield f"{_KOREAN_ORDINALS[number]}우선주"


def _latin_classes(number: int) -> Iterator[str]:
    ordinals: Sequence[str] = (*_ENGLISH_ORDINALS.get(number, ()), *(("",) if number == 1 else ()))
    for ordinal in ordinals:
        for owned in ("", "'s"):
            for word in ("preferred", "pref", "preference", "preferred B", "pref B"):
                yield f"{owned} {ordinal} {word}"
    yield f" preferred {number}"
    yield f" {number}P"
    yield f" {number}PB"
