"""BM25 over segments: exact also while new documents wait to be merged, since frequencies are counted over all of them."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from servers.chat.retrieval.postings import Segment

Scores = npt.NDArray[np.float32]


def bm25_scores(terms: Sequence[int], segments: Sequence[Segment], documents: int) -> Scores:
    """Score of every document.

    Args:
        terms: Numbers of the query's terms; repeated ones count once.
        segments: Postings of all documents.
        documents: How many there are.

    Returns:
        Scores, 0 where no term occurs, shape (documents,).
    """
    scores: Scores = np.zeros(documents, dtype=np.float32)
    for term in dict.fromkeys(terms):
        parts = [segment.postings(term) for segment in segments]
        frequency = sum(len(rows) for rows, _ in parts)
        weight = np.float32(term_weight(frequency, documents))
        for rows, impacts in parts:
            scores[rows] += weight * impacts
    return scores


def term_weight(frequency: int, documents: int) -> float:
    """How much a term tells: the fewer documents hold it, the more.

    Args:
        frequency: Documents that hold it.
        documents: All of them.
    """
    return math.log1p((documents - frequency + 0.5) / (frequency + 0.5))
