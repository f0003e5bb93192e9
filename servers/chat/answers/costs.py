"""What shares cost on average after buying more, and what they brought so far (평단, 평가손익)."""

from dataclasses import dataclass

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import quote_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import rate, signed_amount
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.answers.quotes import quote_block, quote_lead, quote_line, quote_source, quotes_of
from servers.chat.answers.troubles import failed, missing
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_QUOTES, change_bps
from servers.chat.tools.tool import Failure
from servers.chat.understanding.values import Unit
from shared.market.money import format_price

_LEAST_PRICE = 50
"""Won; a bare number below is no price of a share that somebody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holding:
    """Shares held at what was paid for each, shares added at their price, and the price now, in won."""

    held: int
    paid: int
    added: int
    price: int
    now: int

    @property
    def total(self) -> int:
        return self.held + self.added

    @property
    def average(self) -> int:
        return round((self.held * self.paid + self.added * self.price) / self.total)

    @property
    def gain(self) -> int:
        """Value now above what all shares cost."""
        return self.total * self.now - self.held * self.paid - self.added * self.price


def cost_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The price now."""
    return (plan(GET_QUOTES, quotes_of(ask)),)


def tell_cost(ask: Ask, lookups: Lookups) -> Part:
    """The average with what it is computed from."""
    stock = ask.stocks[0]
    quotes = lookups.result(GET_QUOTES, quotes_of(ask))
    if isinstance(quotes, Failure):
        return failed(ask, quotes, "answer.what_quotes")
    quote = next((one for one in quotes.quotes if one.ticker == stock.ticker), None)
    if quote is None:
        return missing(ask, ask.say("quote.missing", name=ask.name(stock)))
    holding = _read(ask, quote.price_krw)
    line = quote_line(ask, stock, quote)
    if holding is None:
        return Part(headline=Fact(text=ask.say("cost.paid_unknown", name=stock.name)), facts=(line,))
    source = quote_source(ask, quote)
    headline = _headline(ask, holding)
    fees = "cost.after" if holding.added else "cost.fees"
    after = ask.say(fees, gain=signed_amount(holding.gain, ask.language), change=_change(holding))
    return Part(
        lead=quote_lead(ask, quote),
        headline=Fact(text=headline, sources=(source,)),
        facts=(Fact(text=after, sources=(source,)), line),
        blocks=(quote_block(ask, stock, quote), _calculations(ask, holding, quote)),
    )


def _read(ask: Ask, now: int) -> _Holding | None:
    """Shares and prices in the order in which they are said: what is held first, then what is added."""
    quantities = ask.entities.quantities
    shares = [int(one.value) for one in quantities if one.unit is Unit.SHARES and one.value > 0]
    prices = [int(one.value) for one in quantities if one.unit in {Unit.WON, Unit.NONE} and one.value >= _LEAST_PRICE]
    if not shares or not prices:
        return None
    added = shares[1] if len(shares) > 1 else 0
    return _Holding(held=shares[0], paid=prices[0], added=added, price=prices[1] if len(prices) > 1 else now, now=now)


def _headline(ask: Ask, holding: _Holding) -> str:
    values: dict[str, object] = {
        "name": ask.name(ask.stocks[0]),
        "held": f"{holding.held:,}",
        "paid": format_price(holding.paid, ask.language),
    }
    if not holding.added:
        gain = signed_amount(holding.gain, ask.language)
        return ask.say("cost.now", **values, gain=gain, change=_change(holding))
    return ask.say(
        "cost.headline",
        **values,
        added=f"{holding.added:,}",
        price=format_price(holding.price, ask.language),
        total=f"{holding.total:,}",
        average=format_price(holding.average, ask.language),
    )


def _change(holding: _Holding) -> str:
    return rate(change_bps(holding.now, holding.average))


def _calculations(ask: Ask, holding: _Holding, quote: quote_pb2.Quote) -> Block:
    name, language = ask.name(ask.stocks[0]), ask.language
    inputs = [
        block_pb2.CalculationInput(
            label=ask.say("cost.input_held", shares=f"{holding.held:,}"),
            text=format_price(holding.paid, language),
            value=holding.paid,
        )
    ]
    if holding.added:
        label = ask.say("cost.input_added", shares=f"{holding.added:,}")
        inputs.append(
            block_pb2.CalculationInput(label=label, text=format_price(holding.price, language), value=holding.price)
        )
    average = block_pb2.Calculation(
        label=ask.say("cost.label_average", name=name),
        text=ask.say("cost.text_average", average=format_price(holding.average, language), total=f"{holding.total:,}"),
        value=holding.average,
        formula=ask.say("cost.formula_average"),
        inputs=inputs,
    )
    now = block_pb2.CalculationInput(
        label=ask.say("cost.input_price"), text=format_price(holding.now, language), value=holding.now
    )
    gain = block_pb2.Calculation(
        label=ask.say("cost.label_gain", name=name),
        text=f"{signed_amount(holding.gain, language)} ({_change(holding)})",
        value=holding.gain,
        formula=ask.say("cost.formula_gain"),
        inputs=[*inputs, now],
    )
    calculations = [average, gain]
    return Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=calculations),
        title=name,
        text="\n".join(f"{one.label}: {one.text}" for one in calculations),
        sources=(quote_source(ask, quote),),
    )


COST = Subject(plan=cost_calls, tell=tell_cost)
