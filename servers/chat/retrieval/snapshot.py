"""The documents as they stood when a search began: searched without a lock, never changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from servers.chat.retrieval.bm25 import QueryTerms
from servers.chat.retrieval.dense import DenseIndex
from servers.chat.retrieval.document import Document, DocumentKind, Found, Wish
from servers.chat.retrieval.fusion import fuse_ranks
from servers.chat.retrieval.postings import Segment
from shared.store.types import to_microseconds

ALWAYS = np.iinfo(np.int64).min
"""Publish time of what has always been known."""

RANKED = 100
"""Documents that each arm hands to the fusion."""

Visible = npt.NDArray[np.bool_]
Nearest = Callable[["Snapshot", Visible], Sequence[tuple[int, float]]]
"""Rows of visible documents that are close to a query in meaning, with their cosine, closest first."""

KIND_NUMBERS = {kind: number for number, kind in enumerate(DocumentKind)}
_IN_EVERY_LANGUAGE = frozenset({DocumentKind.DEFINITION, DocumentKind.HELP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Documents by row, and the columns that searching goes by.

    Attributes:
        documents: At least the first n are this snapshot's.
        rows: Row of each document by its id; rows from n on are not this snapshot's.
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
    rows: Mapping[str, int]
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

    def search(self, wish: Wish, terms: Sequence[str], nearest: Nearest | None = None) -> list[Found]:
        """Documents that match the wish, best first.

        Args:
            wish: Filters and the number wanted.
            terms: Content words of the query.
            nearest: Finds documents by the meaning of the query; None searches by words only.
        """
        visible = self._visible(wish)
        query = QueryTerms.look_up(terms, self.vocabulary, self.segments, len(self))
        near = [] if nearest is None else nearest(self, visible)
        similarity = dict(near)
        found: dict[int, Found] = {}
        for row, score in fuse_ranks([self._by_words(query, visible), [row for row, _ in near]]):
            newest = self._newest_version(row, wish.until)
            if newest not in found and self._speaks(newest, wish):
                found[newest] = Found(
                    document=self.documents[newest],
                    score=score,
                    coverage=query.coverage(newest),
                    similarity=similarity.get(row, 0.0),
                )
            if len(found) == wish.limit:
                break
        return list(found.values())

    def row_of(self, document_id: str) -> int | None:
        """Row of a document; None when this snapshot does not have it."""
        row = self.rows.get(document_id)
        return row if row is not None and row < len(self) else None

    def _visible(self, wish: Wish) -> Visible:
        visible: Visible = self.alive & (self.published <= to_microseconds(wish.until))
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

    def _by_words(self, query: QueryTerms, visible: Visible) -> list[int]:
        scores = query.scores(len(self))
        matching = np.flatnonzero((scores > 0) & visible)
        if len(matching) > RANKED:
            matching = matching[np.argpartition(-scores[matching], RANKED)[:RANKED]]
        # Of equally close documents the one published last comes first.
        order = np.lexsort((-self.published[matching], -scores[matching]))
        return [int(row) for row in matching[order]]

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
