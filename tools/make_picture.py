"""Makes the picture of the README: three commands as they print in a terminal, asked of a running server.

`python tools/make_picture.py 127.0.0.1:50051 docs/images/terminal.png`, best when the simulated market has run for a minute.
"""

import asyncio
import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import koreanize_matplotlib
import matplotlib
from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.color import ColorTriplet
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME

from bots.console.chat import ChatWishes, run_chat
from bots.console.scan import ScanWishes, run_scan
from bots.console.screen import Screen
from bots.console.stream import StreamOptions, run_stream
from shared.clock import WallClock
from shared.rpc.client import Target, open_channel

COLUMNS = 116
CELL, LINE, MARGIN, SIZE = 10, 23, 22, 16
LATIN = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
KOREAN = Path(koreanize_matplotlib.__file__).parent / "fonts" / "NanumGothic.ttf"
SIGNS = {
    "🔴": "#ff5555",
    "🔵": "#5b9cff",
    "⚪": "#d8d8d8",
    "⬜": "#d8d8d8",
    "🟢": "#50c878",
    "🟡": "#e6c84b",
    "🟠": "#f0963c",
}
"""Signs that the fonts lack; drawn as discs, the square one as a square."""

SPINNER = re.compile("[\u2800-\u28ff]")
"""Lines that are gone once the answer is there."""

Line = list[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A command and the lines that it printed."""

    command: str
    lines: list[Line]


async def record(address: str) -> list[Recorded]:
    """Run the front ends of the commands."""
    clock = WallClock()
    async with open_channel(Target(address=address), clock=clock) as channel:
        chat, question = _screen(), "삼성전자 지금 얼마야?"
        await run_chat(channel, ChatWishes(question=question), chat)
        stream, texts = _screen(), ("005930", "000660", "market:kospi")
        options = StreamOptions(texts=texts, count=20, every=timedelta(milliseconds=250))
        await run_stream(channel, options, stream, clock=clock)
        scan = _screen()
        await run_scan(channel, _wishes(top_n=3), scan)
    return [
        Recorded(command=f'kstock chat "{question}"', lines=_lines(chat)),
        Recorded(command=f"kstock stream {' '.join(texts)}", lines=_last_frame(_lines(stream))),
        Recorded(command="kstock scan vcp --top 3", lines=_lines(scan)),
    ]


def draw(recorded: Sequence[Recorded]) -> Image.Image:
    """Put the lines on a dark ground, one cell per column."""
    lines = [line for one in recorded for line in (_prompt(one.command), *_folded(one.lines), [])][:-1]
    size = (COLUMNS * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN)
    image = Image.new("RGB", size, "#16181d")
    pen, fonts = ImageDraw.Draw(image), (ImageFont.truetype(LATIN, SIZE), ImageFont.truetype(KOREAN, SIZE + 1))
    for row, line in enumerate(lines):
        column = 0
        for segment in line:
            for letter in segment.text:
                place = (MARGIN + column * CELL, MARGIN + row * LINE)
                _letter(pen, letter, place, fonts=fonts, colour=_colour(segment.style))
                column += cell_len(letter)
    return image.quantize(160)


def _letter(
    pen: ImageDraw.ImageDraw,
    letter: str,
    place: tuple[int, int],
    *,
    fonts: tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont],
    colour: str,
) -> None:
    x, y = place
    if letter in SIGNS:
        box = (x + 3, y + 4, x + 2 * CELL - 4, y + 2 * CELL - 3)
        (pen.rectangle if letter == "⬜" else pen.ellipse)(box, fill=SIGNS[letter])
        return
    is_wide = cell_len(letter) == 2
    pen.text((x + CELL * cell_len(letter) / 2, y + LINE / 2), letter, font=fonts[is_wide], fill=colour, anchor="mm")


def _screen() -> Screen:
    console = Console(
        record=True, force_terminal=True, color_system="truecolor", width=COLUMNS, file=io.StringIO(), markup=False,
        highlight=False, emoji=False,
    )  # fmt: skip
    return Screen(out=console, err=console)


def _lines(screen: Screen) -> list[Line]:
    # rich gives its record as text only; the tool needs the styles, too.
    printed = [segment for segment in screen.out._record_buffer if not segment.control]  # noqa: SLF001
    lines = [line for line in Segment.split_lines(printed) if not SPINNER.search(_text(line))]
    while lines and not _text(lines[-1]).strip():
        lines.pop()
    return lines


def _text(line: Line) -> str:
    return "".join(segment.text for segment in line)


def _last_frame(lines: list[Line]) -> list[Line]:
    """A live table is recorded at each drawing; the newest one begins at its last header."""
    return lines[max(place for place, line in enumerate(lines) if "현재가" in _text(line)) :]


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    """Long lines as a terminal folds them."""
    for line in lines:
        yield from Segment.split_and_crop_lines(_broken(line), COLUMNS, pad=False, include_new_lines=False)


def _broken(line: Line) -> Line:
    pieces: Line = []
    left = COLUMNS
    for segment in line:
        for letter in segment.text:
            if left < cell_len(letter):
                pieces.append(Segment("\n"))
                left = COLUMNS
            pieces.append(Segment(letter, segment.style))
            left -= cell_len(letter)
    return pieces


def _prompt(command: str) -> Line:
    return [Segment("$ ", Style(color="green")), Segment(command, Style(bold=True))]


def _colour(style: Style | None) -> str:
    colour = style.color.get_truecolor(SVG_EXPORT_THEME) if style is not None and style.color is not None else None
    strong = style is not None and style.bold
    faint = style is not None and style.dim
    shown = colour or (
        ColorTriplet(255, 255, 255) if strong else ColorTriplet(128, 132, 142) if faint else ColorTriplet(205, 208, 214)
    )
    return f"#{shown.red:02x}{shown.green:02x}{shown.blue:02x}"


def _wishes(*, top_n: int) -> ScanWishes:
    return ScanWishes(
        kind="VCP", board=None, as_of=None, include_elw=False, min_market_cap_krw=0, max_tickers=0, top_n=top_n,
        sort_by="SCORE", ascending=False, min_score=0.0,
    )  # fmt: skip


if __name__ == "__main__":
    _address, _target = sys.argv[1:]
    Path(_target).parent.mkdir(parents=True, exist_ok=True)
    draw(asyncio.run(record(_address))).save(_target, optimize=True)
