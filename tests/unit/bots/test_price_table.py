"""The table of `kstock stream` fits into terminals of any width."""

import io
import re

import pytest
from kstock.common.v1 import market_index_pb2, quote_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2
from rich.cells import cell_len
from rich.console import Console

from bots.console.instruments import Followed
from bots.console.price_board import PriceBoard
from bots.console.screen import Screen
from bots.console.stream import PriceTable
from shared.market.topic import parse_topic
from tests.fakes.clock import FakeClock

QUOTE = quote_pb2.Quote(
    ticker="000660",
    price_krw=1_287_000,
    change_krw=41_200,
    change_bps=140,
    volume_shares=12_251_575,
    venue=quote_pb2.VENUE_CONSOLIDATED,
    quality=quote_pb2.QUALITY_SIMULATED,
    source="simulated",
)
LEVEL = market_index_pb2.IndexLevel(
    index=market_index_pb2.MARKET_INDEX_KOSPI, level_e2=287_919, change_bps=-1, quality=quote_pb2.QUALITY_SIMULATED
)
_CONTROL = re.compile(r"\x1b\[[0-9?]*[a-zA-Z]")


def drawn(width: int) -> list[str]:
    """Lines of the newest frame."""
    followed = [
        Followed(topic=parse_topic("price:000660"), name="SK하이닉스"),
        Followed(topic=parse_topic("market:kospi"), name="market:kospi"),
    ]
    board = PriceBoard(followed, FakeClock())
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, color_system=None, markup=False, emoji=False)
    changes = board.apply(stream_pb2.SubscribeResponse(quotes=[QUOTE], indices=[LEVEL]))
    table = PriceTable(board, Screen(out=console))
    with table:
        out.seek(0)
        out.truncate()
        table.show(changes, None)
        return [_CONTROL.sub("", line).rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("width", [80, 100, 104, 120, 160])
def test_a_row_takes_three_lines_at_most_in_terminals_of_80_columns_and_more(width: int) -> None:
    lines = drawn(width)
    assert len([line for line in lines if line.strip()]) <= 2 + 2 * 3
    assert max(cell_len(line) for line in lines) <= width


def test_price_change_and_time_are_never_left_out() -> None:
    text = "\n".join(drawn(80))
    for part in ("SK하이닉스 000660", "1,287,000원", "🔴▲41,200 (+1.40%)", "2,879.19", "🔵-0.01%", "모의", "데이터"):
        assert part in text


def test_wide_terminals_show_volume_and_source() -> None:
    assert "12,251,575주" not in "\n".join(drawn(80))
    wide = "\n".join(drawn(160))
    assert "12,251,575주" in wide
    assert "통합 · simulated" in wide
