"""A fake of the Gemini API: `POST /v1/models/{model}:streamGenerateContent?alt=sse`.

Written from what the SDK sends and reads; nothing was compared with the real service.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from servers.chat.llm.port import FinishReason
from tests.fakes.model_script import Ask, Babble, End, Fail, Garble, HangUp, Heard, Say, Stall, Turn, pieces
from tests.fakes.sse_server import SseModelServer, dumped

_REASONS = {
    FinishReason.COMPLETE: "STOP",
    FinishReason.LENGTH: "MAX_TOKENS",
    FinishReason.BLOCKED: "SAFETY",
    FinishReason.MALFORMED: "MALFORMED_FUNCTION_CALL",
    FinishReason.OTHER: "OTHER",
}


class GeminiServer(SseModelServer):
    """Answers the SDK's streamed calls by a script."""

    path = r"/v1/models/{model:.+}:streamGenerateContent"

    def hear(self, body: dict[str, Any]) -> Heard:
        parts = [part for content in body["contents"] for part in content["parts"]]
        said = [part["text"] for part in parts if "text" in part]
        answers = [dumped(part["functionResponse"]["response"]) for part in parts if "functionResponse" in part]
        system = "".join(part["text"] for part in body.get("systemInstruction", {}).get("parts", ()))
        declared = [each for tool in body.get("tools", ()) for each in tool["functionDeclarations"]]
        names = tuple(each["name"] for each in declared)
        return Heard(system=system, text="\n".join([*said, *answers]), functions=names, body=body)

    def error(self, fail: Fail) -> dict[str, Any]:
        return {"error": {"code": fail.status, "message": "fake", "status": "UNAVAILABLE"}}

    async def frames(self, turn: Turn) -> AsyncIterator[str | None]:
        reason, written = "STOP", 0
        for number, step in enumerate(turn, start=1):
            match step:
                case Say():
                    for piece in pieces(step):
                        written += len(piece)
                        yield _chunk({"text": piece})
                case Ask(name=name, arguments=arguments, written=text):
                    if text:
                        reason = "MALFORMED_FUNCTION_CALL"
                        continue
                    call = {"id": f"fc-{number}", "name": name, "args": arguments}
                    yield _chunk({"functionCall": call, "thoughtSignature": "c2lnbmVk"})
                case Babble(text=text):
                    while True:
                        yield _chunk({"text": text})
                        await asyncio.sleep(0)
                case Stall():
                    await asyncio.Event().wait()
                case Fail():
                    yield dumped(self.error(step))
                case HangUp():
                    yield None
                case Garble():
                    yield '{"candidates": [{'
                case End(reason=named):
                    reason = _REASONS[named]
        if turn:
            usage = {"promptTokenCount": 100, "candidatesTokenCount": max(1, written // 2), "thoughtsTokenCount": 5}
            last = {"candidates": [{"content": {"role": "model", "parts": []}, "finishReason": reason}]}
            yield dumped({**last, "usageMetadata": usage})


def _chunk(part: dict[str, Any]) -> str:
    return dumped({"candidates": [{"content": {"role": "model", "parts": [part]}, "index": 0}]})
