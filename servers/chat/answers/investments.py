"""What an amount put in at the beginning of a period would be at its end."""

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Block, Fact
from servers.chat.answers.quotes import quote_line, quotes_of
from servers.chat.answers.told_bars import ToldBars
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_QUOTES
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from servers.chat.understanding.values import Unit
from shared.market.money import format_amount, format_price
from shared.rpc.messages.times import read_local_date


def invested_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The prices now, when the question names an amount that was put in."""
    return (plan(GET_QUOTES, quotes_of(ask)),) if ask.understanding.spoken.has(Concept.INVESTED) else ()


def invested_now(ask: Ask, one: ToldBars, lookups: Lookups) -> tuple[Fact, ...]:
    """The price now in one line, beside what an amount put in would be."""
    if not invested_calls(ask):
        return ()
    quotes = lookups.result(GET_QUOTES, quotes_of(ask))
    found = () if isinstance(quotes, Failure) else quotes.quotes
    return tuple(quote_line(ask, one.stock, quote) for quote in found if quote.ticker == one.stock.ticker)


def invested_facts(ask: Ask, one: ToldBars) -> tuple[Fact, ...]:
    """One line when the question names an amount that was put in; without dividends and costs."""
    amount = _amount(ask, one)
    if amount is None:
        return ()
    summary = one.summary
    text = ask.say(
        "invested.line",
        base_day=read_local_date(summary.base_date).isoformat(),
        last_day=read_local_date(summary.last_date).isoformat(),
        amount=format_amount(amount, ask.language),
        value=format_amount(_value(amount, one), ask.language),
    )
    return (Fact(text=text, sources=(one.source,)),)


def invested_blocks(ask: Ask, one: ToldBars) -> tuple[Block, ...]:
    """The same with what it is computed from."""
    amount = _amount(ask, one)
    if amount is None:
        return ()
    summary, value = one.summary, _value(amount, one)
    closes = ((summary.base_date, summary.base_close_krw), (summary.last_date, summary.last_close_krw))
    calculation = block_pb2.Calculation(
        label=ask.say("invested.label", amount=format_amount(amount, ask.language)),
        text=format_amount(value, ask.language),
        value=value,
        formula=ask.say("invested.formula"),
        inputs=[
            block_pb2.CalculationInput(
                label=read_local_date(day).isoformat(), text=format_price(close, ask.language), value=close
            )
            for day, close in closes
        ],
    )
    return (
        Block(
            content="calculation_table",
            value=block_pb2.CalculationTable(calculations=[calculation]),
            title=ask.name(one.stock),
            text=f"{calculation.label}: {calculation.text}",
            sources=(one.source,),
        ),
    )


def _amount(ask: Ask, one: ToldBars) -> int | None:
    """The amount of the question in won; None when nothing was put in."""
    if not ask.understanding.spoken.has(Concept.INVESTED) or not one.summary.base_close_krw:
        return None
    return next((int(item.value) for item in ask.entities.quantities if item.unit is Unit.WON and item.value > 0), None)


def _value(amount: int, one: ToldBars) -> int:
    return amount * one.summary.last_close_krw // one.summary.base_close_krw
