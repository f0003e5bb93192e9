"""Gemini through the maintained SDK (`google-genai`). Importing this module costs a second: only who has a key does."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, cast

import httpx2
from google import genai
from google.genai import errors, types
from pydantic import ValidationError

from servers.chat.llm.errors import ModelUnavailable, Trouble, retry_after_header, trouble_of_status
from servers.chat.llm.port import (
    Finished,
    FinishReason,
    FunctionCall,
    FunctionDeclaration,
    FunctionResults,
    Message,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    TextPiece,
    TokenCount,
    UserMessage,
)

DEFAULT_NAME = "gemini-3.8-flash"
"""The model of the SDK's own examples (3.4.0, checked 2026-11); names ending in `-latest` exist only in the beta API."""

_API_VERSION = "v1"
_responses: ContextVar[list[httpx2.Response]] = ContextVar("gemini_responses")
"""Responses of the turn under way: the SDK's generators do not close theirs when they are closed early (3.4.0)."""

_REASONS = {
    types.FinishReason.STOP: FinishReason.COMPLETE,
    types.FinishReason.MAX_TOKENS: FinishReason.LENGTH,
    types.FinishReason.CONTINUATION: FinishReason.LENGTH,
    types.FinishReason.MALFORMED_FUNCTION_CALL: FinishReason.MALFORMED,
    types.FinishReason.MALFORMED_RESPONSE: FinishReason.MALFORMED,
    types.FinishReason.UNEXPECTED_TOOL_CALL: FinishReason.MALFORMED,
    types.FinishReason.SAFETY: FinishReason.BLOCKED,
    types.FinishReason.RECITATION: FinishReason.BLOCKED,
    types.FinishReason.BLOCKLIST: FinishReason.BLOCKED,
    types.FinishReason.PROHIBITED_CONTENT: FinishReason.BLOCKED,
    types.FinishReason.SPII: FinishReason.BLOCKED,
}


class GeminiModel:
    """The port over one Gemini model; a client of its own, so that nothing is read from the environment's Google names."""

    def __init__(self, *, api_key: str, name: str = DEFAULT_NAME, base_url: str | None = None, timeout: timedelta) -> None:
        """Set up the client; nothing is sent yet.

        Args:
            api_key: Key of the Gemini API.
            name: Model.
            base_url: Another address than Google's; None for Google's.
            timeout: Longest silence on the connection.
        """
        self.name = name
        # The SDK would take aiohttp wherever that happens to be installed, and would then retry on its own after seconds.
        self._http = httpx2.AsyncClient(timeout=timeout.total_seconds(), event_hooks={"response": [_remember]})
        options = types.HttpOptions(
            base_url=base_url,
            api_version=_API_VERSION,
            timeout=int(timeout.total_seconds() * 1_000),
            httpx_async_client=self._http,
        )
        self._client = genai.Client(vertexai=False, api_key=api_key, http_options=options)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """One turn; see the port."""
        chunks = await self._client.aio.models.generate_content_stream(
            model=self.name, contents=[_content(message) for message in request.messages], config=_config(request)
        )
        generator = cast("AsyncGenerator[types.GenerateContentResponse, None]", chunks)
        number = 0
        with _model_errors():
            async with _closed_at_end(), aclosing(generator) as responses:
                async for response in responses:
                    for event in _events(response, number):
                        number += isinstance(event, FunctionCall)
                        yield event

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()


async def _remember(response: httpx2.Response) -> None:
    _responses.get().append(response)


@asynccontextmanager
async def _closed_at_end() -> AsyncIterator[None]:
    responses: list[httpx2.Response] = []
    _responses.set(responses)
    try:
        yield
    finally:
        for response in responses:
            await response.aclose()


def _config(request: ModelRequest) -> types.GenerateContentConfigDict:
    """As a dict: of a whole configuration the SDK makes a deep copy for each call."""
    declarations = [_declaration(function) for function in request.functions]
    return {
        "system_instruction": request.system,
        "max_output_tokens": request.max_output_tokens,
        "tools": [types.Tool(function_declarations=declarations)] if declarations else None,
        "automatic_function_calling": {"disable": True},
        # Each continuation would be a further request outside of deadline and budget.
        "automatic_continuation": False,
        "response_mime_type": "application/json" if request.schema is not None else None,
        "response_json_schema": request.schema,
    }


