"""A fresh store for every test."""

from tests.fixtures.stores import blank_sqlite, sqlite_url

__all__ = ["blank_sqlite", "sqlite_url"]
