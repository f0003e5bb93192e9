"""A Valkey server that the test may stop."""

from tests.fixtures.valkey import own_valkey

__all__ = ["own_valkey"]
