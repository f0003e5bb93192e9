"""What a sentiment scorer is: the port that the lexicon fills today and a model may fill later."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SentimentLabel(StrEnum):
    """The side a headline takes for the company it speaks of."""

    POSITIVE = "POSITIVE"
    NEUTRAL = "NEUTRAL"
    NEGATIVE = "NEGATIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """Verdict on one text: `score` in [-1, 1], and the words it rests on."""

    score: float
    label: SentimentLabel
    evidence: tuple[str, ...] = ()


class SentimentScorer(Protocol):
    """Judges headlines; one verdict per text, in order."""

    @property
    def version(self) -> str:
        """Name of the scorer and its data, stored beside each score."""

    def score(self, texts: Sequence[str]) -> tuple[Sentiment, ...]:
        """Judge texts; an empty text is neutral."""


class Morpheme(Protocol):
    """One morpheme: its dictionary form and its Sejong tag (`NNG`, `VV`, `JX`, ...)."""

    @property
    def form(self) -> str:
        """Dictionary form."""

    @property
    def tag(self) -> str:
        """Sejong tag, possibly with a suffix for irregular verbs (`VV-I`)."""


class MorphemeAnalyser(Protocol):
    """Splits Korean text; the one analyser of the process is passed in, since it costs half a gigabyte."""

    def analyse(self, text: str) -> Sequence[Morpheme]:
        """Morphemes of a text, in order."""
