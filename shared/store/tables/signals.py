"""Signals and their event log, scan runs and what they found."""

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, String, Table, text

from shared.market.instrument import Board
from shared.market.signal import Grade, SignalChange, SignalKind, SignalState
from shared.store.tables.base import metadata, won
from shared.store.types import EnumText, TradeDate, UtcTime

# `candidate` is the newest verdict as JSON; the columns beside it are what queries filter and sort by.
signals = Table(
    "signals",
    metadata,
    Column("signal_id", String(40), primary_key=True),
    Column("kind", EnumText(SignalKind), nullable=False),
    Column("ticker", String(6), nullable=False),
    Column("board", EnumText(Board), nullable=False),
    Column("state", EnumText(SignalState), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("grade", EnumText(Grade), nullable=False),
    Column("score", Double, nullable=False),
    won("turnover_avg20_krw"),
    Column("tradable", Boolean, nullable=False),
    Column("as_of", TradeDate, nullable=False),
    won("opened_price_krw"),
    Column("opened_on", TradeDate, nullable=False),
    Column("plan_on", TradeDate, nullable=False),
    Column("opened_time", UtcTime, nullable=False),
    Column("updated_time", UtcTime, nullable=False),
    Column("closed_time", UtcTime, nullable=True),
    Column("close_reason", String(80), nullable=False, server_default=""),
    won("close_price_krw", nullable=True),
    Column("candidate", String, nullable=False),
)
_OPEN = text("state = 'ACTIVE'")
Index("uq_signals_open", signals.c.kind, signals.c.ticker, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_signals_opened", signals.c.opened_time, signals.c.signal_id)
Index("ix_signals_ticker", signals.c.ticker, signals.c.opened_time)
Index("ix_signals_kind_state", signals.c.kind, signals.c.state, signals.c.score)

# One row per log. The publishing transaction updates it first: its lock makes commit order equal id order.
event_logs = Table(
    "event_logs",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("epoch", String(32), nullable=False),
    Column("last_event_id", BigInteger, nullable=False),
    Column("earliest_event_id", BigInteger, nullable=False),
)

signal_events = Table(
    "signal_events",
    metadata,
    Column("event_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("change", EnumText(SignalChange), nullable=False),
    Column("signal_id", String(40), ForeignKey("signals.signal_id"), nullable=False),
    Column("kind", EnumText(SignalKind), nullable=False),
    Column("ticker", String(6), nullable=False),
    Column("time", UtcTime, nullable=False),
    # The signal as this event left it, as JSON.
    Column("signal", String, nullable=False),
)
Index("ix_signal_events_signal", signal_events.c.signal_id, signal_events.c.event_id)
Index("ix_signal_events_time", signal_events.c.time)

scan_runs = Table(
    "scan_runs",
    metadata,
    Column("run_id", String(40), primary_key=True),
    Column("kind", EnumText(SignalKind), nullable=False),
    Column("principal", String(80), nullable=False),
    Column("idempotency_key", String(80), nullable=True),
    Column("state", String(16), nullable=False),
    Column("as_of", TradeDate, nullable=False),
    Column("started_time", UtcTime, nullable=False),
    Column("finished_time", UtcTime, nullable=True),
    # The run's options, counts and problems as the scanner last reported them, as JSON of its own.
    Column("summary", String, nullable=False),
)
Index("uq_scan_runs_idempotency_key", scan_runs.c.principal, scan_runs.c.idempotency_key, unique=True)
Index("ix_scan_runs_started", scan_runs.c.started_time, scan_runs.c.run_id)

scan_candidates = Table(
    "scan_candidates",
    metadata,
    Column("run_id", String(40), ForeignKey("scan_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("ticker", String(6), nullable=False),
    Column("score", Double, nullable=False),
    Column("candidate", String, nullable=False),
)
