"""What chat asks of a language model: a conversation in, a stream of events out. No vendor's type passes this line."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDeclaration:
    """A function that the model may ask for; `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """The model asks for a function.

    Attributes:
        call_id: Joins the result to the call; made by the adapter where the model gives none.
        name: As the model wrote it; nobody has checked that such a function exists.
        arguments: As the model wrote them, unchecked.
        problem: Why the arguments could not be read, in English; empty when they could.
        signature: Opaque bytes of the model that must go back with the call.
    """

    call_id: str
    name: str
    arguments: Json
    problem: str = ""
    signature: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMessage:
    """What the product says to the model on the user's behalf."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMessage:
    """What the model said before: its text and the functions that it asked for."""

    text: str = ""
    calls: tuple[FunctionCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionResult:
    """What a function gave, as text for the model."""

    call_id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionResults:
    """Results of every call of the model's message before it, in the same order."""

    results: tuple[FunctionResult, ...]


Message = UserMessage | ModelMessage | FunctionResults


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One turn of the model.

    Attributes:
        system: The standing instructions.
        messages: The conversation, oldest first; at least one.
        functions: What the model may ask for; empty forbids asking.
        schema: JSON schema that the text must follow; None for prose.
        max_output_tokens: Tokens after which the model must stop.
    """

    system: str
    messages: tuple[Message, ...]
    functions: tuple[FunctionDeclaration, ...] = ()
    schema: Json | None = None
    max_output_tokens: int = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPiece:
    """The next piece of the model's text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCount:
    """Tokens of this turn so far: read by the model, and written by it including what it thought."""

    input_tokens: int
    output_tokens: int


NOTHING = TokenCount(input_tokens=0, output_tokens=0)


class FinishReason(StrEnum):
    """Why a turn ended."""

    COMPLETE = "COMPLETE"
    LENGTH = "LENGTH"
    BLOCKED = "BLOCKED"
    MALFORMED = "MALFORMED"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Last event of a turn that the model ended itself."""

    reason: FinishReason


ModelEvent = TextPiece | FunctionCall | TokenCount | Finished


class Model(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """Name for usage reports, e.g. `gemini-3.8-flash`."""
        ...

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """One turn, event by event. Closing the generator, or cancelling who reads it, ends the call to the model.

        Raises:
            ModelUnavailable: The model gave no answer, or stopped in the middle of one.
        """
        ...

    async def close(self) -> None:
        """Close connections; no turn may follow."""
        ...
