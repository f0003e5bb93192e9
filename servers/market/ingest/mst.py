"""KIS master files (`kospi_code.mst` and its sisters): cp949 lines of fixed width, whose tail is counted from the end.

Field names and widths follow the structure files that the broker publishes (stocks_info, read 2026-11). KOSPI and KOSDAQ
were checked on real files, KONEX and ELW only against the published structures. The board follows from the width of the
lines. A master file carries no date: `master_date.py` finds the session it was written for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from servers.market.ingest.schemas import Column, ColumnType, FileKind, FileSchema
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind

_HEAD_BYTES = 9 + 12 + 40
"""Short code, ISIN, Korean name."""

_KINDS = {
    "ST": InstrumentKind.COMMON,
    "KN": InstrumentKind.COMMON,
    "FS": InstrumentKind.FOREIGN,
    "DR": InstrumentKind.DEPOSITARY_RECEIPT,
    "EF": InstrumentKind.ETF,
    "FE": InstrumentKind.ETF,
    "EN": InstrumentKind.ETN,
    "EW": InstrumentKind.ELW,
    "RT": InstrumentKind.REIT,
    "IF": InstrumentKind.INFRA,
    "BC": InstrumentKind.FUND,
    "MF": InstrumentKind.FUND,
    "PF": InstrumentKind.FUND,
    "SC": InstrumentKind.FUND,
    "SR": InstrumentKind.WARRANT,
    "SW": InstrumentKind.WARRANT,
}

_ALARMS = {
    "01": InstrumentFlag.INVESTMENT_CAUTION,
    "02": InstrumentFlag.INVESTMENT_WARNING,
    "03": InstrumentFlag.INVESTMENT_RISK,
}

_OVERHEATED = frozenset("23")
"""2 = designated, 3 = prolonged; 1 is only the notice before it."""

_PREFERRED = frozenset("12")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the fields of one board's tail stand, in characters from its start; None where the board has no such field."""

    board: Board
    tail: int
    status: int | None
    spac: int | None = None
    overheated: int | None = None
    caution: int | None = None


_LAYOUTS = {
    _HEAD_BYTES + 227: _Layout(board=Board.KOSPI, tail=227, status=41, spac=29, overheated=32),
    _HEAD_BYTES + 221: _Layout(board=Board.KOSDAQ, tail=221, status=36, spac=24, overheated=27, caution=30),
    _HEAD_BYTES + 184: _Layout(board=Board.KONEX, tail=184, status=2),
    _HEAD_BYTES + 209: _Layout(board=Board.KOSPI, tail=209, status=None),
}
"""By bytes in a line. The last one is the ELW master: ELWs are listed on KOSPI and have a tail of their own."""

MASTER_SCHEMA = FileSchema(
    kind=FileKind.KIS_MASTER,
    title="KIS master",
    columns=(
        Column(
            name="code", type=ColumnType.TEXT, unit="short code, one leading type letter of seven is dropped", nullable=True
        ),
        Column(name="isin", type=ColumnType.TEXT),
        Column(name="name", type=ColumnType.TEXT, unit="Korean short name"),
        Column(name="board", type=ColumnType.TEXT),
        Column(name="kind", type=ColumnType.TEXT, unit="from the group code, the SPAC mark and the preferred mark"),
        Column(name="list_date", type=ColumnType.DATE, nullable=True),
        Column(name="base_price", type=ColumnType.WHOLE, unit="won, the close before the session", nullable=True),
        Column(name="previous_volume", type=ColumnType.WHOLE, unit="shares of the session before", nullable=True),
        Column(
            name="flags",
            type=ColumnType.TEXT,
            unit="관리종목, 거래정지, 정리매매, 시장경고, 단기과열, 투자주의환기",
            nullable=True,
        ),
    ),
    key=("code",),
)


def is_master_line(first_line: bytes) -> bool:
    """Whether a line has the width and the ISIN of a master file."""
    width = len(first_line)
    return width in _LAYOUTS and first_line[9:11].isalpha() and first_line[11:21].isalnum()


