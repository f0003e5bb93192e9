"""Questions that ask for a decision: facts for and against, a refusal to decide, never an instruction or a promise."""

from kstock.chat.v1 import block_pb2, conversation_pb2
from kstock.market.v1 import market_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, rate, signed_amount
from servers.chat.answers.flows import flow_source, net_of_both
from servers.chat.answers.markets import colour_of
from servers.chat.answers.part import Block, Fact, Part, Source, notice
from servers.chat.answers.quotes import quote_block, quote_lead, quote_line, signal_words
from servers.chat.answers.signals import signal_source
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import GET_FLOWS, GET_MARKET_GATE, FlowArguments, GateArguments
from servers.chat.tools.prices import (
    GET_PRICE_HISTORY,
    GET_QUOTES,
    PriceHistory,
    PricesArguments,
    QuotesArguments,
    change_bps,
)
from servers.chat.tools.signals import LIST_SIGNALS, SignalsArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Forecast
from shared.market.instrument import Instrument
from shared.market.money import format_percent, format_price
from shared.rpc.messages.times import read_local_date

_SESSIONS = 20
_FLOW_SESSIONS = 5
_AVERAGING = ("물타", "물타기", "averag")


def decision_subject(digest: Subject) -> Subject:
    """How questions for a decision are answered.

    Args:
        digest: What is told when the question names no instrument.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        return decision_calls(ask) if ask.stocks else digest.plan(ask)

    def tell(ask: Ask, lookups: Lookups) -> Part:
        if ask.stocks:
            return tell_decision(ask, lookups)
        return digest.tell(ask, lookups) if ask.intent is Intent.RECOMMEND_BUY else tell_personal(ask, lookups)

    return Subject(plan=calls, tell=tell)


def personal_subject(decision: Subject) -> Subject:
    """How questions about somebody's own money are answered: with an instrument, the facts for and against it.

    Args:
        decision: What is told about an instrument.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        return decision.plan(ask) if ask.stocks else ()

    def tell(ask: Ask, lookups: Lookups) -> Part:
        return decision.tell(ask, lookups) if ask.stocks else tell_personal(ask, lookups)

    return Subject(plan=calls, tell=tell)


def promise_subject(digest: Subject) -> Subject:
    """How a wish for certainty or a forecast is answered.

    Args:
        digest: What is shown instead when the question names no instrument.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        if ask.understanding.forecast is Forecast.EXACT:
            return tuple(plan(LIST_SIGNALS, SignalsArguments(ticker=stock.ticker)) for stock in ask.stocks[:1])
        return decision_calls(ask) if ask.stocks else digest.plan(ask)

    def tell(ask: Ask, lookups: Lookups) -> Part:
        if ask.understanding.forecast is Forecast.EXACT:
            return _tell_no_number(ask, lookups)
        return _tell_promise(ask, tell_decision(ask, lookups) if ask.stocks else digest.tell(ask, lookups))

    return Subject(plan=calls, tell=tell)


def decision_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Price, the last month, flows and open signals of the instrument."""
    stock = ask.stocks[0]
    return (
        plan(GET_QUOTES, QuotesArguments(tickers=(stock.ticker,))),
        plan(GET_PRICE_HISTORY, _month(ask, stock)),
        plan(GET_FLOWS, _week(ask, stock)),
        plan(LIST_SIGNALS, SignalsArguments(ticker=stock.ticker)),
        plan(GET_MARKET_GATE, GateArguments()),
    )


def tell_decision(ask: Ask, lookups: Lookups) -> Part:
    """The refusal to decide, then facts for and against."""
    stock = ask.stocks[0]
    quotes = lookups.result(GET_QUOTES, QuotesArguments(tickers=(stock.ticker,)))
    good, bad = _weighed(ask, stock, lookups)
    selling = ask.intent is Intent.RECOMMEND_SELL
    decline = ask.say("advice.decline_sell" if selling else "advice.decline_buy")
    return Part(
        lead=_lead(ask, quotes),
        headline=Fact(text=decline),
        facts=(*_price(ask, stock, quotes), *_one_sided(ask, good, bad), *good, *bad, Fact(text=ask.say("advice.adviser"))),
        risks=(*_averaging_risk(ask), *_low_risk(ask, stock, lookups), *_gate_risk(ask, lookups))[:2],
        blocks=(*_quote_blocks(ask, stock, quotes), notice(block_pb2.NOTICE_KIND_DECLINED, decline)),
        outcome=conversation_pb2.ANSWER_OUTCOME_DECLINED,
    )


