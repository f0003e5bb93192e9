"""BM25 over segments: exact also while new documents wait to be merged, since frequencies are counted over all of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servers.chat.retrieval.postings import Impacts, Rows, Segment

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The terms of a query, each once: how much each tells, and where it stands.

    `weights` are those of all terms, also of unknown ones; `postings` are by term what each segment has.
    """

    weights: tuple[float, ...]
    postings: tuple[tuple[tuple[Rows, Impacts], ...], ...]

    @classmethod
    def look_up(
        cls, terms: Sequence[str], vocabulary: Mapping[str, int], segments: Sequence[Segment], documents: int
    ) -> "QueryTerms":
        """Find the terms.

        Args:
            terms: Words of the query.
            vocabulary: Number of each known term.
            segments: Postings of all documents.
            documents: How many there are.
        """
        numbers = [vocabulary.get(term) for term in dict.fromkeys(terms)]
        postings = tuple(
            () if number is None else tuple(segment.postings(number) for segment in segments) for number in numbers
        )
        frequencies = (sum(len(rows) for rows, _ in parts) for parts in postings)
        weights = tuple(term_weight(frequency, documents) for frequency in frequencies)
        return cls(weights=weights, postings=postings)

    def scores(self, documents: int) -> Scores:
        """Score of every document, 0 where no term occurs, shape (documents,)."""
        scores: Scores = np.zeros(documents, dtype=np.float32)
        for weight, parts in zip(self.weights, self.postings, strict=True):
            for rows, impacts in parts:
                scores[rows] += np.float32(weight) * impacts
        return scores

    def coverage(self, row: int) -> float:
        """Share of the query that a document has, terms that tell more counting more."""
        total = sum(self.weights)
        held = (weight for weight, parts in zip(self.weights, self.postings, strict=True) if _holds(parts, row))
        return sum(held) / total if total else 0.0


def term_weight(frequency: int, documents: int) -> float:
    """How much a term tells: the fewer documents hold it, the more.

    Args:
        frequency: Documents that hold it.
        documents: All of them.
    """
    return math.log1p((documents - frequency + 0.5) / (frequency + 0.5))


def _holds(parts: Sequence[tuple[Rows, Impacts]], row: int) -> bool:
    places = ((rows, int(rows.searchsorted(row))) for rows, _ in parts)
    return any(place < len(rows) and rows[place] == row for rows, place in places)
