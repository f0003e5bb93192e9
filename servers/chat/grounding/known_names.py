"""Names that are known, found by their letters."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from servers.chat.grounding.claims import Span

INDICES = {
    "index:KOSPI200": ("코스피 200", "코스피200", "KOSPI 200", "KOSPI200"),
    "index:KOSPI": ("코스피", "KOSPI", "유가증권시장"),
    "index:KOSDAQ": ("코스닥", "KOSDAQ"),
}
"""Indices by their subjects, longer names first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Span):
    """A name in a text; `subjects` are the tickers or indices that it may mean, empty when nothing known bears it."""

    subjects: tuple[str, ...]
    known: bool


def find_by_letters(text: str, names: Mapping[str, Set[str]]) -> Iterator[Named]:
    """Known names and indices in a cleaned text, from left to right.

    Args:
        text: The text.
        names: Names of each ticker.
    """
    tickers = {name: ticker for ticker, known in names.items() for name in known}
    pattern = _alternation(tuple(sorted(tickers, key=lambda name: (-len(name), name))))
    for match in pattern.finditer(text):
        subject = tickers.get(match[0]) or next(key for key, words in INDICES.items() if match[0] in words)
        yield Named(start=match.start(), end=match.end(), text=match[0], subjects=(subject,), known=True)


def run_before(number: Span, named: Sequence[Named], numbers: Sequence[Span]) -> list[Named]:
    """The names before a number that share it: the nearest, and those before that with no number in between."""
    before = [name for name in named if name.end <= number.start]
    run = before[-1:]
    for name in reversed(before[:-1]):
        if any(name.end <= other.start < run[0].start for other in numbers):
            break
        run.insert(0, name)
    return run


@lru_cache(maxsize=256)
def _alternation(names: tuple[str, ...]) -> re.Pattern[str]:
    """Longer names first; a name must not be part of another word."""
    indices = [name for words in INDICES.values() for name in words]
    return re.compile("|".join(map(_bounded, (*names, *indices))))


def _bounded(name: str) -> str:
    before = r"(?<![0-9A-Za-z])" if name[0].isascii() else r"(?<![가-힣A-Za-z])"
    after = r"(?![0-9A-Za-z])" if name[-1].isascii() else ""
    return f"{before}{re.escape(name)}{after}"
