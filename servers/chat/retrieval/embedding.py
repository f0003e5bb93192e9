"""The port to an embedding model, and what its vectors are compared by."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose angle tells how close their meanings are."""

    @property
    def name(self) -> str:
        """Name of the model with everything that changes its vectors; stored vectors of another name are not used."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def close_from(self) -> float:
        """Cosine from which a text of this model may answer a question that shares no word with it."""
        ...

    @property
    def batch(self) -> int:
        """Most texts of one call."""
        ...

    async def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, shape (n, dimension).

        Raises:
            KStockError: The model does not answer, or a limit of its use is reached.
        """
        ...

    async def embed_query(self, text: str) -> Vectors:
        """Vector of a question, shape (dimension,); same errors, also when it takes longer than a search may."""
        ...

    async def close(self) -> None:
        """Close connections; no call may follow."""
        ...


def normalised(vectors: Vectors) -> Vectors:
    """The same directions with length 1, so that a product is a cosine; a zero vector stays as it is.

    Args:
        vectors: Shape (..., dimension).
    """
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return result
