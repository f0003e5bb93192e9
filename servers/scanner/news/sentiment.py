"""What judges headlines: the lexicon, and whoever may know better."""

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


NEUTRAL_BELOW = 0.2
"""Size of a score from which it takes a side."""


def label_of(score: float) -> SentimentLabel:
    """The side that a score takes."""
    if abs(score) < NEUTRAL_BELOW:
        return SentimentLabel.NEUTRAL
    return SentimentLabel.POSITIVE if score > 0 else SentimentLabel.NEGATIVE


class HeadlineJudge(Protocol):
    """Somebody who may know better than the lexicon, such as a language model."""

    async def scores(self, titles: Sequence[str]) -> Sequence[float | None]:
        """A score in [-1, 1] for each title, None where there is no verdict; raises nothing when nobody answers.

        Args:
            titles: Newest first; of very many only the first may be judged.
        """
        ...


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
