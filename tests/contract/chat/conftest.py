"""Stores of both kinds for the tests of this folder."""

from tests.fixtures.postgres import postgres
from tests.fixtures.stores import blank_postgres, blank_sqlite, postgres_url, sqlite_store, sqlite_url, store, store_url

__all__ = ["blank_postgres", "blank_sqlite", "postgres", "postgres_url", "sqlite_store", "sqlite_url", "store", "store_url"]
