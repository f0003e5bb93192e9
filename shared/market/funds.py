"""Funds by what they hold: `나스닥 ETF`, `금 ETF`, `코덱스 배당 ETF`."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from shared.market.instrument import Instrument, InstrumentKind
from shared.market.spelling import spell

_LEAST = 2
"""Letters of a word that may be looked for inside names as it stands; shorter ones need the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundWords:
    """`large` codes, the largest first; `brands` in their order; what no plain fund has in its name; `said` by spelling."""

    large: Mapping[str, int]
    brands: tuple[str, ...]
    turned: tuple[str, ...]
    varied: tuple[str, ...]
    said: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls) -> "FundWords":
        """Read the packaged table."""
        table = tomllib.loads((files("shared.market") / "data" / "funds.toml").read_text(encoding="utf-8"))
        return cls(
            large={code: place for place, code in enumerate(table["large"].split())},
            brands=tuple(table["brands"].split()),
            turned=tuple(table["turned"].split()),
            varied=tuple(table["varied"].split()),
            said={spell(word): tuple(map(_plain, names)) for word, names in table["said"].items()},
        )


class Funds:
    """Finds listed funds (ETF) by words for what they hold and who offers them."""

    def __init__(self, instruments: Sequence[Instrument], words: FundWords) -> None:
        """Keep the listed funds of `instruments`, ordered by `words.large`, then by brand and length of name."""
        listed = (one for one in instruments if one.kind is InstrumentKind.ETF and one.delist_date is None)
        self._words = words
        self._funds = tuple((_plain(one.name), one) for one in sorted(listed, key=self._order))

    def about(self, *said: str) -> tuple[Instrument, ...]:
        """Funds in whose names all of the words are found, plain ones first, then the largest.

        Args:
            said: Words as a question has them; one letter counts only where the table knows it.
        """
        wanted = [self._names_of(word) for word in said]
        if not all(wanted):
            return ()
        found = [(name, one) for name, one in self._funds if all(_holds(name, parts) for parts in wanted)]
        asked = "".join(_plain(word) for word in said) + "".join(part for parts in wanted for part in parts)
        found.sort(key=lambda pair: self._varies(pair[0], pair[1], asked))
        return tuple(one for _, one in found)

    def _names_of(self, word: str) -> tuple[str, ...]:
        known = self._words.said.get(spell(word))
        if known is not None:
            return known
        return (_plain(word),) if len(word) >= _LEAST else ()

    def _varies(self, name: str, fund: Instrument, asked: str) -> bool:
        """Whether a fund differs from its theme in a way that nobody asked for."""
        turned, varied = self._words.turned, self._words.varied
        marks = turned if fund.ticker in self._words.large else (*turned, *varied)
        return any(mark in name and mark not in asked for mark in marks)

    def _order(self, fund: Instrument) -> tuple[int, int, int, str]:
        place = self._words.large.get(fund.ticker, len(self._words.large))
        brand = fund.name.split(maxsplit=1)[0]
        brands = self._words.brands
        return place, len(fund.name), brands.index(brand) if brand in brands else len(brands), fund.name


def _holds(name: str, parts: Sequence[str]) -> bool:
    """Whether a name has one of the parts; Latin ones as whole words, so that `is` is not found in RISE."""
    return any(
        re.search(rf"(?<![A-Z]){re.escape(part)}(?![A-Z])" if part.isascii() else re.escape(part), name) for part in parts
    )


def _plain(text: str) -> str:
    return "".join(text.split()).upper()
