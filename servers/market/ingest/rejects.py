"""The file that tells which rows of an imported file were not stored, and why."""

import csv
from pathlib import Path
from typing import TextIO

import polars as pl

from servers.market.ingest.table import LINE
from servers.market.ingest.validation import DETAIL, REASON, ROW
from shared.market.errors import StoreUnusable

_HEADER = ("file", "line", "reason", "detail", "row")


class RejectFile:
    """`<data_dir>/rejects/<file>.csv`, complete or absent: it gets its name when the file has been read to its end."""

    def __init__(self, data_dir: Path, source: Path, *, taken: set[Path]) -> None:
        """Choose a name.

        Args:
            data_dir: Where the stores are.
            source: The file that is imported.
            taken: Names of this import, extended here: files of the same name lie in different folders.
        """
        folder = data_dir / "rejects"
        names = (f"{source.name}.csv", *(f"{source.parent.name}-{n}-{source.name}.csv" for n in range(len(taken) + 1)))
        self.path = next(folder / name for name in names if folder / name not in taken)
        taken.add(self.path)
        self.counts: dict[str, int] = {}
        self._source = source
        self._draft = self.path.with_name(f".{self.path.name}.part")
        self._stream: TextIO | None = None

    def add(self, rejected: pl.DataFrame) -> None:
        """Append the rejected rows of a chunk.

        Raises:
            StoreUnusable: The folder cannot be written.
        """
        if rejected.is_empty():
            return
        if self._stream is None:
            self._stream = self._opened()
        writer = csv.writer(self._stream)
        for line, reason, detail, row in rejected.select(LINE, REASON, DETAIL, ROW).iter_rows():
            self.counts[reason] = self.counts.get(reason, 0) + 1
            writer.writerow((self._source, line, reason, detail, row))

    def _opened(self) -> TextIO:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            stream = self._draft.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise StoreUnusable(f"{self.path.parent} cannot be written: {error.strerror}") from error
        csv.writer(stream).writerow(_HEADER)
        return stream

    def close(self) -> Path | None:
        """Give the file its name, or remove that of an earlier import; returns it if there were rejected rows."""
        if self._stream is None:
            self.path.unlink(missing_ok=True)
            return None
        self._stream.close()
        self._draft.replace(self.path)
        return self.path
