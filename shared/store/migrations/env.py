"""Entry point of Alembic: runs the revisions, or compares them with the tables, on the connection the store hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from shared.store.tables import metadata
from shared.store.types import EnumText, TradeDate, UtcTime


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in the database: a revision must not change with this program."""
    if kind == "type":
        for ours, plain in ((TradeDate, "sa.Integer()"), (UtcTime, "sa.BigInteger()"), (EnumText, "sa.String(24)")):
            if isinstance(item, ours):
                return plain
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    # SQLite cannot alter most things in place; Alembic then copies the table.
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
