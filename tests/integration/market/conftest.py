"""The real market in a store."""

from tests.fixtures.real_store import real_store

__all__ = ["real_store"]
