"""Searching by meaning in PostgreSQL: vectors of all processes in one place, found by pgvector."""

from collections.abc import AsyncIterator, Sequence

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.document import Document, Wish
from servers.chat.retrieval.embedding import Embedder
from servers.chat.retrieval.question_vectors import QuestionVectors, Silence
from servers.chat.retrieval.snapshot import ALWAYS, RANKED, Nearest, Snapshot, Visible
from servers.chat.retrieval.vector_file import text_key
from shared.market.errors import KStockError, StoreUnusable
from shared.store.repositories.passage_vectors import Near, Passage, VectorTable
from shared.store.store import Store
from shared.store.types import to_microseconds

_TOGETHER = 1_000


class SharedVectors:
    """Gives documents and questions the vectors of one model; each text is embedded by one process only, mostly."""

    def __init__(self, embedder: Embedder, store: Store) -> None:
        """Keep the collaborators; `store` must be on PostgreSQL."""
        self._embedder = embedder
        self._store = store
        self._table = VectorTable.of(embedder.name, embedder.dimension)
        self._prepared = False
        self._seen = 0
        self._questions = QuestionVectors(embedder)
        self._silence = Silence(embedder)

    async def nearest(self, wish: Wish) -> Nearest | None:
        """See the port."""
        vector = await self._questions.get(wish.query) if self._prepared else None
        if vector is None:
            return None
        near = Near(
            vector=vector,
            until=to_microseconds(wish.until),
            since=None if wish.since is None else to_microseconds(wish.since),
            tickers=wish.tickers,
            kinds=wish.kinds,
            limit=RANKED,
        )
        try:
            async with self._store.read() as uow:
                found = await uow.passage_vectors.nearest(self._table, near)
        except StoreUnusable as error:
            self._silence.begins(error)
            return None
        return _rows_of([(name, cosine) for name, cosine in found if cosine >= self._embedder.close_from])

    async def keep_up(self, corpus: Corpus) -> AsyncIterator[None]:
        """See the port."""
        if not self._prepared:
            async with self._store.begin() as uow:
                await uow.passage_vectors.prepare(self._table)
            self._prepared = True
        end, waiting = len(corpus), corpus.rows_from(self._seen)
        for first in range(0, len(waiting), _TOGETHER):
            some = waiting[first : first + _TOGETHER]
            if not await self._write([document for _, document in some]):
                self._seen = some[0][0]
                return
            yield
        self._seen = end

    async def close(self) -> None:
        """Close the model."""
        await self._embedder.close()

    async def _write(self, documents: Sequence[Document]) -> bool:
        """Write what is not there yet; False when the model is silent."""
        passages = {document.document_id: (_passage(document), document.whole) for document in documents}
        async with self._store.read() as uow:
            missing = await uow.passage_vectors.unknown(self._table, [passage for passage, _ in passages.values()])
            new = [passages[name] for name in passages if name in missing]
            texts = await uow.passage_vectors.known_texts(self._table, [passage.text_key for passage, _ in new])
        async with self._store.begin() as uow:
            known = [passage for passage, _ in new if passage.text_key in texts]
            await uow.passage_vectors.save_known(self._table, known)
        unread = [(passage, whole) for passage, whole in new if passage.text_key not in texts]
        batches = (unread[at : at + self._embedder.batch] for at in range(0, len(unread), self._embedder.batch))
        for batch in batches:
            if not await self._embed(batch):
                return False
        return True

    async def _embed(self, batch: Sequence[tuple[Passage, str]]) -> bool:
        try:
            vectors = await self._embedder.embed_documents([whole for _, whole in batch])
        except KStockError as error:
            self._silence.begins(error)
            return False
        self._silence.ends()
        async with self._store.begin() as uow:
            await uow.passage_vectors.save(self._table, [passage for passage, _ in batch], vectors)
        return True


def _passage(document: Document) -> Passage:
    published = int(ALWAYS) if document.publish_time is None else to_microseconds(document.publish_time)
    return Passage(
        document_id=document.document_id,
        text_key=text_key(document.whole),
        published=published,
        kind=document.kind.value,
        tickers=tuple(map(str, document.tickers)),
    )


def _rows_of(found: Sequence[tuple[str, float]]) -> Nearest:
    def nearest(snapshot: Snapshot, visible: Visible) -> Sequence[tuple[int, float]]:
        rows = ((snapshot.row_of(name), cosine) for name, cosine in found)
        return [(row, cosine) for row, cosine in rows if row is not None and visible[row]]

    return nearest
