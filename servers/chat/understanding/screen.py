"""How a list of signals is narrowed down: grades, points, prices, both kinds at once, and the order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from servers.chat.signal_order import Order
from servers.chat.understanding.canvas import KIND, Canvas
from servers.chat.understanding.values import Comparison, Entities, Quantity, Unit
from shared.market.signal import Grade

_LETTER = "(?P<grade>s|a|b|c|에[스쓰]|에이|비(?=등급|급)|씨(?=등급|급))"
_NAMED = re.compile(f"(?<![a-z0-9]){_LETTER}(?:-?(?:등급|급|그레이드|랭크|grade|rated))")
_LOOSE = re.compile(
    "(?<![a-z0-9&])(?P<grade>[sabc])(?=이상|이하|미만|부터|까지|밖에|만|짜리|인|이나|나|랑|와|하고|,|/|·|및|도|는|은|로|에|가|이|를|을|"
    "빼|뺴|제외|말고|아닌|나온|뜬|나왔|떴|받|있|없|밑|아래|위|급|등|몇|중|종목|$|[?.!~])"
)
_ENGLISH = re.compile(
    r"grade[ds]? (?:as )?(?P<grade>[sabc])(?![a-z])|"
    r"(?<![a-z0-9])(?P<other>[sabc])(?=[- ](?:grade|rated)| or (?:better|higher|above|worse|lower|[sabc]\b)|\+)"
)
_UP = re.compile(r"^(?:등급|급)?(?:이상|부터|위|넘)|^[- ]?(?:grade[sd]?|rated)? ?(?:or|and) (?:better|higher|above|up)|^\+")
_DOWN = re.compile(r"^(?:등급|급)?(?:이하|밑|아래|미만)|^[- ]?(?:grade[sd]?|rated)? ?(?:or|and) (?:worse|lower|below)")
_NOT = re.compile(r"^(?:등급|급)?(?:은|는|을|를|이|가)?(?:빼|뺴|제외|말고|아닌|아니|없이)")
_NOT_BEFORE = re.compile(r"(?:without|except|excluding|but not|other than|not|no) (?:the )?(?:grades? )?$")
_BEFORE_HANGUL = re.compile(" (?=[^a-z0-9])")
"""Spaces that may be missing as well; before a Latin letter one keeps words apart."""
_RANGE = re.compile(r"사이|에서|부터|~|∼|between|from|to")
_STEPS = (10_000_000, 1_000_000, 100_000, 10_000)
_BAND = re.compile("^대(?!비|표|형|한|우|상|장)")
_UNDER = re.compile("^원?(?:보다|으로)?(?:밑|아래)")
_LETTERS = {"에스": Grade.S, "에쓰": Grade.S, "에이": Grade.A, "비": Grade.B, "씨": Grade.C}
_DOWNWARDS = frozenset({Comparison.AT_MOST, Comparison.BELOW})
_BOTH = re.compile(
    r"(?:둘|셋)다|모두|동시에|겹치|겹친|같이(?:뜬|나온|걸린)|함께(?:뜬|나온)|중복|교집합|"
    r"both|overlap|at the same time|all of"
)
_ORDERS = (
    (
        Order.WORST,
        re.compile(
            r"점수(?:가|는)?(?:제일|가장|젤)?(?:낮은|나쁜|하위|안좋은)|낮은(?:점수|순)|하위|꼴찌|"
            r"lowest (?:scor|point|grade)|worst|weakest"
        ),
    ),
    (Order.NEWEST, re.compile(r"최신|최근(?:에)?(?:뜬|나온)?순|새로(?:뜬|나온)?순|날짜순|newest|latest|most recent")),
    (
        Order.CHEAPEST,
        re.compile(
            r"(?:제일|가장|젤)(?:싼|저렴한)|(?<!비)(?:싼|저렴한)(?:순|거|것|종목|주식|부터|걸)|(?:가격|주가)(?:이|가)?(?:제일|가장|젤)?낮은|"
            r"저가순|cheapest|lowest[- ]priced?"
        ),
    ),
    (Order.DEAREST, re.compile(r"비싼(?:순|거|것|종목|주식|부터|걸)|(?:제일|가장|젤)비싼|고가순|most expensive|priciest")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a list is narrowed down by; None and empty mean nothing. Points in the kind's own, prices in won.

    `over` and `under` leave the bound itself out; `price_to` is the last price within, `price_under` that it was said as
    the first one without.
    """

    grades: tuple[Grade, ...] = ()
    points_from: Decimal | None = None
    points_to: Decimal | None = None
    over: bool = False
    under: bool = False
    price_from: int | None = None
    price_to: int | None = None
    price_under: bool = False
    every_kind: bool = False
    order: Order = Order.BEST


