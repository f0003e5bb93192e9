"""The console front end of chat, against a room that says what the test tells it to say."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from kstock.chat.v1 import block_pb2, chat_service_pb2
from kstock.common.v1 import bar_pb2
from rich.console import Console

from bots.console.candles import draw_candles
from bots.console.chat import ChatWishes, run_chat
from bots.console.screen import Screen
from shared.market.errors import InvalidInput, LimitExceeded
from shared.rpc.handlers import HostedService
from tests.fixtures.rpc_house import serving

DESCRIPTOR = chat_service_pb2.DESCRIPTOR.services_by_name["ChatService"]


class FakeChatRoom:
    """Repeats the question as its answer and notes what it was asked."""

    def __init__(self) -> None:
        self.requests: list[chat_service_pb2.ConverseRequest] = []
        self.block: block_pb2.DataBlock | None = None
        self.full = False

    async def Converse(
        self, request: chat_service_pb2.ConverseRequest, _context: object
    ) -> AsyncIterator[chat_service_pb2.ConverseResponse]:
        self.requests.append(request)
        if self.full:
            raise LimitExceeded("RATE_LIMITED", "1 question at work and 3 waiting")
        opened = chat_service_pb2.ConverseOpened(conversation_id="c1", turn_id="t1")
        yield chat_service_pb2.ConverseResponse(sequence=1, opened=opened)
        if self.block is not None:
            yield chat_service_pb2.ConverseResponse(sequence=2, block=self.block)
        text = f"{request.text}에 대한 답"
        yield chat_service_pb2.ConverseResponse(sequence=3, text_delta=chat_service_pb2.TextDelta(text=text))
        done = chat_service_pb2.ConverseDone(conversation_id="c1", turn_id="t1", text=text, suggestions=["다음 질문"])
        yield chat_service_pb2.ConverseResponse(sequence=4, done=done)


@asynccontextmanager
async def console(*, as_json: bool = False):
    room, out, err = FakeChatRoom(), io.StringIO(), io.StringIO()
    screen = Screen(as_json=as_json, out=Console(file=out, width=100), err=Console(file=err, width=100))
    async with serving([HostedService(descriptor=DESCRIPTOR, servicer=room)]) as channel:
        yield room, screen, channel, out, err


async def test_one_question_prints_one_answer_and_returns_its_conversation():
    async with console() as (room, screen, channel, out, _):
        conversation = await run_chat(channel, ChatWishes(question="기아 얼마야"), screen)
    assert conversation == "c1"
    assert out.getvalue() == "기아 얼마야에 대한 답\n"
    assert not room.requests[0].idempotency_key  # so that leaving ends the answer


async def test_a_conversation_is_continued_by_its_id():
    async with console() as (room, screen, channel, _, _):
        await run_chat(channel, ChatWishes(question="외국인은?", conversation="c1"), screen)
    assert room.requests[0].conversation_id == "c1"


async def test_json_prints_every_event_as_a_line():
    async with console(as_json=True) as (_, screen, channel, out, _):
        await run_chat(channel, ChatWishes(question="기아"), screen)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [next(key for key in event if key != "sequence") for event in events] == ["opened", "text_delta", "done"]


async def test_a_block_adds_only_what_the_prose_does_not_say():
    async with console() as (room, screen, channel, out, _):
        room.block = block_pb2.DataBlock(title="기아(000270)", text="기아에 대한 답\n04/29 165,000원")
        await run_chat(channel, ChatWishes(question="기아"), screen)
    assert out.getvalue().splitlines() == ["기아에 대한 답", "", "[기아(000270)]", "  04/29 165,000원"]


async def test_an_empty_question_is_refused_before_anybody_is_asked():
    async with console() as (room, screen, channel, _, _):
        with pytest.raises(InvalidInput):
            await run_chat(channel, ChatWishes(question="  "), screen)
    assert room.requests == []


async def test_a_refusal_reaches_the_caller_of_one_question():
    async with console() as (room, screen, channel, _, _):
        room.full = True
        with pytest.raises(LimitExceeded):
            await run_chat(channel, ChatWishes(question="기아"), screen)


async def test_at_the_prompt_an_error_ends_the_question_and_not_the_conversation(monkeypatch: pytest.MonkeyPatch):
    lines = iter(["기아", "", "/new", "카카오", "/quit", "나중"])
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    async with console() as (room, screen, channel, _, err):
        room.full = True
        await run_chat(channel, ChatWishes(), screen)
    assert [request.text for request in room.requests] == ["기아", "카카오"]
    assert "RATE_LIMITED" in err.getvalue() or "rate limited" in err.getvalue()


async def test_at_the_prompt_follow_ups_stay_in_the_conversation(monkeypatch: pytest.MonkeyPatch):
    lines = iter(["기아 얼마", "외국인은?", "/new", "카카오"])

    def read(_: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", read)
    async with console() as (room, screen, channel, _, _):
        assert await run_chat(channel, ChatWishes(), screen) == "c1"
    assert [request.conversation_id for request in room.requests] == ["", "c1", ""]


def test_candles_are_drawn_between_the_lowest_and_the_highest_price():
    bars = [
        bar_pb2.Bar(open_krw=100, high_krw=130, low_krw=90, close_krw=120),
        bar_pb2.Bar(open_krw=120, high_krw=125, low_krw=95, close_krw=100),
        bar_pb2.Bar(open_krw=0, high_krw=0, low_krw=0, close_krw=100, halted=True),
    ]
    lines = draw_candles(bars, height=5)
    assert lines[0].plain.startswith("130원")
    assert lines[-1].plain.strip().startswith("90원")
    assert {span.style for line in lines for span in line.spans} == {"bright_red", "dodger_blue1"}
    assert draw_candles([]) == []
