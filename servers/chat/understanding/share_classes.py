"""Preferred shares that a question names by their company: `삼성전자 우선주`, `LG전자 우선주가 본주보다`."""

import re
from dataclasses import replace

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.values import Entities, StockMention
from shared.market.instrument import InstrumentKind
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import MatchKind

_BOTH = (
    "보통주|본주|(?:우선주|우)(?:랑|하고|와|보다|의)?.{0,6}(?:차이|격차|괴리|비교|싼|싸|비싼|비싸|할인)",
    "common|ordinary|discount|premium|(?:gap|difference) between|cheaper",
)
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

    def _named(self, name: str, kind: InstrumentKind, other: StockMention) -> StockMention | None:
        """The instrument of exactly that name and kind, said by the words of the other class."""
        for match in self._index.search(name, _NEAREST):
            if match.how is MatchKind.NAME and match.instrument.kind is kind:
                return StockMention(instrument=match.instrument, words=other.words, how=match.how.value)
        return None
