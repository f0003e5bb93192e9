"""How an instrument is doing: price, trend, flows and every strategy's view in a few lines."""

from collections.abc import Sequence

from kstock.common.v1 import bar_pb2
from kstock.scanner.v1 import scanner_service_pb2

from servers.chat.answers.analyses import analysis_block, analysis_row, analysis_source, reasons_of
from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, day, signed_amount
from servers.chat.answers.flows import flow_source, flow_sums
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.quotes import quote_block, quote_headline, quote_lead
from servers.chat.answers.troubles import failed, missing
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import GET_FLOWS, FlowArguments
from servers.chat.tools.prices import (
    GET_PRICE_HISTORY,
    GET_QUOTES,
    PriceHistory,
    PricesArguments,
    QuotesArguments,
    change_bps,
)
from servers.chat.tools.signals import ANALYZE, AnalysisArguments
from servers.chat.tools.tool import Failure
from shared.market.instrument import Instrument
from shared.market.money import format_percent, format_price
from shared.rpc.messages.times import read_local_date

_YEAR, _MONTH, _WEEK = 250, 20, 5
"""Sessions."""
_NEAR_HIGH_BPS = -300


def overview_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Price, a year of bars, a week of flows and every strategy's view."""
    stock = ask.stocks[0]
    return (
        plan(GET_QUOTES, _quotes(stock)),
        plan(GET_PRICE_HISTORY, _bars(ask, stock)),
        plan(GET_FLOWS, _flows(ask, stock)),
        plan(ANALYZE, AnalysisArguments(ticker=stock.ticker)),
    )


def tell_overview(ask: Ask, lookups: Lookups) -> Part:
    """Price first; a look-up without data leaves its line out, a failed one is said."""
    stock = ask.stocks[0]
    quotes = lookups.result(GET_QUOTES, _quotes(stock))
    if isinstance(quotes, Failure):
        return failed(ask, quotes, "answer.what_quotes")
    if not quotes.quotes:
        return missing(ask, ask.say("quote.missing", name=ask.name(stock)))
    quote = quotes.quotes[0]
    trend, flows, analysis = _trend(ask, stock, lookups), _flow_line(ask, stock, lookups), _strategies(ask, stock, lookups)
    block = quote_block(ask, stock, quote)
    return Part(
        lead=quote_lead(ask, quote),
        headline=Fact(text=quote_headline(ask, quote), sources=block.sources),
        facts=(*trend, *flows, *analysis[0]),
        risks=_risks(ask, stock, lookups),
        blocks=(block, *analysis[1]),
        suggestions=(ask.say("quote.follow", name=stock.name), ask.say("quote.follow_flow", name=stock.name)),
    )


def _quotes(stock: Instrument) -> QuotesArguments:
    return QuotesArguments(tickers=(stock.ticker,))


def _bars(ask: Ask, stock: Instrument) -> PricesArguments:
    return PricesArguments(ticker=stock.ticker, until=ask.moment.anchor, sessions=_YEAR)


def _flows(ask: Ask, stock: Instrument) -> FlowArguments:
    return FlowArguments(ticker=stock.ticker, until=ask.moment.anchor, sessions=_WEEK)


def _unknown(ask: Ask, failure: Failure, what: str) -> tuple[Fact, ...]:
    """Nothing where there is no data, the trouble where a look-up failed."""
    return () if failure.is_absence else (failed(ask, failure, what).headline,)


def _trend(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[Fact, ...]:
    history = lookups.result(GET_PRICE_HISTORY, _bars(ask, stock))
    if isinstance(history, Failure):
        return _unknown(ask, history, "answer.what_bars")
    bars, summary = history.summary.bars, history.summary
    source = _bars_source(ask, history)
    moves = [(sessions, _return(bars, sessions)) for sessions in (_WEEK, _MONTH)]
    items = [ask.say("overview.move", sessions=n, change=format_percent(bps)) for n, bps in moves if bps is not None]
    position = ask.say(
        "overview.position",
        last=day(read_local_date(summary.last_date), ask.moment.today, ask.language),
        sessions=summary.session_count,
        high=format_price(summary.high_krw, ask.language),
        below=format_percent(change_bps(summary.last_close_krw, summary.high_krw)),
        low=format_price(summary.low_krw, ask.language),
        above=format_percent(change_bps(summary.last_close_krw, summary.low_krw)),
    )
    told = [ask.say("overview.trend", items=" · ".join(items))] if items else []
    return tuple(Fact(text=text, sources=(source,)) for text in (*told, position))


def _bars_source(ask: Ask, history: PriceHistory) -> Source:
    as_of = close_of(read_local_date(history.summary.last_date))
    return Source(label=ask.say("source.bars", source=", ".join(history.sources)), as_of=as_of)


def _return(bars: Sequence[bar_pb2.Bar], sessions: int) -> int | None:
    """Change over the last sessions in basis points; None when there are too few."""
    if len(bars) <= sessions:
        return None
    return change_bps(bars[-1].close_krw, bars[-1 - sessions].close_krw)


def _flow_line(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[Fact, ...]:
    flows = lookups.result(GET_FLOWS, _flows(ask, stock))
    if isinstance(flows, Failure):
        return _unknown(ask, flows, "answer.what_flow")
    foreign, institution = (
        ask.say("flow.unknown") if value is None else signed_amount(value, ask.language) for value in flow_sums(flows)
    )
    last = day(read_local_date(flows[-1].trading_date), ask.moment.today, ask.language)
    text = ask.say("overview.flow", sessions=len(flows), last=last, foreign=foreign, institution=institution)
    return (Fact(text=text, sources=(flow_source(ask, flows),)),)


def _strategies(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[tuple[Fact, ...], tuple[Block, ...]]:
    analysis = lookups.result(ANALYZE, AnalysisArguments(ticker=stock.ticker))
    if isinstance(analysis, Failure):
        return _unknown(ask, analysis, "answer.what_analysis"), ()
    source = analysis_source(ask, analysis)
    when = day(read_local_date(analysis.as_of), ask.moment.today, ask.language)
    rows = " · ".join(analysis_row(ask, row) for row in analysis.analyses)
    lines = [ask.say("overview.strategies", day=when, items=rows), *reasons_of(ask, _met(analysis))]
    facts = tuple(Fact(text=line, sources=(source,)) for line in lines)
    return facts, (analysis_block(ask, stock, analysis, source),)


def _met(analysis: scanner_service_pb2.AnalyzeInstrumentResponse) -> list[scanner_service_pb2.StrategyAnalysis]:
    """Strategies whose conditions hold; why the others' do not is for a closer question."""
    return [row for row in analysis.analyses if row.HasField("candidate") and row.candidate.detected]


def _risks(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[str, ...]:
    """The weightiest argument against from the data that is there."""
    history = lookups.result(GET_PRICE_HISTORY, _bars(ask, stock))
    if isinstance(history, Failure):
        return (ask.say("signal.risk_plain"),)
    summary, month = history.summary, _return(history.summary.bars, _MONTH)
    if month is not None and month < 0:
        return (ask.say("overview.risk_fall", sessions=_MONTH, change=format_percent(month)),)
    if change_bps(summary.last_close_krw, summary.high_krw) >= _NEAR_HIGH_BPS:
        return (ask.say("overview.risk_high", high=format_price(summary.high_krw, ask.language)),)
    low, high = (format_price(price, ask.language) for price in (summary.low_krw, summary.high_krw))
    return (ask.say("overview.risk_swing", sessions=summary.session_count, low=low, high=high),)


OVERVIEW = Subject(plan=overview_calls, tell=tell_overview)
