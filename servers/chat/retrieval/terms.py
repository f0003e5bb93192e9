"""The words of a text that searching goes by: its content morphemes, in one spelling."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from shared.text.morphology import Morpheme

_CONTENT = frozenset({"NNG", "NNP", "NR", "XR", "VV", "VA", "MAG", "SL", "SH", "SN", "W_SERIAL", "W_HASHTAG"})
_LIGHT_WORDS = "하 되 있 없 이 않 같 알리 주 보 왜 이렇 그렇 어떻 어떠하 뭐 좀 the of is are what and to in for"
_LIGHT = frozenset(_LIGHT_WORDS.split())
"""Words that nearly every question has, and that say nothing about what it is after."""

_NOUN_ENDINGS = frozenset({"ᆷ", "음"})
_MAX_CHARACTERS = 2_000
_PLURAL_FROM = 4


class MorphemeAnalyser(Protocol):
    """Splits a text into morphemes; Kiwi in production."""

    def analyse(self, text: str) -> Sequence[Morpheme]:
        """Morphemes in text order."""
        ...


def terms_of(text: str, analyser: MorphemeAnalyser) -> list[str]:
    """The content words of a text, repeated as often as they occur; its first 2,000 characters count."""
    readable = unicodedata.normalize("NFKC", text[:_MAX_CHARACTERS])
    morphemes = analyser.analyse(readable)
    words = [_spelling(one) for one in morphemes if one.tag.partition("-")[0] in _CONTENT]
    return [word for word in (*words, *_made_nouns(readable, morphemes)) if word not in _LIGHT]


def _made_nouns(text: str, morphemes: Sequence[Morpheme]) -> Iterator[str]:
    """Nouns made of verbs, which the analyser takes apart: 알림, 오름, 빠짐."""
    for verb, ending in pairwise(morphemes):
        if verb.tag.startswith(("VV", "VA")) and ending.tag == "ETN" and ending.form in _NOUN_ENDINGS:
            yield text[verb.start : ending.end]


def _spelling(morpheme: Morpheme) -> str:
    word = morpheme.form.casefold()
    if morpheme.tag == "SL" and len(word) >= _PLURAL_FROM and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]  # English plurals: `signals` finds `signal`
    return word
