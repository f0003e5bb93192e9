"""Names of what is in a question, as the cue tables speak of it."""

from collections.abc import Iterator
from datetime import date

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.lexicon import Words
from servers.chat.understanding.values import Entities, Period, Unit
from shared.market.signal import SignalKind

GRADE = "grade"
"""Key of the glossary that belongs to the signals, not to the terms of the market."""
STRATEGIES = frozenset({SignalKind.VCP, SignalKind.JONGGA, SignalKind.DAYTRADING})
"""Kinds that grade instruments; the others are single conditions."""


def features_of(entities: Entities, canvas: Canvas, *, marks: Words, today: date, named: bool) -> frozenset[str]:
    """Features of a question: which entities it has, and how they stand to each other.

    Args:
        entities: What was read.
        canvas: The question, entities painted over.
        marks: Section `marks` of the lexicon.
        today: Date of market time.
        named: The question names one more instrument than `entities` holds: an ambiguous or unknown one.
    """
    return frozenset((*_names(entities, named=named), *_periods(entities.periods, today), *_marks(canvas, marks)))


def _names(entities: Entities, *, named: bool) -> Iterator[str]:
    stocks = len(entities.stocks) + named
    present = {
        "stock": stocks > 0,
        "no_stock": stocks == 0,
        "two_stocks": stocks > 1,
        "index": bool(entities.indices),
        "stock_and_index": stocks > 0 and bool(entities.indices),
        "bare": stocks == 0 and not entities.indices,
        "kind": bool(entities.kinds),
        "two_kinds": len(entities.kinds) > 1,
        "strategy": bool(STRATEGIES.intersection(entities.kinds)),
        "grade": bool(entities.grades),
        "investor": bool(entities.investors),
        "term": any(key != GRADE for key in entities.terms),
        "defined": any(key != GRADE for key in entities.defined.keys),
        "defined_kind": entities.defined.kinds,
        "sector": bool(entities.sectors),
        "holiday": bool(entities.holidays),
        "count": entities.count is not None,
        "certainty": any(quantity.unit is Unit.PERCENT and quantity.value == 100 for quantity in entities.quantities),
        "bound": any(quantity.comparison is not None for quantity in entities.quantities),
    }
    yield from (name for name, holds in present.items() if holds)
    yield from (f"about_{key}" for key in entities.defined.keys)
    yield from (quantity.unit.value for quantity in entities.quantities if quantity.unit is not Unit.COUNT)


def _periods(periods: tuple[Period, ...], today: date) -> Iterator[str]:
    for period in periods:
        yield "period"
        if period.first > today:
            yield "future"
        elif not period.single:
            yield "range"
        else:
            yield "day"
            if period.first < today:
                yield "past_single"


def _marks(canvas: Canvas, marks: Words) -> Iterator[str]:
    yield from (name for name in ("superlative", "why") if any(canvas.find(pattern) for pattern in marks[name]))
