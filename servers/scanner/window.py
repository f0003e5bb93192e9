"""The last W rows of every ticker as right-aligned matrices, copied out of columns sorted by (ticker, date)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which rows [ends - count, ends) of each ticker are shown in the last `count` of `width` cells; shapes (n,)."""

    ends: NDArray[np.int64]
    count: NDArray[np.int32]
    width: int

    @classmethod
    def ending_at(cls, starts: NDArray[np.int64], ends: NDArray[np.int64], width: int) -> "Window":
        """The newest `width` of the rows [starts, ends) of every ticker."""
        return cls(ends=ends, count=np.minimum(ends - starts, width).astype(np.int32), width=width)

    def numbers(self, column: NDArray[np.int64]) -> NDArray[np.float64]:
        """Cells of a column as floats; NaN left of the history."""
        cells = np.empty((self.count.size, self.width))
        _copy(column, (self.ends, self.count), np.nan, cells)
        return cells

    def days(self, column: NDArray[np.int32]) -> NDArray[np.int32]:
        """Cells of a date column; 0 left of the history."""
        cells = np.empty((self.count.size, self.width), dtype=np.int32)
        _copy(column, (self.ends, self.count), 0, cells)
        return cells

    def marks(self, column: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Cells of a mask; False left of the history."""
        cells = np.empty((self.count.size, self.width), dtype=np.bool_)
        _copy(column, (self.ends, self.count), False, cells)
        return cells

    def cells_of(self, ticker_index: int, first: int, end: int) -> tuple[slice, slice]:
        """The cells of one ticker that show rows [first, end) of the columns, and those rows, cut to the window."""
        last = int(self.ends[ticker_index])
        begin, stop = max(first, last - int(self.count[ticker_index])), min(end, last)
        return slice(self.width - last + begin, max(self.width - last + stop, 0)), slice(begin, max(begin, stop))


def warm_up() -> None:
    """Load the machine code: the first compiled function of a process takes a third of a second to get going."""
    none = np.zeros(0, dtype=np.int64)
    Window(ends=none, count=none.astype(np.int32), width=1).numbers(none)


@compiled
def _copy(
    column: NDArray[np.generic], rows: tuple[NDArray[np.int64], NDArray[np.int32]], blank: float, cells: NDArray[np.generic]
) -> None:
    ends, count = rows
    width = cells.shape[1]
    for row in range(len(ends)):
        offset, first = ends[row] - width, width - count[row]
        cells[row, :first] = blank
        for cell in range(first, width):
            cells[row, cell] = column[offset + cell]
