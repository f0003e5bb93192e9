"""Rules about the wording of sources: only their values in their words, their ranks, their periods."""

from servers.chat.grounding.claims import CitationClaim, DateClaim, NumberClaim, Span
from servers.chat.grounding.context import label_at, places_of
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.frames import RANK, Slot, frames_in, periods_in
from servers.chat.grounding.known_names import run_before
from servers.chat.grounding.verdict import Sentence, Violation, ViolationKind, violation


def contradicted(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """Values that stand where a source has another one in the same words."""
    hidden: list[Span] = [*sentence.named, *(claim for claim in sentence.all_claims if isinstance(claim, CitationClaim))]
    numbers = [claim for claim in sentence.all_claims if isinstance(claim, NumberClaim)]
    named = [name for name in sentence.named if name.subjects]
    found = []
    for frame, slot in frames_in(sentence.text, sentence.all_claims, hidden):
        run = run_before(slot, named, numbers) or named
        subjects = frozenset(subject for name in run for subject in name.subjects) or frozenset(sentence.spoken_of)
        if evidence.frames.contradict(frame, slot, subjects, year=evidence.today.year) and not _is_dated(
            slot, sentence, evidence
        ):
            found.append(violation(slot, ViolationKind.FRAME, "a source has another value in these words"))
    return found


def turned_round(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """What a source says with the opposite word."""
    return [
        Violation(
            start=clause.start,
            end=clause.end,
            text=sentence.text[clause.start : clause.end],
            kind=ViolationKind.DIRECTION,
            why="a source says the opposite in the same words",
        )
        for clause in evidence.directions.turned_in(sentence.text)
    ]


def wrong_ranks(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """A place in a list that the instrument behind it does not have in any list of the sources."""
    match = RANK.match(sentence.text)
    name = next((name for name in sentence.named if match is not None and name.start == match.end()), None)
    if match is None or name is None:
        return []
    ranks = {rank for subject in name.subjects for rank in evidence.ranks.get(subject, ())}
    if not ranks or int(match["rank"]) in ranks:
        return []
    return [violation(match, ViolationKind.FRAME, "it has another place in the list")]


def wrong_periods(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """A period that shares one end with a known one, and has another end of no known period."""
    return [
        violation(last, ViolationKind.DATE, "no source has this period")
        for first, last in periods_in(sentence.text, sentence.claims)
        if any(first.fits(start) or last.fits(end) for start, end in evidence.periods)
        and not any(first.fits(start) and last.fits(end) for start, end in evidence.periods)
    ]


def _is_dated(slot: Slot, sentence: Sentence, evidence: Evidence) -> bool:
    """Whether the sentence names the figure and the day that a known number is of: then it is no other's value."""
    if not isinstance(slot, NumberClaim):
        return False
    numbers = [claim for claim in sentence.claims if isinstance(claim, NumberClaim)]
    days = [claim for claim in sentence.claims if isinstance(claim, DateClaim) and claim.day is not None]
    if not days or slot not in numbers:
        return False
    label = label_at(sentence.text, places_of(numbers, len(sentence.text))[numbers.index(slot)])
    facts = (fact for fact in evidence.near(slot) if label and fact.label == label)
    return any(fact.day is not None and day.fits(fact.day) for fact in facts for day in days)
