"""The chat room over the real rooms that it asks, and stores of both kinds."""

from tests.fixtures.chat_house import asked_house, chat_market_file, house, lazy_morphemes
from tests.fixtures.postgres import postgres
from tests.fixtures.stores import blank_postgres, blank_sqlite, postgres_url, sqlite_url, store, store_url

__all__ = [
    "asked_house",
    "blank_postgres",
    "blank_sqlite",
    "chat_market_file",
    "house",
    "lazy_morphemes",
    "postgres",
    "postgres_url",
    "sqlite_url",
    "store",
    "store_url",
]
