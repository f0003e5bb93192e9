"""Statements of masters and tables about instruments, as rows: facts in one table, flags in another."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, TypeDecorator, delete, insert, select, tuple_, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.market.instrument import Board, InstrumentFlag, InstrumentKind, Ticker
from shared.store.tables.instruments import instrument_flags, instrument_records, sources, statement_days
from shared.store.types import to_day
from shared.store.validity import InstrumentFacts, Span, StatementDays

FACTS = ("name", "kind", "board", "name_en", "isin", "sector", "industry", "list_date", "delist_date")
_FLAGS = ("flags", "flags_seen")
_READ: Mapping[str, Callable[[Any], Any]] = {
    "kind": InstrumentKind,
    "board": Board,
    "list_date": to_day,
    "delist_date": to_day,
}
"""How stored values are read; the others are read as they are."""


async def load_spans(connection: AsyncConnection, tickers: Sequence[str] | None = None) -> dict[Ticker, list[Span]]:
    """Every stretch of equal statements, by instrument; None = every instrument."""
    spans: defaultdict[Ticker, list[Span]] = defaultdict(list)
    for table, names in ((instrument_records, FACTS), (instrument_flags, _FLAGS)):
        columns = [_raw(table.c[name]) for name in ("ticker", "valid_from", "seen_until", *names)]
        query = select(sources.c.name, *columns).select_from(table).join(sources)
        if tickers is not None:
            query = query.where(table.c.ticker.in_(tickers))
        build = _facts if table is instrument_records else _flags
        for source, ticker, valid_from, seen_until, *stated in (await connection.execute(query)).all():
            span = Span(source=source, valid_from=to_day(valid_from), seen_until=to_day(seen_until), facts=build(*stated))
            spans[ticker].append(span)
    return spans


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """A column as the driver gives it: thousands of rows repeat the same words and days, which `_facts` reads once."""
    decorator = column.type
    return type_coerce(column, decorator.impl_instance) if isinstance(decorator, TypeDecorator) else column


async def save_spans(connection: AsyncConnection, source_id: int, spans: Mapping[Ticker, Iterable[Span]]) -> None:
    """Put all spans of one source about some instruments in the place of the former ones."""
    facts, flags = [], []
    for ticker, several in spans.items():
        for span in several:
            row = {
                "ticker": ticker,
                "source_id": source_id,
                "valid_from": span.valid_from,
                "seen_until": span.seen_until,
            }
            if span.facts.flags is None:
                facts.append(row | {name: getattr(span.facts, name) for name in FACTS})
            else:
                flags.append(row | {name: _words(getattr(span.facts, name)) for name in _FLAGS})
    for table, rows in ((instrument_records, facts), (instrument_flags, flags)):
        await _rewrite(connection, table, source_id, tickers=list(spans), rows=rows)


async def add_days(connection: AsyncConnection, source_id: int, days: StatementDays) -> StatementDays:
    """Note of which days a source has stated anything.

    Returns:
        Every such day so far, in order.
    """
    table = statement_days.c
    rows = await connection.execute(select(table.day, table.flags).where(table.source_id == source_id))
    known: dict[date, bool] = dict(rows.all())
    merged = dict.fromkeys(days.facts, False) | known | dict.fromkeys(days.flags, True)
    changed = [
        {"source_id": source_id, "day": day, "flags": flags} for day, flags in merged.items() if known.get(day) != flags
    ]
    if changed:
        insert_days = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(statement_days)
        await connection.execute(
            insert_days.on_conflict_do_update(
                index_elements=[table.source_id, table.day], set_={"flags": insert_days.excluded.flags}
            ),
            changed,
        )
    return StatementDays(facts=sorted(merged), flags=sorted(day for day, flags in merged.items() if flags))


async def _rewrite(
    connection: AsyncConnection, table: Table, source_id: int, *, tickers: Sequence[Ticker], rows: Sequence[dict[str, Any]]
) -> None:
    key = tuple_(table.c.ticker, table.c.source_id)
    await connection.execute(delete(table).where(key.in_([(ticker, source_id) for ticker in tickers])))
    if rows:
        await connection.execute(insert(table), rows)


# A market of some thousand instruments repeats its kinds, boards and flags over and over.
@lru_cache(maxsize=16_384)
def _facts(*raw: Any) -> InstrumentFacts:
    said = {name: value for name, value in zip(FACTS, raw, strict=True) if value is not None}
    return InstrumentFacts(**{name: _READ[name](value) if name in _READ else value for name, value in said.items()})


@lru_cache(maxsize=1_024)
def _flags(flags: str, flags_seen: str | None) -> InstrumentFacts:
    return InstrumentFacts(flags=_flag_set(flags), flags_seen=_flag_set(flags_seen))


def _flag_set(words: str | None) -> frozenset[InstrumentFlag] | None:
    return None if words is None else frozenset(InstrumentFlag(word) for word in words.split(",") if word)


def _words(flags: frozenset[InstrumentFlag] | None) -> str | None:
    return None if flags is None else ",".join(sorted(flags))
