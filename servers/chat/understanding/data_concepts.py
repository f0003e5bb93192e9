"""What a question speaks of: concepts by dictionary forms and patterns, each with its place in the text."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Any, Self

from servers.chat.understanding.canvas import SIGNS, Canvas
from servers.chat.understanding.morphology import Morpheme
from shared.market.errors import InvalidInput


class Concept(StrEnum):
    """The names of `tables/data_concepts.toml`, which says what each of them is."""

    PRICE = "price"
    PRICE_NOW = "price_now"
    HOW_MUCH = "how_much"
    OHLC = "ohlc"
    CHANGE = "change"
    RETURN = "return"
    MOVED = "moved"
    ROSE = "rose"
    FELL = "fell"
    VOLUME = "volume"
    TURNOVER = "turnover"
    MARKET_CAP = "market_cap"
    FLOW = "flow"
    BOUGHT = "bought"
    SOLD = "sold"
    WHO = "who"
    HIGH = "high"
    LOW = "low"
    DISTANCE = "distance"
    CHART = "chart"
    NEWS = "news"
    WHY = "why"
    TREND = "trend"
    DAILY = "daily"
    AVERAGE = "average"
    STREAK = "streak"
    MEAN_LINE = "mean_line"
    COST = "cost"
    LIMIT = "limit"
    RECORD = "record"
    SECTOR = "sector"
    HOW_MANY = "how_many"
    INVESTED = "invested"
    MOST = "most"
    MUCH = "much"
    LEAST = "least"
    GROUP = "group"
    COMPARE = "compare"
    BENCHMARK = "benchmark"
    DEAR = "dear"
    UNUSUAL = "unusual"
    MARKET = "market"
    INDEX = "index"
    COMMON_AND_PREFERRED = "common_and_preferred"
    SIGNAL = "signal"
    INVESTOR = "investor"
    PERIOD = "period"
    PICK = "pick"


NOWHERE = 10**6
"""Behind everything that a question can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The concepts of a question with where each first stands in the spaced text."""

    places: Mapping[Concept, int] = field(default_factory=dict)

    def has(self, *concepts: Concept) -> bool:
        """Whether any of them is spoken of."""
        return any(concept in self.places for concept in concepts)

    def place(self, *concepts: Concept) -> int:
        """Where the first of them stands; behind everything when none is spoken of."""
        return min((self.places[one] for one in concepts if one in self.places), default=NOWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptTable:
    """Dictionary forms and patterns by concept."""

    lemmas: Mapping[str, tuple[Concept, ...]]
    patterns: Mapping[Concept, tuple[str, ...]]

    @classmethod
    def load(cls) -> Self:
        """Read the packaged table.

        Raises:
            InvalidInput: If it lacks a concept, has one too many, or a pattern is no regular expression.
        """
        text = (resources.files(__package__) / "tables" / "data_concepts.toml").read_text(encoding="utf-8")
        rows: dict[str, Any] = tomllib.loads(text)["concepts"]
        if set(rows) != set(Concept):
            raise InvalidInput("data_concepts.toml", f"{sorted(set(rows) ^ set(Concept))} stands on one side only")
        lemmas: dict[str, list[Concept]] = {}
        for name, row in rows.items():
            for lemma in row["lemmas"]:
                lemmas.setdefault(lemma, []).append(Concept(name))
            for pattern in row["patterns"]:
                _check(name, pattern)
        return cls(
            lemmas={lemma: tuple(concepts) for lemma, concepts in lemmas.items()},
            patterns={Concept(name): tuple(row["patterns"]) for name, row in rows.items()},
        )

    def read(self, canvas: Canvas, morphemes: Sequence[Morpheme]) -> Spoken:
        """Concepts of a text.

        Args:
            canvas: The text, entities painted over.
            morphemes: Of the canvas's text.
        """
        places: dict[Concept, int] = {}
        for item in morphemes:
            if _is_particle(canvas, item):
                continue
            for concept in self.lemmas.get(item.lemma, ()):
                places[concept] = min(item.start, places.get(concept, item.start))
        for concept, patterns in self.patterns.items():
            for pattern in patterns:
                hit = canvas.find(pattern)
                if hit is not None:
                    places[concept] = min(hit.start, places.get(concept, hit.start))
        return Spoken(places=places)


def _is_particle(canvas: Canvas, item: Morpheme) -> bool:
    """What looks like a verb only because it stands alone behind a painted entity: 는 of `작년은`."""
    before = canvas.text[: item.start].rstrip()
    return item.tag.startswith("V") and before[-1:] in SIGNS and canvas.text[item.start : item.start + 1] in _PARTICLES


_PARTICLES = frozenset("는은이가을를도의에")


def _check(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise InvalidInput(f"data_concepts.toml [{name}]", f"{pattern!r} is no regular expression: {error}") from error
