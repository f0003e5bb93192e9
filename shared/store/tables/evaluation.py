"""What became of signals: backtest runs with what they have replayed, and outcomes of the live signals."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
)

from shared.market.instrument import Board
from shared.market.signal import Grade, SignalKind
from shared.store.tables.base import metadata, won
from shared.store.types import EnumText, TradeDate, UtcTime

# `basis` names the data and rules of the chunks: with others they are done anew. `result` is the scanner's own report as
# JSON, empty until the end.
backtest_runs = Table(
    "backtest_runs",
    metadata,
    Column("run_id", String(40), primary_key=True),
    Column("kind", EnumText(SignalKind), nullable=False),
    Column("principal", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("since", TradeDate, nullable=False),
    Column("until", TradeDate, nullable=False),
    Column("board", EnumText(Board), nullable=True),
    Column("entry", String(16), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("basis", String(200), nullable=False, server_default=""),
    Column("started_time", UtcTime, nullable=False),
    Column("finished_time", UtcTime, nullable=True),
    Column("problem", String(500), nullable=False, server_default=""),
    Column("result", String, nullable=False, server_default=""),
)
Index("ix_backtest_runs_started", backtest_runs.c.started_time, backtest_runs.c.run_id)

# Sessions that are done, in the scanner's own packing, so that a run goes on after its process was killed.
backtest_chunks = Table(
    "backtest_chunks",
    metadata,
    Column("run_id", String(40), ForeignKey("backtest_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sessions", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

# The verdict with which a signal opened: later ones change its row in `signals`, and the event log is trimmed.
signal_openings = Table(
    "signal_openings",
    metadata,
    Column("signal_id", String(40), ForeignKey("signals.signal_id"), primary_key=True),
    Column("kind", EnumText(SignalKind), nullable=False),
    Column("ticker", String(6), nullable=False),
    Column("opened_on", TradeDate, nullable=False),
    Column("grade", EnumText(Grade), nullable=False),
    won("close_krw"),
    won("entry_krw", nullable=True),
    won("stop_krw", nullable=True),
    won("target_krw", nullable=True),
    Column("target_return_bps", Integer, nullable=True),
)
Index("ix_signal_openings_kind", signal_openings.c.kind, signal_openings.c.opened_on)

# One row per signal and horizon in traded bars; horizon 0 is the signal's own plan. `fill` and `exit_how` are codes of
# `shared.market.outcome`; `drawn` holds the random controls in basis points, little-endian 16-bit integers.
signal_outcomes = Table(
    "signal_outcomes",
    metadata,
    Column("signal_id", String(40), ForeignKey("signals.signal_id"), primary_key=True),
    Column("horizon", SmallInteger, primary_key=True, autoincrement=False),
    Column("kept", Boolean, nullable=False),
    Column("fill", SmallInteger, nullable=False),
    Column("exit_how", SmallInteger, nullable=False),
    Column("entry_on", TradeDate, nullable=True),
    won("entry_price_krw", nullable=True),
    Column("exit_on", TradeDate, nullable=True),
    won("exit_price_krw", nullable=True),
    Column("ambiguous", Boolean, nullable=False),
    Column("bars_held", Integer, nullable=False),
    *(Column(name, Double, nullable=True) for name in ("net", "managed", "held", "mfe", "mae", "base", "base_hit")),
    Column("drawn", LargeBinary, nullable=True),
)

# When the signals of a kind were last judged, by bars up to which session, and after which costs.
judgements = Table(
    "judgements",
    metadata,
    Column("kind", EnumText(SignalKind), primary_key=True),
    Column("judged_time", UtcTime, nullable=False),
    Column("as_of", TradeDate, nullable=False),
    Column("costs", String(200), nullable=False),
)
