"""What tables state about instruments, reduced to the days on which it changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from shared.market.instrument import Board, InstrumentFlag, InstrumentKind, Ticker
from shared.store.validity import InstrumentFacts, Observation

_FACTS = ("name", "board", "kind", "flags")
_COLUMNS = ("ticker", "day", *_FACTS)

DEPARTMENT_FLAGS = frozenset({InstrumentFlag.ADMINISTRATIVE, InstrumentFlag.INVESTMENT_CAUTION})
"""What a department can tell; it is silent about halts and warnings."""

_KOSDAQ_DEPARTMENTS = {
    "관리종목": InstrumentFlag.ADMINISTRATIVE,
    "투자주의환기종목": InstrumentFlag.INVESTMENT_CAUTION,
}


def department_flags(board: pl.Expr, dept: pl.Expr) -> pl.Expr:
    """Flags that a department (소속부) states, as words joined by commas.

    Only KOSDAQ sorts its companies into departments, so elsewhere, and where the cell is empty, nothing is said: null.
    """
    stated: pl.Expr = pl.when((board == Board.KOSDAQ) & (dept.str.len_bytes() > 0)).then(pl.lit(""))
    for word, flag in _KOSDAQ_DEPARTMENTS.items():
        stated = pl.when((board == Board.KOSDAQ) & dept.str.starts_with(word)).then(pl.lit(flag.value)).otherwise(stated)
    return stated


def department_kind(dept: pl.Expr) -> pl.Expr:
    """Kind that a department states: only SPAC companies have one of their own."""
    return pl.when(dept.str.starts_with("SPAC")).then(pl.lit(InstrumentKind.SPAC.value))


def changes(rows: pl.DataFrame) -> pl.DataFrame:
    """First and last day of every stretch of equal statements about an instrument.

    Args:
        rows: `ticker`, `day`, `name`, `board`, `kind`, `flags`; one row per ticker and day.
    """
    ordered = rows.select(_COLUMNS).sort("ticker", "day")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in ("ticker", *_FACTS))
    marked = ordered.with_columns(same.alias("same?"))
    inside = pl.col("same?") & pl.col("same?").shift(-1, fill_value=False)
    return marked.filter(~inside).drop("same?")


@dataclass(slots=True)
class StatementLog:
    """Statements of one file about instruments, gathered chunk by chunk."""

    _parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: pl.DataFrame) -> None:
        """Take the statements of a chunk; see `changes` for the columns."""
        self._parts.append(changes(rows))

    def observations(self) -> Iterator[Observation]:
        """What the store needs of all of them."""
        if self._parts:
            for row in changes(pl.concat(self._parts)).iter_rows(named=True):
                facts = InstrumentFacts(
                    name=row["name"],
                    board=None if row["board"] is None else Board(row["board"]),
                    kind=None if row["kind"] is None else InstrumentKind(row["kind"]),
                    flags=flag_set(row["flags"]),
                    flags_seen=None if row["flags"] is None else DEPARTMENT_FLAGS,
                )
                yield Observation(ticker=Ticker(row["ticker"]), day=row["day"], facts=facts)


def flag_set(words: str | None) -> frozenset[InstrumentFlag] | None:
    """Flags of words joined by commas; empty = none, None = not said."""
    return None if words is None else frozenset(InstrumentFlag(word) for word in words.split(",") if word)
