"""Small market files, written where a test wants them."""

from datetime import date
from pathlib import Path

import polars as pl

DAY = date(2026, 3, 9)
"""A Monday with a session."""

BAR = {
    "date": DAY,
    "ticker": "005930",
    "name": "삼성전자",
    "market": "KOSPI",
    "open": 100,
    "high": 120,
    "low": 90,
    "close": 110,
    "volume": 1_000,
    "amount": 108_000,
    "amount_src": "krx",
    "marcap": 110_000_000,
    "marcap_src": "krx",
    "shares": 1_000_000,
    "src": "stockcatcher",
}

OFFICIAL = {
    "date": DAY,
    "ticker": "005930",
    "name": "삼성전자",
    "market": "KOSPI",
    "dept": "",
    "open": 100,
    "high": 120,
    "low": 90,
    "close": 110,
    "change": 10,
    "volume": 1_000,
    "amount": 108_000,
    "marcap": 110_000_000,
    "shares": 1_000_000,
    "src": "krx_csv",
}


def parquet(path: Path, *rows: dict[str, object]) -> Path:
    """A parquet file of these rows."""
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(path)
    return path


def csv(path: Path, *rows: dict[str, object]) -> Path:
    """A CSV file of these rows."""
    pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    return path


def master_line(code: str, name: str, *, board: str = "KOSPI", group: str = "ST", **fields: str) -> bytes:
    """A line of a KIS master; `fields` are spac, overheated, caution, marks (halted, liquidation, administrative), alarm,
    base_price, previous_volume, list_date and preferred.
    """
    width, status, places = _BOARDS[board]
    tail = list(group.ljust(2) + "0" * (width - 2))
    for field, text in {"list_date": "20200102", "marks": "NNN", "spac": "N", "caution": "N", **fields}.items():
        place = places.get(field)
        if place is None and field in _STATUS:
            place = status + _STATUS[field]
        if place is not None:
            tail[place : place + len(text)] = text
    head = code.ljust(9).encode() + b"KR7000000000" + name.encode("cp949").ljust(40)
    return head + "".join(tail).encode()


_STATUS = {"base_price": 0, "marks": 19, "alarm": 22, "previous_volume": 40, "list_date": 64, "preferred": 117}
_BOARDS: dict[str, tuple[int, int, dict[str, int]]] = {
    "KOSPI": (227, 41, {"spac": 29, "overheated": 32}),
    "KOSDAQ": (221, 36, {"spac": 24, "overheated": 27, "caution": 30}),
    "KONEX": (184, 2, {}),
}
