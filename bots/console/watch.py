"""The front end of `kstock watch`: changes of signals as they come, each once, also over connections that break."""

from contextlib import aclosing
from dataclasses import dataclass

import grpc
from kstock.common.v1 import candidate_pb2, quote_pb2
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from bots.console.screen import Screen
from bots.core import render, wire
from shared.clock import Clock
from shared.market.money import format_price
from shared.market.signal import SignalKind
from shared.market.times import format_time
from shared.rpc.client import SignalStreamClient, StreamLost, domain_errors
from shared.rpc.signal_stream import Bookmark

_ENDS = {
    "TARGET": "전략 기준가 도달",
    "STOP": "손절 기준 도달",
    "TIME": "보유 기간 종료",
    "DELISTED": "상장폐지",
    "CONDITION_GONE": "조건 해소",
    "NOT_TRIGGERED": "진입 기준가 미도달",
    "NOT_TRADED": "거래 없음",
    "LOCKED_UP": "상한가로 진입 불가",
    "GAP_ABOVE": "기준가 위로 갭 상승",
}
_SIMULATED = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchWishes:
    """What to follow: `kinds` none is all; `after` the number of the last event seen, None for what comes from now on.

    `count` ends it after that many events, None never.
    """

    kinds: tuple[SignalKind, ...] = ()
    after: int | None = None
    count: int | None = None


async def run_watch(channel: grpc.aio.Channel, wishes: WatchWishes, screen: Screen, *, clock: Clock) -> None:
    """Follow until `count` events came or the caller is interrupted; then tell where to go on.

    Raises:
        KStockError: The server refuses for good.
    """
    await _print_head(channel, screen)
    client = SignalStreamClient(channel, clock=clock)
    after = None if wishes.after is None else Bookmark(epoch="", event_id=wishes.after)
    printed = _Events(screen, left=wishes.count, newest=wishes.after)
    try:
        async with aclosing(client.watch(wishes.kinds, after=after)) as items:
            async for item in items:
                if isinstance(item, StreamLost):
                    screen.remark(f"연결이 끊겼습니다({item.reason}). 마지막 이벤트 뒤부터 이어서 받습니다.")
                elif not printed.show(item):
                    return
    finally:
        if printed.newest is not None:
            screen.remark(f"이어서 보기: kstock watch --after {printed.newest}")


class _Events:
    """Prints events; `newest` is the number of the last one that the caller knows, None before there is any."""

    def __init__(self, screen: Screen, *, left: int | None, newest: int | None) -> None:
        self.newest = newest
        self._screen = screen
        self._left = left

    def show(self, response: signal_service_pb2.WatchSignalsResponse) -> bool:
        """Print what a response brings; False when enough was printed."""
        match response.WhichOneof("control"):
            case "snapshot_complete":
                self.newest = response.snapshot_complete.event_id
                self._screen.line(f"지금 유효한 시그널 {response.snapshot_complete.signal_count:,}건")
            case "reset" if response.reset.reason != signal_service_pb2.RESET_REASON_START:
                self._screen.remark("그 번호 뒤의 이벤트가 남아 있지 않습니다. 지금의 시그널부터 다시 봅니다.")
        for event in response.events:
            if self._left == 0:
                return False
            self._screen.message(event)
            self._screen.line(_line(event))
            self.newest = event.event_id
            self._left = None if self._left is None else self._left - 1
        return self._left != 0


async def _print_head(channel: grpc.aio.Channel, screen: Screen) -> None:
    if screen.as_json:
        return
    with domain_errors():
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        session = await stub.GetSession(market_service_pb2.GetSessionRequest())
    now = wire.moment(session.market_time)
    badge = f" · {render.freshness(quote_pb2.QUALITY_SIMULATED, now, now)}" if session.clock_mode == _SIMULATED else ""
    screen.line(f"시그널의 변화를 기다립니다 · 시장 시각 {format_time(now, now)}{badge}")


def _line(event: signal_pb2.SignalEvent) -> str:
    signal, at = event.signal, wire.moment(event.event_time)
    what = f"{render.kind(signal.kind)} {signal.name}({signal.ticker}) {_grade(signal.grade)} {signal.score:g}점"
    return f"#{event.event_id} {format_time(at, at)} {_change(event)} {what}{_end(signal)}"


def _change(event: signal_pb2.SignalEvent) -> str:
    """The searchable words of bot_ux 3."""
    if event.change == signal_pb2.SIGNAL_CHANGE_OPENED:
        return "신규"
    if event.change == signal_pb2.SIGNAL_CHANGE_CLOSED:
        return "종료"
    before = event.signal.previous_grade
    return f"등급 변경({_grade(before)}→{_grade(event.signal.grade)})" if before else "유지"


def _grade(number: int) -> str:
    return wire.word(candidate_pb2.Grade, number)


def _end(signal: signal_pb2.Signal) -> str:
    """Why it ended and at which price; empty while it is open."""
    if signal.state == signal_pb2.SIGNAL_STATE_ACTIVE:
        return ""
    at = f" {format_price(signal.close_price_krw)}" if signal.HasField("close_price_krw") else ""
    return f" · {_ENDS.get(signal.close_reason, signal.close_reason)}{at}"
