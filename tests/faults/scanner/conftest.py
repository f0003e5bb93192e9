"""The small market of the scanner's tests."""

from tests.fixtures.scanner_house import clock_mode, house, market_file

__all__ = ["clock_mode", "house", "market_file"]
