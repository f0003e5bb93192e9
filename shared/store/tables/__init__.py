"""Every table of the store, by subject. Importing this package fills the one metadata."""

from shared.store.tables import chat, evaluation, instruments, operations, prices, signals
from shared.store.tables.base import metadata

__all__ = ["chat", "evaluation", "instruments", "metadata", "operations", "prices", "signals"]
