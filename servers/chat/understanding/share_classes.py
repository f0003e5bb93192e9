"""Preferred shares that a question names by their company: `삼성전자 우선주`, `LG전자 우선주가 본주보다`."""

import re
from dataclasses import replace

from servers.chat.understanding.canvas import Canvas, Hit
from servers.chat.understanding.values import Entities, StockMention
from shared.market.instrument import Instrument, InstrumentKind
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import MatchKind

_BOTH = (
    "보통주|본주|(?:우선주|우)(?:랑|하고|와|보다|의)?.{0,6}(?:차이|격차|괴리|비교|싼|싸|비싼|비싸|할인)",
    "common|ordinary|discount|premium|(?:gap|difference) between|cheaper",
)
_LEFT = r"(?:(?:우선주|우선|보통주|본주|그거|이거|그게|이게)(?:가|는|은)?(?:말고|아니고|아니라|빼고|대신))?"
_WANTED = {
    InstrumentKind.COMMON: (
        rf"{_LEFT}(?:보통주|본주)(?!말고|아니고|아니라|빼고|대신|보다)",
        "(?:not the preferred,? )?(?:the )?(?:common|ordinary)(?: shares?| stock)?",
    ),
    InstrumentKind.PREFERRED: (
        rf"{_LEFT}우선주(?!말고|아니고|아니라|빼고|대신|보다)",
        "(?:not the common,? )?(?:the )?preferred(?: shares?| stock)?",
    ),
}
"""The class that is meant, and in the same stretch the one that is not."""
_NEAREST = 5
_CLASS = re.compile(r"[0-9]?우B?$")


class ShareClasses:
    """Finds the preferred share beside a common one."""

    def __init__(self, index: InstrumentIndex) -> None:
        self._index = index

    def added(self, entities: Entities, canvas: Canvas) -> Entities:
        """The entities with the preferred share of the one company that is named: in its place, or beside it.

        Args:
            entities: What was read.
            canvas: The question's words, which say whether both classes are meant.
        """
        if len(entities.stocks) != 1:
            return entities
        named = entities.stocks[0]
        if InstrumentKind.PREFERRED not in {*entities.instrument_kinds, named.instrument.kind}:
            return entities
        both = any(canvas.find(pattern) for pattern in _BOTH)
        if named.instrument.kind is InstrumentKind.PREFERRED:
            common = self._named(_CLASS.sub("", named.instrument.name), InstrumentKind.COMMON, named) if both else None
            return entities if common is None else replace(entities, stocks=(common, named))
        preferred = self._named(f"{named.instrument.name}우", InstrumentKind.PREFERRED, named)
        if preferred is None or named.instrument.kind is not InstrumentKind.COMMON:
            return entities
        return replace(entities, stocks=(named, preferred) if both else (preferred,))

    def exchanged(self, text: str, named: StockMention) -> tuple[Hit, Instrument] | None:
        """The other share of the same company that a correction or follow-up wants: `아니 우선주 말고 보통주`, `우선주는?`.

        Returns:
            The words that say so and the share; None when no class is wanted or the company has no such share.
        """
        for kind, patterns in _WANTED.items():
            hit = next((hit for pattern in patterns if (hit := Canvas(text).find(pattern)) is not None), None)
            if hit is None or named.instrument.kind is kind:
                continue
            company = _CLASS.sub("", named.instrument.name)
            name = company if kind is InstrumentKind.COMMON else f"{company}우"
            other = self._named(name, kind, named)
            return (hit, other.instrument) if other is not None else None
        return None

    def _named(self, name: str, kind: InstrumentKind, other: StockMention) -> StockMention | None:
        """The instrument of exactly that name and kind, said by the words of the other class."""
        for match in self._index.search(name, _NEAREST):
            if match.how is MatchKind.NAME and match.instrument.kind is kind:
                return StockMention(instrument=match.instrument, words=other.words, how=match.how.value)
        return None
