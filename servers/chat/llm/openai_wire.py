"""Frames of an OpenAI-compatible endpoint, as far as the adapter reads them."""

import json
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from servers.chat.llm.port import (
    FunctionCall,
    FunctionDeclaration,
    FunctionResults,
    Json,
    Message,
    ModelMessage,
    ModelRequest,
    UserMessage,
)


class _Frame(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class FunctionPiece(_Frame):
    """Part of a call's name and arguments."""

    name: str | None = None
    arguments: str | None = None


class CallPiece(_Frame):
    """Part of a function call; pieces of one call share `index`."""

    index: int = 0
    id: str | None = None
    function: FunctionPiece = FunctionPiece()


class Delta(_Frame):
    """What a chunk adds."""

    content: str | None = None
    tool_calls: tuple[CallPiece, ...] | None = None


class Choice(_Frame):
    """The one choice of a chunk."""

    delta: Delta = Delta()
    finish_reason: str | None = None


class Usage(_Frame):
    """Tokens of the whole turn."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class StreamError(_Frame):
    """An error that arrives after the stream had begun."""

    code: int | str | None = None


def _error(value: object) -> object:
    return {} if isinstance(value, str) else value


class Chunk(_Frame):
    """One event of the stream."""

    choices: tuple[Choice, ...] = ()
    usage: Usage | None = None
    error: Annotated[StreamError | None, BeforeValidator(_error)] = None


def request_body(request: ModelRequest, model: str) -> Json:
    """The body of one streamed turn."""
    body: dict[str, object] = {
        "model": model,
        "messages": [{"role": "system", "content": request.system}, *_messages(request.messages)],
        "max_tokens": request.max_output_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.functions:
        body["tools"] = [_tool(function) for function in request.functions]
    if request.schema is not None:
        schema = {"name": "answer", "schema": request.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def read_call(pieces: list[CallPiece], number: int) -> FunctionCall:
    """One call put together from its pieces."""
    name = "".join(piece.function.name or "" for piece in pieces)
    written = "".join(piece.function.arguments or "" for piece in pieces)
    arguments, problem = _arguments(written)
    given = next((piece.id for piece in pieces if piece.id), None)
    return FunctionCall(call_id=given or f"call-{number}", name=name, arguments=arguments, problem=problem)


def _arguments(written: str) -> tuple[Json, str]:
    try:
        parsed = json.loads(written) if written.strip() else {}
    except ValueError:
        return {}, "the arguments are no JSON"
    return (parsed, "") if isinstance(parsed, dict) else ({}, "the arguments are no JSON object")


def _messages(messages: tuple[Message, ...]) -> list[Mapping[str, object]]:
    written: list[Mapping[str, object]] = []
    for message in messages:
        match message:
            case UserMessage(text=text):
                written.append({"role": "user", "content": text})
            case ModelMessage(text=text, calls=calls):
                called = {"tool_calls": [_call(call) for call in calls]} if calls else {}
                written.append({"role": "assistant", "content": text or None, **called})
            case FunctionResults(results=results):
                written.extend(
                    {"role": "tool", "tool_call_id": result.call_id, "content": result.text} for result in results
                )
    return written


def _call(call: FunctionCall) -> Json:
    arguments = json.dumps(call.arguments, ensure_ascii=False)
    return {"id": call.call_id, "type": "function", "function": {"name": call.name, "arguments": arguments}}


def _tool(function: FunctionDeclaration) -> Json:
    declared = {"name": function.name, "description": function.description, "parameters": function.parameters}
    return {"type": "function", "function": declared}
