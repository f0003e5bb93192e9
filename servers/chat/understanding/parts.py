"""A question cut into the requests that it joins, and which of its periods belongs to which of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from servers.chat.understanding.canvas import KIND, SIGNS, Canvas
from servers.chat.understanding.data_concepts import Concept, ConceptTable, Spoken
from servers.chat.understanding.data_intents import anchor
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.morphology import Morpheme
from servers.chat.understanding.values import Period

AND = frozenset({"고", "고요", "구", "구요"})
"""Endings that join one question to the next."""
JOINING = AND | {"며", "으며", "는데", "은데", "ᆫ데"}
"""Endings that join one request to the next."""
_BESIDE = frozenset({"이랑", "랑", "와", "과", "하고", "및", ",", "·", "/", "plus"})
"""What joins two things that are asked for."""
_LEVEL = "지수"
"""An index is named without it; with it its level is asked for."""
_NUMBERED = re.compile(r"[①-⑳]|(?<![0-9])[1-9]\)")
_PREPOSITION = re.compile(r"(?:over|for|in|during|since|of|from|on) (?:the |[^ ]{0,4})?$")
_ONE_FIGURE = (
    Concept.COMPARE,
    Concept.BENCHMARK,
    Concept.DEAR,
    Concept.COMMON_AND_PREFERRED,
    Concept.TREND,
    Concept.DAILY,
)
"""Where two things that are joined make one figure or one list."""
_NAMES = frozenset(
    {
        Concept.INDEX,
        Concept.PERIOD,
        Concept.MARKET,
        Concept.INVESTOR,
        Concept.GROUP,
        Concept.HOW_MUCH,
        Concept.HOW_MANY,
        Concept.MOST,
    }
)
"""What is named without asking for a figure of it."""

Part = tuple[Canvas, list[Morpheme]]


def parts_of(
    canvas: Canvas, morphemes: Sequence[Morpheme], concepts: ConceptTable, endings: frozenset[str] = AND
) -> Iterator[Part]:
    """The question cut at its sentences' ends, at endings that join requests, and between figures that are joined.

    Args:
        canvas: The question, entities painted over.
        morphemes: Of the canvas's text.
        concepts: Tells whether both sides of a joining word ask for a figure.
        endings: Which endings join.
    """
    spoken = concepts.read(canvas, morphemes)
    apart = spoken.has(Concept.DISTANCE) and spoken.has(Concept.HIGH, Concept.LOW, Concept.MEAN_LINE)
    joins_figures = not apart and not spoken.has(*_ONE_FIGURE)
    for start, end in pairwise([0, *sorted({*_cuts(morphemes, endings), *_numbers(canvas)}), len(canvas.text)]):
        part = _between(canvas, morphemes, start, end)
        if part[0].text.strip():
            yield from _figures(part, start, concepts) if joins_figures else (part,)


def own_periods(
    intents: Sequence[Intent], periods: Sequence[Period], spoken: Spoken, canvas: Canvas
) -> Mapping[Intent, tuple[int, ...]]:
    """Positions of the periods that stand nearest to what each intent asks for; empty where all share them.

    Args:
        intents: What is asked for.
        periods: In the question's order.
        spoken: Concepts of the whole question.
        canvas: The question, entities painted over.
    """
    places = {intent: place for intent in intents if (place := _place(intent, spoken, canvas)) is not None}
    counted = tuple(number for number, period in enumerate(periods) if period.sessions)
    if tuple(intents) == (Intent.FLOW,) and 0 < len(counted) < len(periods):
        return {Intent.FLOW: counted}
    if len(places) < 2 or len({(one.first, one.last, one.sessions) for one in periods}) < 2:
        return {}
    owned: dict[Intent, list[int]] = {intent: [] for intent in places}
    for number, period in enumerate(periods):
        backwards = _follows(period, canvas)
        owned[min(places, key=lambda intent: _distance(places[intent], period.at, backwards=backwards))].append(number)
    return {intent: tuple(numbers) for intent, numbers in owned.items()}


def _distance(place: int, at: int, *, backwards: bool) -> tuple[bool, int]:
    """How far a request is from a period: one on the side that it belongs to comes first."""
    return (place < at) != backwards, abs(place - at)


def _follows(period: Period, canvas: Canvas) -> bool:
    """Whether a period stands behind what it belongs to: `return over the past 3 months`."""
    before = f"{canvas.text[: period.at]} {period.words}".casefold()
    return bool(_PREPOSITION.search(before[: period.at + 6]))


def _place(intent: Intent, spoken: Spoken, canvas: Canvas) -> int | None:
    if intent.value.startswith("signal."):
        place = canvas.text.find(KIND)
        return place if place >= 0 else None
    return anchor(intent, spoken)


def _between(canvas: Canvas, morphemes: Sequence[Morpheme], start: int, end: int) -> Part:
    words = [item for item in morphemes if start <= item.start and item.end <= end]
    return Canvas(canvas.original[start:end]), words


def _figures(part: Part, offset: int, concepts: ConceptTable) -> Iterator[Part]:
    """The part cut where both sides of a joining word ask for a figure."""
    canvas, words = part
    start = 0
    for item in words:
        if item.form not in _BESIDE:
            continue
        place = item.end - offset
        left, right = (Canvas(text) for text in (canvas.original[start:place], canvas.original[place:]))
        before = [one for one in words if start <= one.start - offset and one.end - offset <= place]
        after = [one for one in words if one.start - offset >= place]
        if _asks(left, concepts.read(left, before)) and _asks(right, concepts.read(right, after)):
            yield left, before
            start = place
    yield Canvas(canvas.original[start:]), [one for one in words if one.start - offset >= start]


def _asks(part: Canvas, spoken: Spoken) -> bool:
    return not spoken.places.keys() <= _NAMES or part.find(_LEVEL) is not None


def _numbers(canvas: Canvas) -> Iterator[int]:
    yield from (match.start() for match in _NUMBERED.finditer(canvas.original) if match.start())


def _cuts(morphemes: Sequence[Morpheme], endings: frozenset[str]) -> Iterator[int]:
    for place, (item, following) in enumerate(pairwise(morphemes)):
        before = morphemes[max(0, place - 1)]
        particle = before.form == "하" and place > 1 and morphemes[place - 2].form in SIGNS  # `삼성전자하고`
        joins = item.tag == "EC" and item.form in endings and not following.tag.startswith("VX") and not particle
        glued = item.tag == "MM" and item.form in endings and before.end == item.start < following.start - 1  # `얼마고`
        if joins or glued or item.tag == "SF" or item.lemma in {"그리고", "또", "and"}:
            yield item.end
