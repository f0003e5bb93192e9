"""A strategy's verdict in words: score, parts, levels, reasons and cautions, of a signal or of a computed candidate."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from kstock.common.v1 import candidate_pb2
from kstock.signal.v1 import signal_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.figures import close_of
from shared.market.language import Language
from shared.market.money import format_price
from shared.market.signal import Grade, SignalKind
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_local_date

_MARKS = {
    candidate_pb2.COMPONENT_STATUS_PASSED: "✅",
    candidate_pb2.COMPONENT_STATUS_PARTIAL: "◐",
    candidate_pb2.COMPONENT_STATUS_FAILED: "⬜",
    candidate_pb2.COMPONENT_STATUS_MISSING: "–",
}
_PARTS_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What signals and candidates have in common; levels are None where the strategy sets none."""

    kind: SignalKind
    grade: Grade
    score: float
    max_score: float
    as_of: date
    detected: bool
    components: tuple[candidate_pb2.Component, ...]
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    missing: tuple[str, ...]
    entry_krw: int | None
    stop_krw: int | None
    target_krw: int | None

    @classmethod
    def of_signal(cls, signal: signal_pb2.Signal) -> Self:
        """The verdict of a stored signal."""
        return cls._of(signal)

    @classmethod
    def of_candidate(cls, candidate: candidate_pb2.Candidate) -> Self:
        """The verdict that a strategy computed."""
        return cls._of(candidate)

    @classmethod
    def _of(cls, message: signal_pb2.Signal | candidate_pb2.Candidate) -> Self:
        return cls(
            kind=SIGNAL_KIND.from_wire(message.kind, "kind"),
            grade=GRADE.from_wire(message.grade, "grade"),
            score=message.score,
            max_score=message.max_score,
            as_of=read_local_date(message.as_of),
            detected=message.detected,
            components=tuple(message.components),
            reasons=tuple(message.reasons),
            cautions=tuple(message.cautions),
            missing=tuple(message.missing),
            entry_krw=optional_int(message, "entry_krw"),
            stop_krw=optional_int(message, "stop_krw"),
            target_krw=optional_int(message, "target_krw"),
        )

    @property
    def score_text(self) -> str:
        """`71/100`."""
        return f"{self.score:g}/{self.max_score:g}"

    @property
    def share(self) -> float:
        """Score as a share of what could be reached, 0 to 1."""
        return self.score / self.max_score if self.max_score else 0.0

    @property
    def close_time(self) -> datetime:
        """When the newest data of the verdict was made, UTC."""
        return close_of(self.as_of)


def part_lines(ask: Ask, verdict: Verdict) -> list[str]:
    """One line per scored part with its points and what was measured, then the levels."""
    lines = [_part_line(ask, part) for part in verdict.components]
    return [*lines, *_levels(ask, verdict), *_notes(ask, verdict)]


def verdict_facts(ask: Ask, verdict: Verdict) -> list[str]:
    """The parts in one line, reasons, levels, cautions and what is missing."""
    facts = []
    if verdict.components:
        facts.append(" · ".join(_part_short(ask, part) for part in verdict.components))
    if verdict.reasons and ask.language is Language.KO:  # strategies word their reasons in Korean
        facts.append(", ".join(verdict.reasons))
    return [*facts, *_levels(ask, verdict), *_notes(ask, verdict)]


def weighed_parts(ask: Ask, verdict: Verdict, *, strongest: bool) -> str:
    """The parts that lost or won most points, by the share of what they could give."""
    parts = [part for part in verdict.components if part.max_points > 0]
    ranked = sorted(parts, key=lambda part: part.points / part.max_points, reverse=strongest)
    return ", ".join(_part_short(ask, part) for part in ranked[:_PARTS_NAMED])


def _named(ask: Ask, name: str) -> str:
    """A part's name in words; one that the table does not know stays as it is."""
    key = f"name.part_{name}"
    return ask.say(key) if ask.speech.has(key) else name


def _part_short(ask: Ask, part: candidate_pb2.Component) -> str:
    return f"{_named(ask, part.name)} {part.points:g}/{part.max_points:g}"


def _part_line(ask: Ask, part: candidate_pb2.Component) -> str:
    return ask.say(
        "signal.part",
        mark=_MARKS.get(part.status, "·"),
        part=_named(ask, part.name),
        points=f"{part.points:g}",
        most=f"{part.max_points:g}",
        evidence=f" — {part.evidence}" if part.evidence and ask.language is Language.KO else "",
    )


def _levels(ask: Ask, verdict: Verdict) -> list[str]:
    if verdict.target_krw is None and verdict.stop_krw is None:
        return []
    levels = {"target": verdict.target_krw, "stop": verdict.stop_krw, "entry": verdict.entry_krw}
    words = {name: "-" if value is None else format_price(value, ask.language) for name, value in levels.items()}
    return [ask.say("signal.levels", **words)]


def _notes(ask: Ask, verdict: Verdict) -> list[str]:
    notes = []
    if verdict.cautions and ask.language is Language.KO:
        notes.append(ask.say("signal.cautions", items=", ".join(verdict.cautions)))
    if verdict.missing:
        notes.append(ask.say("signal.missing", items=", ".join(_named(ask, name) for name in verdict.missing)))
    return notes
