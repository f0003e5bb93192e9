"""An answer beside its question and everything that is known about both: what checks look at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kstock.chat.v1 import block_pb2

from servers.chat.evaluation.answer import Answer
from servers.chat.evaluation.facts import Facts
from servers.chat.evaluation.questions import Question, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Official names of an instrument; the English one may be empty."""

    korean: str
    english: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One answer to be judged.

    Attributes:
        question: What was asked.
        answer: What came.
        facts: Everything that it may state.
        names: Official names by code, from the market room.
    """

    question: Question
    answer: Answer
    facts: Facts
    names: Mapping[str, Names]

    def quotes(self) -> Iterator[tuple[block_pb2.DataBlock, block_pb2.QuoteCard]]:
        """Every price card with its block."""
        for block in self.answer.blocks:
            if block.HasField("quote_card"):
                yield block, block.quote_card
            for row in block.quote_table.rows:
                yield block, row

    def bars(self) -> Iterator[tuple[block_pb2.DataBlock, block_pb2.BarsSummary]]:
        """Every development of a price with its block."""
        for block in self.answer.blocks:
            if block.HasField("bars_summary"):
                yield block, block.bars_summary
            for row in block.comparison.rows:
                yield block, row

    def instruments(self) -> Iterator[str]:
        """Codes of the instruments that cards and tables are about; lists of signals are about whatever they hold."""
        yield from (card.instrument.ticker for _, card in self.quotes())
        yield from (summary.instrument.ticker for _, summary in self.bars())
        for content in self.answer.contents(*_ABOUT_ONE):
            if content.HasField("instrument"):
                yield getattr(content, "instrument").ticker  # noqa: B009  # every one of them has the field

    def is_named(self, ticker: str) -> bool:
        """Whether the answer shows the official name and the code."""
        names, shown = self.names.get(ticker), self.answer.shown
        return (
            names is not None and ticker in shown and any(name and name in shown for name in (names.korean, names.english))
        )


_ABOUT_ONE = ("flow_table", "analysis_card", "instrument_card", "chart_image", "news_list")

Check = Callable[[Case, Wanted], Iterable[str]]
"""Yields what is wrong, in words; nothing when all is right."""