def nothing_to_look_up(ask: Ask) -> tuple[PlannedCall, ...]:
    """No look-up."""
    del ask
    return ()


def tell_personal(ask: Ask, lookups: Lookups) -> Part:
    """Money, loans and allocation are declined with an alternative."""
    del lookups
    text = ask.say("advice.personal")
    return Part(
        headline=Fact(text=text),
        facts=(Fact(text=ask.say("advice.personal_alt")),),
        blocks=(notice(block_pb2.NOTICE_KIND_DECLINED, text),),
        risks=(ask.say("signal.risk_plain"),),
        suggestions=(ask.say("plain.example"),),
        outcome=conversation_pb2.ANSWER_OUTCOME_DECLINED,
    )


def _tell_no_number(ask: Ask, lookups: Lookups) -> Part:
    """A future price is asked for as a number: there is none; open signals are told, no price of today in its place."""
    name = ", ".join(map(ask.name, ask.stocks))
    text, example = ask.say("forecast.exact", name=name), ask.say("quote.follow_flow", name=name)
    return Part(
        headline=Fact(text=text),
        facts=(
            *(fact for stock in ask.stocks[:1] for _, fact in _signals(ask, stock, lookups)),
            Fact(text=ask.say("refuse.alternative", example=example)),
        ),
        blocks=(notice(block_pb2.NOTICE_KIND_DECLINED, text, (example,)),),
        suggestions=(example,),
        outcome=conversation_pb2.ANSWER_OUTCOME_DECLINED,
    )


def _tell_promise(ask: Ask, shown: Part) -> Part:
    """No forecast; the facts of the instrument or the open signals instead."""
    refusal = ask.say("forecast.target" if ask.understanding.forecast is Forecast.TARGET else "refuse.promise")
    return Part(
        lead=(),
        headline=Fact(text=refusal),
        facts=(
            *shown.lead,
            Fact(text=ask.say("refuse.promise_alternative")),
            *(fact for fact in shown.facts if fact.sources),
        ),
        risks=(ask.say("signal.risk_plain"),),
        blocks=(notice(block_pb2.NOTICE_KIND_DECLINED, refusal), *shown.blocks[:1]),
        outcome=conversation_pb2.ANSWER_OUTCOME_DECLINED,
    )


def _month(ask: Ask, stock: Instrument) -> PricesArguments:
    return PricesArguments(ticker=stock.ticker, until=ask.moment.anchor, sessions=_SESSIONS)


def _week(ask: Ask, stock: Instrument) -> FlowArguments:
    return FlowArguments(ticker=stock.ticker, until=ask.moment.anchor, sessions=_FLOW_SESSIONS)


def _lead(ask: Ask, quotes: market_service_pb2.BatchGetQuotesResponse | Failure) -> tuple[Fact, ...]:
    return () if isinstance(quotes, Failure) or not quotes.quotes else quote_lead(ask, quotes.quotes[0])


def _price(ask: Ask, stock: Instrument, quotes: market_service_pb2.BatchGetQuotesResponse | Failure) -> tuple[Fact, ...]:
    if isinstance(quotes, Failure) or not quotes.quotes:
        return (Fact(text=ask.say("quote.missing", name=ask.name(stock))),)
    return (quote_line(ask, stock, quotes.quotes[0]),)


def _quote_blocks(
    ask: Ask, stock: Instrument, quotes: market_service_pb2.BatchGetQuotesResponse | Failure
) -> tuple[Block, ...]:
    return () if isinstance(quotes, Failure) or not quotes.quotes else (quote_block(ask, stock, quotes.quotes[0]),)


