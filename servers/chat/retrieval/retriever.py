"""Search over everything that can be cited: keeps the corpus up to date with the store, and answers wishes."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Protocol

import structlog

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.document import Document, Found, Wish
from servers.chat.retrieval.intake import Intake
from servers.chat.retrieval.meaning import Meaning
from servers.chat.retrieval.postings import merge_segments
from servers.chat.retrieval.snapshot import Nearest, Snapshot
from servers.chat.retrieval.terms import MorphemeAnalyser, terms_of
from shared.clock import Clock
from shared.market.errors import StoreUnusable
from shared.store.store import Store

log = structlog.get_logger(__name__)

_LOOK_S = 2.0
"""How often the store is asked whether it has something new."""

_FIRST_READING_S = 3.0
"""How long a question waits for the first reading of the store; after that it searches what has been read so far."""


class Morphemes(Protocol):
    """The morpheme analyser of this process, loaded when it is first needed."""

    async def get(self) -> MorphemeAnalyser:
        """The analyser."""
        ...


class Retriever:
    """One per process; `run` keeps it current, `search` uses what has been read so far."""

    name = "chat-retrieval"

    def __init__(
        self,
        store: Store,
        clock: Clock,
        morphemes: Morphemes,
        *,
        packaged: Sequence[Document] = (),
        meaning: Meaning | None = None,
    ) -> None:
        """Keep the collaborators.

        Args:
            store: Where headlines and signals are.
            clock: Machine time, for waiting.
            morphemes: The analyser of this process.
            packaged: Documents that come with the program.
            meaning: Searches by meaning as well; None searches by words only.
        """
        self._intake = Intake(store)
        self._clock = clock
        self._morphemes = morphemes
        self._packaged = tuple(packaged)
        self._meaning = meaning
        self._corpus = Corpus()
        self._snapshot = self._corpus.snapshot()
        self._renewing = asyncio.Lock()
        self._lost = False
        self._without_vectors = False
        self._read_once = asyncio.Event()

    @property
    def document_count(self) -> int:
        """Documents that can be found now, replaced ones included."""
        return len(self._snapshot)

    async def search(self, wish: Wish) -> list[Found]:
        """Documents that match, best first; empty when nothing does.

        Nothing that became known after `wish.until` is found. While a large store is being read for the first time, only the
        newest documents are.
        """
        await self._first_reading()
        analyser = await self._morphemes.get()
        terms = terms_of(wish.query, analyser)
        nearest = None if self._meaning is None else await self._meaning.nearest(wish)
        return await asyncio.to_thread(_search, self._snapshot, wish, terms, nearest)

    async def renew(self) -> None:
        """Read what is new from the store and the package.

        Raises:
            StoreUnusable: The store cannot be read.
        """
        async with self._renewing:
            await self._take_in(self._packaged)
            async for page in self._intake.pages():
                await self._take_in(page)
            self._read_once.set()
            await self._give_vectors()

    async def run(self) -> None:
        """Stay current until cancelled; an unreachable store is asked again."""
        while True:
            try:
                await self.renew()
            except StoreUnusable as error:
                if not self._lost:
                    log.warning("store_lost", why=str(error))
                self._lost = True
            else:
                self._lost = False
            await self._clock.sleep_machine(_LOOK_S)

    async def _first_reading(self) -> None:
        if not self._read_once.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FIRST_READING_S):
                    await self._read_once.wait()

    async def _take_in(self, documents: Sequence[Document]) -> None:
        new = self._corpus.unknown(documents)
        if not new:
            return
        analyser = await self._morphemes.get()
        read = []
        for document in new:
            # The analyser keeps the interpreter lock: from a thread it would stop the loop for 5 ms at a time, here for 0.4.
            read.append((document, terms_of(document.indexed, analyser)))
            await asyncio.sleep(0)
        self._corpus.add(read)
        await self._merge()
        self._snapshot = self._corpus.snapshot()

    async def _merge(self) -> None:
        small = self._corpus.mergeable()
        if small:
            merged = await asyncio.to_thread(merge_segments, small)
            self._corpus.replace_segments(small, merged)

    async def _give_vectors(self) -> None:
        """Words find documents also where there is no place for vectors, or where another process keeps it."""
        if self._meaning is None:
            return
        try:
            async for _ in self._meaning.keep_up(self._corpus):
                self._snapshot = self._corpus.snapshot()
        except StoreUnusable as error:
            if not self._without_vectors:
                log.warning("vectors_unavailable", why=str(error))
            self._without_vectors = True
        else:
            self._without_vectors = False


def _search(snapshot: Snapshot, wish: Wish, terms: Sequence[str], nearest: Nearest | None) -> list[Found]:
    return snapshot.search(wish, terms, nearest)
