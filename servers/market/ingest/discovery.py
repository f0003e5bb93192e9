"""Finds and opens the files of an import, in the order in which they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from servers.market.ingest.reader import SourceFile, Unrecognised, open_source
from servers.market.ingest.schemas import FileKind
from servers.market.ingest.summary import FileReport, FileStatus
from shared.market.errors import InvalidInput

# Masters need the bars of their day to be dated, everything else can come in any order.
_ORDER: dict[FileKind, int] = {kind: place for place, kind in enumerate(FileKind)} | {FileKind.KIS_MASTER: len(FileKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an import will read, and what it leaves out."""

    sources: tuple[SourceFile, ...]
    left_out: tuple[FileReport, ...]


def discover(paths: Sequence[Path]) -> Found:
    """Open every file that was named or lies in a folder that was named.

    Raises:
        InvalidInput: A named file is missing, unreadable or of no known kind, or there is no file at all. Unusable files in
            a folder are left out with a report.
    """
    sources: list[SourceFile] = []
    left_out: list[FileReport] = []
    for path, named in _files(paths):
        try:
            sources.append(open_source(path))
        except Unrecognised as error:
            if named:
                raise InvalidInput(str(path), error.why) from error
            left_out.append(FileReport(path=path, status=FileStatus.SKIPPED, why=error.why))
        except InvalidInput as error:
            if named:
                raise
            left_out.append(FileReport(path=path, status=FileStatus.FAILED, why=error.why))
    if not sources and not left_out:
        raise InvalidInput(" ".join(map(str, paths)) or "paths", "holds no file to import")
    sources.sort(key=lambda source: (_ORDER[source.schema.kind], str(source.path)))
    return Found(sources=tuple(sources), left_out=tuple(left_out))


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file once, with whether it was named itself."""
    seen: set[Path] = set()
    for path in paths:
        inside = sorted(child for child in path.rglob("*") if child.is_file()) if path.is_dir() else [path]
        for file in inside:
            resolved = file.resolve()
            hidden = file is not path and any(part.startswith(".") for part in file.relative_to(path).parts)
            if resolved not in seen and not hidden:
                seen.add(resolved)
                yield file, file is path
