"""Exact nearest vectors: a quick pass over bytes leaves a few hundred rows, which full precision then orders.

A float32 matrix of 100,000 rows does not fit the processor's cache, and reading it takes longer than a search may. A byte
per number is a quarter of that; its rounding moves a cosine by about 0.002, which the generous first choice absorbs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from servers.chat.retrieval.embedding import Vectors, normalised

_BYTE_MAX = 127
_QUERY_MAX = 1_023
"""Largest number of a rounded query: 127 x 1023 x 4096 dimensions still fits 32 bits."""

_CHOSEN_PER_WANTED = 4
_CHOSEN_LEAST = 200
_SAMPLED, _GENEROSITY = 16, 3

Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseIndex:
    """Vectors of documents, ready to be searched.

    Attributes:
        rows: Document of each vector, shape (m,).
        bytes_: Rounded vectors, shape (m, dimension).
        steps: What one unit of `bytes_` stands for, shape (m,).
        matrix: Vectors in full, of which `places` are used.
        places: Row in `matrix` of each vector, shape (m,).
    """

    rows: npt.NDArray[np.int32]
    bytes_: Bytes
    steps: Vectors
    matrix: Vectors
    places: npt.NDArray[np.int64]

    @classmethod
    def empty(cls, dimension: int) -> "DenseIndex":
        """An index of nothing."""
        return cls(
            rows=np.empty(0, dtype=np.int32),
            bytes_=np.empty((0, dimension), dtype=np.int8),
            steps=np.empty(0, dtype=np.float32),
            matrix=np.empty((0, dimension), dtype=np.float32),
            places=np.empty(0, dtype=np.int64),
        )

    def extended(self, rows: npt.NDArray[np.int32], places: npt.NDArray[np.int64], matrix: Vectors) -> "DenseIndex":
        """The index with more vectors.

        Args:
            rows: Documents, shape (k,).
            places: Their rows in `matrix`, shape (k,).
            matrix: The grown matrix; what was in it before is still in its place.
        """
        rounded, steps = _rounded(normalised(matrix[places]))
        return DenseIndex(
            rows=np.concatenate([self.rows, rows]),
            bytes_=np.concatenate([self.bytes_, rounded]),
            steps=np.concatenate([self.steps, steps]),
            matrix=matrix,
            places=np.concatenate([self.places, places]),
        )

    def nearest(self, query: Vectors, visible: npt.NDArray[np.bool_], limit: int) -> list[tuple[int, float]]:
        """Documents with their cosine with a query, closest first.

        Args:
            query: Vector of the question, shape (dimension,).
            visible: Which documents may be found, by their row.
            limit: Most documents.
        """
        allowed = visible[self.rows]
        count = min(max(_CHOSEN_LEAST, _CHOSEN_PER_WANTED * limit), int(np.count_nonzero(allowed)))
        if not count:
            return []
        direction = normalised(query)
        chosen = self._chosen(direction, allowed, count)
        exact = normalised(self.matrix[self.places[chosen]]) @ direction
        best = np.argsort(-exact, kind="stable")[:limit]
        return list(zip(self.rows[chosen[best]].tolist(), exact[best].tolist(), strict=True))

    def _chosen(self, direction: Vectors, allowed: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.intp]:
        step = float(np.abs(direction).max()) / _QUERY_MAX or 1.0
        rough = _rough_products(self.bytes_, self.steps, np.round(direction / step).astype(np.int16), allowed)
        return _largest(rough, count)


def warm_up() -> None:
    """Compile the loop now; otherwise the first search waits for it."""
    empty = DenseIndex.empty(1)
    _rough_products(empty.bytes_, empty.steps, np.zeros(1, dtype=np.int16), np.zeros(0, dtype=np.bool_))


def _largest(values: Vectors, count: int) -> npt.NDArray[np.intp]:
    """Places of the largest values, in any order; a sample tells beforehand which are too small."""
    sample = values[::_SAMPLED]
    kept = _GENEROSITY * (count // _SAMPLED + 1)
    if kept < len(sample):
        enough = np.flatnonzero(values >= np.partition(sample, -kept)[-kept])
        if len(enough) >= count:
            return enough[np.argpartition(values[enough], -count)[-count:]]
    return np.argpartition(values, -count)[-count:]


def _rounded(vectors: Vectors) -> tuple[Bytes, Vectors]:
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    steps = np.where(largest > 0, largest, 1.0) / _BYTE_MAX
    return np.round(vectors / steps[:, None]).astype(np.int8), steps.astype(np.float32)


@njit(nogil=True)
def _rough_products(rows: Bytes, steps: Vectors, query: npt.NDArray[np.int16], allowed: npt.NDArray[np.bool_]) -> Vectors:
    """Inner product of every allowed row with the query, minus infinity for the others; numpy has no fast one for bytes."""
    products: Vectors = np.empty(rows.shape[0], dtype=np.float32)
    for row in range(rows.shape[0]):
        if allowed[row]:
            total = np.int32(0)
            for column in range(rows.shape[1]):
                total += np.int32(rows[row, column]) * np.int32(query[column])
            products[row] = total * steps[row]
        else:
            products[row] = -np.inf
    return products
