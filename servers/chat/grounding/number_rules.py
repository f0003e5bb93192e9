"""Rules about numbers: somebody's figure of some day, of that size and sign, must be known."""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise

from servers.chat.grounding.claims import Claim, DateClaim, NumberClaim, PairClaim, Unit
from servers.chat.grounding.context import Direction, Place, direction_at, is_bare_price, label_at, places_of
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.facts import Fact
from servers.chat.grounding.known_names import run_before
from servers.chat.grounding.matching import same_sign
from servers.chat.grounding.verdict import Sentence, Violation, ViolationKind, violation

_COUNTED = frozenset({Unit.COUNT, Unit.DAYS, Unit.STREAK, Unit.WEEKS, Unit.MONTHS, Unit.YEARS, Unit.DURATION})
_MOST_REASONS = 5
_NAMED_ONLY = frozenset({"stop", "target", "entry", "opened"})
"""Figures that are never meant by a bare price."""


_REPORTED = re.compile(
    r"보도|기사|뉴스|제목|헤드라인|밝혔|밝힌|전했|발표|알려졌|알려진|전망|공시|according|report|headline|said|says|announc",
    re.IGNORECASE,
)

_PAST = re.compile(
    r"에서|부터|당시|기간|처음|시작|까지|이전|지난|전에|비해|대비|→|from |since|then|earlier|previous", re.IGNORECASE
)
"""Words by which a price without a date is not meant as the newest one."""

_INVESTORS = frozenset({"foreign", "institution", "pension"})
"""Figures that are never meant by one another, also where nothing is known of one of them."""

_BRACKET = re.compile(r"\s?\(\s?(?:[a-z가-힣]{1,8}\s)?", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:~|-|→|to|부터|에서)\s?")

_Rule = tuple[ViolationKind, str, Callable[[Fact], bool]]


