"""Intents from weighted cues and features, with the words that triggered each of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from servers.chat.understanding.acts import ActSheet
from servers.chat.understanding.canvas import SIGNS
from servers.chat.understanding.lexicon import CueTable

CANDIDATE_FROM = 2.5
"""Least score of an intent beside others."""
FAINT_FROM = 1.5
"""Least score of an intent when there is no other evidence."""
STRONG_FROM = 3.0
"""Least score with which an intent pushes those aside that yield to it."""
ANCHOR_CUE = 3.0
ANCHOR_SCORE = 4.0
"""A cue of that weight, or a score of that height, carries an intent beside another one."""


_FAMILIES = frozenset({"adversarial", "watchlist", "alert", "subscription"})
"""Names that stand for every intent that begins with them."""

_COURTESIES = frozenset({"smalltalk", "help"})
"""Answered only when nothing else is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One intent's score and the cues and features (`+stock`) that made it."""

    intent: str
    score: float
    cues: tuple[tuple[str, float], ...]
    anchored: bool


def score_intents(sheet: ActSheet, tables: tuple[CueTable, ...]) -> tuple[Scored, ...]:
    """Every intent with some evidence, best first.

    Args:
        sheet: The question, with the features of what is in it (`stock`, `range`, `bound`, ...).
        tables: The cue tables.
    """
    scored = (_score(table, sheet) for table in tables)
    candidates = [item for item in scored if item is not None and item.score >= FAINT_FROM]
    return tuple(sorted(candidates, key=lambda item: -item.score))


def choose_over_clauses(
    whole: tuple[Scored, ...], clauses: tuple[tuple[Scored, ...], ...], tables: tuple[CueTable, ...]
) -> tuple[str, ...]:
    """Intents of a question, main one first; of several sentences each has its say unless the whole is to be refused.

    Args:
        whole: Scores of the whole question.
        clauses: Scores of its sentences; empty when it is one.
        tables: The cue tables.
    """
    main = [item.intent for item in choose(whole, tables)]
    if not any(intent.startswith("adversarial.") for intent in main):
        main.extend(item.intent for clause in clauses for item in choose(clause, tables) if item.score >= STRONG_FROM)
    chosen = tuple(dict.fromkeys(main))
    return tuple(intent for intent in chosen if intent not in _COURTESIES) or chosen


def choose(scored: tuple[Scored, ...], tables: tuple[CueTable, ...]) -> tuple[Scored, ...]:
    """The intents to answer, main one first: without those that yield, weak ones only alone, no refusal on faint signs."""
    by_intent = {table.intent: table for table in tables}
    strong = [item for item in scored if item.score >= STRONG_FROM]
    candidates = [item for item in scored if item.score >= CANDIDATE_FROM] or scored[:1]
    sure = [item for item in candidates if item.anchored or not item.intent.startswith("adversarial.")]
    kept = [item for item in sure if not _yields(item, _firmer(item, strong, by_intent), by_intent)]
    anchored = tuple(item for item in kept if item.anchored)
    return anchored or tuple(kept[:1])


def names_only(item: Scored) -> bool:
    """Whether its words are but the sign of an entity and a particle, so that they ask for nothing: `■에`."""
    words = (word for word, _ in item.cues if not word.startswith("+"))
    return all(len(re.sub(r"[◆■●№▣\s]", "", word)) <= 1 and SIGNS.intersection(word) for word in words)


def _score(table: CueTable, sheet: ActSheet) -> Scored | None:
    if table.needs and not sheet.features.intersection(table.needs):
        return None
    fired = [(words, cue.weight) for cue in table.cues if (words := sheet.find(cue.pattern)) is not None]
    if not fired or any(sheet.find(veto) is not None for veto in table.vetoes):
        return None
    present = {name: weight for name, weight in table.features.items() if name in sheet.features}
    total = sum(weight for _, weight in fired) + sum(present.values())
    anchored = max(weight for _, weight in fired) >= ANCHOR_CUE or total >= ANCHOR_SCORE
    return Scored(intent=table.intent, score=total, cues=(*fired, *_named(present)), anchored=anchored)


def _named(features: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple((f"+{name}", weight) for name, weight in features.items())


def _firmer(item: Scored, strong: list[Scored], tables: Mapping[str, CueTable]) -> list[Scored]:
    """The strong ones that an intent may yield to: of two that yield to each other the later one of the order does."""
    before = strong[: strong.index(item)] if item in strong else strong
    return [other for other in strong if other in before or not _yields(other, [item], tables)]


def _yields(item: Scored, strong: list[Scored], tables: Mapping[str, CueTable]) -> bool:
    for rule in tables[item.intent].yields_to:
        name, _, condition = rule.partition("!")
        if condition == "weak" and item.anchored:
            continue
        if any(_is(other.intent, name) for other in strong if other.intent != item.intent):
            return True
    return False


def _is(intent: str, name: str) -> bool:
    """`adversarial` names its whole family, `signal` only itself."""
    return intent == name or (name in _FAMILIES and intent.startswith(f"{name}."))
