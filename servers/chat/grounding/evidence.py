"""Everything that an answer may rest on: numbers, dates, times, names and words that look-ups and passages gave."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from servers.chat.grounding.claims import (
    CitationClaim,
    Claim,
    DateClaim,
    NumberClaim,
    PairClaim,
    Span,
    TimeClaim,
    Unit,
)
from servers.chat.grounding.cleaning import clean
from servers.chat.grounding.context import Direction, Place, direction_at, label_at, places_of
from servers.chat.grounding.facts import Fact
from servers.chat.grounding.frames import RANK, Frames, frames_in, periods_in
from servers.chat.grounding.known_names import Named, find_by_letters, run_before
from servers.chat.grounding.matching import same_size, same_unit, window
from servers.chat.grounding.message_facts import GradeLetter, Name, Text, Total, read_result
from servers.chat.grounding.reading import read_claims
from servers.chat.grounding.turned import Directions
from shared.market.times import kst_date, to_kst

_WORD = re.compile(r"[0-9A-Za-z&.+-]*[0-9][0-9A-Za-z&.+-]*")
_MARKS = re.compile(r"\[([0-9]{1,3})\]")


class Evidence:
    """Grows while look-ups are made; asked by the guard. `today` is the date of market time."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.facts: list[Fact] = []
        self.names: dict[str, set[str]] = defaultdict(set)
        self.dates: set[date] = {today}
        self.times: set[tuple[int, int, int]] = set()
        self.pairs: set[tuple[Decimal, Decimal]] = set()
        self.tokens: set[str] = set()
        self.passages: list[str] = []
        self.citations: set[int] = set()
        self.addresses: set[str] = set()
        self.conditions: list[Fact] = []
        self.questions: list[str] = []
        self.grades: dict[str, set[str]] = defaultdict(set)
        self.frames = Frames()
        self.directions = Directions()
        self.ranks: dict[str, set[int]] = defaultdict(set)
        self.periods: set[tuple[date, date]] = set()
        self.live = False
        self._sizes: list[float] = []
        self._by_size: list[Fact] = []

    def add_result(self, result: object, sources: tuple[int, ...] = ()) -> None:
        """Know what a look-up gave: a message, or a value that holds messages and texts."""
        texts: list[Text] = []
        for found in read_result(result, sources):
            match found:
                case Fact():
                    self.facts.append(found)
                case Name(ticker=ticker, name=name):
                    self.add_name(ticker, name)
                case Text():
                    texts.append(found)
                case Total(points=points, possible=possible):
                    self.pairs.add((points, possible))
                case GradeLetter(letter=letter, subject=subject):
                    self.grades[subject].add(letter)
                case datetime():
                    self.add_moment(found)
                case date():
                    self.dates.add(found)
        for text in texts:
            self._add_lines(text, sources=sources, rendering=True)

    def add_text(self, text: str, *, sources: tuple[int, ...] = (), rendering: bool = False) -> None:
        """Know what a text states, line by line.

        Args:
            text: The text.
            sources: Citations that it stands in; marks in a line win.
            rendering: It is made from what is known already, which says more than the text; only the rest adds something.
        """
        self._add_lines(Text(text=text, subject=""), sources=sources, rendering=rendering)

    def add_name(self, ticker: str, name: str) -> None:
        """Know an instrument."""
        self.names[ticker].update(part for part in (ticker, name) if part)

    def add_moment(self, moment: datetime) -> None:
        """Know a moment."""
        local = to_kst(moment)
        self.dates.add(local.date())
        self.times.add((local.hour, local.minute, local.second))

    def add_condition(self, text: str) -> None:
        """Know what the asker set as a bound or counted: it may be repeated as such, never as a finding."""
        self.questions.append(clean(text))
        for claim in read_claims(clean(text)):
            if isinstance(claim, NumberClaim):
                self.conditions.append(Fact(value=claim.value, unit=claim.unit))

    @property
    def has_today(self) -> bool:
        """Whether any number is of today."""
        return any(fact.day == self.today for fact in self.facts)

    def near(self, claim: NumberClaim) -> list[Fact]:
        """Facts of the claimed unit and size; signs, subjects and days are left to the caller."""
        return [fact for fact in self._around(claim) if same_unit(claim, fact) and same_size(claim, fact)]

    def is_condition(self, claim: NumberClaim) -> bool:
        """Whether the asker set this number."""
        return any(same_unit(claim, fact) and abs(claim.value) == abs(fact.value) for fact in self.conditions)

    def says(self, words: str) -> bool:
        """Whether a passage or the question holds these words as they stand."""
        return any(words in passage for passage in (*self.passages, *self.questions))

    def writes(self, words: str) -> bool:
        """Whether a passage holds these words as they stand."""
        return any(words in passage for passage in self.passages)

    def _add_lines(self, text: Text, *, sources: tuple[int, ...], rendering: bool) -> None:
        for line in clean(text.text).splitlines():
            if line.strip():
                self.passages.append(line)
                self.tokens.update(word.strip(".+-&").upper() for word in _WORD.findall(line))
                self.directions.add(line)
                if any(letter.isdigit() for letter in line):
                    self._add_line(_Line(text=line, of=text, sources=sources), rendering=rendering)

    def _add_line(self, line: "_Line", *, rendering: bool) -> None:
        named = list(find_by_letters(line.text, self.names))
        claims = read_claims(line.text, hidden=[(name.start, name.end) for name in named])
        days = [known for claim in claims if isinstance(claim, DateClaim) and (known := self._resolved(claim)) is not None]
        self.dates.update(days)
        self.times.update((time.hour, time.minute, time.second or 0) for time in claims if isinstance(time, TimeClaim))
        self.pairs.update((pair.left, pair.right) for pair in claims if isinstance(pair, PairClaim))
        numbers = [claim for claim in claims if isinstance(claim, NumberClaim)]
        self._add_frames(line, named, claims)
        day = days[0] if len(days) == 1 else line.of.day
        for claim, place in zip(numbers, places_of(numbers, len(line.text)), strict=True):
            subject = line.subject_of(claim, named, numbers)
            if claim.unit is Unit.STREAK or not (rendering and self._is_known(claim, subject)):
                self.facts.append(line.fact(claim, place, subject=subject, day=day))

    def _add_frames(self, line: "_Line", named: Sequence[Named], claims: Sequence[Claim]) -> None:
        """Know in which words the values of a line stand, its place in a list, and its periods."""
        numbers = [claim for claim in claims if isinstance(claim, NumberClaim)]
        hidden: list[Span] = [*named, *(claim for claim in claims if isinstance(claim, CitationClaim))]
        for frame, slot in frames_in(line.text, claims, hidden):
            self.frames.add(frame, slot, line.subject_of(slot, named, numbers))
        rank = RANK.match(line.text)
        for name in named:
            if rank is not None and name.start == rank.end():
                self.ranks[name.subjects[0]].add(int(rank["rank"]))
        for first, last in periods_in(line.text, claims):
            start, end = self._resolved(first), self._resolved(last)
            if start is not None and end is not None:
                self.periods.add((start, end))

    def _resolved(self, claim: DateClaim) -> date | None:
        """The date meant; without a year this year's."""
        if claim.month is None or claim.day is None:
            return None
        try:
            return date(claim.year or self.today.year, claim.month, claim.day)
        except ValueError:
            return None  # a passage may write nonsense; it is then no date

    def _is_known(self, claim: NumberClaim, subject: str) -> bool:
        """Whether a fact has the claimed unit and size, and is of this subject if one is named."""
        facts = (fact for fact in self._around(claim) if not subject or fact.subject == subject)
        return any(same_unit(claim, fact) and same_size(claim, fact) for fact in facts)

    def _around(self, claim: NumberClaim) -> Sequence[Fact]:
        """Facts that can have the claimed size."""
        self._index()
        low, high = window(claim)
        return self._by_size[bisect_left(self._sizes, low) : bisect_right(self._sizes, high)]

    def _index(self) -> None:
        if len(self._by_size) != len(self.facts):
            self._by_size = sorted(self.facts, key=lambda fact: abs(fact.value))
            self._sizes = [float(abs(fact.value)) for fact in self._by_size]


