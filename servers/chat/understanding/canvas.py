"""The question as a sheet on which recognised entities are painted over, so that no name is read as a cue."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

STOCK, INDEX, PERIOD, NUMBER, KIND, TERM = "◆", "■", "●", "№", "▣", "◈"
"""Signs that stand in the text for entities; none of them survives normalisation of a user's text."""

SIGNS = frozenset((STOCK, INDEX, PERIOD, NUMBER, KIND, TERM))

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎ]")
_LATIN = re.compile(r"(?<!\\)[a-z]")
_CLAUSE_END = re.compile(r"(?<=[?!])\s+|(?<=[가-힣a-z])\.\s+|\s(?:그리고|또한|아울러)\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A stretch of the canvas's text, end exclusive, and the words there."""

    start: int
    end: int
    words: str
    match: re.Match[str]


class Canvas:
    """Masked text in two views: with spaces for English, without for Korean, whose spacing is unreliable.

    A pattern that contains Hangul or an entity sign runs over the text without spaces; any other one runs over the spaced
    text and must not touch Latin letters on either side.
    """

    def __init__(self, text: str) -> None:
        self.text = text.casefold() if len(text.casefold()) == len(text) else text
        self.original = text
        self._compact, self._positions = _view(self.text, spaced=False)
        self._spaced, self._spaced_positions = _view(self.text, spaced=True)

    @property
    def compact(self) -> str:
        """The text without spaces."""
        return self._compact

    def paint(self, start: int, end: int, sign: str) -> Self:
        """A new canvas with the stretch replaced by `sign` and spaces, so that positions stay valid."""
        filler = sign + " " * (end - start - 1)
        return type(self)(self.original[:start] + filler + self.original[end:])

    def blank(self, start: int, end: int) -> Self:
        """A new canvas with spaces in the place of the stretch."""
        return type(self)(self.original[:start] + " " * (end - start) + self.original[end:])

    def original_span(self, position: int, length: int) -> tuple[int, int]:
        """Where a stretch of the compact text stands in the spaced one, end exclusive."""
        return self._positions[position], self._positions[position + length - 1] + 1

    def replace_compact(self, position: int, word: str) -> Self:
        """A new canvas in which the letters from `position` of the compact text on are those of `word`."""
        letters = list(self.original)
        for offset, letter in enumerate(word):
            letters[self._positions[position + offset]] = letter
        return type(self)("".join(letters))

    def find_all(self, pattern: str) -> list[Hit]:
        """Every place where the pattern holds, in text order, positions in the spaced text."""
        compiled, text, positions = self._view(pattern)
        return [self._hit(match, positions) for match in compiled.finditer(text) if match[0]]

    def find(self, pattern: str) -> Hit | None:
        """The first place where the pattern holds."""
        compiled, text, positions = self._view(pattern)
        match = compiled.search(text)
        if match is None:
            return None
        return self._hit(match, positions) if match[0] else next(iter(self.find_all(pattern)), None)

    def clauses(self) -> tuple["Canvas", ...]:
        """The question's sentences, also those joined by 그리고."""
        return tuple(Canvas(part) for part in _CLAUSE_END.split(self.original) if part and part.strip())

    def _view(self, pattern: str) -> tuple[re.Pattern[str], str, list[int]]:
        compiled, spaceless = _compile(pattern)
        if spaceless:
            return compiled, self._compact, self._positions
        return compiled, self._spaced, self._spaced_positions

    def _hit(self, match: re.Match[str], positions: list[int]) -> Hit:
        start, end = positions[match.start()], positions[match.end() - 1] + 1
        return Hit(start=start, end=end, words=self.original[start:end], match=match)


def _view(text: str, *, spaced: bool) -> tuple[str, list[int]]:
    """The text without spaces, or with single ones, and where its characters come from."""
    positions = [
        position
        for position, character in enumerate(text)
        if character != " " or (spaced and position > 0 and text[position - 1] != " ")
    ]
    return "".join(text[position] for position in positions), positions


@lru_cache(maxsize=4096)
def _compile(pattern: str) -> tuple[re.Pattern[str], bool]:
    if _HANGUL.search(pattern) or not _LATIN.search(pattern):
        return re.compile(pattern), True
    return re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])"), False
