"""All documents of this process: grows by small segments that are merged later, and hands out snapshots."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from servers.chat.retrieval.dense import DenseIndex
from servers.chat.retrieval.document import Document
from servers.chat.retrieval.postings import Segment, build_segment
from servers.chat.retrieval.snapshot import ALWAYS, KIND_NUMBERS, Snapshot
from shared.store.types import to_microseconds

_MERGE_RATIO = 2
"""A segment is merged with those after it once they hold half as many postings: few segments, each moved seldom."""


class Corpus:
    """Changed by one task only; snapshots may be searched by any thread."""

    def __init__(self) -> None:
        self._documents: list[Document] = []
        self._rows: dict[str, int] = {}
        self._vocabulary: dict[str, int] = {}
        self._segments: list[Segment] = []
        self._published: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._alive: npt.NDArray[np.bool_] = np.empty(0, dtype=np.bool_)
        self._kinds: npt.NDArray[np.int8] = np.empty(0, dtype=np.int8)
        self._of_ticker: defaultdict[str, list[int]] = defaultdict(list)
        self._of_group: defaultdict[str, list[int]] = defaultdict(list)
        self.dense: DenseIndex | None = None

    def unknown(self, documents: Iterable[Document]) -> list[Document]:
        """Those that are new, or that differ from what is here under their id; each id once."""
        latest = {document.document_id: document for document in documents}
        return [document for document in latest.values() if self._of_id(document.document_id) != document]

    def add(self, documents: Sequence[tuple[Document, Sequence[str]]]) -> None:
        """Add documents with their terms; one whose id is known replaces the old one."""
        if not documents:
            return
        first = len(self._documents)
        new, terms = [document for document, _ in documents], [self._numbers(words) for _, words in documents]
        self._append_columns(new)
        for row, document in enumerate(new, start=first):
            replaced = self._rows.get(document.document_id)
            if replaced is not None:
                self._alive[replaced] = False
            self._rows[document.document_id] = row
            for ticker in document.tickers:
                self._of_ticker[ticker].append(row)
            if document.group:
                self._of_group[document.group].append(row)
        self._documents.extend(new)
        self._segments.append(build_segment(dict(enumerate(terms, start=first))))

    def mergeable(self) -> tuple[Segment, ...]:
        """The last segments, when it is time to merge them; empty when it is not."""
        if not self._segments:
            return ()
        count, size = 1, self._segments[-1].size
        while count < len(self._segments) and self._segments[-count - 1].size <= _MERGE_RATIO * size:
            size += self._segments[-count - 1].size
            count += 1
        return tuple(self._segments[-count:]) if count > 1 else ()

    def replace_segments(self, old: Sequence[Segment], merged: Segment) -> None:
        """Put the merged segment in the place of the last ones, which `mergeable` named."""
        self._segments[-len(old) :] = [merged]

    def rows_from(self, first: int) -> list[tuple[int, Document]]:
        """Documents from a row on that were not replaced, with their rows."""
        return [(row, self._documents[row]) for row in range(first, len(self._documents)) if self._alive[row]]

    def __len__(self) -> int:
        """Number of documents, replaced ones included."""
        return len(self._documents)

    def snapshot(self) -> Snapshot:
        """The documents as they are now."""
        return Snapshot(
            documents=self._documents,
            rows=self._rows,
            vocabulary=self._vocabulary,
            segments=tuple(self._segments),
            published=self._published,
            alive=self._alive,
            kinds=self._kinds,
            of_ticker=self._of_ticker,
            of_group=self._of_group,
            dense=self.dense,
        )

    def _of_id(self, document_id: str) -> Document | None:
        row = self._rows.get(document_id)
        return None if row is None else self._documents[row]

    def _numbers(self, words: Sequence[str]) -> list[int]:
        return [self._vocabulary.setdefault(word, len(self._vocabulary)) for word in words]

    def _append_columns(self, new: Sequence[Document]) -> None:
        """New arrays: those of earlier snapshots stay as they are."""
        count = len(new)
        times = [ALWAYS if one.publish_time is None else to_microseconds(one.publish_time) for one in new]
        self._published = np.append(self._published, np.array(times, dtype=np.int64))
        self._alive = np.append(self._alive, np.ones(count, dtype=np.bool_))
        self._kinds = np.append(self._kinds, np.array([KIND_NUMBERS[one.kind] for one in new], dtype=np.int8))
