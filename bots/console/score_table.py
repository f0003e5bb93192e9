"""The lines of a scoreboard where they are printed: one table where it fits, else trades, and below them the comparison."""

from collections.abc import Sequence

from kstock.common.v1 import statistics_pb2

from bots.console.screen import Screen, plain_table
from bots.core import scoreboard

_RIGHT = [name for name in scoreboard.HEADER if name not in scoreboard.LEFT]
_GROUP = slice(0, 2)
_TRADED, _HELD = slice(0, 11), slice(11, None)
_NARROW_GAP = " "


def print_scores(rows: Sequence[statistics_pb2.OutcomeStatistics], screen: Screen) -> None:
    """Print lines of a scoreboard.

    Args:
        rows: Of one strategy and period.
        screen: Where to print; a terminal too narrow for nineteen columns gets them in two tables.
    """
    cells = [scoreboard.cells(row) for row in rows]
    if not screen.is_terminal or screen.fits(scoreboard.HEADER, cells, right=_RIGHT):
        screen.table(scoreboard.HEADER, cells, right=_RIGHT)
        return
    _print_part("기준가와 손절을 적용한 거래", [list(line[_TRADED]) for line in (scoreboard.HEADER, *cells)], screen)
    together = [[*line[_GROUP], *line[_HELD]] for line in (scoreboard.HEADER, *cells)]
    _print_part("기준가·손절 없이 끝까지 보유한 결과와 대조군", together, screen)


def _print_part(title: str, lines: Sequence[Sequence[str]], screen: Screen) -> None:
    screen.line(f"[{title}]")
    header, *rows = lines
    for text in plain_table(header, rows, right=_RIGHT, gap=_NARROW_GAP):
        screen.line(text)
