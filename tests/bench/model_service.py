"""A Gemini service that takes its time, in a process of its own: `python -m tests.bench.model_service`.

Prints its address; then for each line of input what it has been asked since the last one, as JSON.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.fakes.gemini_server import GeminiServer
from tests.fakes.model_script import Heard, Turn
from tests.fakes.sse_server import dumped

FIRST_S = 0.8
"""How long it thinks."""

_PIECE_S = 0.15
"""Between two pieces; about 70 tokens a second, as fast models write."""

_PIECES = (
    "수급은 하루하루 ",
    "달라질 수 있습니다. 한쪽이 ",
    "사들인 날에도 다른 쪽은 ",
    "팔 수 있습니다. 이 흐름만으로 ",
    "앞으로의 방향을 알 수는 없습니다. 다른 ",
    "자료와 함께 보는 것이 ",
    "좋습니다.",
)
_FIRST_WHOLE = 1
"""The piece with which the first sentence is complete."""

_QUESTION = re.compile(r"<<<question-[0-9a-f]+\n(.*?)\nquestion-", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request: the reader's question, and the monotonic seconds at which it arrived, its first sentence was written, its
    text had ended, and its client went away; 0 for what did not happen."""

    question: str
    arrived: float
    spoken: float = 0.0
    ended: float = 0.0
    left: float = 0.0


@dataclass(frozen=True, slots=True)
class _Slowly:
    """A step of a turn: write the text slowly, and note when."""

    asked: Asked = field(default_factory=lambda: Asked(question="", arrived=0.0))


class SlowGemini(GeminiServer):
    """Says the same to everybody, in pieces."""

    def __init__(self) -> None:
        super().__init__(self._turn)
        self.asked: list[Asked] = []

    def _turn(self, heard: Heard) -> Turn:
        question = _QUESTION.search(heard.text)
        self.asked.append(Asked(question=question[1] if question else "", arrived=time.monotonic()))
        return [_Slowly(self.asked[-1])]  # type: ignore[list-item]  # a step that only this server takes

    async def frames(self, turn: Turn) -> AsyncIterator[str | None]:
        asked = turn[0].asked  # type: ignore[union-attr]
        try:
            await asyncio.sleep(FIRST_S)
            for number, piece in enumerate(_PIECES):
                yield _chunk({"role": "model", "parts": [{"text": piece}]})
                if number == _FIRST_WHOLE:
                    asked.spoken = time.monotonic()
                await asyncio.sleep(_PIECE_S)
            asked.ended = time.monotonic()
            yield _chunk({"role": "model", "parts": []}, finishReason="STOP")
        except asyncio.CancelledError:
            asked.left = time.monotonic()
            raise


def _chunk(content: dict[str, Any], **more: str) -> str:
    usage = {"promptTokenCount": 900, "candidatesTokenCount": 80}
    return dumped({"candidates": [{"content": content, "index": 0, **more}], "usageMetadata": usage})


async def serve() -> None:
    """Serve until the input ends."""
    service = SlowGemini()
    async with service.running():
        print(service.base_url, flush=True)
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps([asdict(one) for one in service.asked]), flush=True)
            service.asked = [one for one in service.asked if not one.ended and not one.left]
            service.heard.clear()
            service.headers.clear()


if __name__ == "__main__":
    asyncio.run(serve())
