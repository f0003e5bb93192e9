"""The front end of `kstock chat`: one question, or a conversation at the prompt."""

import asyncio
import re
from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass, field

import grpc
from kstock.chat.v1 import block_pb2, chat_service_pb2, chat_service_pb2_grpc
from rich.status import Status
from rich.text import Text

from bots.console.candles import draw_candles
from bots.console.screen import Screen
from shared.market.errors import InvalidInput, KStockError
from shared.rpc.client import domain_errors

PROMPT = "질문> "
_WELCOME = "한국 주식 시세와 시그널을 물어보세요. 끝내기: Ctrl-D 또는 /quit, 새 대화: /new"
_QUIT = frozenset({"/quit", "/exit", "/종료", "종료", "exit", "quit"})
_NEW = frozenset({"/new", "/reset", "/새대화"})
_CITED = re.compile(r"(?: ?\[\d+\])+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatWishes:
    """What to ask. `question` None asks at a prompt; `conversation` continues one, empty begins anew."""

    question: str | None = None
    conversation: str = ""


@dataclass(slots=True)
class _Shown:
    """One answer as far as it has come."""

    blocks: list[block_pb2.DataBlock] = field(default_factory=list)
    text: str = ""
    done: chat_service_pb2.ConverseDone | None = None


async def run_chat(channel: grpc.aio.Channel, wishes: ChatWishes, screen: Screen) -> str:
    """Ask and print the answers.

    Args:
        channel: Way to the chat room.
        wishes: The question, or None for a prompt.
        screen: Where to print; as JSON every event is a line.

    Returns:
        The conversation, to be continued.

    Raises:
        InvalidInput: The question is empty.
        KStockError: What the chat room refused.
    """
    stub = chat_service_pb2_grpc.ChatServiceStub(channel)
    if wishes.question is not None:
        if not wishes.question.strip():
            raise InvalidInput("question", 'is empty; ask something like kstock chat "삼성전자 지금 얼마야?"')
        return await _ask(stub, wishes.question, wishes.conversation, screen)
    return await _talk(stub, wishes.conversation, screen)


async def _talk(stub: "chat_service_pb2_grpc.ChatServiceAsyncStub", conversation: str, screen: Screen) -> str:
    """Questions from the prompt until its end; an error ends a question, not the conversation."""
    screen.remark(_WELCOME)
    while (question := await _read(screen)) is not None:
        word = question.strip()
        if word in _QUIT:
            break
        if word in _NEW:
            conversation = ""
        elif word:
            try:
                conversation = await _ask(stub, word, conversation, screen)
            except KStockError as error:
                screen.remark(f"kstock: {error}")
    return conversation


async def _read(screen: Screen) -> str | None:
    """One line from the prompt; None at its end."""
    prompt = PROMPT if screen.is_terminal else ""
    try:
        return await asyncio.to_thread(input, prompt)
    except EOFError:
        return None


async def _ask(stub: "chat_service_pb2_grpc.ChatServiceAsyncStub", question: str, conversation: str, screen: Screen) -> str:
    """One question; without a key leaving it ends the answer, and a model's work on it, at once."""
    request = chat_service_pb2.ConverseRequest(text=question, conversation_id=conversation)
    shown = _Shown()
    status = Status("", console=screen.out) if screen.is_terminal else None
    with domain_errors(), status or nullcontext():
        async for event in stub.Converse(request):
            screen.message(event)
            _take(event, shown, status)
    if shown.done is None:
        raise InvalidInput("question", "got no complete answer; ask again")
    if not screen.as_json:
        _print(shown, shown.done, screen)
    return shown.done.conversation_id


def _take(event: chat_service_pb2.ConverseResponse, shown: _Shown, status: Status | None) -> None:
    match event.WhichOneof("event"):
        case "status" if status is not None:
            status.update(event.status.text)
        case "block":
            shown.blocks.append(event.block)
        case "text_delta":
            shown.text = event.text_delta.text if event.text_delta.replace else shown.text + event.text_delta.text
        case "done":
            shown.done = event.done


def _print(shown: _Shown, done: chat_service_pb2.ConverseDone, screen: Screen) -> None:
    """The prose, then what the blocks say beyond it."""
    lines = (done.text or shown.text).split("\n")
    screen.line(Text(lines[0], style="bold"))
    for line in lines[1:]:
        screen.line(line)
    for block in shown.blocks:
        _print_block(block, {_CITED.sub("", line.removeprefix("- ")) for line in lines}, screen)
    if done.suggestions and screen.is_terminal:
        screen.line(Text("이어서: " + " · ".join(done.suggestions), style="dim"))


def _print_block(block: block_pb2.DataBlock, said: Collection[str], screen: Screen) -> None:
    if block.HasField("chart_image"):
        for drawn in draw_candles(block.chart_image.bars):
            screen.line(drawn)
        return
    if block.HasField("choices"):
        return  # the prose lists them
    further = [line for line in block.text.split("\n") if line.strip() and line not in said]
    if not further:
        return
    screen.line()
    if block.title and block.title not in further[0]:
        screen.line(Text(f"[{block.title}]", style="bold"))
    for line in further:
        screen.line(f"  {line}")
