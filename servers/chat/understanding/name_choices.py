"""Choices for a name that fits several instruments: what people most likely mean first, of the kind that they speak of."""

import re
from collections.abc import Iterable

from servers.chat.understanding.values import Ambiguity
from shared.market.instrument import Instrument, InstrumentKind
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import Match, MatchKind

MAX_CHOICES = 10
_SEARCHED = 60
_PARTS = frozenset({MatchKind.NAME, MatchKind.NICKNAME, MatchKind.PREFIX, MatchKind.CONTAINS})
_BEGINNINGS = _PARTS - {MatchKind.CONTAINS}
_CHOSEN_KINDS = frozenset(
    {InstrumentKind.PREFERRED, InstrumentKind.ETF, InstrumentKind.ETN, InstrumentKind.REIT, InstrumentKind.SPAC}
)
_LEAST = 2
_FUND = re.compile(r"\s?(?:etf|이티에프)s?$", re.IGNORECASE)
_CLASS = re.compile(r"\s?[1-9]?우(?:선주)?B?$")


class NameChoices:
    """Gathers choices from the index."""

    def __init__(self, index: InstrumentIndex) -> None:
        self._index = index

    def of_group(self, words: str) -> tuple[Instrument, ...]:
        """Listed companies whose names begin with the words, large ones first; none when fewer than two do."""
        members = tuple(match.instrument for match in self._index.family(words))
        return members[:MAX_CHOICES] if len(members) >= _LEAST else ()

    def of_kind(self, words: str, kinds: Iterable[InstrumentKind]) -> tuple[Instrument, ...]:
        """Listed instruments of a kind that the question names (우선주, ETF) with the words in their names."""
        wanted = _CHOSEN_KINDS.intersection(kinds)
        funds = self._index.funds_about(_FUND.sub("", words)) if InstrumentKind.ETF in wanted else ()
        if funds:
            return funds[:MAX_CHOICES]
        fitting = [match for match in self._search(words) if match.how in _PARTS and match.instrument.kind in wanted]
        beginning = [match for match in fitting if match.how in _BEGINNINGS]
        return self._ordered(beginning if len(beginning) >= _LEAST else fitting)

    def narrowed(self, ambiguity: Ambiguity, kinds: Iterable[InstrumentKind]) -> Ambiguity:
        """The choices of the kind that the question names, where there are any."""
        company = _CLASS.sub("", ambiguity.words)
        named = (InstrumentKind.PREFERRED,) if company != ambiguity.words else ()
        fund = (InstrumentKind.ETF,) if _FUND.search(ambiguity.words) else ()
        choices = self.of_kind(company, (*kinds, *named, *fund))
        return Ambiguity(words=ambiguity.words, choices=choices) if choices else ambiguity

    def _search(self, words: str) -> list[Match]:
        return [match for match in self._index.search(words, _SEARCHED) if match.instrument.delist_date is None]

    def _ordered(self, matches: Iterable[Match]) -> tuple[Instrument, ...]:
        ranked = sorted(matches, key=lambda match: (not self._index.is_prominent(match.instrument), -match.score))
        return tuple(match.instrument for match in ranked)[:MAX_CHOICES]
