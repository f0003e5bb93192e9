"""Numbers with Korean and English units, and how they bound something: 8만원 넘으면, 3배 이상, 70점, under 40,000 won."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Self

from servers.chat.understanding.canvas import NUMBER, Canvas, Hit
from servers.chat.understanding.values import Comparison, Quantity, Unit

_SINO = {"영": 0, "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}
_SMALL = {"십": 10, "백": 100, "천": 1_000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
NATIVE = {
    "하나": 1, "한": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "석": 3, "네": 4, "넷": 4, "넉": 4, "다섯": 5, "여섯": 6,
    "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "스무": 20,
}  # fmt: skip
"""Native Korean counting words, as they stand before a counter."""
_ENGLISH = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}

_DIGITS = r"(?<![0-9])[0-9]++(?:,[0-9]{3})*+(?:\.[0-9]++)?+"  # possessive: a long row of digits costs linear time
_SCALE = "(?:[천백십]?[조억만]|[천백십])"
_WAYS = {
    "<scaled>": rf"{_DIGITS}(?:{_SCALE}{_DIGITS})*{_SCALE}?",
    "<digits>": _DIGITS,
    "<worded>": "[일이삼사오육칠팔구십백천만억조]+",
    "<native>": "|".join(sorted(NATIVE, key=len, reverse=True)),
    "<more>": "|".join(word for word in sorted(NATIVE, key=len, reverse=True) if NATIVE[word] > 1),
    "<english>": "|".join(_ENGLISH),
}
"""What the placeholders of the table stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTable:
    """Patterns of quantities by unit, and of what bounds them after and before, all in the order of the table."""

    quantities: tuple[tuple[str, Unit], ...]
    after: tuple[tuple[re.Pattern[str], Comparison], ...]
    before: tuple[tuple[re.Pattern[str], Comparison], ...]

    @classmethod
    def load(cls) -> Self:
        """Read the packaged table."""
        text = (resources.files(__package__) / "tables" / "numbers.toml").read_text(encoding="utf-8")
        table = tomllib.loads(text)
        return cls(
            quantities=tuple((_filled(row["pattern"]), Unit(row["unit"])) for row in table["quantity"]),
            after=tuple((re.compile(row["pattern"]), Comparison(row["comparison"])) for row in table["after"]),
            before=tuple((re.compile(row["pattern"]), Comparison(row["comparison"])) for row in table["before"]),
        )


def read_quantities(canvas: Canvas, table: NumberTable) -> tuple[tuple[Quantity, ...], Canvas]:
    """All quantities in text order, and the canvas with them painted over."""
    found: list[tuple[int, Quantity]] = []
    for pattern, unit in table.quantities:
        for hit in canvas.find_all(pattern):
            bound = _comparison(canvas, hit, table)
            found.append((hit.start, _quantity(hit, unit, bound)))
            canvas = canvas.paint(hit.start, hit.end, NUMBER)
    return tuple(quantity for _, quantity in sorted(found, key=lambda pair: pair[0])), canvas


def read_number(words: str) -> Decimal:
    """A number in digits, Korean numerals or a mixture: `1억 5천`, `팔만`, `세`, `3.5`.

    Zero when nothing of it can be read, which the patterns of this module exclude.
    """
    compact = words.replace(" ", "").replace(",", "")
    if compact in NATIVE:
        return Decimal(NATIVE[compact])
    if compact in _ENGLISH:
        return Decimal(_ENGLISH[compact])
    if compact in _SPECIAL:
        return Decimal(_SPECIAL[compact])
    return _mixed(compact)


_SPECIAL = {"twice": 2, "double": 2, "triple": 3, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5}


def _mixed(compact: str) -> Decimal:
    """Sum of parts like 1억, 5천, 팔만: a small unit multiplies its digit, a large one the block before it."""
    total, block, digit = Decimal(0), Decimal(0), None
    for token in re.findall(r"[0-9]+(?:\.[0-9]+)?|.", compact):
        if token[0].isdigit():
            digit = Decimal(token)
        elif token in _SINO:
            digit = Decimal(_SINO[token])
        elif token in _SMALL:
            block += (Decimal(1) if digit is None else digit) * _SMALL[token]
            digit = None
        elif token in _LARGE:
            block += digit or Decimal(0)
            total += (block or Decimal(1)) * _LARGE[token]
            block, digit = Decimal(0), None
    return total + block + (digit or Decimal(0))


def _filled(pattern: str) -> str:
    for name, way in _WAYS.items():
        pattern = pattern.replace(name, way)
    return pattern


def _quantity(hit: Hit, unit: Unit, comparison: Comparison | None) -> Quantity:
    groups = hit.match.groupdict()
    value = read_number(groups.get("n") or groups.get("m") or groups.get("k") or "")
    value *= {"billion": 10**9, "million": 10**6, "trillion": 10**12}.get(groups.get("scale") or "", 1)
    if groups.get("sign") == "-":
        value = -value
    return Quantity(value=value, unit=unit, words=hit.words, comparison=comparison)


def _comparison(canvas: Canvas, hit: Hit, table: NumberTable) -> Comparison | None:
    after = canvas.text[hit.end :].replace(" ", "")
    before = canvas.text[: hit.start].rstrip(" ₩")
    following = (comparison for pattern, comparison in table.after if pattern.search(after))
    preceding = (comparison for pattern, comparison in table.before if pattern.search(before))
    return next(following, None) or next(preceding, None)
