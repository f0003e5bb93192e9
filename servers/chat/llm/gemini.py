"""Gemini through the maintained SDK (`google-genai`). Importing this module costs a second: only who has a key does."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import timedelta
from typing import cast

from google.genai import types

from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.gemini_line import GeminiLine, closed_at_end, model_errors
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
        self._line = GeminiLine(api_key=api_key, base_url=base_url, timeout=timeout)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """One turn; see the port."""
        chunks = await self._line.models.generate_content_stream(
            model=self.name, contents=[_content(message) for message in request.messages], config=_config(request)
        )
        generator = cast("AsyncGenerator[types.GenerateContentResponse, None]", chunks)
        number = 0
        with model_errors():
            async with closed_at_end(), aclosing(generator) as responses:
                async for response in responses:
                    for event in _events(response, number):
                        number += isinstance(event, FunctionCall)
                        yield event

    async def close(self) -> None:
        """Close connections."""
        await self._line.close()


def _config(request: ModelRequest) -> types.GenerateContentConfigDict:
    """As a dict, and its functions in the words of the wire.

    The SDK copies a configuration and converts each part of a declaration several times for each call: for some twenty
    functions that takes longer than everything else it does.
    """
    declarations = [_declaration(function) for function in request.functions]
    return {
        "http_options": {"extra_body": {"tools": [{"functionDeclarations": declarations}]}} if declarations else None,
        "system_instruction": request.system,
        "max_output_tokens": request.max_output_tokens,
        "automatic_function_calling": {"disable": True},
        # Each continuation would be a further request outside of deadline and budget.
        "automatic_continuation": False,
        "response_mime_type": "application/json" if request.schema is not None else None,
        "response_json_schema": request.schema,
    }


def _declaration(function: FunctionDeclaration) -> dict[str, object]:
    declared: dict[str, object] = {"name": function.name, "description": function.description}
    # A function without parameters leaves its schema out; the service refuses an object without properties.
    return {**declared, "parametersJsonSchema": function.parameters} if function.parameters.get("properties") else declared


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
