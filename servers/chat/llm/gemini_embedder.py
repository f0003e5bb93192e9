"""Vectors from Gemini's embedding models through the maintained SDK. Importing this module costs a second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from google.genai import types

from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.gemini_line import GeminiLine, closed_at_end, model_errors
from servers.chat.retrieval.embedding import Vectors

DEFAULT_NAME = "gemini-embedding-001"
"""Takes 2,048 tokens a text and 128 to 3,072 dimensions, of which the first ones tell most."""

MOST_TEXTS = 100
"""Of one request; a limit of the service."""

_MAX_CHARACTERS = 3_000
_TIMEOUT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingModel:
    """Which model, how many numbers a vector has, and from which cosine two texts are close."""

    name: str = DEFAULT_NAME
    dimension: int
    close: float


class GeminiEmbedder:
    """The port over one model."""

    batch = MOST_TEXTS

    def __init__(self, model: EmbeddingModel, *, api_key: str, base_url: str | None = None) -> None:
        """Set up the client; nothing is sent yet.

        Args:
            model: What is asked.
            api_key: Key of the Gemini API.
            base_url: Another address than Google's; None for Google's.
        """
        self._model = model
        self._line = GeminiLine(api_key=api_key, base_url=base_url, timeout=_TIMEOUT)
        self.name = model.name
        self.dimension = model.dimension
        self.close_from = model.close

    async def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """See the port."""
        return await self._embed(texts, "RETRIEVAL_DOCUMENT")

    async def embed_query(self, text: str) -> Vectors:
        """See the port."""
        vector: Vectors = (await self._embed([text], "RETRIEVAL_QUERY"))[0]
        return vector

    async def close(self) -> None:
        """Close connections."""
        await self._line.close()

    async def _embed(self, texts: Sequence[str], task: str) -> Vectors:
        # One content for each text: of plain strings some models would make a single vector.
        contents = [types.Content(parts=[types.Part(text=text[:_MAX_CHARACTERS])]) for text in texts]
        with model_errors():
            async with closed_at_end():
                response = await self._line.models.embed_content(
                    model=self._model.name,
                    contents=contents,
                    config={"task_type": task, "output_dimensionality": self.dimension},
                )
        return self._checked(response.embeddings or [], len(texts))

    def _checked(self, embeddings: Sequence[types.ContentEmbedding], count: int) -> Vectors:
        values = [embedding.values or [] for embedding in embeddings]
        if len(values) != count or any(len(vector) != self.dimension for vector in values):
            raise ModelUnavailable(Trouble.MALFORMED, "not the vectors that were asked for")
        vectors: Vectors = np.array(values, dtype=np.float32)
        if not np.isfinite(vectors).all():
            raise ModelUnavailable(Trouble.MALFORMED, "vectors with numbers that are none")
        return vectors
