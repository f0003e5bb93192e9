"""Which instruments of the conversation a question means without naming them: both, the first one, its neighbour."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from servers.chat.understanding.canvas import Canvas, Hit
from servers.chat.understanding.values import Ambiguity, Context
from shared.market.instrument import Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Words of a question and the instruments of the conversation that they mean."""

    hit: Hit
    instruments: tuple[Instrument, ...]


def referred(canvas: Canvas, context: Context) -> Reference | None:
    """The instruments that a question without a name points back at; None when it points at none.

    Args:
        canvas: The question, entities painted over.
        context: The conversation.
    """
    named = tuple(stock.instrument for stock in context.stocks)
    rows: tuple[tuple[str, tuple[Instrument, ...]], ...] = (
        ("first_asked", context.mentioned[:1]),
        ("before_it", _neighbour(context, named, -1)),
        ("after_it", _neighbour(context, named, 1)),
        ("middle", context.listed[len(context.listed) // 2 :][:1] if len(context.listed) % 2 else ()),
        ("both", _group(context, named, 2)),
        ("several", named if len(named) > 1 else context.listed),
    )
    for row, instruments in rows:
        hit = _find(canvas, row)
        if hit is not None and instruments:
            return Reference(hit=hit, instruments=instruments)
    return _described(canvas, context)


def doubted(canvas: Canvas, context: Context) -> Ambiguity | None:
    """The instruments of which a question means one without saying which; None where it does not.

    Args:
        canvas: The question, entities painted over.
        context: The conversation.
    """
    hit = single(canvas) if len(context.stocks) > 1 else None
    return None if hit is None else Ambiguity(words=hit.words, choices=tuple(one.instrument for one in context.stocks))


def single(canvas: Canvas) -> Hit | None:
    """The words that mean one of the instruments spoken of, without saying which: 걔."""
    return _find(canvas, "single")


@cache
def _references() -> Mapping[str, tuple[str, ...]]:
    text = (resources.files(__package__) / "tables" / "follow_up.toml").read_text(encoding="utf-8")
    return {name: tuple(patterns) for name, patterns in tomllib.loads(text)["references"].items()}


def _find(canvas: Canvas, row: str) -> Hit | None:
    return next((hit for pattern in _references()[row] if (hit := canvas.find(pattern)) is not None), None)


def _group(context: Context, named: tuple[Instrument, ...], count: int) -> tuple[Instrument, ...]:
    """The instruments of the last question or list if they are as many, else the last ones that were spoken of."""
    for group in (named, context.listed):
        if len(group) == count:
            return group
    distinct = tuple(dict.fromkeys(context.mentioned[::-1]))[:count]
    return distinct[::-1] if len(distinct) == count else ()


def _neighbour(context: Context, named: tuple[Instrument, ...], step: int) -> tuple[Instrument, ...]:
    """The one that stands beside the last one in the list, or in the order in which they were spoken of."""
    for order in (context.listed, context.mentioned):
        if len(named) == 1 and named[0] in order:
            place = len(order) - 1 - order[::-1].index(named[0]) + step
            if 0 <= place < len(order):
                return (order[place],)
    return ()


def _described(canvas: Canvas, context: Context) -> Reference | None:
    """`아까 그 화학회사`: the last one spoken of whose name or trade has the word, or simply the last one."""
    hit = _find(canvas, "described")
    if hit is None or not context.mentioned:
        return None
    groups = hit.match.groupdict()
    what = (groups.get("what") or groups.get("what2") or "").strip()
    if not what and len(context.stocks) > 1:
        return None  # which of them is not said
    newest_first = context.mentioned[::-1]
    fitting = [one for one in newest_first if what and re.search(re.escape(what), f"{one.name} {one.sector} {one.industry}")]
    chosen = fitting[0] if fitting else (context.stocks[0].instrument if context.stocks else newest_first[0])
    return Reference(hit=hit, instruments=(chosen,))
