"""Which instruments an answer shows as a list, so that the next question can speak of the second one."""

from collections.abc import Iterable, Iterator

from kstock.chat.v1 import block_pb2

_FROM = 2
"""Fewer are no list."""


def listed_tickers(blocks: Iterable[block_pb2.DataBlock]) -> tuple[str, ...]:
    """Codes of the instruments of the longest list among the blocks, in its order; none when there is no list."""
    lists = [tuple(dict.fromkeys(_tickers(block))) for block in blocks]
    longest = max(lists, key=len, default=())
    return longest if len(longest) >= _FROM or any(block.HasField("signal_list") for block in blocks) else ()


def _tickers(block: block_pb2.DataBlock) -> Iterator[str]:
    yield from (signal.ticker for signal in block.signal_list.signals)
    yield from (row.instrument.ticker for row in block.quote_table.rows)
    yield from (row.instrument.ticker for row in block.comparison.rows)
    yield from (row.instrument.ticker for row in block.ranking_table.rows)
