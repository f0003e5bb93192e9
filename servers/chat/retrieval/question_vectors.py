"""Vectors of questions: asked of the model once, and kept for the next time."""

from collections import OrderedDict
from typing import Protocol

import structlog

from servers.chat.retrieval.embedding import Embedder, Vectors
from shared.market.errors import KStockError

log = structlog.get_logger(__name__)

_KEPT = 512


class QuestionVectors:
    """The last questions of one model."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._silence = Silence(embedder)

    async def get(self, text: str) -> Vectors | None:
        """Vector of a question; None when the model does not answer in time."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        try:
            vector = await self._embedder.embed_query(text)
        except KStockError as error:
            self._silence.begins(error)
            return None
        self._silence.ends()
        self._known[text] = vector
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return vector


class Named(Protocol):
    """Something with a name."""

    @property
    def name(self) -> str:
        """The name."""
        ...


class Silence:
    """Whether a model is silent: logged when it begins, not every time."""

    def __init__(self, model: Named) -> None:
        self._model = model
        self._lasts = False

    def begins(self, error: Exception) -> None:
        """The model did not answer."""
        if not self._lasts:
            log.warning("embedding_model_silent", model=self._model.name, why=str(error))
        self._lasts = True

    def ends(self) -> None:
        """The model answered."""
        self._lasts = False
