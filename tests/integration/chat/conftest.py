"""The chat room over the real rooms that it asks."""

from tests.fixtures.chat_house import chat_market_file, house, lazy_morphemes

__all__ = ["chat_market_file", "house", "lazy_morphemes"]
