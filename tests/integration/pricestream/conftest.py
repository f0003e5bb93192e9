"""A Valkey server for replicas that share a bus."""

from tests.fixtures.valkey import valkey

__all__ = ["valkey"]