def evidence_of(results: Iterable[object], *, now: datetime) -> Evidence:
    """Evidence of some look-ups at a moment."""
    evidence = Evidence(kst_date(now))
    evidence.add_moment(now)
    for result in results:
        evidence.add_result(result)
    return evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of a text."""

    text: str
    of: Text
    sources: tuple[int, ...]

    def fact(self, claim: NumberClaim, place: Place, *, subject: str, day: date | None) -> Fact:
        """A number of the line; words of direction tell the sign of rates and of what was traded, not of prices."""
        rate = claim.unit in {Unit.PERCENT, Unit.PERCENT_POINT}
        direction = direction_at(self.text, place, traded=not rate)
        return Fact(
            value=-abs(claim.value) if direction is Direction.DOWN and not claim.signed else claim.value,
            unit=claim.unit,
            label=label_at(self.text, place),
            subject=subject,
            day=day,
            sources=tuple(int(mark) for mark in _MARKS.findall(self.text)) or self.sources,
            directed=claim.signed or direction is not Direction.NONE,
            reported=self.of.reported,
        )

    def subject_of(self, claim: Span, named: Sequence[Named], numbers: Sequence[NumberClaim]) -> str:
        """The name before the number, else the line's only one, else whose text it is; nobody's where several share it."""
        run = run_before(claim, named, numbers) or (named if len(named) == 1 else ())
        if not run:
            return self.of.subject
        subjects = {subject for name in run for subject in name.subjects}
        return subjects.pop() if len(subjects) == 1 else ""
