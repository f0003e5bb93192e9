"""Won and percent in words of people (bot_ux.md 2). Amounts are formatted here and nowhere else, and never by a model."""

import re
from decimal import Decimal

from shared.market.errors import InvalidInput
from shared.market.language import Language

_MAN, _EOK, _JO = 10**4, 10**8, 10**12
_UNITS = {"조": _JO, "억": _EOK, "만": _MAN, "천": 1_000, "백": 100}
_PART = re.compile(r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)?(?P<units>[천백]?[조억만]|[천백])?", re.ASCII)


def format_price(price_krw: int, language: Language = Language.KO) -> str:
    """A price to the won: `72,300원`, `72,300 KRW`."""
    return f"{price_krw:,}{_currency(language)}"


def format_percent(bps: int) -> str:
    """Basis points as percent, always with a sign: 169 is `+1.69%`."""
    sign = "-" if bps < 0 else "+"
    return f"{sign}{abs(bps) // 100}.{abs(bps) % 100:02}%"


def format_change(change_krw: int, change_bps: int) -> str:
    """A move against the previous close: `▲1,200 (+1.69%)`, `▼300 (-0.41%)`, `- (+0.00%)` when flat."""
    arrow = "▲" if change_krw > 0 else "▼"
    move = f"{arrow}{abs(change_krw):,}" if change_krw else "-"
    return f"{move} ({format_percent(change_bps)})"


def format_amount(amount_krw: int, language: Language = Language.KO) -> str:
    """An amount of money, rounded half away from zero to the unit that people read.

    `9,800원`, `3,250만원`, `1,284억원`, `12조 3,456억원`; English `98.9B KRW`. Below ten 만 or ten 억 the next smaller
    unit is kept (`1만 5,000원`, `1억 5,000만원`): a single digit would be off by up to a third.
    """
    sign = "-" if amount_krw < 0 else ""
    text = _korean(abs(amount_krw)) if language is Language.KO else _english(abs(amount_krw))
    return f"{sign}{text}{_currency(language)}"


def parse_won(text: str, field: str = "amount") -> int:
    """Read an amount as people write it: `80,000원`, `8만`, `7만2천원`, `1.5억`, `1조 2,346억원`, `-32억`.

    Raises:
        InvalidInput: If the text is no amount, its units do not fall, or it is not a whole number of won.
    """
    compact = re.sub(r"\s+", "", text)
    sign = -1 if compact.startswith("-") else 1
    body = compact.removeprefix("-").removeprefix("+").removesuffix("원")
    total = _sum_of_parts(body, field)
    if total != total.to_integral_value():
        raise InvalidInput(field, "is not a whole number of won")
    return sign * int(total)


def _sum_of_parts(body: str, field: str) -> Decimal:
    total, last_unit, position = Decimal(0), _JO * 10_000, 0
    while position < len(body):
        match = _PART.match(body, position)
        if match is None or match.end() == position:
            break
        number, unit = match["number"], _unit(match["units"] or "")
        if unit >= last_unit or (number is None and position):
            break
        total += Decimal((number or "1").replace(",", "")) * unit
        last_unit, position = unit, match.end()
    if not body or position < len(body):
        raise InvalidInput(field, "is not an amount; write it like 80,000원, 8만 or 1.5억")
    return total


def _unit(letters: str) -> int:
    value = 1
    for letter in letters:
        value *= _UNITS[letter]
    return value


def _korean(amount: int) -> str:
    """Choose the unit after rounding, so that 9,999.99억 becomes 1조 and not 10,000억."""
    if amount < _MAN:
        return f"{amount:,}"
    if amount < 10 * _MAN:
        return _two_units(amount, (_MAN, "만"), (1, ""))
    if _rounded(amount, _MAN) < _MAN:
        return f"{_rounded(amount, _MAN):,}만"
    if _rounded(amount, _MAN) < 10 * _MAN:
        return _two_units(_rounded(amount, _MAN), (_MAN, "억"), (1, "만"))
    if _rounded(amount, _EOK) < _MAN:
        return f"{_rounded(amount, _EOK):,}억"
    return _two_units(_rounded(amount, _EOK), (_MAN, "조"), (1, "억"))


def _two_units(amount: int, large: tuple[int, str], small: tuple[int, str]) -> str:
    whole, rest = divmod(amount, large[0])
    return f"{whole:,}{large[1]}" + (f" {rest:,}{small[1]}" if rest else "")


def _english(amount: int) -> str:
    if amount < 10**6:
        return f"{amount:,}"
    for unit, letter in ((10**6, "M"), (10**9, "B")):
        tenths = _rounded(amount, unit // 10)
        if tenths < 10_000:
            return f"{_decimal(tenths, 10)}{letter}"
    return f"{_decimal(_rounded(amount, 10**10), 100)}T"


def _decimal(count: int, per_unit: int) -> str:
    whole, rest = divmod(count, per_unit)
    digits = f"{rest:0{len(str(per_unit)) - 1}}".rstrip("0")
    return f"{whole:,}.{digits}" if digits else f"{whole:,}"


def _rounded(amount: int, unit: int) -> int:
    return (2 * amount + unit) // (2 * unit)


def _currency(language: Language) -> str:
    return "원" if language is Language.KO else " KRW"
