"""Which of several instruments was traded most, and how many times as much as the least."""

from collections.abc import Sequence

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import quote_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.figures import count
from servers.chat.answers.part import Block, Fact, Source
from servers.chat.understanding.values import Aspect
from shared.market.instrument import Instrument
from shared.market.money import format_amount

Quoted = tuple[Instrument, quote_pb2.Quote]


def asks_for_traded(ask: Ask) -> bool:
    """Whether volumes or values are asked for, not prices."""
    aspects = set(ask.entities.aspects)
    return bool(aspects & {Aspect.VOLUME, Aspect.TURNOVER}) and not aspects & {Aspect.PRICE, Aspect.CHANGE}


def traded_comparison(ask: Ask, shown: Sequence[Quoted], sources: tuple[Source, ...]) -> tuple[Fact, Block] | None:
    """The answer and its calculation; None when fewer than two were traded.

    Args:
        ask: The question.
        shown: Instruments with their quotes.
        sources: What the quotes rest on.
    """
    by_value = Aspect.VOLUME not in ask.entities.aspects
    traded = sorted(((_figure(quote, by_value=by_value), stock) for stock, quote in shown), key=lambda pair: -pair[0])
    (most, first), (least, last) = traded[0], traded[-1]
    if len(traded) < 2 or not least:
        return None
    texts = [format_amount(one, ask.language) if by_value else count(one, ask.language) for one in (most, least)]
    ratio = f"{most / least:,.2f}"
    what = ask.say("traded.value" if by_value else "traded.volume")
    values = {"what": what, "most": texts[0], "least": texts[1], "ratio": ratio}
    text = ask.say("traded.headline", first=ask.name(first), last=ask.name(last), **values)
    calculation = block_pb2.Calculation(
        label=what,
        text=ask.say("volume.times", ratio=ratio),
        value=most / least,
        formula=ask.say("traded.formula", what=what),
        inputs=[
            block_pb2.CalculationInput(label=ask.name(stock), text=shown_text, value=value)
            for (value, stock), shown_text in zip((traded[0], traded[-1]), texts, strict=True)
        ],
    )
    table = block_pb2.CalculationTable(calculations=[calculation])
    return Fact(text=text, sources=sources), Block(
        content="calculation_table", value=table, title=what, text=text, sources=sources
    )


def _figure(quote: quote_pb2.Quote, *, by_value: bool) -> int:
    return quote.turnover_krw if by_value else quote.volume_shares
