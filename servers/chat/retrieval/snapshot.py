"""The documents as they stood when a search began: searched without a lock, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from servers.chat.retrieval.bm25 import bm25_scores, term_weight
from servers.chat.retrieval.dense import DenseIndex
from servers.chat.retrieval.document import Document, DocumentKind, Found, Wish
from servers.chat.retrieval.embedding import Vectors
from servers.chat.retrieval.fusion import fuse_ranks
from servers.chat.retrieval.postings import Segment
from shared.store.types import to_microseconds

ALWAYS = np.iinfo(np.int64).min
"""Publish time of what has always been known."""

_RANKED = 100
"""Documents that each arm hands to the fusion."""

KIND_NUMBERS = {kind: number for number, kind in enumerate(DocumentKind)}
_IN_EVERY_LANGUAGE = frozenset({DocumentKind.DEFINITION, DocumentKind.HELP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Documents by row, and the columns that searching goes by.

    Attributes:
        documents: At least the first n are this snapshot's.
        vocabulary: Number of each term.
        segments: Postings of all documents.
        published: Microseconds since 1970, `ALWAYS` without a time, shape (n,).
        alive: False for documents that another one replaced, shape (n,).
        kinds: Numbers of `KIND_NUMBERS`, shape (n,).
        of_ticker: Rows of the documents about an instrument; rows from n on are not this snapshot's.
        of_group: Rows of the versions of one story, oldest first; likewise.
        dense: Vectors; None without an embedding model.
    """

    documents: Sequence[Document]
    vocabulary: Mapping[str, int]
    segments: tuple[Segment, ...]
    published: npt.NDArray[np.int64]
    alive: npt.NDArray[np.bool_]
    kinds: npt.NDArray[np.int8]
    of_ticker: Mapping[str, Sequence[int]]
    of_group: Mapping[str, Sequence[int]]
    dense: DenseIndex | None = None

    def __len__(self) -> int:
        """Number of documents, replaced ones included."""
        return len(self.published)

    def search(self, wish: Wish, terms: Sequence[str], vector: Vectors | None = None) -> list[Found]:
        """Documents that match the wish, best first.

        Args:
            wish: Filters and the number wanted.
            terms: Content words of the query.
            vector: The query's vector; None searches by words only.
        """
        visible = self._visible(wish)
        rankings = [self._by_words(terms, visible)]
        if vector is not None and self.dense is not None:
            rankings.append(self.dense.nearest(vector, visible, _RANKED))
        found: dict[int, Found] = {}
        for row, score in fuse_ranks(rankings):
            newest = self._newest_version(row, wish.until)
            if newest not in found and self._speaks(newest, wish):
                found[newest] = Found(document=self.documents[newest], score=score, coverage=self._coverage(newest, terms))
            if len(found) == wish.limit:
                break
        return list(found.values())

    def _visible(self, wish: Wish) -> npt.NDArray[np.bool_]:
        visible: npt.NDArray[np.bool_] = self.alive & (self.published <= to_microseconds(wish.until))
        if wish.since is not None:
            visible &= self.published >= to_microseconds(wish.since)
        if wish.kinds:
            visible &= np.isin(self.kinds, [KIND_NUMBERS[kind] for kind in wish.kinds])
        if wish.tickers:
            about = np.zeros(len(self), dtype=np.bool_)
            for ticker in wish.tickers:
                rows = np.asarray(self.of_ticker.get(ticker, ()), dtype=np.int64)
                about[rows[rows < len(self)]] = True
            visible &= about
        return visible

    def _by_words(self, terms: Sequence[str], visible: npt.NDArray[np.bool_]) -> list[int]:
        known = [self.vocabulary[term] for term in terms if term in self.vocabulary]
        scores = bm25_scores(known, self.segments, len(self))
        matching = np.flatnonzero((scores > 0) & visible)
        if len(matching) > _RANKED:
            matching = matching[np.argpartition(-scores[matching], _RANKED)[:_RANKED]]
        # Of equally close documents the one published last comes first.
        order = np.lexsort((-self.published[matching], -scores[matching]))
        return [int(row) for row in matching[order]]

    def _coverage(self, row: int, terms: Sequence[str]) -> float:
        weights = [(term, term_weight(self._frequency(term), len(self))) for term in dict.fromkeys(terms)]
        total = sum(weight for _, weight in weights)
        return sum(weight for term, weight in weights if self._holds(row, term)) / total if total else 0.0

    def _frequency(self, term: str) -> int:
        number = self.vocabulary.get(term)
        return 0 if number is None else sum(len(segment.postings(number)[0]) for segment in self.segments)

    def _holds(self, row: int, term: str) -> bool:
        number = self.vocabulary.get(term)
        if number is None:
            return False
        postings = (segment.postings(number)[0] for segment in self.segments)
        places = ((rows, int(np.searchsorted(rows, row))) for rows in postings)
        return any(place < len(rows) and rows[place] == row for rows, place in places)

    def _newest_version(self, row: int, until: datetime) -> int:
        group = self.documents[row].group
        if not group:
            return row
        latest = to_microseconds(until)
        versions = (
            other
            for other in self.of_group[group]
            if other < len(self) and self.alive[other] and self.published[other] <= latest
        )
        return max(versions, key=lambda other: (self.published[other], other))

    def _speaks(self, row: int, wish: Wish) -> bool:
        """Whether a document is in the language wished for; what exists in one language only always is."""
        document = self.documents[row]
        return wish.language is None or document.kind not in _IN_EVERY_LANGUAGE or document.language is wish.language
