"""An embedding model within its limits: tokens and money of a day, deadlines, and rest after failures."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from servers.chat.llm.budget import Budget
from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.port import NOTHING, TokenCount
from servers.chat.llm.tokens import tokens_of
from servers.chat.retrieval.embedding import Embedder, Vectors
from shared.clock import Clock

PRINCIPAL = "embeddings"
"""Whose day pays for vectors, beside the callers of the chat."""

_DOCUMENTS_S, _QUESTION_S = 30.0, 0.5
_FIRST_REST_S, _LONGEST_REST_S = 2.0, 300.0


class PatientEmbedder:
    """Wraps an embedder.

    After a failure it is left alone for a while, twice as long each time. Documents are asked for again then; questions are
    searched by words meanwhile.
    """

    def __init__(self, embedder: Embedder, budget: Budget, clock: Clock) -> None:
        self._embedder = embedder
        self._budget = budget
        self._clock = clock
        self._failures = 0
        self._resting_until = float("-inf")
        self.name = embedder.name
        self.dimension = embedder.dimension
        self.close_from = embedder.close_from
        self.batch = embedder.batch

    async def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """See the port."""
        characters = sum(map(len, texts))
        return await self._within(_DOCUMENTS_S, characters, lambda: self._embedder.embed_documents(texts))

    async def embed_query(self, text: str) -> Vectors:
        """See the port."""
        return await self._within(_QUESTION_S, len(text), lambda: self._embedder.embed_query(text))

    async def close(self) -> None:
        """Close the embedder."""
        await self._embedder.close()

    async def _within(self, seconds: float, characters: int, ask: Callable[[], Awaitable[Vectors]]) -> Vectors:
        if self._clock.monotonic() < self._resting_until:
            raise ModelUnavailable(Trouble.OVERLOADED, "left alone after failures")
        reservation = await self._budget.reserve(PRINCIPAL, TokenCount(input_tokens=tokens_of(characters), output_tokens=0))
        try:
            async with asyncio.timeout(seconds):
                vectors = await ask()
        except TimeoutError:
            self._rest(timedelta())
            raise ModelUnavailable(Trouble.TIMEOUT, "took too long") from None
        except ModelUnavailable as error:
            self._budget.settle(reservation, NOTHING)
            self._rest(error.retry_after or timedelta())
            raise
        self._failures = 0
        return vectors

    def _rest(self, named: timedelta) -> None:
        """Leave the model alone for the time that it named, and at least for a time that doubles with each failure."""
        rest = max(named.total_seconds(), _FIRST_REST_S * 2**self._failures)
        self._failures += 1
        self._resting_until = self._clock.monotonic() + min(rest, _LONGEST_REST_S)
