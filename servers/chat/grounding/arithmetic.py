"""Rules of arithmetic: what a sentence itself adds up must add up, and a change must be that of its price."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from servers.chat.grounding.claims import NumberClaim, Unit
from servers.chat.grounding.verdict import Sentence, Violation, ViolationKind, violation

_EQUALS = re.compile(r"\s=\s")
_PLUS = re.compile(r"\s\+\s")
_NO_WORDS = re.compile(r"[^0-9A-Za-z가-힣]*")
_BRACKET = re.compile(r"\s?\(\s?")
_WHOLE = frozenset({Unit.POINTS, Unit.COUNT, Unit.PLAIN})
_ROUNDING = Decimal("0.0051")
"""Percent are printed with two decimals."""


def wrong_sums(sentence: Sentence) -> list[Violation]:
    """Totals that are not the sum of the parts beside them: `3 + 3 + 2 = 9`, `score (100) = 20 + 30 + 60`."""
    text = sentence.text
    edges = [0, *(edge for match in _EQUALS.finditer(text) for edge in match.span()), len(text)]
    sides = list(zip(edges[::2], edges[1::2], strict=True))
    numbers = [claim for claim in sentence.all_claims if isinstance(claim, NumberClaim)]
    found: list[NumberClaim] = []
    for left, right in pairwise(sides):
        before, after = _within(numbers, left), _within(numbers, right)
        totals = ((before[-1:], _parts(text, numbers, right)), (after[:1], _parts(text, numbers, left)))
        found.extend(total for one, parts in totals for total in one if parts and not _adds_up(total, parts))
    return [violation(total, ViolationKind.NUMBER, "the parts do not add up to it") for total in found]


def wrong_changes(sentence: Sentence) -> list[Violation]:
    """A price, its change and the percentage in brackets that do not belong together: `334,500원 ▲8,000 (+2.48%)`."""
    numbers = [claim for claim in sentence.claims if isinstance(claim, NumberClaim)]
    return [
        violation(price, ViolationKind.NUMBER, "price, change and percentage do not belong together")
        for price, change, rate in zip(numbers, numbers[1:], numbers[2:], strict=False)
        if _are_move(sentence.text, price, change, rate) and not _is_move(price.value, change.value, rate.value)
    ]


def _within(numbers: Sequence[NumberClaim], side: tuple[int, int]) -> list[NumberClaim]:
    return [number for number in numbers if side[0] <= number.start and number.end <= side[1]]


def _parts(text: str, numbers: Sequence[NumberClaim], side: tuple[int, int]) -> list[NumberClaim]:
    """The last number of each part between plus signs; nothing where there is no sum of numbers."""
    edges = [side[0], *(edge for match in _PLUS.finditer(text, *side) for edge in match.span()), side[1]]
    pieces = [_within(numbers, piece) for piece in zip(edges[::2], edges[1::2], strict=True)]
    return [piece[-1] for piece in pieces] if len(pieces) > 1 and all(pieces) else []


def _adds_up(total: NumberClaim, parts: Sequence[NumberClaim]) -> bool:
    off = abs(sum((part.value for part in parts), Decimal(0)) - total.value)
    exact = total.unit in _WHOLE
    return off <= (0 if exact else sum((part.step for part in parts), total.step) / 2)


def _are_move(text: str, price: NumberClaim, change: NumberClaim, rate: NumberClaim) -> bool:
    """Whether three numbers in a row are written as a price with its move."""
    return (
        price.unit is Unit.WON
        and not price.signed
        and change.unit in {Unit.WON, Unit.PLAIN}
        and change.signed
        and rate.unit is Unit.PERCENT
        and rate.signed
        and bool(_NO_WORDS.fullmatch(text[price.end : change.start]))
        and bool(_BRACKET.fullmatch(text[change.end : rate.start]))
    )


def _is_move(price: Decimal, change: Decimal, rate: Decimal) -> bool:
    base = price - change
    return base > 0 and abs(100 * change / base - rate) <= _ROUNDING
