"""Names in Latin letters by how they sound: English names and Korean ones as people romanise them (`hanmi bandoche`).

Korean is romanised in many ways (삼성 is samsung, samseong), so both what was typed and every name are folded into one
rough spelling before they are compared.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from shared.market.hangul import is_syllable
from shared.market.instrument import Instrument, InstrumentKind

_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae",
    "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i",
)  # fmt: skip
_FINALS = ("", *"kkknnntlkmlllplmpptt", "ng", *"ttktpt")
_FOLDS = (
    ("tch", "c"), ("ch", "c"), ("sh", "s"), ("ck", "k"), ("ph", "p"), ("th", "t"), ("x", "ks"), ("q", "k"),
    ("yeo", "yo"), ("yu", "yo"), ("wo", "o"), ("oo", "o"), ("ou", "o"), ("eo", "o"), ("eu", "o"), ("u", "o"),
    ("ee", "i"), ("ui", "i"), ("wi", "i"), ("oe", "e"), ("ae", "e"), ("ai", "e"), ("ay", "e"),
    ("g", "k"), ("d", "t"), ("b", "p"), ("v", "p"), ("f", "p"), ("j", "c"), ("z", "c"), ("r", "l"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_KINDS = frozenset(
    {
        InstrumentKind.COMMON,
        InstrumentKind.REIT,
        InstrumentKind.FOREIGN,
        InstrumentKind.DEPOSITARY_RECEIPT,
        InstrumentKind.UNKNOWN,
    }
)
_MOST = 6
_GENERIC_FROM = 3
_LEAST, _LEAST_SPACED = 5, 8  # folded letters below which a resemblance means nothing


class LatinMatch(NamedTuple):
    """The position of an instrument and how much its name resembles the text, 0..1."""

    position: int
    similarity: float


class LatinNames:
    """English and romanised names of what is listed; positions are those of the given sequence."""

    def __init__(self, instruments: Sequence[Instrument], english: Sequence[tuple[str, int]]) -> None:
        """Fold the names.

        Args:
            instruments: Every instrument.
            english: English names without legal forms, each with the position of its instrument.
        """
        self._by_first: dict[str, dict[tuple[int, str], str]] = {}
        self._english: list[tuple[str, int]] = []
        for name, position in english:
            if _is_listed(instruments[position]):
                self._add(name, position)
                self._english.append((_letters(name), position))
        self._english.sort()
        for position, instrument in enumerate(instruments):
            if _is_listed(instrument) and any(is_syllable(letter) for letter in instrument.name):
                self._add(romanise(instrument.name), position)

    def near(self, text: str, *, at_least: float) -> list[LatinMatch]:
        """Names that sound nearly like a text, the best first, each instrument once."""
        key = fold(text)
        if len(key) < (_LEAST_SPACED if " " in text else _LEAST):
            return []
        choices = self._by_first.get(key[:1], {})
        best: dict[int, LatinMatch] = {}
        for _, similarity, (position, _) in process.extract(
            key, choices, scorer=OSA.normalized_similarity, score_cutoff=at_least, limit=_MOST
        ):
            best.setdefault(position, LatinMatch(position, similarity))
        return list(best.values())

    def beginning(self, text: str) -> list[int]:
        """Positions whose English name begins with a text and goes on."""
        key = _letters(text)
        found: list[int] = []
        for name, position in self._english[bisect_left(self._english, (key, -1)) :]:
            if not name.startswith(key):
                break
            found.append(position)
        if found and sum(key in name[1:] for name, _ in self._english) >= _GENERIC_FROM:
            return []  # a word of many names: Systems
        return list(dict.fromkeys(found))

    def _add(self, name: str, position: int) -> None:
        key = fold(name)
        if key:
            self._by_first.setdefault(key[0], {})[(position, key)] = key


def romanise(text: str) -> str:
    """Hangul in the letters of the Revised Romanisation, syllable by syllable; other characters stay."""
    return "".join(_sounds(text))


def fold(text: str) -> str:
    """A rough spelling in which the ways to romanise one sound are alike."""
    folded = _letters(text)
    for written, sound in _FOLDS:
        folded = folded.replace(written, sound)
    return _DOUBLED.sub(r"\1", folded)


def _is_listed(instrument: Instrument) -> bool:
    return instrument.delist_date is None and instrument.kind in _KINDS


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isascii() and letter.isalnum())


def _sounds(text: str) -> Iterator[str]:
    for letter in text:
        if not is_syllable(letter):
            yield letter
            continue
        initial, rest = divmod(ord(letter) - ord("가"), 588)
        yield _INITIALS[initial] + _VOWELS[rest // 28] + _FINALS[rest % 28]
