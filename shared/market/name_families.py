"""Groups of companies: instruments whose names have their beginning in common (`한솔`, `비츠로`, `HD현대마린`)."""

import re
from collections.abc import Mapping, Sequence

from shared.market.instrument import Instrument, InstrumentKind, Ticker
from shared.market.spelling import spell

_COMPANIES = frozenset(
    {InstrumentKind.COMMON, InstrumentKind.REIT, InstrumentKind.FOREIGN, InstrumentKind.DEPOSITARY_RECEIPT}
)
_HEAD = re.compile(r"[A-Za-z&]{1,3}|한국")
"""What may stand before the name of a group in that of a company: HD현대중공업, 한국콜마."""
_GENERIC_FROM = 3
_MOST_MEMBERS = 40
_BRAND_FROM = 10


class NameFamilies:
    """Finds the companies that share a word at the beginning of their names."""

    def __init__(self, instruments: Sequence[Instrument], prominence: Mapping[Ticker, float]) -> None:
        """Spell the names.

        Args:
            instruments: Every instrument.
            prominence: 1 for the most prominent, falling to 0; counts where no market value is known.
        """
        listed = [one for one in instruments if one.delist_date is None]
        ordered = sorted(
            listed, key=lambda one: (-(one.market_cap_krw or 0), -prominence.get(one.ticker, 0.0), one.name, one.ticker)
        )
        self._companies = [
            (spell(one.name), spell(_without_head(one.name)), one) for one in ordered if one.kind in _COMPANIES
        ]
        funds = sorted((one for one in listed if one.kind is InstrumentKind.ETF), key=lambda one: (len(one.name), one.name))
        funds.sort(key=lambda one: -prominence.get(one.ticker, 0.0))
        self._funds = [(spell(one.name), one) for one in funds]

    def members(self, text: str) -> list[Instrument]:
        """Companies, else funds, whose names begin with a text, the largest first.

        None where the text is a word of too many names, or one that ends names as well (`바이오`): it is no name then.
        """
        key = spell(text)
        if len(key) < 2:
            return []
        found = [one for name, bare, one in self._companies if name.startswith(key) or bare.startswith(key)]
        inside = sum(name.find(key, 1) > 0 and not bare.startswith(key) for name, bare, _ in self._companies)
        funds = [one for name, one in self._funds if name.startswith(key)]
        found = list({one.name: one for one in reversed(found)}.values())[::-1]
        found.sort(key=lambda one: not (spell(one.name).startswith(key) or one.name.startswith("한국")))
        if found and len(funds) < _BRAND_FROM:
            return found if inside < max(_GENERIC_FROM, len(found)) and len(found) <= _MOST_MEMBERS else []
        return funds


def _without_head(name: str) -> str:
    """The name of a company without what its group has put before it."""
    head = _HEAD.match(name)
    return name[head.end() :] if head else name
