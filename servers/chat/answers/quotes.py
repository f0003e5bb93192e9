"""Prices: now, and the close of a past day."""

from dataclasses import replace

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import quote_pb2
from kstock.market.v1 import market_service_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, count, day, moment_text, moved, price_with_change, quote_badge
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.traded import asks_for_traded, traded_comparison
from servers.chat.answers.troubles import failed, missing
from servers.chat.answers.windows import asked_day, by_day, moved_day, older_data
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_PRICE_HISTORY, GET_QUOTES, PriceHistory, PricesArguments, QuotesArguments
from servers.chat.tools.signals import LIST_SIGNALS, SignalsArguments
from servers.chat.tools.tool import Failure
from shared.market.instrument import Instrument
from shared.market.money import format_amount, format_price
from shared.market.times import kst_date
from shared.rpc.messages.enums import GRADE, QUALITY, SESSION_PHASE, SIGNAL_KIND, VENUE
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import read_local_date, read_timestamp

_MAX_STOCKS = 10
_SIGNALS_FOR = 3


def quote_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Current quotes and open signals, or the bars of the past days asked for."""
    return tuple(call for one in by_day(ask) for call in _calls(one))


def _calls(ask: Ask) -> tuple[PlannedCall, ...]:
    past = asked_day(ask)
    stocks = ask.stocks[:_MAX_STOCKS]
    if past is not None:
        return tuple(plan(GET_PRICE_HISTORY, _day_arguments(ask, stock)) for stock in stocks)
    signals = tuple(plan(LIST_SIGNALS, SignalsArguments(ticker=stock.ticker)) for stock in stocks[:_SIGNALS_FOR])
    return (plan(GET_QUOTES, quotes_of(ask)), *signals)


def quotes_of(ask: Ask) -> QuotesArguments:
    """Arguments of the quotes of the instruments asked about."""
    return QuotesArguments(tickers=tuple(stock.ticker for stock in ask.stocks[:_MAX_STOCKS]))


def tell_quote(ask: Ask, lookups: Lookups) -> Part:
    """A card for one instrument, a table for several; day by day where several days are asked for."""
    parts = [_told(one, lookups) for one in by_day(ask)]
    first, *others = parts
    if not others:
        return first
    return replace(
        first,
        facts=(*first.facts[:1], *(fact for part in others for fact in (part.headline, *part.facts[:1]))),
        blocks=tuple(block for part in parts for block in part.blocks),
    )


def _told(ask: Ask, lookups: Lookups) -> Part:
    if asked_day(ask) is not None:
        return _past_days(ask, lookups)
    response = lookups.result(GET_QUOTES, quotes_of(ask))
    if isinstance(response, Failure):
        return failed(ask, response, "answer.what_quotes")
    found = {quote.ticker: quote for quote in response.quotes}
    if not found:
        return missing(ask, ask.say("quote.missing", name=", ".join(map(ask.name, ask.stocks))))
    if len(ask.stocks) == 1:
        return _one(ask, lookups, found[ask.stocks[0].ticker])
    return _several(ask, response)


def quote_source(ask: Ask, quote: quote_pb2.Quote) -> Source:
    """What a quote rests on."""
    return Source(
        label=ask.say("source.price", source=quote.source),
        as_of=read_timestamp(quote.exchange_time),
        quality=QUALITY.get(quote.quality),
    )


def quote_line(ask: Ask, instrument: Instrument, quote: quote_pb2.Quote) -> Fact:
    """One line with everything that a price must carry."""
    time = moment_text(read_timestamp(quote.exchange_time), ask.moment.now, ask.language)
    price = price_with_change(quote, ask.language)
    badge = quote_badge(quote, ask.moment.now, ask.language)
    text = ask.say("quote.row", name=ask.name(instrument), price=price, badge=badge, time=time)
    return Fact(text=text, sources=(quote_source(ask, quote),))


def quote_lead(ask: Ask, quote: quote_pb2.Quote) -> tuple[Fact, ...]:
    """What to say first when the quote is not of the current session."""
    return older_data(ask, kst_date(read_timestamp(quote.exchange_time)))


def quote_block(ask: Ask, instrument: Instrument, quote: quote_pb2.Quote) -> Block:
    """The card of one price."""
    facts = (quote_line(ask, instrument, quote), *_details(ask, quote))
    value = block_pb2.QuoteCard(
        instrument=instrument_message(instrument), quote=quote, phase=SESSION_PHASE.to_wire(ask.moment.phase)
    )
    return Block(
        content="quote_card",
        value=value,
        title=ask.name(instrument),
        text="\n".join(fact.text for fact in facts),
        badge=quote_badge(quote, ask.moment.now, ask.language),
        sources=(quote_source(ask, quote),),
    )


def _one(ask: Ask, lookups: Lookups, quote: quote_pb2.Quote) -> Part:
    stock, source = ask.stocks[0], quote_source(ask, quote)
    signals = lookups.result(LIST_SIGNALS, SignalsArguments(ticker=stock.ticker))
    open_signals = [] if isinstance(signals, Failure) else list(signals.signals)
    block = quote_block(ask, stock, quote)
    if isinstance(block.value, block_pb2.QuoteCard):
        block.value.signals.extend(open_signals)
    return Part(
        lead=quote_lead(ask, quote),
        headline=Fact(text=quote_headline(ask, quote), sources=(source,)),
        facts=(*_details(ask, quote), *_signal_line(ask, signals)),
        risks=(ask.say("signal.risk_plain"),) if open_signals else (),
        blocks=(block,),
        suggestions=(ask.say("quote.follow", name=stock.name), ask.say("quote.follow_flow", name=stock.name)),
    )


def quote_headline(ask: Ask, quote: quote_pb2.Quote) -> str:
    """The direct answer: the price, or what was traded when only that is asked."""
    values = {
        "name": ask.name(ask.stocks[0]),
        "price": price_with_change(quote, ask.language),
        "badge": quote_badge(quote, ask.moment.now, ask.language),
    }
    if asks_for_traded(ask):
        return ask.say("quote.volume", **values, **_traded(ask, quote))
    is_close = quote.quality == quote_pb2.QUALITY_CLOSED
    return ask.say("quote.close" if is_close else "quote.now", **values)


def _details(ask: Ask, quote: quote_pb2.Quote) -> tuple[Fact, ...]:
    source, language = quote_source(ask, quote), ask.language
    lines = []
    if quote.HasField("open_krw") and quote.HasField("high_krw") and quote.HasField("low_krw"):
        prices = {"open": quote.open_krw, "high": quote.high_krw, "low": quote.low_krw}
        lines.append(ask.say("quote.ohl", **{name: format_price(price, language) for name, price in prices.items()}))
    lines.append(ask.say("quote.traded" if quote.volume_shares else "quote.untraded", **_traded(ask, quote)))
    lines.append(
        ask.say(
            "quote.when",
            time=moment_text(read_timestamp(quote.exchange_time), ask.moment.now, language),
            venue=ask.say(f"name.venue_{VENUE.from_wire(quote.venue, 'quote.venue')}"),
            source=quote.source,
            phase=ask.say(f"phase.{ask.moment.phase}"),
        )
    )
    return tuple(Fact(text=line, sources=(source,)) for line in lines)


def _traded(ask: Ask, quote: quote_pb2.Quote) -> dict[str, str]:
    return {
        "volume": count(quote.volume_shares, ask.language),
        "turnover": format_amount(quote.turnover_krw, ask.language),
    }


def _signal_line(ask: Ask, signals: signal_service_pb2.ListSignalsResponse | Failure) -> tuple[Fact, ...]:
    if isinstance(signals, Failure) or not signals.signals:
        return ()
    items = ", ".join(signal_words(ask, signal) for signal in signals.signals)
    source = Source(label=ask.say("source.signals"), as_of=read_timestamp(signals.market_time))
    return (Fact(text=ask.say("quote.signals", items=items), sources=(source,)),)


def signal_words(ask: Ask, signal: signal_pb2.Signal) -> str:
    """One open signal in a few words: `VCP A 71점 (04/30)`."""
    kind = ask.say(f"name.kind_{SIGNAL_KIND.from_wire(signal.kind, 'signal.kind')}")
    when = day(read_local_date(signal.as_of), ask.moment.today, ask.language)
    return f"{kind} {GRADE.from_wire(signal.grade, 'signal.grade')} {signal.score:g} ({when})"


def _several(ask: Ask, response: market_service_pb2.BatchGetQuotesResponse) -> Part:
    by_ticker = {quote.ticker: quote for quote in response.quotes}
    shown = [(stock, by_ticker[stock.ticker]) for stock in ask.stocks if stock.ticker in by_ticker]
    absent = [stock for stock in ask.stocks[:_MAX_STOCKS] if stock.ticker not in by_ticker]
    lines = tuple(quote_line(ask, stock, quote) for stock, quote in shown)
    missing_lines = tuple(Fact(text=ask.say("quote.missing", name=ask.name(stock))) for stock in absent)
    table = block_pb2.QuoteTable(
        rows=[
            block_pb2.QuoteCard(
                instrument=instrument_message(stock), quote=quote, phase=SESSION_PHASE.to_wire(ask.moment.phase)
            )
            for stock, quote in shown
        ],
        missing=[stock.name for stock in absent],
    )
    block = Block(
        content="quote_table",
        value=table,
        title="",
        text="\n".join(line.text for line in lines),
        sources=tuple(source for line in lines for source in line.sources),
    )
    newest = max((quote for _, quote in shown), key=lambda quote: read_timestamp(quote.exchange_time))
    sources = tuple(quote_source(ask, quote) for _, quote in shown)
    traded = traded_comparison(ask, shown, sources) if asks_for_traded(ask) else None
    return Part(
        lead=quote_lead(ask, newest),
        headline=traded[0] if traded else Fact(text=ask.say("quote.table", count=len(shown))),
        facts=(*lines, *missing_lines),
        blocks=(block, *((traded[1],) if traded else ())),
    )


def _day_arguments(ask: Ask, stock: Instrument) -> PricesArguments:
    return PricesArguments(ticker=stock.ticker, until=asked_day(ask) or ask.moment.anchor, sessions=1)


def _past_days(ask: Ask, lookups: Lookups) -> Part:
    parts = []
    for stock in ask.stocks:
        history = lookups.result(GET_PRICE_HISTORY, _day_arguments(ask, stock))
        parts.append(_past_day(ask, stock, history))
    if len(parts) == 1:
        return parts[0]
    facts = tuple(fact for part in parts for fact in (part.headline, *part.facts[:1]))
    blocks = tuple(block for part in parts for block in part.blocks)
    return Part(lead=parts[0].lead, headline=facts[0], facts=facts[1:], blocks=blocks)


def _past_day(ask: Ask, stock: Instrument, history: PriceHistory | Failure) -> Part:
    wanted, period = asked_day(ask), ask.period
    if isinstance(history, Failure):
        absent = missing(ask, ask.say("quote.missing", name=ask.name(stock)))
        return absent if history.is_absence else failed(ask, history, "answer.what_bars")
    summary, language = history.summary, ask.language
    found = read_local_date(summary.last_date)
    when = day(found, ask.moment.today, language)
    bar = summary.bars[-1]
    change = moved(summary.change_krw, summary.change_bps)
    source = Source(label=ask.say("source.bars", source=", ".join(history.sources)), as_of=close_of(found))
    lead = moved_day(ask, period) if period else ()
    if wanted is not None and found < wanted and not lead:
        halted = ask.say("quote.day_halted", name=ask.name(stock), day=day(wanted, ask.moment.today, language))
        older = ask.say("when.no_period", period=wanted.isoformat(), newest=found.isoformat())
        lead = (Fact(text=halted if ask.moment.anchor >= wanted else older),)
    headline = ask.say(
        "quote.day_close",
        name=ask.name(stock),
        day=when,
        price=f"{format_price(bar.close_krw, language)} {change}",
        date=when,
    )
    details = ask.say(
        "quote.day_traded",
        open=format_price(bar.open_krw, language),
        high=format_price(bar.high_krw, language),
        low=format_price(bar.low_krw, language),
        volume=count(bar.volume_shares, language),
        turnover=format_amount(bar.turnover_krw, language),
    )
    summary.instrument.CopyFrom(instrument_message(stock))
    block = Block(
        content="bars_summary", value=summary, title=ask.name(stock), text=f"{headline}\n{details}", sources=(source,)
    )
    return Part(
        lead=lead,
        headline=Fact(text=headline, sources=(source,)),
        facts=(Fact(text=details, sources=(source,)),),
        blocks=(block,),
    )


QUOTE = Subject(plan=quote_calls, tell=tell_quote)
