"""An inverted index in numpy columns: which documents hold a term, and how much they are about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Impacts = npt.NDArray[np.float32]

K1 = 1.2
"""Saturation of repeated terms; the usual value (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009)."""

B = 0.5
"""Weight of a document's length. Below the usual 0.75: headlines are short, and explanations are long for good reason."""

USUAL_LENGTH = 12.0
"""Terms of a headline with its first sentence. A constant instead of the mean, which would move with every new document."""

_ROW_BITS = 32
_ROW_MASK = (1 << _ROW_BITS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Postings of some documents.

    Attributes:
        terms: Numbers of the terms, ascending, shape (t,).
        offsets: Where each term's postings begin, and where the last one's end, shape (t + 1,).
        rows: Documents by term, ascending within one, shape (p,).
        impacts: BM25's weight of the term in the document, without that of the term itself, shape (p,).
    """

    terms: Rows
    offsets: Rows
    rows: Rows
    impacts: Impacts

    @property
    def size(self) -> int:
        """Number of postings."""
        return len(self.rows)

    def postings(self, term: int) -> tuple[Rows, Impacts]:
        """Documents that hold a term, and the impact in each; both empty when none does."""
        place = int(np.searchsorted(self.terms, term))
        if place == len(self.terms) or self.terms[place] != term:
            return self.rows[:0], self.impacts[:0]
        part = slice(int(self.offsets[place]), int(self.offsets[place + 1]))
        return self.rows[part], self.impacts[part]


def build_segment(documents: Mapping[int, Sequence[int]]) -> Segment:
    """Postings of documents.

    Args:
        documents: Numbers of each document's terms, repeated as often as they occur, by the document's row.
    """
    lengths = np.fromiter(map(len, documents.values()), dtype=np.int64, count=len(documents))
    rows = np.repeat(np.fromiter(documents, dtype=np.int64, count=len(documents)), lengths)
    terms = np.fromiter((term for terms in documents.values() for term in terms), dtype=np.int64, count=len(rows))
    keys, first, counts = np.unique((terms << _ROW_BITS) | rows, return_index=True, return_counts=True)
    impacts = counts * (K1 + 1.0) / (counts + K1 * (1.0 - B + B * np.repeat(lengths, lengths)[first] / USUAL_LENGTH))
    return _segment(keys, impacts.astype(np.float32))


def merge_segments(segments: Sequence[Segment]) -> Segment:
    """One segment with the postings of several that have no document in common."""
    keys = np.concatenate([_keys(segment) for segment in segments])
    impacts = np.concatenate([segment.impacts for segment in segments])
    order = np.argsort(keys, kind="stable")
    return _segment(keys[order], impacts[order])


def _keys(segment: Segment) -> Rows:
    keys: Rows = (np.repeat(segment.terms, np.diff(segment.offsets)) << _ROW_BITS) | segment.rows
    return keys


def _segment(keys: Rows, impacts: Impacts) -> Segment:
    """From ascending keys: the term's number in the upper half, the document's row in the lower."""
    terms, starts = np.unique(keys >> _ROW_BITS, return_index=True)
    return Segment(terms=terms, offsets=np.append(starts, len(keys)), rows=keys & _ROW_MASK, impacts=impacts)
