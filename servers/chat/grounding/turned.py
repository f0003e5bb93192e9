"""Words turned round: what a source says of something, said with the opposite word."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_PAIRS = (
    ("순매수", "순매도"), ("상승", "하락"), ("올랐", "내렸"), ("오른", "내린"), ("늘었", "줄었"), ("증가", "감소"),
    ("높", "낮"), ("위", "아래"), ("신고가", "신저가"), ("상회", "하회"), ("강세", "약세"), ("흑자", "적자"),
    ("확대", "축소"), ("과매수", "과매도"), ("bought", "sold"), ("rose", "fell"), ("higher", "lower"), ("above", "below"),
    ("gain", "loss"), ("overbought", "oversold"), ("ahead", "behind"), ("buying", "selling"), ("up", "down"),
    ("rising", "falling"),
)  # fmt: skip
_SIDE = {word: side for pair in _PAIRS for side, word in zip("+-", pair, strict=True)}
_STEM = {word: pair[0] for pair in _PAIRS for word in pair}
_WORD = re.compile(
    "|".join(
        rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else rf"(?<![가-힣]){word}" if len(word) == 1 else word
        for word in sorted(_SIDE, key=len, reverse=True)
    ),
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\s[·+|]\s|[;:]\s|,\s|[.!?](?:\s|$)|\n")
_TOKEN = re.compile(r"[가-힣A-Za-z]+|[0-9]+(?:[.,:/-][0-9]+)*|[+-](?=[0-9])|~")
_LEAST = 2
"""Other words or numbers that a clause must have, so that it is about the same."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause without its words of direction, which of each pair they were, and where they stand."""

    rest: tuple[str, ...]
    sides: str
    start: int
    end: int


class Directions:
    """Which way the clauses of the sources go."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], set[str]] = defaultdict(set)

    def add(self, text: str) -> None:
        """Know the clauses of a line."""
        for clause in clauses_in(text):
            self._known[clause.rest].add(clause.sides)

    def turned_in(self, text: str) -> list[Clause]:
        """Clauses that a source has, but only the other way round."""
        return [clause for clause in clauses_in(text) if clause.sides not in self._known.get(clause.rest, {clause.sides})]


def clauses_in(text: str) -> Iterator[Clause]:
    """The clauses of a cleaned line that say which way something goes."""
    start = 0
    for end, following in [*(match.span() for match in _CLAUSE.finditer(text)), (len(text), len(text))]:
        words = list(_WORD.finditer(text, start, end))
        if words:
            rest = _TOKEN.findall(_WORD.sub(lambda match: f" {_STEM[match[0].lower()]} ", text[start:end]).lower())
            if len(rest) - len(words) >= _LEAST:
                sides = "".join(_SIDE[match[0].lower()] for match in words)
                yield Clause(tuple(rest), sides, words[0].start(), words[-1].end())
        start = following
