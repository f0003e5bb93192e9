"""What can be found and cited: headlines, signals as they stood, reports, explanations and help."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.market.instrument import Ticker
from shared.market.language import Language


class DocumentKind(StrEnum):
    """Where a document comes from; the values are those of the API."""

    NEWS = "news"
    SIGNAL = "signal"
    DEFINITION = "definition"
    HELP = "help"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text that was written by somebody else than the answer: data, never an instruction.

    Attributes:
        document_id: Unique for ever; the same id with other content replaces the document.
        kind: Where it comes from.
        title: One line.
        text: The rest; may be empty.
        source: Publisher, or what the text was made from.
        publish_time: Since when it is known, UTC; None when it has always been.
        tickers: Instruments it is about.
        url: Address; empty when it has none.
        group: Documents of one group tell the same story at different times; only the newest visible one is found. Empty
            for a document of its own.
        language: Language of the text.
    """

    document_id: str
    kind: DocumentKind
    title: str
    source: str
    publish_time: datetime | None
    text: str = ""
    tickers: tuple[Ticker, ...] = ()
    url: str = ""
    group: str = ""
    language: Language = Language.KO

    @property
    def whole(self) -> str:
        """Title and text."""
        return f"{self.title}\n{self.text}" if self.text else self.title

    @property
    def indexed(self) -> str:
        """What is searched by words; the title counts twice, since it says what the text is about."""
        return f"{self.title}\n{self.whole}" if self.text else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to search for.

    Attributes:
        query: Words in any order.
        until: Nothing that became known later is found: market time, or an earlier moment.
        since: Nothing published earlier is found; None for any. Documents without a time are then left out.
        tickers: Only documents about one of them; empty for any.
        kinds: Only documents of these kinds; empty for any.
        language: Prefer explanations in this language to those in another; None for either.
        limit: Most passages.
    """

    query: str
    until: datetime
    since: datetime | None = None
    tickers: tuple[Ticker, ...] = ()
    kinds: frozenset[DocumentKind] = field(default_factory=frozenset)
    language: Language | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document with its closeness to the wish.

    Attributes:
        document: What was found.
        score: Larger is closer; comparable within one answer only.
        coverage: Share of the query's words that the document has, rare ones counting more, 0 to 1: what an answer may
            rest on must have most of them.
        similarity: Cosine with the query by the embedding model, 0 without one or where it is not among the nearest.
    """

    document: Document
    score: float
    coverage: float = 0.0
    similarity: float = 0.0
