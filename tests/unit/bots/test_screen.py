"""Where commands print: terminals, pipes, JSON."""

import io
import json

from kstock.common.v1 import quote_pb2
from rich.cells import cell_len
from rich.console import Console

from bots.console.screen import Screen, coloured

HEADER = ("종목", "현재가")
ROWS = [["삼성전자", coloured("72,300원", 1)], ["KT&G", "9,800원"]]


def screen(*, terminal: bool = False, as_json: bool = False) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=60, markup=False, highlight=False, emoji=False)
    return Screen(as_json=as_json, out=console, err=Console(file=io.StringIO())), out


def test_a_piped_table_stands_in_columns_without_colours_or_lines() -> None:
    shown, out = screen()

    shown.table(HEADER, ROWS, right=("현재가",))

    lines = out.getvalue().splitlines()
    assert lines == ["종목        현재가", "삼성전자  72,300원", "KT&G       9,800원"]
    assert len({cell_len(line) for line in lines}) == 1


def test_a_table_in_a_terminal_has_colours() -> None:
    shown, out = screen(terminal=True)

    shown.table(HEADER, ROWS)

    assert "\x1b[" in out.getvalue()


def test_a_long_piped_line_is_not_folded() -> None:
    shown, out = screen()

    shown.line("가" * 500)

    assert out.getvalue() == "가" * 500 + "\n"


def test_square_brackets_are_text() -> None:
    shown, out = screen()

    shown.line("[bold]삼성[/bold] :smile:")

    assert out.getvalue() == "[bold]삼성[/bold] :smile:\n"


def test_json_wanted_means_json_only() -> None:
    shown, out = screen(as_json=True)

    shown.line("말")
    shown.table(HEADER, ROWS)
    shown.message(quote_pb2.Quote(ticker="005930", price_krw=72_300, source="삼성"))

    assert json.loads(out.getvalue()) == {"ticker": "005930", "price_krw": "72300", "source": "삼성"}


def test_messages_are_not_printed_for_people() -> None:
    shown, out = screen()

    shown.message(quote_pb2.Quote(ticker="005930"))

    assert out.getvalue() == ""
