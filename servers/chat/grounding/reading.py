"""All claims of a cleaned text, each stretch of it read once."""

import re
from collections.abc import Sequence

from servers.chat.grounding.claims import CitationClaim, Claim
from servers.chat.grounding.date_reader import read_dates, read_times
from servers.chat.grounding.number_reader import read_fractions, read_numbers, read_pairs, read_tokens
from servers.chat.grounding.sheet import Sheet
from servers.chat.grounding.word_reader import read_words

_DIGIT = re.compile(r"[0-9]")
_CITATIONS = re.compile(r"\[(?P<numbers>[0-9]{1,3}(?:\s?,\s?[0-9]{1,3})*)\]")
_MARKER = re.compile(r"^[ \t]*(?:-[ \t]+)?(?:\(?[0-9]{1,2}[.)](?=\s)|\([0-9]{1,2}\))", re.MULTILINE)


def read_claims(text: str, *, hidden: Sequence[tuple[int, int]] = (), terms: re.Pattern[str] | None = None) -> list[Claim]:
    """Read a cleaned text.

    Args:
        text: The text.
        hidden: Stretches that are names, whose digits claim nothing.
        terms: Expressions with digits that claim nothing, such as `20일선`.

    Returns:
        Claims in the order of the text.
    """
    sheet = Sheet(text)
    for start, end in hidden:
        sheet.paint(start, end)
    claims: list[Claim] = list(_citations(sheet))
    sheet.take(_MARKER)
    if terms is not None:
        sheet.take(terms)
    if _DIGIT.search(sheet.rest):
        claims.extend(read_dates(sheet))
        claims.extend(read_times(sheet))
        claims.extend(read_pairs(sheet))
        claims.extend(read_fractions(sheet))
        claims.extend(read_numbers(sheet))
    claims.extend(read_words(sheet))
    if _DIGIT.search(sheet.rest):
        claims.extend(read_tokens(sheet))
    return sorted(claims, key=lambda claim: claim.start)


def _citations(sheet: Sheet) -> list[CitationClaim]:
    return [
        CitationClaim(start=match.start(), end=match.end(), text=match[0], number=int(number))
        for match in sheet.take(_CITATIONS)
        for number in match["numbers"].split(",")
    ]
