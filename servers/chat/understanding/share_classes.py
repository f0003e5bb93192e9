"""Preferred shares that a question names by their company: `삼성전자 우선주`, `LG전자 우선주가 본주보다`."""

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
        if InstrumentKind.PREFERRED not in entities.instrument_kinds or len(entities.stocks) != 1:
            return entities
        common = entities.stocks[0]
        preferred = self._preferred(common)
        if preferred is None:
            return entities
        both = any(canvas.find(pattern) for pattern in _BOTH)
        return replace(entities, stocks=(common, preferred) if both else (preferred,))

    def _preferred(self, common: StockMention) -> StockMention | None:
        if common.instrument.kind is not InstrumentKind.COMMON:
            return None
        name = f"{common.instrument.name}우"
        for match in self._index.search(name, _NEAREST):
            if match.how is MatchKind.NAME and match.instrument.kind is InstrumentKind.PREFERRED:
                return StockMention(instrument=match.instrument, words=common.words, how=match.how.value)
        return None
