"""People who chat all the time, each asking the next question when the last one is answered; and where they do."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import grpc
from kstock.chat.v1 import chat_service_pb2 as chat
from kstock.chat.v1 import chat_service_pb2_grpc as chat_grpc

from tests.bench.kstock_process import kstock_up
from tests.bench.workshop import DataAbsent, Workshop

CHATS = 20
MOMENT = "2026-04-30T18:30+09:00"
_STOCKS = ("삼성전자", "SK하이닉스", "현대차", "기아", "NAVER", "카카오", "셀트리온", "LG화학", "POSCO홀딩스", "KB금융")
_LONGEST = 60
_APART_S = 0.09


@dataclass(slots=True, kw_only=True)
class Answered:
    """One answer as its reader saw it, in monotonic seconds."""

    question: str
    asked: float
    first_block: float = 0.0
    first_text: float = 0.0
    ended: float = 0.0
    model: str = ""


def place(workshop: Workshop) -> tuple[Path, str]:
    """Folder of a store and a moment of it: the real market, or a simulated one where its data is absent."""
    try:
        return workshop.real_store.parent, MOMENT
    except DataAbsent:
        folder = workshop.folder / "chat"
        if not folder.exists():
            folder.mkdir()
            with kstock_up(folder, "--simulated"):
                pass  # the first start makes the store
        return folder, MOMENT


def questions() -> Iterator[str]:
    """Questions that no two of 590 in a row have in common."""
    for number in count():
        yield f"{_STOCKS[number % len(_STOCKS)]} 최근 {2 + number // len(_STOCKS) % (_LONGEST - 1)}거래일 수급 어때?"


def as_guest(number: int) -> tuple[tuple[str, str], ...]:
    """Metadata of a caller of his own."""
    return (("authorization", f"Bearer anon.{number:032x}"),)


async def ask(stub: "chat_grpc.ChatServiceAsyncStub", question: str, guest: int) -> Answered:
    """One question to its end."""
    seen = Answered(question=question, asked=time.monotonic())
    async for event in stub.Converse(chat.ConverseRequest(text=question), metadata=as_guest(guest)):
        match event.WhichOneof("event"):
            case "block":
                seen.first_block = seen.first_block or time.monotonic()
            case "text_delta":
                seen.first_text = seen.first_text or time.monotonic()
            case "done":
                seen.model = event.done.usage.model
    seen.ended = time.monotonic()
    return seen


class Chatters:
    """Twenty people at one server."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = chat_grpc.ChatServiceStub(channel)
        self._questions = questions()
        self.answers: list[Answered] = []

    async def warm(self) -> None:
        """Some questions that do not count."""
        for guest in range(4):
            await ask(self._stub, next(self._questions), guest)

    async def chat(self, *, each: int | None = None) -> None:
        """Everybody asks `each` questions, or until this is cancelled; they do not begin all at once."""
        async with asyncio.TaskGroup() as tasks:
            for guest in range(CHATS):
                tasks.create_task(self._chat(guest, each))

    async def _chat(self, guest: int, each: int | None) -> None:
        await asyncio.sleep(guest * _APART_S)
        for number in count():
            if number == each:
                return
            self.answers.append(await ask(self._stub, next(self._questions), guest))
