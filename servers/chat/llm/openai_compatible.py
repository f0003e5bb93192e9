"""Any endpoint that speaks the chat-completions protocol, e.g. a model on this machine; streamed, with functions."""

from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2
from pydantic import ValidationError

from servers.chat.llm.errors import ModelUnavailable, Trouble, retry_after_header, trouble_of_status
from servers.chat.llm.openai_wire import CallPiece, Chunk, read_call, request_body
from servers.chat.llm.port import Finished, FinishReason, ModelEvent, ModelRequest, TextPiece, TokenCount

_DATA = "data:"
_END = "[DONE]"
_REASONS = {
    "stop": FinishReason.COMPLETE,
    "tool_calls": FinishReason.COMPLETE,
    "function_call": FinishReason.COMPLETE,
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.BLOCKED,
}


class OpenAiCompatibleModel:
    """The port over one model of such an endpoint."""

    def __init__(self, *, api_key: str, name: str, base_url: str, timeout: timedelta) -> None:
        """Set up the client; nothing is sent yet.

        Args:
            api_key: Bearer token; empty sends none, as local servers want none.
            name: Model.
            base_url: Address up to and including the version, e.g. `http://127.0.0.1:8000/v1`.
            timeout: Longest silence on the connection.
        """
        self.name = name
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx2.AsyncClient(headers=headers, timeout=timeout.total_seconds())
        self._url = f"{base_url.rstrip('/')}/chat/completions"

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """One turn; see the port."""
        body = request_body(request, self.name)
        calls: defaultdict[int, list[CallPiece]] = defaultdict(list)
        finished: Finished | None = None
        with _model_errors():
            async with self._http.stream("POST", self._url, json=body) as response:
                _check(response)
                async for chunk in _chunks(response):
                    if chunk.usage is not None:
                        yield TokenCount(input_tokens=chunk.usage.prompt_tokens, output_tokens=chunk.usage.completion_tokens)
                    for choice in chunk.choices[:1]:
                        if choice.delta.content:
                            yield TextPiece(text=choice.delta.content)
                        for piece in choice.delta.tool_calls or ():
                            calls[piece.index].append(piece)
                        if choice.finish_reason:
                            finished = Finished(reason=_REASONS.get(choice.finish_reason, FinishReason.OTHER))
        for number, index in enumerate(sorted(calls), start=1):
            yield read_call(calls[index], number)
        if finished is not None:
            yield finished

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()


def _check(response: httpx2.Response) -> None:
    if response.status_code != 200:
        raise ModelUnavailable(
            trouble_of_status(response.status_code),
            f"status {response.status_code}",
            retry_after_header(response.headers.get("retry-after")),
        )


async def _chunks(response: httpx2.Response) -> AsyncIterator[Chunk]:
    async for line in response.aiter_lines():
        if not line.startswith(_DATA):
            continue  # comments keep the connection alive, other fields mean nothing here
        data = line.removeprefix(_DATA).strip()
        if data == _END:
            return
        chunk = Chunk.model_validate_json(data)
        if chunk.error is not None:
            status = chunk.error.code if isinstance(chunk.error.code, int) else 500
            raise ModelUnavailable(trouble_of_status(status), f"error in the stream ({status})")
        yield chunk


@contextmanager
def _model_errors() -> Iterator[None]:
    try:
        yield
    except httpx2.TimeoutException:
        raise ModelUnavailable(Trouble.TIMEOUT, "the connection was silent for too long") from None
    except httpx2.HTTPError as error:
        raise ModelUnavailable(Trouble.UNREACHABLE, type(error).__name__) from None
    except (ValidationError, UnicodeDecodeError) as error:
        raise ModelUnavailable(Trouble.MALFORMED, f"unreadable response ({type(error).__name__})") from None
