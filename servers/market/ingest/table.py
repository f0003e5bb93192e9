"""Rows of parquet, CSV and master files in chunks, each row with the line it stands in."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, TextIO

import polars as pl

from servers.market.ingest.mst import parse_master
from shared.market.errors import InvalidInput

LINE = "line"
BROKEN = "broken"

_DAMAGE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What the parquet reader raises on bytes that are not what the footer promises."""


class Table(Protocol):
    """Rows of an opened file."""

    @property
    def rows(self) -> int | None:
        """Number of rows where the format says it without reading them all."""

    def chunks(self, size: int) -> Iterator[pl.DataFrame]:
        """Rows in file order, `size` at once, fewer in the last chunk.

        Each frame has the file's columns, `line` (1-based: line of a text file, row of a parquet file) and `broken` (why
        a row cannot be split into cells, else null).

        Raises:
            InvalidInput: If the rest of the file cannot be read; names the file.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetTable:
    """A parquet file, read in streaming fashion."""

    path: Path
    columns: tuple[str, ...]
    rows: int

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read the footer.

        Raises:
            InvalidInput: If it is damaged or half written, or holds no rows.
        """
        try:
            frame = pl.scan_parquet(path, glob=False)
            columns = tuple(frame.collect_schema().names())
            rows = int(frame.select(pl.len()).collect().item())
        except _DAMAGE as error:
            raise InvalidInput(str(path), f"is a damaged or half-written parquet file: {_brief(error)}") from error
        if rows == 0:
            raise InvalidInput(str(path), "is empty: it has columns but no rows")
        return cls(path=path, columns=columns, rows=rows)

    def chunks(self, size: int) -> Iterator[pl.DataFrame]:
        """See `Table.chunks`."""
        first = 1
        frame = pl.scan_parquet(self.path, glob=False)
        try:
            for batch in frame.collect_batches(chunk_size=size, maintain_order=True):
                lines = pl.int_range(first, first + batch.height, dtype=pl.Int64).alias(LINE)
                yield batch.with_columns(lines, pl.lit(None, pl.String).alias(BROKEN))
                first += batch.height
        except _DAMAGE as error:
            raise InvalidInput(str(self.path), f"is damaged after row {first - 1}: {_brief(error)}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvTable:
    """A CSV file with a header line, UTF-8 or cp949; every cell stays text here, an empty one is null."""

    path: Path
    columns: tuple[str, ...]
    encoding: str
    content: bytes | None
    rows: int | None = None

    @classmethod
    def open(cls, path: Path, *, encoding: str, content: bytes | None) -> Self:
        """Read the header line.

        Args:
            path: The file, also where it is packed.
            encoding: From `text_encoding`.
            content: All of it where it had to be unpacked, else None.

        Raises:
            InvalidInput: If the header cannot be read or names a column twice.
        """
        table = cls(path=path, columns=(), encoding=encoding, content=content)
        with table._text() as stream:
            try:
                columns = tuple(name.strip() for name in next(csv.reader(stream), []))
            except (csv.Error, UnicodeDecodeError) as error:
                raise InvalidInput(str(path), f"is no CSV file: {error}") from error
        twice = sorted({name for name in columns if columns.count(name) > 1})
        if twice:
            raise InvalidInput(str(path), f"names columns twice in its header: {', '.join(twice)}")
        return cls(path=path, columns=columns, encoding=encoding, content=content)

    def chunks(self, size: int) -> Iterator[pl.DataFrame]:
        """See `Table.chunks`."""
        line = 1
        with self._text() as stream:
            reader = csv.reader(stream)
            next(reader)
            cells: list[list[str | None]] = []
            marks: list[tuple[int, str | None]] = []
            try:
                for row in reader:
                    line, first = reader.line_num, line + 1
                    if not row:
                        continue
                    broken = (
                        None
                        if len(row) == len(self.columns)
                        else f"has {len(row)} cells, the header has {len(self.columns)}"
                    )
                    cells.append([cell or None for cell in row] if broken is None else [None] * len(self.columns))
                    marks.append((first, broken))
                    if len(cells) == size:
                        yield self._frame(cells, marks)
                        cells, marks = [], []
            except (csv.Error, UnicodeDecodeError) as error:
                raise InvalidInput(str(self.path), f"cannot be read after line {line}: {error}") from error
            if cells:
                yield self._frame(cells, marks)
        if line == 1:
            raise InvalidInput(str(self.path), "is empty: it has a header but no rows")

    def _frame(self, cells: list[list[str | None]], marks: list[tuple[int, str | None]]) -> pl.DataFrame:
        frame = pl.DataFrame(cells, schema=dict.fromkeys(self.columns, pl.String), orient="row")
        lines, broken = zip(*marks, strict=True)
        return frame.with_columns(pl.Series(LINE, lines, pl.Int64), pl.Series(BROKEN, broken, pl.String))

    def _text(self) -> TextIO:
        if self.content is None:
            return self.path.open(encoding=self.encoding, newline="")
        return io.TextIOWrapper(io.BytesIO(self.content), encoding=self.encoding, newline="")


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterTable:
    """A KIS master file, unpacked."""

    path: Path
    content: bytes

    @property
    def rows(self) -> int:
        """Number of lines."""
        return self.content.count(b"\n") + (not self.content.endswith(b"\n"))

    def chunks(self, size: int) -> Iterator[pl.DataFrame]:
        """See `Table.chunks`."""
        yield from parse_master(self.content).iter_slices(size)


def text_encoding(head: bytes) -> str | None:
    """Encoding of a text that starts like this; None for what is no text in UTF-8 or cp949."""
    if b"\0" in head:
        return None
    for encoding in ("utf-8-sig", "cp949"):
        try:
            head[: head.rfind(b"\n") + 1 or len(head)].decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _brief(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
