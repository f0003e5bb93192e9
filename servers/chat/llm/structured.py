"""One answer of a model as JSON that follows a schema."""

import json
from contextlib import aclosing
from dataclasses import dataclass, replace

from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.port import Finished, FinishReason, Json, Model, ModelRequest, TextPiece, TokenCount

_MAX_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """A JSON object and what it cost. Models keep to schemas mostly: whoever reads it checks every field."""

    value: Json
    used: TokenCount


async def ask_structured(model: Model, request: ModelRequest, schema: Json) -> Structured:
    """Ask for one JSON object.

    Args:
        model: Any model.
        request: Without functions.
        schema: JSON schema of an object.

    Raises:
        ModelUnavailable: No answer, one cut short, or one that is no JSON object.
    """
    written, used, reason = "", TokenCount(input_tokens=0, output_tokens=0), FinishReason.OTHER
    async with aclosing(model.stream(replace(request, schema=schema, functions=()))) as events:
        async for event in events:
            match event:
                case TextPiece(text=text):
                    written += text
                case TokenCount():
                    used = event
                case Finished(reason=told):
                    reason = told
            if len(written) > _MAX_CHARACTERS:
                raise ModelUnavailable(Trouble.MALFORMED, "an answer without end")
    if reason is not FinishReason.COMPLETE:
        raise ModelUnavailable(Trouble.MALFORMED, f"the answer ended with {reason}")
    return Structured(value=_object(written), used=used)


def _object(written: str) -> Json:
    """The object in the text; some models put a fence around it in spite of the schema."""
    text = written.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise ModelUnavailable(Trouble.MALFORMED, "the answer is no JSON") from error
    if not isinstance(parsed, dict):
        raise ModelUnavailable(Trouble.MALFORMED, "the answer is no JSON object")
    return parsed
