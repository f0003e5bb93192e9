"""The front end of `kstock stream`: prices as they come, as a table that stays or as one line for each update."""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

import grpc
from kstock.common.v1 import feed_status_pb2, market_gate_pb2, market_index_pb2, quote_pb2
from rich.live import Live
from rich.text import Text

from bots.console.instruments import find_topics
from bots.console.price_board import Change, PriceBoard, Row
from bots.console.screen import Screen, coloured, drawn_table
from bots.core import render, wire
from shared.clock import Clock
from shared.market.errors import NotFound
from shared.market.times import format_time
from shared.rpc.client import PriceStreamClient, PriceStreamWishes, StreamLost

_HEADER = ("종목", "현재가", "등락", "거래량", "시각", "신선도", "출처")
_RIGHT = ("현재가", "등락", "거래량")
_WHOLE = ("종목", "현재가", "등락", "시각")
_NEEDED_WIDTH = {"출처": 120, "거래량": 100}
"""Terminals that are narrower do without these columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions:
    """What to follow. `count` ends it after that many updates, None never; `every` is the shortest time between updates."""

    texts: tuple[str, ...]
    count: int | None = None
    every: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """A row in words. `change` gives its colour."""

    name: str
    price: str = ""
    move: str = ""
    volume: str = ""
    time: str = ""
    badge: str = ""
    origin: str = ""
    change: int = 0


async def run_stream(channel: grpc.aio.Channel, options: StreamOptions, screen: Screen, *, clock: Clock) -> None:
    """Follow until `count` updates came or the caller is interrupted.

    Raises:
        NotFound: An unknown name, or no topic that the server knows.
        InvalidInput: A name that fits several instruments.
    """
    followed = await find_topics(channel, options.texts)
    board = PriceBoard(followed, clock)
    client = PriceStreamClient(channel, clock=clock, wishes=PriceStreamWishes(min_update=options.every))
    shown = PriceTable(board, screen) if screen.is_terminal else _Lines(board, screen)
    left = options.count
    async with aclosing(client.watch(one.topic for one in followed)) as items:
        with shown:
            async for item in items:
                if isinstance(item, StreamLost):
                    board.lost()
                    screen.remark(_lost(item))
                    continue
                screen.message(item)
                changes = board.apply(item)
                left = shown.show(changes, left)
                if left == 0:
                    return
                _check_any_left(board)


def _check_any_left(board: PriceBoard) -> None:
    if all(row.is_rejected for row in board.rows):
        raise NotFound("INSTRUMENT", ", ".join(str(row.followed.topic).removeprefix("price:") for row in board.rows))


def _lost(item: StreamLost) -> str:
    return f"연결이 끊겼습니다({item.reason}). {item.retry_after.total_seconds():.1f}초 뒤에 다시 연결합니다."


class _Lines:
    """One line for each update and each state, for files and pipes."""

    def __init__(self, board: PriceBoard, screen: Screen) -> None:
        self._board = board
        self._screen = screen

    def __enter__(self) -> None:
        """Nothing is drawn before the first update."""

    def __exit__(self, *_: object) -> None:
        """Nothing stays to be taken away."""

    def show(self, changes: list[Change], left: int | None) -> int | None:
        """Print the changes, at most `left` updates; returns how many are left then."""
        for change in changes:
            if left == 0:
                break
            cells = _cells(change.row, self._board.now())
            volume = cells.volume and f"거래량 {cells.volume}"
            parts = (cells.time, cells.name, cells.price, cells.move, volume, cells.badge, cells.origin)
            self._screen.line("  ".join(part for part in parts if part))
            left = _minus(left, change)
        return left


class PriceTable:
    """A table that stays in its place in the terminal."""

    def __init__(self, board: PriceBoard, screen: Screen) -> None:
        self._board = board
        self._header = [name for name in _HEADER if screen.out.width >= _NEEDED_WIDTH.get(name, 0)]
        self._live = Live(console=screen.out, auto_refresh=False)

    def __enter__(self) -> None:
        self._live.__enter__()
        self._draw()

    def __exit__(self, *error: object) -> None:
        self._live.__exit__(None, None, None)

    def show(self, changes: list[Change], left: int | None) -> int | None:
        """Draw the newest values; returns how many updates are left then."""
        self._draw()
        for change in changes:
            left = _minus(left, change)
        return left

    def _draw(self) -> None:
        now = self._board.now()
        known = [_row(_cells(row, now)) for row in self._board.rows]
        rows = [[row[name] for name in self._header] for row in known]
        self._live.update(drawn_table(self._header, rows, right=_RIGHT, whole=_WHOLE), refresh=True)


def _minus(left: int | None, change: Change) -> int | None:
    return left if left is None or not change.is_update else max(0, left - 1)


def _row(cells: _Cells) -> dict[str, str | Text]:
    """Cells by the name of their column."""
    price, move = coloured(cells.price, cells.change), coloured(cells.move, cells.change)
    return dict(zip(_HEADER, (cells.name, price, move, cells.volume, cells.time, cells.badge, cells.origin), strict=True))


def _cells(row: Row, now: datetime) -> _Cells:
    name, state = _name(row), "" if row.status is None else render.topic_state(row.status)
    match row.value:
        case quote_pb2.Quote() as quote:
            time = wire.moment(quote.exchange_time)
            return _Cells(
                name=name,
                price=render.price(quote),
                move=render.move(quote),
                volume=render.volume(quote),
                time=format_time(time, now),
                badge=_badge(render.freshness(quote.quality, time, now, stale=row.stale), state),
                origin=render.origin(quote),
                change=quote.change_krw,
            )
        case market_index_pb2.IndexLevel() as level:
            time = wire.moment(level.exchange_time)
            price, _, move = render.index_level(level).partition("  ")
            return _Cells(
                name=name,
                price=price,
                move=move,
                time=format_time(time, now),
                badge=_badge(render.freshness(level.quality, time, now, stale=row.stale), state),
                origin=level.source,
                change=level.change_bps,
            )
        case market_gate_pb2.MarketGate() as gate:
            time = wire.moment(gate.exchange_time)
            badge = render.freshness(gate.quality, time, now, stale=row.stale)
            return _Cells(name=name, price=render.gate(gate), time=format_time(time, now), badge=_badge(badge, state))
        case feed_status_pb2.FeedStatus() as feed:
            return _Cells(name=name, badge=_badge(render.feed(feed, now), state))
        case None:
            return _Cells(name=name, badge=state or "기다리는 중")


def _badge(badge: str, state: str) -> str:
    return f"{badge} · {state}" if state else badge


def _name(row: Row) -> str:
    code = str(row.followed.topic).removeprefix("price:")
    return f"{row.followed.name} {code}" if row.followed.name not in ("", code) else code
