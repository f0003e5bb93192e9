"""The small market on which the running parts of the scanner are tried."""

from tests.fixtures.scanner_house import clock_mode, house, market_file

__all__ = ["clock_mode", "house", "market_file"]
