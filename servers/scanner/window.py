"""The last W rows of every ticker as right-aligned matrices, gathered without a loop over tickers."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where each cell of an [n, W] matrix stands in columns sorted by (ticker, date).

    `index` is clipped into the columns; `outside` marks cells left of a ticker's history, or is None when there are none.
    """

    count: NDArray[np.int32]
    index: NDArray[np.int64]
    outside: NDArray[np.bool_] | None

    @classmethod
    def ending_at(cls, starts: NDArray[np.int64], ends: NDArray[np.int64], width: int) -> "Window":
        """The newest `width` of the rows [starts, ends) of every ticker; both arrays have shape (n,)."""
        count = np.minimum(ends - starts, width).astype(np.int32)
        index = ends[:, None] + np.arange(-width, 0)
        outside = np.arange(width) < width - count[:, None]
        return cls(count=count, index=np.maximum(index, 0), outside=outside if outside.any() else None)

    def numbers(self, column: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Cells of a column as floats; NaN outside of the history."""
        cells = self._take(column).astype(np.float64)
        if self.outside is not None:
            cells[self.outside] = np.nan
        return cells

    def days(self, column: NDArray[np.int32]) -> NDArray[np.int32]:
        """Cells of a date column; 0 outside."""
        cells = self._take(column)
        if self.outside is not None:
            cells[self.outside] = 0
        return cells

    def marks(self, column: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Cells of a mask; False outside."""
        cells = self._take(column)
        if self.outside is not None:
            cells &= ~self.outside
        return cells

    def _take(self, column: NDArray[_Scalar]) -> NDArray[_Scalar]:
        if not column.size:
            return np.zeros(self.index.shape, dtype=column.dtype)
        return column.take(self.index)
