"""Daily candles drawn with characters: red for rises, blue for falls, as Korean charts paint them."""

from collections.abc import Sequence

from kstock.common.v1 import bar_pb2
from rich.text import Text

from bots.console.screen import coloured
from shared.market.money import format_price

_HEIGHT = 12
_WIDTH = 72
_BODY, _WICK, _GAP = "█", "│", " "


def draw_candles(bars: Sequence[bar_pb2.Bar], *, width: int = _WIDTH, height: int = _HEIGHT) -> list[Text]:
    """Lines from the top: prices at the left, one column per bar; the newest bars when there are more than columns.

    Args:
        bars: Bars in ascending order; those without trades are left out.
        width: Most columns.
        height: Lines.
    """
    shown = [bar for bar in bars if bar.high_krw > 0][-width:]
    if not shown:
        return []
    top, bottom = max(bar.high_krw for bar in shown), min(bar.low_krw for bar in shown)
    labels = {0: format_price(top), height - 1: format_price(bottom)}
    margin = max(len(label) for label in labels.values())
    lines = []
    for row in range(height):
        line = Text(f"{labels.get(row, ''):>{margin}} ")
        for bar in shown:
            line.append_text(coloured(_mark(bar, row, _Scale(top, bottom, height)), bar.close_krw - bar.open_krw))
        lines.append(line)
    return lines


class _Scale:
    """From a price to the row that it lies in; row 0 is the top."""

    def __init__(self, top: int, bottom: int, height: int) -> None:
        self._top = top
        self._step = max(1, top - bottom) / (height - 1)

    def row(self, price: int) -> int:
        return round((self._top - price) / self._step)


def _mark(bar: bar_pb2.Bar, row: int, scale: _Scale) -> str:
    body = sorted((scale.row(bar.open_krw), scale.row(bar.close_krw)))
    if body[0] <= row <= body[1]:
        return _BODY
    return _WICK if scale.row(bar.high_krw) <= row <= scale.row(bar.low_krw) else _GAP