def parse_master(content: bytes) -> pl.DataFrame:
    """Read all lines of a master file.

    Returns:
        One row per line with the columns of `MASTER_SCHEMA`, `line` (1-based) and `broken` (why a line is unreadable, else
        null). `flags` is a comma-separated list of `InstrumentFlag`; `code` is empty where no six-character code exists.
    """
    return pl.DataFrame(list(_rows(content)), schema=_FRAME, orient="row")


_FRAME = {
    "line": pl.Int64,
    "broken": pl.String,
    "code": pl.String,
    "isin": pl.String,
    "name": pl.String,
    "board": pl.String,
    "kind": pl.String,
    "list_date": pl.Date,
    "base_price": pl.Int64,
    "previous_volume": pl.Int64,
    "flags": pl.String,
}

_Row = tuple[int, str | None, str, str, str, str, str, date | None, int | None, int | None, str]


def _rows(content: bytes) -> Iterator[_Row]:
    for number, raw in enumerate(content.split(b"\n"), start=1):
        line = raw.rstrip(b"\r")
        if not line:
            continue
        layout = _LAYOUTS.get(len(line))
        if layout is None:
            yield _broken(number, f"the line has {len(line)} bytes, which is no known master layout")
            continue
        try:
            yield _row(number, line, layout)
        except UnicodeDecodeError:
            yield _broken(number, "the line is not cp949 text")


def _broken(number: int, why: str) -> _Row:
    return (number, why, "", "", "", "", "", None, None, None, "")


def _row(number: int, line: bytes, layout: _Layout) -> _Row:
    tail = line[-layout.tail :].decode("ascii", errors="replace")
    code = line[:9].decode("ascii").strip()
    isin = line[9:21].decode("ascii").strip()
    name = line[21 : -layout.tail].decode("cp949").strip()
    kind = _kind(tail, layout)
    if layout.status is None:
        return (number, None, short_code(code), isin, name, layout.board, kind, None, None, None, "")
    status = _Status(tail=tail, start=layout.status)
    flags = ",".join(sorted(_flags(status, tail, layout)))
    return (
        number,
        None,
        short_code(code),
        isin,
        name,
        layout.board,
        kind,
        status.list_date,
        status.base_price,
        status.volume,
        flags,
    )


def short_code(code: str) -> str:
    """The six-character code: one leading type letter of seven is dropped (Q500001); longer codes have none."""
    if len(code) == 7 and code[0].isalpha():
        return code[1:]
    return code if len(code) == 6 else ""


def _kind(tail: str, layout: _Layout) -> InstrumentKind:
    if layout.status is None:
        return InstrumentKind.ELW
    kind = _KINDS.get(tail[:2], InstrumentKind.UNKNOWN)
    if kind is not InstrumentKind.COMMON:
        return kind
    if layout.spac is not None and tail[layout.spac] == "Y":
        return InstrumentKind.SPAC
    return InstrumentKind.PREFERRED if tail[layout.status + 117] in _PREFERRED else kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    """The block that starts with the base price; it is the same on every board."""

    tail: str
    start: int

    def text(self, offset: int, width: int) -> str:
        """Characters of a field, `offset` counted from the base price."""
        return self.tail[self.start + offset : self.start + offset + width]

    def number(self, offset: int, width: int) -> int | None:
        """A zero-padded number; None when the field is blank."""
        text = self.text(offset, width).strip()
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def base_price(self) -> int | None:
        return self.number(0, 9)

    @property
    def volume(self) -> int | None:
        return self.number(40, 12)

    @property
    def list_date(self) -> date | None:
        text = self.text(64, 8)
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None


def _flags(status: _Status, tail: str, layout: _Layout) -> Iterator[InstrumentFlag]:
    marks = status.text(19, 3)
    for mark, flag in zip(
        marks, (InstrumentFlag.HALTED, InstrumentFlag.LIQUIDATION, InstrumentFlag.ADMINISTRATIVE), strict=True
    ):
        if mark == "Y":
            yield flag
    alarm = _ALARMS.get(status.text(22, 2))
    if alarm is not None:
        yield alarm
    if layout.overheated is not None and tail[layout.overheated] in _OVERHEATED:
        yield InstrumentFlag.OVERHEATED
    caution = layout.caution is not None and tail[layout.caution] == "Y"
    if caution and alarm is not InstrumentFlag.INVESTMENT_CAUTION:
        yield InstrumentFlag.INVESTMENT_CAUTION
