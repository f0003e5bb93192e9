"""Conversations, whose deletion is real deletion, and what language models have cost."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from shared.store.tables.base import metadata
from shared.store.types import TradeDate, UtcTime

conversations = Table(
    "conversations",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("principal", String(80), nullable=False),
    Column("channel", String(80), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default="ko"),
    Column("created_time", UtcTime, nullable=False),
    Column("updated_time", UtcTime, nullable=False),
    # What follow-up questions refer to, as JSON of the chat room.
    Column("context", String, nullable=False, server_default="{}"),
)
Index("ix_conversations_principal", conversations.c.principal, conversations.c.updated_time)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", String(40), ForeignKey("conversations.conversation_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("question", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("time", UtcTime, nullable=False),
)

# One row per caller and day in Korea; the empty principal is everybody together.
model_usage = Table(
    "model_usage",
    metadata,
    Column("day", TradeDate, primary_key=True),
    Column("principal", String(80), primary_key=True),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_micro_usd", BigInteger, nullable=False),
)
