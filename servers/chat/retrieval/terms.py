"""The words of a text that searching goes by: its content morphemes, in one spelling."""

import unicodedata
from collections.abc import Sequence
from typing import Protocol

from shared.text.morphology import Morpheme

_CONTENT = frozenset({"NNG", "NNP", "NR", "XR", "VV", "VA", "MAG", "SL", "SH", "SN", "W_SERIAL", "W_HASHTAG"})
_LIGHT_WORDS = "하 되 있 없 이 않 같 알리 주 보 왜 이렇 그렇 어떻 어떠하 뭐 좀 the of is are what and to in for"
_LIGHT = frozenset(_LIGHT_WORDS.split())
"""Words that nearly every question has, and that say nothing about what it is after."""

_MAX_CHARACTERS = 2_000
_PLURAL_FROM = 4


class MorphemeAnalyser(Protocol):
    """Splits a text into morphemes; Kiwi in production."""

    def analyse(self, text: str) -> Sequence[Morpheme]:
        """Morphemes in text order."""
        ...


def terms_of(text: str, analyser: MorphemeAnalyser) -> list[str]:
    """The content words of a text in order, repeated as often as they occur; its first 2,000 characters count."""
    readable = unicodedata.normalize("NFKC", text[:_MAX_CHARACTERS])
    words = (_spelling(one) for one in analyser.analyse(readable) if one.tag.partition("-")[0] in _CONTENT)
    return [word for word in words if word not in _LIGHT]


def _spelling(morpheme: Morpheme) -> str:
    word = morpheme.form.casefold()
    if morpheme.tag == "SL" and len(word) >= _PLURAL_FROM and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]  # English plurals: `signals` finds `signal`
    return word