class NumberRules:
    """The numbers of one sentence; `sources` collects the citations in which they stand."""

    def __init__(self, sentence: Sentence, evidence: Evidence) -> None:
        self._sentence = sentence
        self._evidence = evidence
        self._numbers = [claim for claim in sentence.claims if isinstance(claim, NumberClaim)]
        self._days = _days(sentence, evidence)
        self._named = [name for name in sentence.named if name.subjects]
        self.sources: set[int] = set()

    def check(self) -> list[Violation]:
        """Violations in the order of the sentence, at most one for each number."""
        places = places_of(self._numbers, len(self._sentence.text))
        found = (self._check(claim, place) for claim, place in zip(self._numbers, places, strict=True))
        return [violation for violation in found if violation is not None]

    def _check(self, claim: NumberClaim, place: Place) -> Violation | None:
        if claim.vague:
            return violation(claim, ViolationKind.NUMBER, "names no exact number")
        if self._is_free(claim):
            return None
        facts = self._evidence.near(claim)
        if not facts:
            return violation(claim, ViolationKind.NUMBER, "no source gives this number")
        for kind, why, holds in self._rules(claim, place):
            facts = [fact for fact in facts if holds(fact)]
            if not facts:
                return violation(claim, kind, why)
        self.sources.update(facts[0].sources[:1])
        return None

    def _rules(self, claim: NumberClaim, place: Place) -> tuple[_Rule, ...]:
        """What a fact of the right size must fulfil as well; the first rule that leaves none is the broken one."""
        text = self._sentence.text
        direction = Direction.NONE if claim.signed else direction_at(text, place)
        label, day, subjects = self._label(claim, place), self._day(claim), self._subjects(claim)
        strict = self._is_next_to(day, claim)
        return (
            (ViolationKind.DIRECTION, "the sources say the opposite direction", lambda fact: _goes(claim, direction, fact)),
            (ViolationKind.SUBJECT, "the number belongs to another one", lambda fact: _of(fact, subjects)),
            (ViolationKind.FIGURE, "it is another figure", lambda fact: self._is_figure(fact, label, subjects)),
            (
                ViolationKind.REPORT,
                "say that it was reported",
                lambda fact: not fact.reported or bool(_REPORTED.search(text)),
            ),
            (ViolationKind.DAY, "it is of another day", lambda fact: self._is_of_day(fact, day, subjects, strict=strict)),
        )

    def _is_free(self, claim: NumberClaim) -> bool:
        """Whether a number needs no fact: the asker's own bounds and counts, a day of a month, a listing of reasons."""
        if (claim.bounds or claim.unit in _COUNTED) and self._evidence.is_condition(claim):
            return True
        if claim.fallback_day is not None and any(day.day == claim.fallback_day for day in self._evidence.dates):
            return True
        return claim.text.endswith("가지") and claim.value <= _MOST_REASONS

    def _label(self, claim: NumberClaim, place: Place) -> str:
        """Which figure a number is; won that follow a name without a word are its price."""
        label = label_at(self._sentence.text, place)
        if label or claim.unit is not Unit.WON:
            return label
        ends = [name.end for name in self._named if place.before_from <= name.end <= place.start]
        return "price" if is_bare_price(self._sentence.text, place, ends[-1] if ends else None) else ""

    def _subjects(self, claim: NumberClaim) -> frozenset[str]:
        """Whom a number is about: the run of names before it, else any name of the sentence, else who was spoken of."""
        run = run_before(claim, self._named, self._numbers) or self._named
        subjects = [subject for name in run for subject in name.subjects]
        return frozenset(subjects or self._sentence.spoken_of)

    def _day(self, claim: NumberClaim) -> DateClaim | None:
        """The date that a number is said to be of: in brackets behind it, else the nearest before it, else the only one."""
        behind = [day for day in self._days if self._is_behind(day, claim)]
        if behind:
            return behind[0]
        free = [day for day in self._days if not any(self._is_behind(day, other) for other in self._numbers)]
        before = [day for day in free if day.end <= claim.start]
        if before:
            return before[-1]
        return free[0] if len(free) == 1 else None

    def _is_behind(self, day: DateClaim, number: NumberClaim) -> bool:
        """Whether a date stands in brackets right behind a number."""
        return bool(_BRACKET.fullmatch(self._sentence.text[number.end : day.start]))

    def _is_figure(self, fact: Fact, label: str, subjects: frozenset[str]) -> bool:
        if fact.label in _NAMED_ONLY and fact.unit is Unit.WON:
            return fact.label == label
        if not label or not fact.label or fact.label == label:
            return True
        if {label, fact.label} <= _INVESTORS:
            return False
        others = (other for other in self._evidence.facts if other.label == label and _of(other, subjects))
        return not any(other.unit is fact.unit for other in others)

    def _is_next_to(self, day: DateClaim | None, number: NumberClaim) -> bool:
        """Whether a date stands right beside a number, so that it is meant to be its day."""
        if day is None:
            return False
        gap = self._sentence.text[day.end : number.start]
        return self._is_behind(day, number) or (day.end <= number.start and not gap.strip())

    def _is_of_day(self, fact: Fact, day: DateClaim | None, subjects: frozenset[str], *, strict: bool) -> bool:
        if day is None and fact.label == "price" and fact.day is not None and not _PAST.search(self._sentence.text):
            return fact.day == self._newest_price(subjects)
        if day is None or fact.day is None or day.fits(fact.day):
            return True
        if strict:
            return False
        others = (other for other in self._evidence.facts if other.day is not None and day.fits(other.day))
        return not any(other.unit is fact.unit and other.label == fact.label and _of(other, subjects) for other in others)

    def _newest_price(self, subjects: frozenset[str]) -> date | None:
        days = (fact.day for fact in self._evidence.facts if fact.label == "price" and _of(fact, subjects))
        return max((day for day in days if day is not None), default=None)


def _days(sentence: Sentence, evidence: Evidence) -> list[DateClaim]:
    """Days that a sentence names, also as `04/20`; not the ends of a period, which are no number's day."""
    days = [day for claim in sentence.claims if (day := _day_of(claim, evidence)) is not None]
    pairs = [(first, last) for first, last in pairwise(days) if _RANGE.fullmatch(sentence.text[first.end : last.start])]
    ends = [id(day) for pair in pairs for day in pair]
    return [day for day in days if id(day) not in ends]


def _day_of(claim: Claim, evidence: Evidence) -> DateClaim | None:
    if isinstance(claim, DateClaim):
        return claim if claim.day is not None else None
    if not isinstance(claim, PairClaim) or not any(claim.fits(known) for known in evidence.dates):
        return None
    month, day = int(claim.left), int(claim.right)
    return DateClaim(start=claim.start, end=claim.end, text=claim.text, year=None, month=month, day=day)


def _goes(claim: NumberClaim, direction: Direction, fact: Fact) -> bool:
    if not same_sign(claim, fact):
        return False
    if not fact.directed or direction is Direction.NONE or not fact.value:
        return True
    return (fact.value > 0) == (direction is Direction.UP)


def _of(fact: Fact, subjects: frozenset[str]) -> bool:
    return not fact.subject or not subjects or fact.subject in subjects
