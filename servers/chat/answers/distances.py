"""How far a price is from its high or low."""

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Block, Fact
from servers.chat.answers.quotes import quote_line, quotes_of
from servers.chat.answers.told_bars import ToldBars
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_QUOTES, change_bps
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from shared.market.instrument import Instrument
from shared.market.money import format_percent, format_price
from shared.rpc.messages.times import read_local_date


def wants_distance(ask: Ask) -> bool:
    """Whether the question is how far the price stands from an extreme, not only what that was."""
    return ask.understanding.spoken.has(Concept.DISTANCE)


def distance_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The prices now."""
    return (plan(GET_QUOTES, quotes_of(ask)),)


def distance_facts(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[Fact, ...]:
    """The price now, for a question about a distance."""
    if not wants_distance(ask):
        return ()
    quotes = lookups.result(GET_QUOTES, quotes_of(ask))
    found = () if isinstance(quotes, Failure) else quotes.quotes
    return tuple(quote_line(ask, stock, quote) for quote in found if quote.ticker == stock.ticker)


def distance_block(ask: Ask, one: ToldBars, *, low: bool) -> Block:
    """The last close of the period against its extreme, with both.

    Args:
        ask: The question.
        one: The bars.
        low: Whether the low is meant.
    """
    summary = one.summary
    what = ask.say("distance.low" if low else "distance.high")
    price, day = (summary.low_krw, summary.low_date) if low else (summary.high_krw, summary.high_date)
    rate = change_bps(summary.last_close_krw, price)
    shown = ((day, price), (summary.last_date, summary.last_close_krw))
    calculation = block_pb2.Calculation(
        label=ask.say("distance.label", name=ask.name(one.stock), what=what),
        text=format_percent(rate),
        value=rate,
        formula=ask.say("distance.formula", what=what),
        inputs=[
            block_pb2.CalculationInput(
                label=read_local_date(when).isoformat(), text=format_price(value, ask.language), value=value
            )
            for when, value in shown
        ],
    )
    return Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=[calculation]),
        title=ask.name(one.stock),
        text=f"{calculation.label} {calculation.text}",
        sources=(one.source,),
    )
