"""Words of a sentence that are no name as they stand: initials, names with typing errors, beginnings, romanised names."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from shared.market.hangul import is_initials
from shared.market.instrument import InstrumentKind
from shared.market.instrument_match import Match, MatchKind, Mention
from shared.market.name_keys import NameKeys
from shared.market.spelling import spell
from shared.market.vocabulary import MentionWords

_SIMILAR_FROM, _SURE_FROM = 0.84, 0.90  # similarity that is enough for a word that is asked about, and for any other
_LEAST_KOREAN, _LEAST_LATIN, _LEAST_BEGINNING = 4, 5, 3  # characters below which a resemblance means nothing
_LEAST_SHORT = 2  # of Korean letters that are asked about and begin one name only
_LEAST_SPACED = 6  # of several words together
_MOST_WORDS = 4
_LATIN = re.compile("[A-Za-z]+")
_NEAREST_SHARE = 0.5
_MOST_CHOICES = 10

Asked = Callable[[int, int], bool]
"""Whether the words around a stretch of the sentence ask about it."""


class NearLookup(Protocol):
    """What is asked of the index."""

    def by_initials(self, consonants: str) -> tuple[Match, ...]:
        """Matches of exactly these initials."""
        ...

    def by_prefix(self, key: str) -> tuple[Match, ...]:
        """Matches of the beginning of a name."""
        ...

    def family(self, text: str) -> tuple[Match, ...]:
        """Companies whose names have a text in common, the largest first, all with the same score."""
        ...

    def near(self, key: str, *, at_least: float, same_start: bool) -> tuple[Match, ...]:
        """Matches within typing errors."""
        ...

    def near_latin(self, text: str) -> tuple[Match, ...]:
        """Matches of a name in Latin letters that sound alike, or the only one that begins so."""
        ...


class DoubtfulNames:
    """Reads the words that are left when all names that stand in a sentence were found."""

    def __init__(self, keys: NameKeys, index: NearLookup, words: MentionWords) -> None:
        self._keys = keys
        self._index = index
        self._words = words
        self._common = frozenset(word.upper() for word in words.common)
        self._noise = frozenset(spell(word) for word in (*words.fillers, *words.cues))

    def read(self, text: str, words: Sequence[re.Match[str]], asked: Asked) -> Iterator[Mention]:
        """Mentions among words that belong to no name.

        Args:
            text: The sentence.
            words: The words in question, in the order of the sentence.
            asked: Whether a stretch is asked about.
        """
        number, terse = 0, len(_LATIN.findall(text)) <= _MOST_WORDS
        while number < len(words):
            mention, taken = self._at(text, words[number : number + _MOST_WORDS], asked, terse=terse)
            if mention is not None:
                yield mention
            number += taken

    def _at(self, text: str, words: Sequence[re.Match[str]], asked: Asked, *, terse: bool) -> tuple[Mention | None, int]:
        """What may begin with the first of some words, and how many words it takes; several words first.

        Small letters are a name by their sound only where they are `terse`: in an English sentence they are its words.
        """
        begin = words[0].start()
        for count in range(_together(text, words), 1, -1):
            for end in self._ends(words[count - 1]):
                matches = self._spaced(text[begin:end], terse=terse)
                if matches:
                    return _mention(text, begin, end, matches), count
        matches, end = self._single(words[0], asked, terse=terse)
        return (_mention(text, begin, end, matches) if matches else None), 1

    def _spaced(self, surface: str, *, terse: bool) -> tuple[Match, ...]:
        """Matches of several words together, which have to be close: nobody asks about each stretch of a sentence."""
        if self._is_noise(surface.rsplit(maxsplit=1)[-1]):
            return ()
        sounds = surface.isascii() and (terse or not surface.islower())
        if sounds and len(surface) > _LEAST_SPACED and not self._is_noise(surface.split(maxsplit=1)[0]):
            matches = self._index.near_latin(surface)
            if matches:
                return matches
        key = spell(surface)
        mixed = surface[0].isascii() and not surface.isascii()  # `lg 화확`
        if len(key) < (_LEAST_KOREAN if mixed else _LEAST_SPACED) or self._is_noise(surface.split(maxsplit=1)[0]):
            return ()
        return self._index.near(key, at_least=_SURE_FROM, same_start=True) or self._funds(surface)

    def _funds(self, surface: str) -> tuple[Match, ...]:
        """The funds whose names begin with several words: TIGER 미국S&P."""
        matches = self._index.family(surface) if self._index.by_prefix(spell(surface)) else ()
        return matches if all(match.instrument.kind is InstrumentKind.ETF for match in matches) else ()

    def _single(self, word: re.Match[str], asked: Asked, *, terse: bool) -> tuple[tuple[Match, ...], int]:
        text = word[0]
        if is_initials(text):
            matches = self._index.by_initials(text) if len(text) >= _LEAST_BEGINNING and len(set(text)) > 1 else ()
            return matches, word.end()
        ends = list(self._ends(word))
        stems = [text[: end - word.start()] for end in ends]
        if any(self._is_noise(stem) or self._keys.exact(spell(stem)) for stem in stems):
            return (), 0  # an ordinary word, or a name that was refused as one
        for stem, end in zip(stems, ends, strict=True):
            is_asked = asked(word.start(), end)
            matches = (
                self._latin(stem, asked=is_asked, terse=terse) if stem.isascii() else self._korean(stem, asked=is_asked)
            )
            if len(matches) == 1 and matches[0].how is MatchKind.PREFIX and end == word.end() and len(ends) > 1:
                continue  # 한주에 is 한주 with a particle
            if matches:
                return matches, end
        return (), 0

    def _latin(self, stem: str, *, asked: bool, terse: bool) -> tuple[Match, ...]:
        if stem.upper() in self._common:
            return ()
        if len(stem) < _LEAST_LATIN:
            return self._beginnings(stem) if asked and stem.isupper() else ()
        named = asked or stem[0].isupper()  # `will it double`
        if not named and not terse:
            return ()
        return tuple(match for match in self._index.near_latin(stem) if named or match.how is MatchKind.SIMILAR)

    def _korean(self, stem: str, *, asked: bool) -> tuple[Match, ...]:
        key = spell(stem)
        matches: tuple[Match, ...] = ()
        if len(stem) >= _LEAST_KOREAN:
            matches = self._index.near(key, at_least=_SIMILAR_FROM if asked else _SURE_FROM, same_start=True)
        if not matches and asked and stem.upper() not in self._common:
            matches = self._beginnings(stem)
        return matches

    def _beginnings(self, stem: str) -> tuple[Match, ...]:
        """The companies of a group that has no instrument of just that name (`한솔`), or the only one that begins so."""
        matches = self._index.family(stem)
        if len(matches) > 1:
            return matches
        if len(stem) < (_LEAST_BEGINNING if stem.isascii() else _LEAST_SHORT):
            return ()
        return tuple(match for match in matches if len(stem) >= _NEAREST_SHARE * len(match.instrument.name))

    def _ends(self, word: re.Match[str]) -> Iterator[int]:
        """Where a name in the word may end: at its end or before a particle."""
        text = word[0]
        yield word.end()
        for length in range(min(4, len(text) - 1), 0, -1):
            if text[-length:] in self._words.particles:
                yield word.end() - length

    def _is_noise(self, stem: str) -> bool:
        return spell(stem) in self._noise or stem.lower().startswith(self._words.cues)


def _together(text: str, words: Sequence[re.Match[str]]) -> int:
    """How many of the words stand together with nothing but spaces and signs of names in between."""
    count = 1
    for one, other in pairwise(words):
        if text[one.end() : other.start()].strip(" -()"):
            break
        count += 1
    return count


def _mention(text: str, begin: int, end: int, matches: tuple[Match, ...]) -> Mention:
    return Mention(start=begin, end=end, text=text[begin:end], matches=matches[:_MOST_CHOICES])
