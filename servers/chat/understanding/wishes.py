"""Alerts that one question asks for: several conditions, or one for several instruments."""

import re
from collections.abc import Callable, Sequence

from servers.chat.understanding.values import Condition, ConditionKind, StockMention, Wish

_BETWEEN = re.compile(
    r"(?<=[가-힣])거나\s|또는\s|혹은\s|아니면\s|\s그리고\s|(?<=[가-힣]),\s|;\s|"
    r",?\s(?:or|and)\s(?=if|when|once|[A-Za-z ]*(?:above|below|over|under))"
)
_ANY_STOCK = re.compile(r"종목\s?(?:제한|구분|상관|관계)\s?없이|(?:모든|아무|전)\s?종목|any (?:stock|name)")
_OF_NO_STOCK = frozenset({ConditionKind.NEW_SIGNAL, ConditionKind.GATE_CHANGE})


ReadPart = Callable[[str], tuple[tuple[StockMention, ...], Condition | None]]
"""The instruments that words name and the condition that they state."""


def read_wishes(text: str, stocks: Sequence[StockMention], condition: Condition | None, read: ReadPart) -> tuple[Wish, ...]:
    """Every alert that is asked for.

    Args:
        text: The normalised question.
        stocks: What it names, also by the conversation.
        condition: The condition of the question as a whole.
        read: Reads a part of it.
    """
    found: list[Wish] = []
    stock = stocks[0] if len(stocks) == 1 else None
    for part in (part for part in _BETWEEN.split(text) if part and part.strip()):
        named, stated = read(part)
        stock = named[0] if named else stock
        if stated is not None:
            found.append(Wish(stock=_about(part, named, stock, stated), condition=stated))
    if len(found) > 1:
        return tuple(found)
    return tuple(Wish(stock=one, condition=condition) for one in stocks or (None,)) if condition else ()


def _about(
    part: str, named: Sequence[StockMention], stock: StockMention | None, condition: Condition
) -> StockMention | None:
    free = _ANY_STOCK.search(part) or (not named and condition.kind in _OF_NO_STOCK)
    return None if free else stock
