"""The volume of a day against what is usual."""

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, count, day, rate
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.quotes import quote_lead, quotes_of
from servers.chat.answers.troubles import failed, missing
from servers.chat.answers.windows import asked_day
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_PRICE_HISTORY, GET_QUOTES, PriceHistory, PricesArguments
from servers.chat.tools.tool import Failure
from shared.market.freshness import badge
from shared.market.instrument import Instrument
from shared.market.money import format_amount
from shared.market.quote import Quality
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import read_local_date

_MEAN_OF = 20
_MOST_STOCKS = 3


def volume_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of the day and of the sessions before it, and the prices now."""
    stocks = ask.stocks[:_MOST_STOCKS]
    return (plan(GET_QUOTES, quotes_of(ask)), *(plan(GET_PRICE_HISTORY, _arguments(ask, stock)) for stock in stocks))


def tell_volume(ask: Ask, lookups: Lookups) -> Part:
    """How many times the mean of the sessions before."""
    parts = []
    for stock in ask.stocks[:_MOST_STOCKS]:
        history = lookups.result(GET_PRICE_HISTORY, _arguments(ask, stock))
        if isinstance(history, Failure):
            absent = missing(ask, ask.say("quote.missing", name=ask.name(stock)))
            return absent if history.is_absence else failed(ask, history, "answer.what_bars")
        parts.append(_told(ask, stock, history))
    quotes = lookups.result(GET_QUOTES, quotes_of(ask))
    lead = () if isinstance(quotes, Failure) or not quotes.quotes else quote_lead(ask, quotes.quotes[0])
    return Part(
        lead=lead if asked_day(ask) is None else (),
        headline=parts[0].headline,
        facts=(*parts[0].facts, *(part.headline for part in parts[1:])),
        blocks=tuple(block for part in parts for block in part.blocks),
        suggestions=(ask.say("quote.follow", name=ask.stocks[0].name),),
    )


def _arguments(ask: Ask, stock: Instrument) -> PricesArguments:
    return PricesArguments(ticker=stock.ticker, until=asked_day(ask) or ask.moment.anchor, sessions=_MEAN_OF + 1)


def _told(ask: Ask, stock: Instrument, history: PriceHistory) -> Part:
    *before, last = history.summary.bars
    if not before or not sum(bar.volume_shares for bar in before):
        return missing(ask, ask.say("volume.short", name=ask.name(stock)))
    mean = round(sum(bar.volume_shares for bar in before) / len(before))
    ratio = f"{last.volume_shares / mean:,.2f}"
    newest = read_local_date(last.trading_date)
    source = Source(label=ask.say("source.bars", source=", ".join(history.sources)), as_of=close_of(newest))
    values = {"name": ask.name(stock), "ratio": ratio, "sessions": len(before)}
    when = day(newest, ask.moment.today, ask.language)
    volume, usual = count(last.volume_shares, ask.language), count(mean, ask.language)
    headline = ask.say("volume.headline", **values, day=when, volume=volume, mean=usual)
    move = rate(_last_change(history))
    details = ask.say("volume.turnover", turnover=format_amount(last.turnover_krw, ask.language), change=move)
    inputs = (
        (ask.say("volume.input_day", day=newest.isoformat()), volume, last.volume_shares),
        (ask.say("volume.input_mean", sessions=len(before)), usual, mean),
    )
    calculation = block_pb2.Calculation(
        label=ask.say("volume.label", name=ask.name(stock)),
        text=ask.say("volume.times", ratio=ratio),
        value=last.volume_shares / mean,
        formula=ask.say("volume.formula", sessions=len(before)),
        inputs=[block_pb2.CalculationInput(label=label, text=text, value=value) for label, text, value in inputs],
    )
    calculated = Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=[calculation]),
        title=ask.name(stock),
        text=headline,
        sources=(source,),
    )
    return Part(
        headline=Fact(text=headline, sources=(source,)),
        facts=(Fact(text=details, sources=(source,)),),
        blocks=(_bars_block(ask, stock, history, source), calculated),
    )


def _last_change(history: PriceHistory) -> int:
    before, last = history.summary.bars[-2:]
    return round(10_000 * (last.close_krw / before.close_krw - 1)) if before.close_krw else 0


def _bars_block(ask: Ask, stock: Instrument, history: PriceHistory, source: Source) -> Block:
    summary = history.summary
    summary.instrument.CopyFrom(instrument_message(stock))
    first, last = (read_local_date(one).isoformat() for one in (summary.first_date, summary.last_date))
    newest = read_local_date(summary.last_date)
    mark = badge(QUALITY.get(summary.quality) or Quality.CLOSED, close_of(newest), ask.moment.now, ask.language)
    return Block(
        content="bars_summary",
        value=summary,
        title=ask.name(stock),
        text=f"{ask.name(stock)} {first}~{last}",
        badge=mark,
        sources=(source,),
    )


VOLUME_RATIO = Subject(plan=volume_calls, tell=tell_volume)
