"""Gives the cells of a chunk their types and says, row by row, which cell could not be read."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from servers.market.ingest.schemas import Column, ColumnType, FileSchema
from servers.market.ingest.table import BROKEN, LINE
from shared.market.errors import InvalidInput

_KST = "Asia/Seoul"

_TICKER = r"^[0-9A-Z]*[0-9][0-9A-Z]*$"
"""With the length of six: the shape that `shared.market.instrument.parse_ticker` accepts."""

_EXACT = 2**53
"""Whole numbers beyond are not exact in a float column or a web client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A chunk whose columns have the types of its schema.

    `frame` has every column of the schema (a missing optional one is all null) and `line`; `problem` says per row which cell
    is missing or unreadable, null for a readable row.
    """

    frame: pl.DataFrame
    problem: pl.Series


def typed(chunk: pl.DataFrame, schema: FileSchema, *, file: str) -> Typed:
    """Convert a chunk.

    Args:
        chunk: Rows from `Table.chunks`.
        schema: What the file was recognised as.
        file: Name for errors.

    Raises:
        InvalidInput: If the whole column has an impossible type, e.g. tickers stored as numbers.
    """
    cells = [_convert(chunk, column, file).alias(column.name) for column in schema.columns]
    frame = chunk.select(pl.col(LINE), *cells)
    problems = [pl.col(BROKEN), *(_problem(column) for column in schema.columns)]
    both = pl.concat([frame, chunk.select(pl.col(BROKEN), *_empty_cells(chunk, schema))], how="horizontal")
    return Typed(frame=frame, problem=both.select(pl.coalesce(problems)).to_series().alias("reason"))


def _empty_cells(chunk: pl.DataFrame, schema: FileSchema) -> list[pl.Expr]:
    return [_is_empty(chunk, column.name).alias(f"{column.name}?") for column in schema.columns]


def _is_empty(chunk: pl.DataFrame, name: str) -> pl.Expr:
    if name not in chunk.columns:
        return pl.lit(value=True)
    cell = pl.col(name)
    return cell.is_null() | (cell.str.strip_chars() == "") if chunk.schema[name] == pl.String else cell.is_null()


def _problem(column: Column) -> pl.Expr:
    missing = pl.col(f"{column.name}?")
    unreadable = pl.when(pl.col(column.name).is_null() & ~missing).then(pl.lit(f"{column.name} is no {_NOUNS[column.type]}"))
    if column.nullable:
        return unreadable
    return unreadable.when(missing).then(pl.lit(f"{column.name} is missing"))


_NOUNS = {
    ColumnType.TEXT: "text",
    ColumnType.TICKER: "six-character code of 0-9 and A-Z",
    ColumnType.DATE: "date YYYY-MM-DD",
    ColumnType.TIME: "time YYYY-MM-DD HH:MM:SS",
    ColumnType.WHOLE: "whole number",
    ColumnType.NUMBER: "number",
}


def _convert(chunk: pl.DataFrame, column: Column, file: str) -> pl.Expr:
    if column.name not in chunk.columns:
        return pl.lit(None, dtype=_DTYPES[column.type])
    dtype = chunk.schema[column.name]
    if dtype.is_nested() or dtype == pl.Binary:
        raise InvalidInput(file, f"column {column.name} holds {dtype}, which is no {_NOUNS[column.type]}")
    if column.type is ColumnType.TICKER and dtype.is_numeric():
        raise InvalidInput(file, f"column {column.name} holds numbers; codes must be text, or leading zeros are lost")
    return _CONVERTERS[column.type](pl.col(column.name), dtype)


def _text(cell: pl.Expr, _dtype: pl.DataType) -> pl.Expr:
    """Text without spaces around it; nothing but spaces is an empty cell."""
    text = cell.cast(pl.String).str.strip_chars()
    return pl.when(text.str.len_bytes() > 0).then(text)


def _ticker(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    text = _text(cell, dtype)
    return pl.when((text.str.len_bytes() == 6) & text.str.contains(_TICKER)).then(text)


def _date(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return cell
    if isinstance(dtype, pl.Datetime):
        return _in_korea(cell, dtype).dt.date()
    text = _text(cell, dtype)
    return pl.coalesce(text.str.to_date("%Y-%m-%d", strict=False), text.str.to_date("%Y%m%d", strict=False))


def _time(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return _in_korea(cell, dtype).cast(pl.Datetime("us"))
    text = _text(cell, dtype).str.replace("T", " ", literal=True)
    formats = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M")
    return pl.coalesce(*(text.str.to_datetime(form, strict=False, time_unit="us") for form in formats))


def _in_korea(cell: pl.Expr, dtype: pl.Datetime) -> pl.Expr:
    return cell if dtype.time_zone is None else cell.dt.convert_time_zone(_KST).dt.replace_time_zone(None)


def _whole(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_integer():
        return cell.cast(pl.Int64, strict=False)
    number = _number(cell, dtype)
    exact = (number == number.round()) & (number.abs() < _EXACT)
    rounded = pl.when(exact).then(number).cast(pl.Int64, strict=False)
    return rounded if dtype != pl.String else pl.coalesce(_text(cell, dtype).cast(pl.Int64, strict=False), rounded)


def _number(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    plain = _text(cell, dtype) if dtype == pl.String else cell
    number = plain.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


_DTYPES: dict[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.TICKER: pl.String(),
    ColumnType.DATE: pl.Date(),
    ColumnType.TIME: pl.Datetime("us"),
    ColumnType.WHOLE: pl.Int64(),
    ColumnType.NUMBER: pl.Float64(),
}

_CONVERTERS: dict[ColumnType, Callable[[pl.Expr, pl.DataType], pl.Expr]] = {
    ColumnType.TEXT: _text,
    ColumnType.TICKER: _ticker,
    ColumnType.DATE: _date,
    ColumnType.TIME: _time,
    ColumnType.WHOLE: _whole,
    ColumnType.NUMBER: _number,
}
