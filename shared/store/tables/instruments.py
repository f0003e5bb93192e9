"""What is listed, now and on any earlier day, and what was written about it."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, SmallInteger, String, Table, UniqueConstraint

from shared.market.instrument import Board, InstrumentKind
from shared.store.tables.base import RowNumber, metadata, ticker_key, won
from shared.store.types import EnumText, TradeDate, UtcTime

# Number of a source name in the `source_id` columns.
sources = Table(
    "sources",
    metadata,
    Column("source_id", SmallInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
)

# Days of which a source has stated anything (and flags among it), so that a stretch of equal statements can be
# interrupted later.
statement_days = Table(
    "statement_days",
    metadata,
    Column("source_id", SmallInteger, ForeignKey("sources.source_id"), primary_key=True, autoincrement=False),
    Column("day", TradeDate, primary_key=True),
    Column("flags", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# Newest known facts: the fold of `instrument_records`.
instruments = Table(
    "instruments",
    metadata,
    ticker_key(),
    Column("name", String(120), nullable=False),
    Column("kind", EnumText(InstrumentKind), nullable=False),
    Column("board", EnumText(Board), nullable=True),
    Column("name_en", String(200), nullable=False, server_default=""),
    Column("isin", String(12), nullable=False, server_default=""),
    Column("sector", String(120), nullable=False, server_default=""),
    Column("industry", String(200), nullable=False, server_default=""),
    Column("list_date", TradeDate, nullable=True),
    Column("delist_date", TradeDate, nullable=True),
    won("shares", nullable=True),
    won("market_cap_krw", nullable=True),
    Column("capital_as_of", TradeDate, nullable=True),
    sqlite_with_rowid=False,
)
Index(
    "ix_instruments_board_market_cap",
    instruments.c.board,
    instruments.c.market_cap_krw.desc(),
    sqlite_where=instruments.c.delist_date.is_(None),
    postgresql_where=instruments.c.delist_date.is_(None),
)

# What one source said about an instrument from `valid_from` on; `seen_until` is the newest day on which it said the
# same. NULL = the source does not say.
instrument_records = Table(
    "instrument_records",
    metadata,
    ticker_key(),
    Column("source_id", SmallInteger, ForeignKey("sources.source_id"), primary_key=True, autoincrement=False),
    Column("valid_from", TradeDate, primary_key=True),
    Column("seen_until", TradeDate, nullable=False),
    Column("name", String(120), nullable=True),
    Column("kind", EnumText(InstrumentKind), nullable=True),
    Column("board", EnumText(Board), nullable=True),
    Column("name_en", String(200), nullable=True),
    Column("isin", String(12), nullable=True),
    Column("sector", String(120), nullable=True),
    Column("industry", String(200), nullable=True),
    Column("list_date", TradeDate, nullable=True),
    Column("delist_date", TradeDate, nullable=True),
    sqlite_with_rowid=False,
)

# The same for flags, which change on days of their own and which many sources do not state: words joined by commas,
# empty = there is none. `flags_seen` are the flags that the source can tell; NULL = every flag.
instrument_flags = Table(
    "instrument_flags",
    metadata,
    ticker_key(),
    Column("source_id", SmallInteger, ForeignKey("sources.source_id"), primary_key=True, autoincrement=False),
    Column("valid_from", TradeDate, primary_key=True),
    Column("seen_until", TradeDate, nullable=False),
    Column("flags", String(200), nullable=False),
    Column("flags_seen", String(200), nullable=True),
    sqlite_with_rowid=False,
)

news = Table(
    "news",
    metadata,
    Column("news_id", RowNumber, primary_key=True),
    Column("dedup_key", String(64), nullable=False),
    Column("title", String(500), nullable=False),
    Column("lead", String, nullable=False, server_default=""),
    Column("press", String(80), nullable=False, server_default=""),
    Column("url", String(1000), nullable=False, server_default=""),
    Column("published_time", UtcTime, nullable=False),
    # False: only the day is known, and `published_time` is its end.
    Column("time_is_exact", Boolean, nullable=False),
    Column("source_id", SmallInteger, nullable=False),
    UniqueConstraint("dedup_key"),
)
Index("ix_news_published_time", news.c.published_time, news.c.news_id)

# One story can be about several instruments; a story without a row here is about the market.
news_tickers = Table(
    "news_tickers",
    metadata,
    ticker_key(),
    Column("news_id", BigInteger, ForeignKey("news.news_id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)
Index("ix_news_tickers_news_id", news_tickers.c.news_id)
