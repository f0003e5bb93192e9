"""Where a command prints: rich in a terminal, plain text when piped, messages of the API as JSON lines when asked for."""

from collections.abc import Sequence

from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

_UP, _DOWN = "bright_red", "dodger_blue1"
_PLAIN_GAP = "  "
_ANY_WIDTH = 10_000


class Screen:
    """Standard output for results, standard error for remarks.

    Attributes:
        as_json: Whether results are wanted as JSON lines only.
        out: The console of the results, for what draws itself, e.g. live tables.
    """

    def __init__(self, *, as_json: bool = False, out: Console | None = None, err: Console | None = None) -> None:
        self.as_json = as_json
        self.out = out or Console(markup=False, highlight=False, emoji=False)
        self._err = err or Console(stderr=True, markup=False, highlight=False, emoji=False)

    @property
    def is_terminal(self) -> bool:
        """Whether a person watches the results."""
        return self.out.is_terminal and not self.as_json

    def line(self, text: str | Text = "") -> None:
        """Print a line of the result; nothing when JSON is wanted."""
        if not self.as_json:
            self.out.print(text, soft_wrap=True)

    def message(self, message: Message) -> None:
        """Print a message of the API as one line of JSON; nothing unless JSON is wanted."""
        if self.as_json:
            self.json_line(MessageToJson(message, preserving_proto_field_name=True, indent=None, ensure_ascii=False))

    def json_line(self, text: str) -> None:
        """Print a line as it is, at once."""
        self.out.file.write(text + "\n")
        self.out.file.flush()

    def remark(self, text: str) -> None:
        """Tell the person something that is no part of the result."""
        self._err.print(text, soft_wrap=True)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str | Text]], *, right: Sequence[str] = ()) -> None:
        """Print rows under a header, drawn in a terminal, in aligned columns without lines when piped.

        Args:
            header: Names of the columns.
            rows: Cells, as many as there are columns.
            right: Columns whose cells stand at the right.
        """
        if self.is_terminal:
            self.out.print(drawn_table(header, rows, right=right))
        elif not self.as_json:
            for text in plain_table(header, rows, right=right):
                self.line(text)

    def fits(self, header: Sequence[str], rows: Sequence[Sequence[str | Text]], *, right: Sequence[str] = ()) -> bool:
        """Whether the terminal is wide enough for a table without cutting any cell."""
        anything = self.out.options.update_width(_ANY_WIDTH)
        return Measurement.get(self.out, anything, drawn_table(header, rows, right=right)).maximum <= self.out.width


def drawn_table(
    header: Sequence[str], rows: Sequence[Sequence[str | Text]], *, right: Sequence[str] = (), whole: Sequence[str] = ()
) -> RenderableType:
    """A table for a terminal; numbers and the columns in `whole` are never folded."""
    table = Table(box=SIMPLE_HEAD, header_style="bold", expand=False)
    for name in header:
        table.add_column(
            name, justify="right" if name in right else "left", overflow="fold", no_wrap=name in (*right, *whole)
        )
    for row in rows:
        table.add_row(*row)
    return table


def plain_table(
    header: Sequence[str], rows: Sequence[Sequence[str | Text]], *, right: Sequence[str] = (), gap: str = _PLAIN_GAP
) -> list[str]:
    """The same as lines of text whose columns stand under each other, Korean letters counted as two cells."""
    texts = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(row[column]) for row in texts) for column in range(len(header))]
    return [gap.join(_aligned(header, row, widths, right)).rstrip() for row in texts]


def coloured(text: str, change: float) -> Text:
    """Text in the colour of a direction; Korean markets paint rises red and falls blue."""
    return Text(text, style=_UP if change > 0 else _DOWN if change < 0 else "")


def _aligned(header: Sequence[str], row: Sequence[str], widths: Sequence[int], right: Sequence[str]) -> list[str]:
    gaps = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
    return [gap + cell if name in right else cell + gap for name, cell, gap in zip(header, row, gaps, strict=True)]
