"""An embedding model for tests: texts that share words have close vectors; it can be told to stay silent."""

import hashlib
from collections.abc import Sequence

import numpy as np

from servers.chat.retrieval.embedding import Vectors
from shared.rpc.errors import ServerUnavailable


class WordEmbedder:
    """Adds up one random direction per word; `synonyms` gives a word the direction of another."""

    name = "words"
    batch = 3
    close_from = 0.5

    def __init__(self, dimension: int = 64, synonyms: dict[str, str] | None = None) -> None:
        self.dimension = dimension
        self.silent = False
        self.embedded: list[str] = []
        self._synonyms = synonyms or {}

    async def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self._answer()
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    async def embed_query(self, text: str) -> Vectors:
        self._answer()
        return self._vector(text)

    async def close(self) -> None:
        pass

    def _answer(self) -> None:
        if self.silent:
            raise ServerUnavailable("UNAVAILABLE", "the model does not answer")

    def _vector(self, text: str) -> Vectors:
        directions = [self._direction(self._synonyms.get(word, word)) for word in text.split()]
        return np.sum(directions or [np.zeros(self.dimension)], axis=0).astype(np.float32)

    def _direction(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
