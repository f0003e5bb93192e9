"""One morpheme of a Korean text, as every room that reads Korean sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Morpheme:
    """One morpheme: surface `form`, Sejong `tag` (NNG, NNP, VV, JKS ...), dictionary form `lemma`, place in the text."""

    form: str
    tag: str
    lemma: str
    start: int
    end: int
