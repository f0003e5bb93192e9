"""What a conversation remembers, as the JSON that the store keeps; instruments by code, since their facts may change."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import (
    Aspect,
    Comparison,
    Condition,
    ConditionKind,
    Context,
    Direction,
    Entities,
    Investor,
    Period,
    Quantity,
    StockMention,
    Unit,
)
from shared.market.instrument import Board, Instrument
from shared.market.language import Language
from shared.market.signal import Grade, SignalKind
from shared.market.topic import MarketIndex

Find = Callable[[str], Instrument | None]

_VERSION = 3


def dump_context(context: Context) -> str:
    """The context as JSON."""
    return json.dumps(_dump(context), ensure_ascii=False)


def _dump(context: Context) -> dict[str, object]:
    entities = context.entities
    return {
        "version": _VERSION,
        "stocks": [mention.instrument.ticker for mention in context.stocks],
        "asked": [mention.instrument.ticker for mention in entities.stocks],
        "intents": list(context.intents),
        "pending": list(context.pending),
        "question": context.question,
        "unclear": context.unclear,
        "listed": [one.ticker for one in context.listed],
        "mentioned": [one.ticker for one in context.mentioned],
        "condition": None if context.condition is None else _dump_condition(context.condition),
        "before": None if context.before is None else _dump(context.before),
        "choices": [choice.ticker for choice in context.choices],
        "language": context.language,
        "indices": list(entities.indices),
        "boards": list(entities.boards),
        "kinds": list(entities.kinds),
        "grades": list(entities.grades),
        "investors": list(entities.investors),
        "aspects": list(entities.aspects),
        "periods": [_dump_period(period) for period in entities.periods],
        "quantities": [_dump_quantity(quantity) for quantity in entities.quantities],
        "count": entities.count,
        "direction": entities.direction,
    }


def load_context(text: str, find: Find) -> Context:
    """The context in a JSON text; of another version, empty. Instruments that left the master are forgotten.

    Args:
        text: What `dump_context` gave.
        find: Looks an instrument up by its code.
    """
    data = json.loads(text)
    return _load(data, find) if data.get("version") == _VERSION else Context()


def _load(data: Mapping[str, Any], find: Find) -> Context:
    entities = Entities(
        stocks=_stocks(data["asked"], find),
        indices=tuple(map(MarketIndex, data["indices"])),
        boards=tuple(map(Board, data["boards"])),
        kinds=tuple(map(SignalKind, data["kinds"])),
        grades=tuple(map(Grade, data["grades"])),
        investors=tuple(map(Investor, data["investors"])),
        aspects=tuple(map(Aspect, data["aspects"])),
        periods=tuple(map(_load_period, data["periods"])),
        quantities=tuple(map(_load_quantity, data["quantities"])),
        count=data["count"],
        direction=Direction(data["direction"]) if data["direction"] else None,
    )
    context = Context(
        stocks=_stocks(data["stocks"], find),
        entities=entities,
        intents=tuple(map(Intent, data["intents"])),
        language=Language(data["language"]) if data["language"] else None,
    )
    return replace(
        context,
        choices=_instruments(data["choices"], find),
        listed=_instruments(data["listed"], find),
        mentioned=_instruments(data["mentioned"], find),
        pending=tuple(map(Intent, data["pending"])),
        question=data["question"],
        unclear=data["unclear"],
        condition=_load_condition(data["condition"]) if data["condition"] else None,
        before=_load(data["before"], find) if data["before"] else None,
    )


def _instruments(tickers: list[str], find: Find) -> tuple[Instrument, ...]:
    return tuple(one for ticker in tickers if (one := find(ticker)) is not None)


def _stocks(tickers: list[str], find: Find) -> tuple[StockMention, ...]:
    found = (find(ticker) for ticker in tickers)
    return tuple(StockMention(instrument=one, words=one.name, how="context") for one in found if one is not None)


def _dump_quantity(quantity: Quantity) -> dict[str, str | None]:
    return {
        "value": str(quantity.value),
        "unit": quantity.unit,
        "words": quantity.words,
        "comparison": quantity.comparison,
    }


def _load_quantity(data: Mapping[str, Any]) -> Quantity:
    return Quantity(
        value=Decimal(data["value"]),
        unit=Unit(data["unit"]),
        words=data["words"],
        comparison=Comparison(data["comparison"]) if data["comparison"] else None,
    )


def _dump_condition(condition: Condition) -> dict[str, object]:
    return {
        "kind": condition.kind,
        "comparison": condition.comparison,
        "threshold": None if condition.threshold is None else str(condition.threshold),
        "minutes": condition.minutes,
        "signal_kind": condition.signal_kind,
        "min_grade": condition.min_grade,
        "investor": condition.investor,
        "repeating": condition.repeating,
    }


def _load_condition(data: Mapping[str, Any]) -> Condition:
    return Condition(
        kind=ConditionKind(data["kind"]),
        comparison=Comparison(data["comparison"]) if data["comparison"] else None,
        threshold=None if data["threshold"] is None else Decimal(data["threshold"]),
        minutes=data["minutes"],
        signal_kind=SignalKind(data["signal_kind"]) if data["signal_kind"] else None,
        min_grade=Grade(data["min_grade"]) if data["min_grade"] else None,
        investor=Investor(data["investor"]) if data["investor"] else None,
        repeating=data["repeating"],
    )


def _dump_period(period: Period) -> dict[str, object]:
    return {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "words": period.words,
        "sessions": period.sessions,
        "single": period.single,
        "moved": period.moved,
        "relative": period.relative,
    }


def _load_period(data: Mapping[str, Any]) -> Period:
    return Period(
        first=date.fromisoformat(data["first"]),
        last=date.fromisoformat(data["last"]),
        words=data["words"],
        sessions=data["sessions"],
        single=data["single"],
        moved=data["moved"],
        relative=data.get("relative", False),  # conversations of older versions do not have it
    )
