"""The one metadata of both databases, and the columns that many tables share."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, SmallInteger, String

from shared.store.types import TradeDate, UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""Type of a key that the database numbers itself; SQLite does that for its INTEGER type only."""


def ticker_key() -> Column[str]:
    """The instrument as part of a primary key.

    No foreign key to `instruments`: bars of a ticker may arrive before any master that names it.
    """
    return Column("ticker", String(6), primary_key=True)


def date_key() -> Column[object]:
    """The trading day as part of a primary key."""
    return Column("date", TradeDate, primary_key=True)


def won(name: str, *, nullable: bool = False) -> Column[int]:
    """Won, or a count of shares: whole numbers below 2^53."""
    return Column(name, BigInteger, nullable=nullable)


def origin_columns() -> tuple[Column[int], Column[int], Column[object]]:
    """Where a row comes from, and what decides between two rows of one key: rank first, then the newer fetch."""
    return (
        Column("source_id", SmallInteger, nullable=False),
        Column("rank", SmallInteger, nullable=False),
        Column("fetched_time", UtcTime, nullable=False),
    )
