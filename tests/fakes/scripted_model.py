"""A model in memory that follows a script; it knows when its call was ended."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from servers.chat.llm.errors import ModelUnavailable, Trouble, retry_after_header, trouble_of_status
from servers.chat.llm.port import (
    Finished,
    FinishReason,
    FunctionCall,
    FunctionResults,
    Message,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    TextPiece,
    TokenCount,
    UserMessage,
)
from tests.fakes.model_script import (
    Ask,
    Babble,
    Behaviour,
    End,
    Fail,
    Garble,
    HangUp,
    Heard,
    Say,
    Script,
    Stall,
    Turn,
    pieces,
)


class ScriptedModel:
    """The port without a wire. `started` and `ended` tell when calls begin and end; `open_calls` how many are under way."""

    def __init__(self, *turns: Turn | Behaviour, name: str = "scripted") -> None:
        self.name = name
        self.script = Script(*turns)
        self.requests: list[ModelRequest] = []
        self.started = asyncio.Event()
        self.ended = asyncio.Event()
        self.open_calls = 0

    @property
    def heard(self) -> list[Heard]:
        return self.script.heard

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        self.requests.append(request)
        turn = self.script.next(heard_in(request))
        self.open_calls += 1
        self.started.set()
        try:
            async for event in _events(turn):
                yield event
        finally:
            self.open_calls -= 1
            self.ended.set()

    async def close(self) -> None:
        pass


def heard_in(request: ModelRequest) -> Heard:
    return Heard(
        system=request.system,
        text="\n".join(map(_text, request.messages)),
        functions=tuple(function.name for function in request.functions),
    )


def _text(message: Message) -> str:
    match message:
        case UserMessage(text=text):
            return text
        case ModelMessage(text=text):
            return text
        case FunctionResults(results=results):
            return "\n".join(result.text for result in results)


async def _events(turn: Turn) -> AsyncIterator[ModelEvent]:
    reason, written = FinishReason.COMPLETE, 0
    for number, step in enumerate(turn, start=1):
        match step:
            case Say():
                for piece in pieces(step):
                    written += len(piece)
                    yield TextPiece(text=piece)
                    await asyncio.sleep(0)
            case Ask(name=name, arguments=arguments, written=text):
                problem = "the arguments are no JSON" if text else ""
                yield FunctionCall(call_id=f"call-{number}", name=name, arguments=arguments, problem=problem)
            case Babble(text=text):
                while True:
                    yield TextPiece(text=text)
                    await asyncio.sleep(0)
            case Stall():
                await asyncio.Event().wait()
            case Fail(status=status, retry_after=after):
                named = None if after is None else str(after)
                raise ModelUnavailable(trouble_of_status(status), f"status {status}", retry_after_header(named))
            case HangUp():
                raise ModelUnavailable(Trouble.UNREACHABLE, "hung up")
            case Garble():
                raise ModelUnavailable(Trouble.MALFORMED, "garbled")
            case End(reason=named_reason):
                reason = named_reason
    yield TokenCount(input_tokens=100, output_tokens=max(1, written // 2))
    if turn:
        yield Finished(reason=reason)