def _weighed(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[list[Fact], list[Fact]]:
    """Facts in favour and facts against, one line each."""
    good: list[Fact] = []
    bad: list[Fact] = []
    for favourable, fact in (*_trend(ask, stock, lookups), *_flow(ask, stock, lookups), *_signals(ask, stock, lookups)):
        key = "advice.for" if favourable else "advice.against"
        line = Fact(text=ask.say(key, text=fact.text), sources=fact.sources)
        (good if favourable else bad).append(line)
    return good, bad


def _one_sided(ask: Ask, good: list[Fact], bad: list[Fact]) -> tuple[Fact, ...]:
    """That one side has nothing, where the data speaks for the other only."""
    if not (good or bad) or (good and bad):
        return ()
    return (Fact(text=ask.say("sides.nothing_against" if good else "sides.nothing_for")),)


def _trend(ask: Ask, stock: Instrument, lookups: Lookups) -> list[tuple[bool, Fact]]:
    history = lookups.result(GET_PRICE_HISTORY, _month(ask, stock))
    if isinstance(history, Failure):
        return []
    return [_place(ask, history), _course(ask, history)]


def _place(ask: Ask, history: PriceHistory) -> tuple[bool, Fact]:
    """Where the close lies against the mean of the last closes."""
    closes = [bar.close_krw for bar in history.summary.bars]
    mean, close = round(sum(closes) / len(closes)), closes[-1]
    gap = format_percent(abs(change_bps(close, mean))).lstrip("+")
    key = "advice.above_ma" if close >= mean else "advice.below_ma"
    text = ask.say(key, mean=format_price(mean, ask.language), gap=gap)
    return close >= mean, Fact(text=text, sources=(_bar_source(ask, history),))


def _course(ask: Ask, history: PriceHistory) -> tuple[bool, Fact]:
    change = history.summary.change_bps
    text = ask.say("advice.month_up", change=rate(change))
    return change >= 0, Fact(text=text, sources=(_bar_source(ask, history),))


def _bar_source(ask: Ask, history: PriceHistory) -> Source:
    from_days = history.summary.last_date
    return Source(
        label=ask.say("source.bars", source=", ".join(history.sources)), as_of=close_of(read_local_date(from_days))
    )


def _flow(ask: Ask, stock: Instrument, lookups: Lookups) -> list[tuple[bool, Fact]]:
    flows = lookups.result(GET_FLOWS, _week(ask, stock))
    total = None if isinstance(flows, Failure) else net_of_both(flows)
    if isinstance(flows, Failure) or total is None:
        return []
    key = "advice.flow_buy" if total >= 0 else "advice.flow_sell"
    text = ask.say(key, amount=signed_amount(total, ask.language))
    return [(total >= 0, Fact(text=text, sources=(flow_source(ask, flows),)))]


def _signals(ask: Ask, stock: Instrument, lookups: Lookups) -> list[tuple[bool, Fact]]:
    response = lookups.result(LIST_SIGNALS, SignalsArguments(ticker=stock.ticker))
    if isinstance(response, Failure):
        return []
    source = signal_source(ask, response)
    if not response.signals:
        return [(False, Fact(text=ask.say("advice.signal_none"), sources=(source,)))]
    items = ", ".join(signal_words(ask, signal) for signal in response.signals)
    return [(True, Fact(text=ask.say("advice.signal_open", items=items), sources=(source,)))]


def _averaging_risk(ask: Ask) -> tuple[str, ...]:
    text = ask.understanding.text.casefold()
    return (ask.say("advice.averaging_risk"),) if any(word in text for word in _AVERAGING) else ()


def _low_risk(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[str, ...]:
    history = lookups.result(GET_PRICE_HISTORY, _month(ask, stock))
    if isinstance(history, Failure):
        return (ask.say("signal.risk_plain"),)
    return (ask.say("advice.sell_risk", low=format_price(history.summary.low_krw, ask.language)),)


def _gate_risk(ask: Ask, lookups: Lookups) -> tuple[str, ...]:
    gate = lookups.result(GET_MARKET_GATE, GateArguments())
    if isinstance(gate, Failure):
        return ()
    return (ask.say("signal.risk_gate", colour=ask.say(f"name.colour_{colour_of(gate)}"), level=gate.level),)