def _declaration(function: FunctionDeclaration) -> types.FunctionDeclaration:
    # A function without parameters leaves its schema out; the service refuses an object without properties.
    schema = function.parameters if function.parameters.get("properties") else None
    return types.FunctionDeclaration(name=function.name, description=function.description, parameters_json_schema=schema)


def _content(message: Message) -> types.Content:
    match message:
        case UserMessage(text=text):
            return types.Content(role="user", parts=[types.Part(text=text)])
        case ModelMessage(text=text, calls=calls):
            said = [types.Part(text=text)] if text else []
            return types.Content(role="model", parts=[*said, *map(_call_part, calls)])
        case FunctionResults(results=results):
            answers = (
                types.FunctionResponse(id=result.call_id, name=result.name, response={"output": result.text})
                for result in results
            )
            return types.Content(role="user", parts=[types.Part(function_response=answer) for answer in answers])


def _call_part(call: FunctionCall) -> types.Part:
    return types.Part(
        function_call=types.FunctionCall(id=call.call_id, name=call.name, args=dict(call.arguments)),
        thought_signature=call.signature or None,
    )


def _events(response: types.GenerateContentResponse, number: int) -> Iterator[ModelEvent]:
    """What one chunk says, `number` being the calls before it."""
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise ModelUnavailable(Trouble.BLOCKED, f"the prompt was blocked ({feedback.block_reason.value})")
    usage = response.usage_metadata
    if usage is not None:
        yield TokenCount(
            input_tokens=(usage.prompt_token_count or 0) + (usage.tool_use_prompt_token_count or 0),
            output_tokens=(usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0),
        )
    for candidate in (response.candidates or [])[:1]:
        for part in (candidate.content.parts if candidate.content else None) or []:
            if part.function_call is not None:
                yield _call(part, number)
                number += 1
            elif part.text and not part.thought:
                yield TextPiece(text=part.text)
        if candidate.finish_reason not in {None, types.FinishReason.FINISH_REASON_UNSPECIFIED}:
            reason = cast("types.FinishReason", candidate.finish_reason)
            yield Finished(reason=_REASONS.get(reason, FinishReason.OTHER))


def _call(part: types.Part, number: int) -> FunctionCall:
    call = cast("types.FunctionCall", part.function_call)
    return FunctionCall(
        call_id=call.id or f"call-{number + 1}",
        name=call.name or "",
        arguments=call.args or {},
        signature=part.thought_signature or b"",
    )


@contextmanager
def _model_errors() -> Iterator[None]:
    """The SDK's errors as the port's; what they carry of requests stays out of the text."""
    try:
        yield
    except errors.APIError as error:
        trouble = trouble_of_status(error.code or 500)
        raise ModelUnavailable(trouble, f"status {error.code} {error.status or ''}".strip(), _retry_after(error)) from None
    except httpx2.TimeoutException:
        raise ModelUnavailable(Trouble.TIMEOUT, "the connection was silent for too long") from None
    except httpx2.HTTPError as error:
        raise ModelUnavailable(Trouble.UNREACHABLE, type(error).__name__) from None
    except (errors.UnknownApiResponseError, ValidationError, UnicodeDecodeError) as error:
        raise ModelUnavailable(Trouble.MALFORMED, f"unreadable response ({type(error).__name__})") from None


def _retry_after(error: errors.APIError) -> timedelta | None:
    headers: Mapping[str, str] = getattr(error.response, "headers", {}) or {}
    named = retry_after_header(headers.get("retry-after"))
    return named if named is not None else _retry_info(error.details)


def _retry_info(details: Any) -> timedelta | None:
    """`google.rpc.RetryInfo` among the details of an error: `{"retryDelay": "3.5s"}`."""
    body = details.get("error", details) if isinstance(details, dict) else {}
    listed = body.get("details") if isinstance(body, dict) else None
    delays = [item.get("retryDelay", "") for item in listed or [] if isinstance(item, dict)]
    seconds = [delay.removesuffix("s") for delay in delays if isinstance(delay, str) and delay.endswith("s")]
    readable = [float(text) for text in seconds if text.replace(".", "", 1).isdigit()]
    return timedelta(seconds=max(readable)) if readable else None
