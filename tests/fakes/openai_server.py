"""A fake of an OpenAI-compatible endpoint: `POST /v1/chat/completions`, streamed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from servers.chat.llm.port import FinishReason
from tests.fakes.model_script import Ask, Babble, End, Fail, Garble, HangUp, Heard, Say, Stall, Turn, pieces
from tests.fakes.sse_server import SseModelServer, dumped

_REASONS = {
    FinishReason.COMPLETE: "stop",
    FinishReason.LENGTH: "length",
    FinishReason.BLOCKED: "content_filter",
    FinishReason.MALFORMED: "malformed",
    FinishReason.OTHER: "other",
}


class OpenAiServer(SseModelServer):
    """Answers streamed chat completions by a script."""

    path = "/v1/chat/completions"

    def hear(self, body: dict[str, Any]) -> Heard:
        messages = body["messages"]
        system = "".join(message["content"] for message in messages if message["role"] == "system")
        said = [message["content"] for message in messages if message["role"] != "system" and message["content"]]
        names = tuple(tool["function"]["name"] for tool in body.get("tools", ()))
        return Heard(system=system, text="\n".join(said), functions=names, body=body)

    def error(self, fail: Fail) -> dict[str, Any]:
        return {"error": {"code": fail.status, "message": "fake"}}

    async def frames(self, turn: Turn) -> AsyncIterator[str | None]:
        reason, written = "stop", 0
        for number, step in enumerate(turn):
            match step:
                case Say():
                    for piece in pieces(step):
                        written += len(piece)
                        yield _chunk({"content": piece})
                case Ask(name=name, arguments=arguments, written=text):
                    for delta in _call_pieces(number, name, text or dumped(arguments)):
                        yield _chunk(delta)
                    reason = "tool_calls"
                case Babble(text=text):
                    while True:
                        yield _chunk({"content": text})
                        await asyncio.sleep(0)
                case Stall():
                    await asyncio.Event().wait()
                case Fail():
                    yield dumped(self.error(step))
                case HangUp():
                    yield None
                case Garble():
                    yield '{"choices": [{'
                case End(reason=named):
                    reason = _REASONS[named]
        if turn:
            yield dumped({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
            usage = {"prompt_tokens": 100, "completion_tokens": max(1, written // 2)}
            yield dumped({"choices": [], "usage": usage})
        yield "[DONE]"


def _call_pieces(number: int, name: str, arguments: str) -> list[dict[str, Any]]:
    """Name first, then the arguments in two pieces, as servers do."""
    middle = len(arguments) // 2
    parts = [
        {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": ""}},
        {"function": {"arguments": arguments[:middle]}},
        {"function": {"arguments": arguments[middle:]}},
    ]
    return [{"tool_calls": [{"index": number, **part}]} for part in parts]


def _chunk(delta: dict[str, Any]) -> str:
    return dumped({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
