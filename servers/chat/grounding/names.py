"""Names of companies in a text: those of the evidence by their letters, all others through the index of instruments."""

import re
from collections.abc import Iterable
from typing import Protocol

from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.known_names import Named, find_by_letters
from shared.market.instrument_match import WHOLE, Mention

_CODE = re.compile(r"(?<![0-9A-Za-z.,])[0-9][0-9A-Z]{5}(?![0-9A-Za-z]|[.,][0-9]|\s?(?:원|주|만|억|조|%|개|명|건))")


class MentionSource(Protocol):
    """Finds instruments in sentences, as `shared.market.instrument_index` does."""

    def find_in(self, sentence: str) -> tuple[Mention, ...]:
        """Mentions from left to right."""
        ...


def find_named(text: str, evidence: Evidence, source: MentionSource, *, outsiders: re.Pattern[str]) -> list[Named]:
    """Every name in a cleaned text.

    Args:
        text: The text.
        evidence: What is known; its instruments are found by each of their names.
        source: All instruments of the market.
        outsiders: Well-known companies that this market does not list.

    Returns:
        Names in the order of the text, without overlaps.
    """
    found = [*find_by_letters(text, evidence.names), *_by_index(text, evidence, source)]
    for pattern in (_CODE, outsiders):
        found.extend(
            Named(start=match.start(), end=match.end(), text=match[0], subjects=(), known=evidence.says(match[0]))
            for match in pattern.finditer(text)
        )
    return _longest(found)


def _by_index(text: str, evidence: Evidence, source: MentionSource) -> Iterable[Named]:
    for mention in source.find_in(text):
        if mention.matches[0].how in WHOLE:
            tickers = tuple(match.instrument.ticker for match in mention.matches)
            known = any(ticker in evidence.names for ticker in tickers) or evidence.writes(mention.text)
            yield Named(start=mention.start, end=mention.end, text=mention.text, subjects=tickers, known=known)


def _longest(found: Iterable[Named]) -> list[Named]:
    """Of overlapping names the longest, the first of equals, in the order of the text."""
    kept: list[Named] = []
    for named in sorted(found, key=lambda one: one.start - one.end):
        if all(named.end <= other.start or named.start >= other.end for other in kept):
            kept.append(named)
    return sorted(kept, key=lambda one: one.start)
