"""Opens parquet, CSV and KIS master files, plain or packed, and recognises what they are.

The format is found by looking into the file: `PAR1` is parquet, gzip and zip are unpacked, fixed-width lines are a master,
other text is CSV. The kind of rows follows from the columns (`schemas.py`).
"""

import gzip
import hashlib
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from servers.market.ingest.mst import MASTER_SCHEMA, is_master_line
from servers.market.ingest.schemas import FileSchema, explain_unrecognised, recognise
from servers.market.ingest.table import CsvTable, MasterTable, ParquetTable, Table, text_encoding
from shared.market.errors import InvalidInput, KStockError

_SNIFFED = 64 * 1024

_TABLE_SUFFIXES = {".parquet", ".csv", ".mst"}
"""A file that is called so but is none is damaged; other unreadable files are not meant for us."""

_UNPACKED_LIMIT = 512 * 1024 * 1024
"""Bytes that a packed file may grow to; a year of the whole market as CSV stays below."""


class Unrecognised(KStockError):
    """A file that claims to be nothing we know: a table with other columns, or no table at all."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A recognised file. `digest` is the SHA-256 of its bytes, `modified_ms` its modification time in ms since 1970 UTC."""

    path: Path
    schema: FileSchema
    digest: str
    modified_ms: int
    table: Table


def open_source(path: Path) -> SourceFile:
    """Recognise a file by its content.

    Raises:
        InvalidInput: If it is missing, empty, unreadable or damaged; names the file.
        Unrecognised: If its columns are of no known kind, or it is no table; says which columns the nearest kind needs.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(str(path), "is no regular file")
        with path.open("rb") as stream:
            head = stream.read(_SNIFFED)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InvalidInput(str(path), f"cannot be read: {error.strerror or error}") from error
    if not head.strip():
        raise InvalidInput(str(path), "is empty")
    schema, table = _recognised(path, head)
    return SourceFile(path=path, schema=schema, digest=digest, modified_ms=status.st_mtime_ns // 1_000_000, table=table)


def _recognised(path: Path, head: bytes) -> tuple[FileSchema, Table]:
    if head.startswith(b"PAR1"):
        parquet = ParquetTable.open(path)
        return _schema(path, parquet.columns), parquet
    packed = _unpacked(path, head)
    start = head if packed is None else packed[:_SNIFFED]
    if is_master_line(start.split(b"\n", 1)[0].rstrip(b"\r")):
        return MASTER_SCHEMA, MasterTable(path=path, content=path.read_bytes() if packed is None else packed)
    encoding = text_encoding(start)
    if encoding is None:
        raise _no_table(path)
    text = CsvTable.open(path, encoding=encoding, content=packed)
    return _schema(path, text.columns), text


def _no_table(path: Path) -> KStockError:
    why = "is neither parquet nor text in UTF-8 or cp949, nor an archive of one of them"
    if {suffix.lower() for suffix in path.suffixes} & _TABLE_SUFFIXES:
        return InvalidInput(str(path), f"is damaged: it {why}")
    return Unrecognised(path, why)


def _schema(path: Path, columns: tuple[str, ...]) -> FileSchema:
    schema = recognise(columns)
    if schema is None:
        raise Unrecognised(path, explain_unrecognised(columns))
    return schema


def _unpacked(path: Path, head: bytes) -> bytes | None:
    """Content of a gzip or of a zip with one file in it; None for a plain file."""
    try:
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as stream:
                return _limited(path, stream.read(_UNPACKED_LIMIT + 1))
        if head.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(path) as archive, archive.open(_only_member(path, archive)) as stream:
                return _limited(path, stream.read(_UNPACKED_LIMIT + 1))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InvalidInput(str(path), f"is a damaged archive: {error}") from error
    return None


def _only_member(path: Path, archive: zipfile.ZipFile) -> str:
    members = [member.filename for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise InvalidInput(str(path), f"holds {len(members)} files; give archives of one file each, or unpack it")
    return members[0]


def _limited(path: Path, content: bytes) -> bytes:
    if not content.strip():
        raise InvalidInput(str(path), "is empty")
    if len(content) > _UNPACKED_LIMIT:
        raise InvalidInput(str(path), f"unpacks to more than {_UNPACKED_LIMIT >> 20} MiB; unpack it and import the parts")
    return content
