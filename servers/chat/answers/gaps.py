"""How far apart the prices of two instruments are now."""

from dataclasses import replace

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import quote_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.answers.quotes import QUOTE, quote_source, quotes_of
from servers.chat.tools.lookups import Lookups
from servers.chat.tools.prices import GET_QUOTES, change_bps
from servers.chat.tools.tool import Failure
from shared.market.instrument import Instrument
from shared.market.money import format_percent, format_price
from shared.market.times import kst_date
from shared.rpc.messages.times import read_timestamp


def tell_gap(ask: Ask, lookups: Lookups) -> Part:
    """The cheaper one against the dearer one, with both prices; the prices alone where there are not two of one day."""
    part = QUOTE.tell(ask, lookups)
    response = lookups.result(GET_QUOTES, quotes_of(ask))
    if isinstance(response, Failure):
        return part
    stocks = {str(stock.ticker): stock for stock in ask.stocks}
    priced = sorted((quote.price_krw, quote.ticker, quote) for quote in response.quotes if quote.ticker in stocks)
    if len(priced) < 2:  # a gap lies between two
        return part
    low, high = priced[0][2], priced[-1][2]
    if len({kst_date(read_timestamp(quote.exchange_time)) for quote in (low, high)}) > 1:
        return replace(part, lead=(*part.lead, Fact(text=ask.say("gap.other_days"))))
    headline = _headline(ask, (stocks[low.ticker], low), (stocks[high.ticker], high))
    block = _calculation(ask, (stocks[low.ticker], low), (stocks[high.ticker], high))
    return Part(
        lead=part.lead,
        headline=headline,
        facts=part.facts,
        blocks=(*part.blocks, block),
        suggestions=part.suggestions,
    )


Priced = tuple[Instrument, quote_pb2.Quote]


def _headline(ask: Ask, low: Priced, high: Priced) -> Fact:
    sources = (quote_source(ask, low[1]), quote_source(ask, high[1]))
    names = {"low": ask.name(low[0]), "high": ask.name(high[0])}
    amount = high[1].price_krw - low[1].price_krw
    if amount == 0:
        return Fact(text=ask.say("gap.equal", **names), sources=sources)
    rate = format_percent(change_bps(low[1].price_krw, high[1].price_krw))
    text = ask.say("gap.headline", **names, amount=format_price(amount, ask.language), rate=rate)
    return Fact(text=text, sources=sources)


def _calculation(ask: Ask, low: Priced, high: Priced) -> Block:
    rate = change_bps(low[1].price_krw, high[1].price_krw)
    amount = format_price(high[1].price_krw - low[1].price_krw, ask.language)
    label = ask.say("gap.label", low=ask.name(low[0]), high=ask.name(high[0]))
    inputs = [
        block_pb2.CalculationInput(
            label=ask.name(stock), text=format_price(quote.price_krw, ask.language), value=quote.price_krw
        )
        for stock, quote in (low, high)
    ]
    calculation = block_pb2.Calculation(
        label=label, text=f"{format_percent(rate)} ({amount})", value=rate, formula=ask.say("gap.formula"), inputs=inputs
    )
    return Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=[calculation]),
        title="",
        text=f"{label} = {calculation.text}",
        sources=(quote_source(ask, low[1]), quote_source(ask, high[1])),
    )


GAP = Subject(plan=QUOTE.plan, tell=tell_gap)
