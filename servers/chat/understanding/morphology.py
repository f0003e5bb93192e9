"""What understanding asks of a morpheme analyser; the real one is loaded elsewhere and passed in."""

from collections.abc import Sequence
from typing import Protocol

from shared.text.morphology import Morpheme

__all__ = ["Morpheme", "Morphemes", "content_lemmas"]


class Morphemes(Protocol):
    """Splits Korean text into morphemes."""

    def analyse(self, text: str) -> Sequence[Morpheme]:
        """Morphemes in text order; positions count characters of `text`."""
        ...


_CONTENT = frozenset({"VV", "VA", "VX", "NNG", "NNP", "XR", "MAG", "NP"})


def content_lemmas(morphemes: Sequence[Morpheme]) -> frozenset[str]:
    """Dictionary forms of verbs, adjectives, nouns and adverbs (`오르다`, `얼마`), whatever endings they carry."""
    return frozenset(item.lemma for item in morphemes if item.tag.partition("-")[0] in _CONTENT)
