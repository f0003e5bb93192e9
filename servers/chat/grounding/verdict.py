"""What the guard says about a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from servers.chat.grounding.claims import Claim, Span
from servers.chat.grounding.known_names import Named


class ViolationKind(StrEnum):
    """What a sentence says that nothing supports."""

    NUMBER = "number"
    DIRECTION = "direction"
    FIGURE = "figure"
    SUBJECT = "subject"
    REPORT = "report"
    DAY = "day"
    DATE = "date"
    TIME = "time"
    NAME = "name"
    WORD = "word"
    CITATION = "citation"
    FRAME = "frame"
    FRESHNESS = "freshness"
    WORDING = "wording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation(Span):
    """One unsupported place of a sentence; `why` is for the model, in English."""

    kind: ViolationKind
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The verdict on one sentence: nothing in `violations` means that it may be shown.

    `sources` are the citations that its numbers stand in, `cited` those that it names itself, `subjects` whom it speaks of.
    """

    violations: tuple[Violation, ...]
    sources: tuple[int, ...]
    cited: tuple[int, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A cleaned sentence as the rules see it: its text, what it claims and names, and whom the text spoke of before.

    `claims` are without those that are part of an expression such as `20일선`, `all_claims` with them.
    """

    text: str
    claims: Sequence[Claim]
    all_claims: Sequence[Claim]
    named: Sequence[Named]
    spoken_of: tuple[str, ...]


def violation(place: Span | re.Match[str], kind: ViolationKind, why: str) -> Violation:
    """A violation at a claim, a name or a match."""
    if isinstance(place, Span):
        return Violation(start=place.start, end=place.end, text=place.text, kind=kind, why=why)
    return Violation(start=place.start(), end=place.end(), text=place[0], kind=kind, why=why)
