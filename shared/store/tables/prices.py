"""Time series: bars, official share counts, factors, flows, indices, exchange rates, moments of a session."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, SmallInteger, String, Table

from shared.market.instrument import Board
from shared.market.topic import MarketIndex
from shared.store.tables.base import date_key, metadata, origin_columns, ticker_key, won
from shared.store.types import EnumText, TradeDate, UtcTime

# Clustered by (ticker, date), which also serves "newest bars of one ticker first". A second index would double the
# time of a whole-market import.
daily_bars = Table(
    "daily_bars",
    metadata,
    ticker_key(),
    date_key(),
    won("open"),
    won("high"),
    won("low"),
    won("close"),
    won("volume"),
    won("turnover"),
    Column("turnover_estimated", Boolean, nullable=False),
    # Day on which the source adjusted this row; NULL = the raw price of that day.
    Column("adjusted_as_of", TradeDate, nullable=True),
    *origin_columns(),
    sqlite_with_rowid=False,
)

# Official figures of a day. They exist on days without a bar of ours, and before the bar is imported.
share_counts = Table(
    "share_counts",
    metadata,
    ticker_key(),
    date_key(),
    won("shares"),
    won("market_cap_krw", nullable=True),
    won("turnover_krw", nullable=True),
    *origin_columns(),
    sqlite_with_rowid=False,
)

adjustment_factors = Table(
    "adjustment_factors",
    metadata,
    ticker_key(),
    Column("ex_date", TradeDate, primary_key=True),
    Column("price_factor", Double, nullable=False),
    Column("quarantined", Boolean, nullable=False),
)

flows = Table(
    "flows",
    metadata,
    ticker_key(),
    date_key(),
    won("foreign_net_krw"),
    won("institution_net_krw"),
    won("pension_net_krw", nullable=True),
    *origin_columns(),
    sqlite_with_rowid=False,
)

share_flows = Table(
    "share_flows",
    metadata,
    ticker_key(),
    date_key(),
    won("foreign_net_shares"),
    won("institution_net_shares"),
    won("foreign_held_shares", nullable=True),
    won("close"),
    *origin_columns(),
    sqlite_with_rowid=False,
)

market_flows = Table(
    "market_flows",
    metadata,
    Column("board", EnumText(Board), primary_key=True),
    date_key(),
    *(
        won(f"{investor}_net_krw")
        for investor in (
            "individual",
            "foreign",
            "institution",
            "financial_investment",
            "insurance",
            "investment_trust",
            "bank",
            "other_financial",
            "pension",
            "other_corporation",
        )
    ),
    *origin_columns(),
)

index_bars = Table(
    "index_bars",
    metadata,
    Column("index_name", EnumText(MarketIndex), primary_key=True),
    date_key(),
    *(Column(f"{price}_e2", BigInteger, nullable=False) for price in ("open", "high", "low", "close")),
    won("volume"),
    won("turnover"),
    won("market_cap_krw", nullable=True),
    *origin_columns(),
)

fx_rates = Table(
    "fx_rates",
    metadata,
    Column("pair", String(7), primary_key=True),
    date_key(),
    Column("rate_e4", BigInteger, nullable=False),
    *origin_columns(),
)

minute_bars = Table(
    "minute_bars",
    metadata,
    ticker_key(),
    Column("minutes", SmallInteger, primary_key=True, autoincrement=False),
    Column("start_time", UtcTime, primary_key=True),
    won("open"),
    won("high"),
    won("low"),
    won("close"),
    won("volume"),
    *origin_columns(),
    sqlite_with_rowid=False,
)

# Clustered by moment: replay walks through time with the whole market.
intraday_snapshots = Table(
    "intraday_snapshots",
    metadata,
    Column("collected_time", UtcTime, primary_key=True),
    ticker_key(),
    *(won(name, nullable=True) for name in ("price", "change", "open", "high", "low", "volume", "turnover", "shares")),
    *origin_columns(),
    sqlite_with_rowid=False,
)

market_gates = Table(
    "market_gates",
    metadata,
    Column("gate_time", UtcTime, primary_key=True),
    Column("as_of", TradeDate, nullable=False),
    Column("level", Integer, nullable=False),
    Column("colour", String(8), nullable=False),
    Column("reading", String, nullable=False),
)
Index("ix_market_gates_as_of", market_gates.c.as_of)
