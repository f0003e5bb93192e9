"""The answer of a search for an instrument: what was found, in which way, and whether a person has to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.market.instrument import Instrument

_CLOSE = 0.05
_CLOSE_SIMILAR = 0.018  # scores of typing errors lie closer together: a letter more or less in twenty


class MatchKind(StrEnum):
    """In which way a text names an instrument, the surest first; FORMER is an official name that it had before."""

    CODE = "CODE"
    NAME = "NAME"
    NICKNAME = "NICKNAME"
    FORMER = "FORMER"
    PREFIX = "PREFIX"
    INITIALS = "INITIALS"
    CONTAINS = "CONTAINS"
    SIMILAR = "SIMILAR"


WHOLE = frozenset({MatchKind.CODE, MatchKind.NAME, MatchKind.NICKNAME, MatchKind.FORMER})
"""Ways that name an instrument by something that is altogether its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One instrument that a text may mean; `score` in 0..1 orders the matches of one search."""

    instrument: Instrument
    score: float
    how: MatchKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a sentence that names an instrument: characters `start` to `end` (excluded) of its NFC form.

    `matches` holds at least one match, the best first.
    """

    start: int
    end: int
    text: str
    matches: tuple[Match, ...]

    @property
    def ambiguous(self) -> bool:
        """Whether a person has to choose among `matches`."""
        return is_ambiguous(self.matches)


def is_ambiguous(matches: Sequence[Match]) -> bool:
    """Whether the two best matches are of the same kind and too close to pick one silently."""
    if len(matches) < 2:
        return False
    first, second = matches[0], matches[1]
    return first.how is second.how and first.score - second.score < (
        _CLOSE_SIMILAR if first.how is MatchKind.SIMILAR else _CLOSE
    )
