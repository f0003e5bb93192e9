"""The chat room over the real rooms that it asks."""

from tests.fixtures.chat_house import asked_house, chat_market_file, house, lazy_morphemes

__all__ = ["asked_house", "chat_market_file", "house", "lazy_morphemes"]
