"""Searching by meaning in this process alone: vectors in a file, an exact index over them in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import numpy as np

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.dense import DenseIndex, warm_up
from servers.chat.retrieval.document import Document, Wish
from servers.chat.retrieval.embedding import Embedder, Vectors
from servers.chat.retrieval.question_vectors import QuestionVectors, Silence
from servers.chat.retrieval.snapshot import RANKED, Nearest, Snapshot, Visible
from servers.chat.retrieval.vector_file import VectorFile, text_key
from shared.market.errors import KStockError

OpenFile = Callable[[], VectorFile]


class Vectoriser:
    """Gives documents and questions the vectors of one model, each text embedded once."""

    def __init__(self, embedder: Embedder, open_file: OpenFile) -> None:
        """Keep the collaborators.

        Args:
            embedder: The model.
            open_file: Opens the file of its vectors, when the first documents are to get some.
        """
        self._embedder = embedder
        self._open_file = open_file
        self._opened: VectorFile | None = None
        self._index = DenseIndex.empty(embedder.dimension)
        self._seen = 0
        self._questions = QuestionVectors(embedder)
        self._silence = Silence(embedder)

    async def nearest(self, wish: Wish) -> Nearest | None:
        """See the port."""
        vector = await self._questions.get(wish.query)
        return None if vector is None else _nearest_to(vector, self._embedder.close_from)

    async def keep_up(self, corpus: Corpus) -> AsyncIterator[None]:
        """See the port; what has a vector on disk comes first and costs no call."""
        if self._opened is None:
            self._opened = self._open_file()
            await asyncio.to_thread(warm_up)
        file, end = self._opened, len(corpus)
        waiting = corpus.rows_from(self._seen)
        stored = [(row, document) for row, document in waiting if file.place(_key(document)) is not None]
        if stored:
            corpus.dense = await self._indexed(stored, file)
            yield
        missing = [(row, document) for row, document in waiting if file.place(_key(document)) is None]
        for first in range(0, len(missing), self._embedder.batch):
            some = missing[first : first + self._embedder.batch]
            if not await self._embed([document for _, document in some], file):
                self._seen = missing[first][0]
                return
            corpus.dense = await self._indexed(some, file)
            yield
        self._seen = end

    async def close(self) -> None:
        """Close the model, and let other processes have the file."""
        await self._embedder.close()
        if self._opened is not None:
            self._opened.close()

    async def _indexed(self, some: Sequence[tuple[int, Document]], file: VectorFile) -> DenseIndex:
        rows = np.array([row for row, _ in some], dtype=np.int32)
        known = np.isin(rows, self._index.rows)
        places = np.array([file.place(_key(document)) for _, document in some], dtype=np.int64)
        self._index = await asyncio.to_thread(self._index.extended, rows[~known], places[~known], file.matrix)
        return self._index

    async def _embed(self, documents: Sequence[Document], file: VectorFile) -> bool:
        by_key = {_key(one): one.whole for one in documents if file.place(_key(one)) is None}
        if not by_key:
            return True
        try:
            vectors = await self._embedder.embed_documents(list(by_key.values()))
        except KStockError as error:
            self._silence.begins(error)
            return False
        self._silence.ends()
        file.append(list(by_key), vectors)
        return True


def _nearest_to(vector: Vectors, close: float) -> Nearest:
    def nearest(snapshot: Snapshot, visible: Visible) -> Sequence[tuple[int, float]]:
        if snapshot.dense is None:
            return ()
        return [(row, cosine) for row, cosine in snapshot.dense.nearest(vector, visible, RANKED) if cosine >= close]

    return nearest


def _key(document: Document) -> bytes:
    return text_key(document.whole)