def read_screen(text: str, entities: Entities) -> Screen:
    """What a question narrows a list of signals down by.

    Args:
        text: The normalised question.
        entities: What it names.
    """
    compact = text.casefold().replace(" ", "")
    prices = [one for one in entities.quantities if one.unit is Unit.WON]
    points = [one for one in entities.quantities if one.unit in {Unit.POINTS, Unit.NONE}]
    price_from, price_to = _bounds(prices, text, 0)
    points_from, points_to = _bounds(points, text, 10)
    return Screen(
        grades=selected_grades(text, entities),
        points_from=points_from,
        points_to=points_to,
        over=any(one.comparison is Comparison.ABOVE for one in points),
        under=any(one.comparison is Comparison.BELOW for one in points) or _is_band(points, text),
        price_from=None if price_from is None else int(price_from),
        price_to=None if price_to is None else int(price_to) - _leaves_out(prices, text),
        price_under=price_to is not None and _leaves_out(prices, text),
        every_kind=wants_every_kind(text, entities),
        order=next((order for order, sign in _ORDERS if sign.search(compact) or sign.search(text.casefold())), Order.BEST),
    )


def wants_every_kind(text: str, entities: Entities) -> bool:
    """Whether instruments are asked for that have signals of several kinds at once."""
    folded = text.casefold()
    listed = len(entities.kinds) > 1 and not entities.stocks
    return listed and bool(_BOTH.search(folded.replace(" ", "")) or _BOTH.search(folded))


def selected_grades(text: str, entities: Entities) -> tuple[Grade, ...]:
    """The grades that a question wants: of `A 이상` S and A, of `C 빼고` the other three; empty means all."""
    if not entities.grades:
        return ()
    order, wanted, unwanted = list(Grade), set[Grade](), set[Grade]()
    for grade, before, after in _mentions(text, loose=bool(entities.kinds)):
        place = order.index(grade)
        if _NOT.search(after) or _NOT_BEFORE.search(before):
            unwanted.add(grade)
        elif _UP.search(after):
            wanted.update(order[: place + 1])
        elif _DOWN.search(after):
            wanted.update(order[place + (after.startswith(("미만", "등급미만")) and 1) :])
        else:
            wanted.add(grade)
    if not wanted and not unwanted:
        return entities.grades
    return tuple(grade for grade in order if grade in (wanted or set(order)) - unwanted)


def named_grades(canvas: Canvas) -> tuple[Grade, ...]:
    """Grades by a bare letter beside a signal kind: `▣ A 이상`."""
    if KIND not in canvas.text:
        return ()
    found = (match["grade"] for match in _LOOSE.finditer(canvas.compact))
    return tuple(dict.fromkeys(Grade(letter.upper()) for letter in found))


def _mentions(text: str, *, loose: bool) -> list[tuple[Grade, str, str]]:
    """Grades with the words before and after each of them."""
    folded = text.casefold()
    compact = _BEFORE_HANGUL.sub("", folded)
    found: list[tuple[Grade, str, str]] = []
    for pattern, view in ((_NAMED, compact), (_LOOSE, compact), (_ENGLISH, folded)):
        if pattern is _LOOSE and not loose:
            continue
        for match in pattern.finditer(view):
            letter = match["grade"] or match["other"] if pattern is _ENGLISH else match["grade"]
            grade = _LETTERS.get(letter) or Grade(letter.upper())
            start = match.end() if pattern is not _NAMED else match.end("grade")
            found.append((grade, view[: match.start()], view[start:].removeprefix("-")))
    return found


def _bounds(numbers: Sequence[Quantity], text: str, step: int) -> tuple[Decimal | None, Decimal | None]:
    """Least and greatest value: of a bound, of two numbers between which it lies, or of a band such as `70점대`."""
    low = next((one.value for one in numbers if one.comparison in {Comparison.ABOVE, Comparison.AT_LEAST}), None)
    high = next((one.value for one in numbers if one.comparison in _DOWNWARDS), None)
    free = [one for one in numbers if one.comparison is None]
    if len(numbers) == 2 and _RANGE.search(text.casefold()) and (free or low == numbers[0].value):
        return min(one.value for one in numbers), max(one.value for one in numbers)
    band = next((one for one in numbers if _is_band([one], text)), None)
    if band is not None:
        return band.value, band.value + (step or _step(band.value))
    return low, high


def _is_band(numbers: Sequence[Quantity], text: str) -> bool:
    return any(_after(one, text, _BAND) for one in numbers)


def _step(value: Decimal) -> int:
    return next((step for step in _STEPS if value >= step), 1_000)


def _leaves_out(prices: Sequence[Quantity], text: str) -> bool:
    """Whether the greatest price itself is not wanted: `미만`, `밑`, and the end of a band."""
    return any(one.comparison is Comparison.BELOW or _after(one, text, _UNDER) or _after(one, text, _BAND) for one in prices)


def _after(number: Quantity, text: str, pattern: re.Pattern[str]) -> bool:
    """Whether words directly behind a number hold."""
    compact, words = text.casefold().replace(" ", ""), number.words.replace(" ", "").casefold()
    return words in compact and bool(pattern.search(compact[compact.find(words) + len(words) :]))
