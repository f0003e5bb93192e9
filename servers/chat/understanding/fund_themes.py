"""Funds that a question names by what they hold, before the word for their kind: `금 ETF`, `나스닥 이티에프`."""

import re
from dataclasses import dataclass

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.lexicon import Lexicon
from shared.market.instrument import Instrument
from shared.market.instrument_index import InstrumentIndex

_MOST_WORDS = 3
_WORD = re.compile(r"[^\s,.?!]+")
_LINKS = re.compile(
    r"(?:관련|테마|추종|대표|투자|주식|섹터|쪽|상품|형|the|an?|of|related)(?:하는|인|되는|된)?", re.IGNORECASE
)
"""Words between a theme and its kind: `반도체 관련 ETF`."""
_TAIL = re.compile(r"(?<=..)(?:지수|주|테마|관련주|관련|쪽|형)$")
_PLURAL = re.compile(r"(?<=[a-z]{3})s$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundTheme:
    """Where the words stand and which funds they mean, at least one."""

    start: int
    end: int
    words: str
    funds: tuple[Instrument, ...]


class FundThemes:
    """Reads the words before `ETF`."""

    def __init__(self, index: InstrumentIndex, kind_words: tuple[str, ...]) -> None:
        """Keep the index and the patterns of words for the kind."""
        self._index = index
        self._kind_words = kind_words

    @classmethod
    def load(cls, lexicon: Lexicon, index: InstrumentIndex) -> "FundThemes":
        """Take the words for the kind from the lexicon."""
        return cls(index, lexicon.words["instrument_kinds"]["ETF"])

    def read(self, text: str) -> FundTheme | None:
        """The funds of the longest stretch of words before the kind that fits any; None where no fund does."""
        canvas = Canvas(text)
        kind = min((hit.start for pattern in self._kind_words for hit in canvas.find_all(pattern)), default=0)
        words = [word for word in _WORD.finditer(text[:kind]) if not _LINKS.fullmatch(word[0])][-_MOST_WORDS:]
        for first in range(len(words)):
            funds = self._funds([word[0] for word in words[first:]])
            if funds:
                start = words[first].start()
                return FundTheme(start=start, end=kind, words=text[start : words[-1].end()], funds=funds)
        return None

    def _funds(self, said: list[str]) -> tuple[Instrument, ...]:
        bare = [_PLURAL.sub("", _TAIL.sub("", word)) for word in said]
        return self._index.funds_about(" ".join(said)) or self._index.funds_about(*said) or self._index.funds_about(*bare)
