"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustment_factors",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("ex_date", sa.Integer(), nullable=False),
        sa.Column("price_factor", sa.Double(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "ex_date", name="pk_adjustment_factors"),
    )
    op.create_table(
        "conversations",
        sa.Column("conversation_id", sa.String(40), nullable=False),
        sa.Column("principal", sa.String(80), nullable=False),
        sa.Column("channel", sa.String(80), server_default="", nullable=False),
        sa.Column("language", sa.String(8), server_default="ko", nullable=False),
        sa.Column("created_time", sa.BigInteger(), nullable=False),
        sa.Column("updated_time", sa.BigInteger(), nullable=False),
        sa.Column("context", sa.String(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_principal", "conversations", ["principal", "updated_time"], unique=False)
    op.create_table(
        "daily_bars",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("date", sa.Integer(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("close", sa.BigInteger(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        sa.Column("turnover", sa.BigInteger(), nullable=False),
        sa.Column("turnover_estimated", sa.Boolean(), nullable=False),
        sa.Column("adjusted_as_of", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "date", name="pk_daily_bars"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event_logs",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("earliest_event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_event_logs"),
    )
    op.create_table(
        "flows",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("date", sa.Integer(), nullable=False),
        sa.Column("foreign_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("institution_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("pension_net_krw", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "date", name="pk_flows"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fx_rates",
        sa.Column("pair", sa.String(7), nullable=False),
        sa.Column("date", sa.Integer(), nullable=False),
        sa.Column("rate_e4", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pair", "date", name="pk_fx_rates"),
    )
    op.create_table(
        "generations",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_generations"),
    )
    op.create_table(
        "import_files",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("schema", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("rows_total", sa.BigInteger(), nullable=False),
        sa.Column("rows_done", sa.BigInteger(), nullable=False),
        sa.Column("rows_stored", sa.BigInteger(), nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), nullable=False),
        sa.Column("started_time", sa.BigInteger(), nullable=False),
        sa.Column("finished_time", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("digest", "schema", name="pk_import_files"),
    )
    op.create_table(
        "index_bars",
        sa.Column("index_name", sa.String(24), nullable=False),
        sa.Column("date", sa.Integer(), nullable=False),
        sa.Column("open_e2", sa.BigInteger(), nullable=False),
        sa.Column("high_e2", sa.BigInteger(), nullable=False),
        sa.Column("low_e2", sa.BigInteger(), nullable=False),
        sa.Column("close_e2", sa.BigInteger(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        sa.Column("turnover", sa.BigInteger(), nullable=False),
        sa.Column("market_cap_krw", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("index_name", "date", name="pk_index_bars"),
    )
    op.create_table(
        "instruments",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("board", sa.String(24), nullable=True),
        sa.Column("name_en", sa.String(200), server_default="", nullable=False),
        sa.Column("isin", sa.String(12), server_default="", nullable=False),
        sa.Column("sector", sa.String(120), server_default="", nullable=False),
        sa.Column("industry", sa.String(200), server_default="", nullable=False),
        sa.Column("list_date", sa.Integer(), nullable=True),
        sa.Column("delist_date", sa.Integer(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("market_cap_krw", sa.BigInteger(), nullable=True),
        sa.Column("capital_as_of", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("ticker", name="pk_instruments"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_instruments_board_market_cap",
        "instruments",
        ["board", sa.literal_column("market_cap_krw DESC")],
        unique=False,
        sqlite_where=sa.text("delist_date IS NULL"),
        postgresql_where=sa.text("delist_date IS NULL"),
    )
    op.create_table(
        "intraday_snapshots",
        sa.Column("collected_time", sa.BigInteger(), nullable=False),
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("change", sa.BigInteger(), nullable=True),
        sa.Column("open", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("turnover", sa.BigInteger(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("collected_time", "ticker", name="pk_intraday_snapshots"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "job_runs",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("scheduled_time", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_time", sa.BigInteger(), nullable=False),
        sa.Column("finished_time", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.String(500), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_job_runs"),
    )
    op.create_index("uq_job_runs_job", "job_runs", ["job", "scheduled_time"], unique=True)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("expires_time", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "market_flows",
        sa.Column("board", sa.String(24), nullable=False),
        sa.Column("date", sa.Integer(), nullable=False),
        sa.Column("individual_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("foreign_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("institution_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("financial_investment_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("insurance_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("investment_trust_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("bank_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("other_financial_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("pension_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("other_corporation_net_krw", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("board", "date", name="pk_market_flows"),
    )
    op.create_table(
        "market_gates",
        sa.Column("gate_time", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(8), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("gate_time", name="pk_market_gates"),
    )
    op.create_index("ix_market_gates_as_of", "market_gates", ["as_of"], unique=False)
    op.create_table(
        "minute_bars",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("start_time", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("close", sa.BigInteger(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "minutes", "start_time", name="pk_minute_bars"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "news",
        sa.Column("news_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dedup_key", sa.String(64), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("lead", sa.String(), server_default="", nullable=False),
        sa.Column("press", sa.String(80), server_default="", nullable=False),
        sa.Column("url", sa.String(1000), server_default="", nullable=False),
        sa.Column("published_time", sa.BigInteger(), nullable=False),
        sa.Column("time_is_exact", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("news_id", name="pk_news"),
        sa.UniqueConstraint("dedup_key", name="uq_news_dedup_key"),
    )
    op.create_index("ix_news_published_time", "news", ["published_time", "news_id"], unique=False)
    op.create_table(
        "scan_runs",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("principal", sa.String(80), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("started_time", sa.BigInteger(), nullable=False),
        sa.Column("finished_time", sa.BigInteger(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_scan_runs"),
    )
    op.create_index("ix_scan_runs_started", "scan_runs", ["started_time", "run_id"], unique=False)
    op.create_index("uq_scan_runs_idempotency_key", "scan_runs", ["principal", "idempotency_key"], unique=True)
    op.create_table(
        "share_counts",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("date", sa.Integer(), nullable=False),
        sa.Column("shares", sa.BigInteger(), nullable=False),
        sa.Column("market_cap_krw", sa.BigInteger(), nullable=True),
        sa.Column("turnover_krw", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "date", name="pk_share_counts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "share_flows",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("date", sa.Integer(), nullable=False),
        sa.Column("foreign_net_shares", sa.BigInteger(), nullable=False),
        sa.Column("institution_net_shares", sa.BigInteger(), nullable=False),
        sa.Column("foreign_held_shares", sa.BigInteger(), nullable=True),
        sa.Column("close", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "date", name="pk_share_flows"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signals",
        sa.Column("signal_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("board", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(24), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("turnover_avg20_krw", sa.BigInteger(), nullable=False),
        sa.Column("tradable", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("opened_price_krw", sa.BigInteger(), nullable=False),
        sa.Column("opened_on", sa.Integer(), nullable=False),
        sa.Column("plan_on", sa.Integer(), nullable=False),
        sa.Column("opened_time", sa.BigInteger(), nullable=False),
        sa.Column("updated_time", sa.BigInteger(), nullable=False),
        sa.Column("closed_time", sa.BigInteger(), nullable=True),
        sa.Column("close_reason", sa.String(80), server_default="", nullable=False),
        sa.Column("close_price_krw", sa.BigInteger(), nullable=True),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("signal_id", name="pk_signals"),
    )
    op.create_index("ix_signals_kind_state", "signals", ["kind", "state", "score"], unique=False)
    op.create_index("ix_signals_opened", "signals", ["opened_time", "signal_id"], unique=False)
    op.create_index("ix_signals_ticker", "signals", ["ticker", "opened_time"], unique=False)
    op.create_index(
        "uq_signals_open",
        "signals",
        ["kind", "ticker"],
        unique=True,
        sqlite_where=sa.text("state = 'ACTIVE'"),
        postgresql_where=sa.text("state = 'ACTIVE'"),
    )
    op.create_table(
        "sources",
        sa.Column("source_id", sa.SmallInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
    )
    op.create_table(
        "store_meta",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_store_meta"),
    )
    op.create_table(
        "instrument_flags",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("seen_until", sa.Integer(), nullable=False),
        sa.Column("flags", sa.String(200), nullable=False),
        sa.Column("flags_seen", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name="fk_instrument_flags_source_id"),
        sa.PrimaryKeyConstraint("ticker", "source_id", "valid_from", name="pk_instrument_flags"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "instrument_records",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("seen_until", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=True),
        sa.Column("kind", sa.String(24), nullable=True),
        sa.Column("board", sa.String(24), nullable=True),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("isin", sa.String(12), nullable=True),
        sa.Column("sector", sa.String(120), nullable=True),
        sa.Column("industry", sa.String(200), nullable=True),
        sa.Column("list_date", sa.Integer(), nullable=True),
        sa.Column("delist_date", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name="fk_instrument_records_source_id"),
        sa.PrimaryKeyConstraint("ticker", "source_id", "valid_from", name="pk_instrument_records"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "news_tickers",
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("news_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["news_id"], ["news.news_id"], name="fk_news_tickers_news_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticker", "news_id", name="pk_news_tickers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_news_tickers_news_id", "news_tickers", ["news_id"], unique=False)
    op.create_table(
        "scan_candidates",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["scan_runs.run_id"], name="fk_scan_candidates_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_scan_candidates"),
    )
    op.create_table(
        "signal_events",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("change", sa.String(24), nullable=False),
        sa.Column("signal_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("signal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.signal_id"], name="fk_signal_events_signal_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_signal_events"),
    )
    op.create_index("ix_signal_events_signal", "signal_events", ["signal_id", "event_id"], unique=False)
    op.create_index("ix_signal_events_time", "signal_events", ["time"], unique=False)
    op.create_table(
        "statement_days",
        sa.Column("source_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("flags", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name="fk_statement_days_source_id"),
        sa.PrimaryKeyConstraint("source_id", "day", name="pk_statement_days"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turns",
        sa.Column("conversation_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.conversation_id"], name="fk_turns_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "number", name="pk_turns"),
    )
    op.create_table(
        "backtest_runs",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("principal", sa.String(80), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("board", sa.String(24), nullable=True),
        sa.Column("entry", sa.String(16), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(200), server_default="", nullable=False),
        sa.Column("started_time", sa.BigInteger(), nullable=False),
        sa.Column("finished_time", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(500), server_default="", nullable=False),
        sa.Column("result", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_backtest_runs"),
    )
    op.create_index("ix_backtest_runs_started", "backtest_runs", ["started_time", "run_id"], unique=False)
    op.create_table(
        "backtest_chunks",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["backtest_runs.run_id"], name="fk_backtest_chunks_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_backtest_chunks"),
    )
    op.create_table(
        "judgements",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("judged_time", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("costs", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_judgements"),
    )
    op.create_table(
        "signal_openings",
        sa.Column("signal_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("ticker", sa.String(6), nullable=False),
        sa.Column("opened_on", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(24), nullable=False),
        sa.Column("close_krw", sa.BigInteger(), nullable=False),
        sa.Column("entry_krw", sa.BigInteger(), nullable=True),
        sa.Column("stop_krw", sa.BigInteger(), nullable=True),
        sa.Column("target_krw", sa.BigInteger(), nullable=True),
        sa.Column("target_return_bps", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.signal_id"], name="fk_signal_openings_signal_id"),
        sa.PrimaryKeyConstraint("signal_id", name="pk_signal_openings"),
    )
    op.create_index("ix_signal_openings_kind", "signal_openings", ["kind", "opened_on"], unique=False)
    op.create_table(
        "signal_outcomes",
        sa.Column("signal_id", sa.String(40), nullable=False),
        sa.Column("horizon", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("fill", sa.SmallInteger(), nullable=False),
        sa.Column("exit_how", sa.SmallInteger(), nullable=False),
        sa.Column("entry_on", sa.Integer(), nullable=True),
        sa.Column("entry_price_krw", sa.BigInteger(), nullable=True),
        sa.Column("exit_on", sa.Integer(), nullable=True),
        sa.Column("exit_price_krw", sa.BigInteger(), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("bars_held", sa.Integer(), nullable=False),
        sa.Column("net", sa.Double(), nullable=True),
        sa.Column("managed", sa.Double(), nullable=True),
        sa.Column("held", sa.Double(), nullable=True),
        sa.Column("mfe", sa.Double(), nullable=True),
        sa.Column("mae", sa.Double(), nullable=True),
        sa.Column("base", sa.Double(), nullable=True),
        sa.Column("base_hit", sa.Double(), nullable=True),
        sa.Column("drawn", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.signal_id"], name="fk_signal_outcomes_signal_id"),
        sa.PrimaryKeyConstraint("signal_id", "horizon", name="pk_signal_outcomes"),
    )
