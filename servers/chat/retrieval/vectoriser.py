"""Vectors for documents and questions from an embedding model, each text embedded once."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence

import numpy as np
import structlog

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.dense import DenseIndex, warm_up
from servers.chat.retrieval.document import Document
from servers.chat.retrieval.embedding import Embedder, Vectors
from servers.chat.retrieval.vector_file import VectorFile, text_key
from shared.market.errors import KStockError

log = structlog.get_logger(__name__)

_QUERY_WITHIN_S = 0.5
"""A question is searched by words alone when its vector takes longer."""

_QUERIES_KEPT = 512


class Vectoriser:
    """Keeps the vectors of one model in a file, and the index over them in memory."""

    def __init__(self, embedder: Embedder, file: VectorFile) -> None:
        """Keep the collaborators; `file` must be of the embedder's model and dimension."""
        self._embedder = embedder
        self._file = file
        self._index = DenseIndex.empty(embedder.dimension)
        self._seen = 0
        self._queries: OrderedDict[str, Vectors] = OrderedDict()
        self._silent = False

    async def of_query(self, text: str) -> Vectors | None:
        """Vector of a question; None when the model does not answer in time."""
        known = self._queries.get(text)
        if known is not None:
            self._queries.move_to_end(text)
            return known
        try:
            async with asyncio.timeout(_QUERY_WITHIN_S):
                vector = await self._embedder.embed_query(text)
        except (KStockError, TimeoutError) as error:
            self._note_silence(error)
            return None
        self._silent = False
        self._queries[text] = vector
        if len(self._queries) > _QUERIES_KEPT:
            self._queries.popitem(last=False)
        return vector

    async def extended(self, corpus: Corpus) -> AsyncIterator[DenseIndex]:
        """The index with the documents that are new, after every batch; ends early when the model is silent.

        What has a vector on disk comes first and costs no call.
        """
        if not self._seen:
            await asyncio.to_thread(warm_up)
        end = len(corpus)
        waiting = corpus.rows_from(self._seen)
        stored = [(row, document) for row, document in waiting if self._file.place(_key(document)) is not None]
        if stored:
            yield await self._indexed(stored)
        missing = [(row, document) for row, document in waiting if self._file.place(_key(document)) is None]
        for first in range(0, len(missing), self._embedder.batch):
            some = missing[first : first + self._embedder.batch]
            if not await self._embed([document for _, document in some]):
                self._seen = missing[first][0]
                return
            yield await self._indexed(some)
        self._seen = end

    async def _indexed(self, some: Sequence[tuple[int, Document]]) -> DenseIndex:
        rows = np.array([row for row, _ in some], dtype=np.int32)
        known = np.isin(rows, self._index.rows)
        places = np.array([self._file.place(_key(document)) for _, document in some], dtype=np.int64)
        matrix = self._file.matrix
        self._index = await asyncio.to_thread(self._index.extended, rows[~known], places[~known], matrix)
        return self._index

    async def _embed(self, documents: Sequence[Document]) -> bool:
        by_key = {_key(one): one.whole for one in documents if self._file.place(_key(one)) is None}
        if not by_key:
            return True
        try:
            vectors = await self._embedder.embed_documents(list(by_key.values()))
        except KStockError as error:
            self._note_silence(error)
            return False
        self._silent = False
        self._file.append(list(by_key), vectors)
        return True

    def _note_silence(self, error: Exception) -> None:
        if not self._silent:
            log.warning("embedding_model_silent", model=self._embedder.name, why=str(error))
        self._silent = True


def _key(document: Document) -> bytes:
    return text_key(document.whole)
