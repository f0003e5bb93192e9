"""What a fake model does turn by turn; the same script drives the fake in memory and the fakes on the wire."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from servers.chat.llm.port import FinishReason, Json


@dataclass(frozen=True, slots=True)
class Say:
    """Text, sent in pieces of a few characters."""

    text: str
    piece: int = 7


@dataclass(frozen=True, slots=True)
class Ask:
    """A function call; `written` replaces its arguments by text that is no JSON."""

    name: str
    arguments: Json = field(default_factory=dict)
    written: str = ""


@dataclass(frozen=True, slots=True)
class Stall:
    """Nothing more, for ever."""


@dataclass(frozen=True, slots=True)
class Babble:
    """The same text again and again, for ever."""

    text: str = "그리고 "


@dataclass(frozen=True, slots=True)
class Fail:
    """An error instead of an answer, or in the middle of one."""

    status: int
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class HangUp:
    """The connection is lost."""


@dataclass(frozen=True, slots=True)
class Garble:
    """A frame that means nothing."""


@dataclass(frozen=True, slots=True)
class End:
    """The turn ends for a reason; without it a turn ends COMPLETE."""

    reason: FinishReason


Step = Say | Ask | Stall | Babble | Fail | HangUp | Garble | End
Turn = Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a fake was sent: its standing instructions, everything else as text, and the functions on offer."""

    system: str
    text: str
    functions: tuple[str, ...]
    body: Mapping[str, object] = field(default_factory=dict)


Behaviour = Callable[[Heard], Turn]
"""Decides a turn by what was sent."""


class Script:
    """Turns in order; the last one is repeated. `heard` keeps what was sent."""

    def __init__(self, *turns: Turn | Behaviour) -> None:
        self._turns = turns
        self.heard: list[Heard] = []

    def next(self, heard: Heard) -> Turn:
        """The turn that answers what was sent."""
        self.heard.append(heard)
        turn = self._turns[min(len(self.heard), len(self._turns)) - 1]
        return turn(heard) if callable(turn) else turn


def pieces(say: Say) -> list[str]:
    """The text as it is sent."""
    return [say.text[start : start + say.piece] for start in range(0, len(say.text), say.piece)]
