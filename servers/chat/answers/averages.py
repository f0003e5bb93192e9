"""Where a price stands against its moving averages (이동평균, 이격도)."""

import re
from datetime import date

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.answers.quotes import quote_line, quotes_of
from servers.chat.answers.told_bars import ToldBars, as_told, range_of, summary_block
from servers.chat.answers.troubles import failed, missing
from servers.chat.answers.windows import asked_day
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_PRICE_HISTORY, GET_QUOTES, PricesArguments, change_bps
from servers.chat.tools.tool import Failure
from shared.market.instrument import Instrument
from shared.market.money import format_percent, format_price
from shared.market.signal import SignalKind
from shared.rpc.messages.times import read_local_date

_MOST_STOCKS, _MOST_SPANS, _LONGEST = 3, 4, 250
_OF_STRATEGY = 25
"""Sessions of the mean that the disparity strategy goes by."""
_USUAL = (20, 60)
_SPANS = re.compile(
    r"(?<![0-9.])(?P<n>[0-9]{1,3})(?=(?:\s*[,·/]\s*[0-9]{1,3})*\s*(?:일(?!부터|까지|에|자)|-?\s?day|-?\s?(?:ma|sma|dma)\b))"
    r"|(?:ma|sma|dma)\s?(?P<m>[0-9]{1,3})",
    re.IGNORECASE,
)

_LENGTH = re.compile(r"^[0-9]{1,3}\s?일$")


def average_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument for each average, and the prices now."""
    stocks = ask.stocks[:_MOST_STOCKS]
    bars = (plan(GET_PRICE_HISTORY, _arguments(ask, stock, days)) for stock in stocks for days in _spans(ask))
    now = () if _day(ask) else (plan(GET_QUOTES, quotes_of(ask)),)
    return (*now, *bars)


def tell_average(ask: Ask, lookups: Lookups) -> Part:
    """The close against each average, with what it is computed from."""
    parts = [_of_stock(ask, stock, lookups) for stock in ask.stocks[:_MOST_STOCKS]]
    first, *others = parts
    if not others:
        return first
    return Part(
        headline=first.headline,
        facts=(*first.facts[:1], *(fact for part in others for fact in (part.headline, *part.facts[:1]))),
        blocks=tuple(block for part in parts for block in part.blocks),
    )


def _spans(ask: Ask) -> tuple[int, ...]:
    """Sessions of the averages that the question names, those of the strategy or the usual ones otherwise."""
    named = [int(match["n"] or match["m"]) for match in _SPANS.finditer(ask.understanding.text)]
    asked = [days for days in named if 1 < days <= _LONGEST]
    usual = (_OF_STRATEGY,) if SignalKind.DISPARITY in ask.entities.kinds else _USUAL
    return tuple(dict.fromkeys(asked))[:_MOST_SPANS] or usual


def _day(ask: Ask) -> date | None:
    """The past day that is asked about; `20일` is the length of an average here."""
    length = ask.period is not None and _LENGTH.match(ask.period.words)
    return None if length else asked_day(ask)


def _arguments(ask: Ask, stock: Instrument, days: int) -> PricesArguments:
    return PricesArguments(ticker=stock.ticker, until=_day(ask) or ask.moment.anchor, sessions=days)


def _of_stock(ask: Ask, stock: Instrument, lookups: Lookups) -> Part:
    told: dict[int, ToldBars] = {}
    for days in _spans(ask):
        history = lookups.result(GET_PRICE_HISTORY, _arguments(ask, stock, days))
        if isinstance(history, Failure):
            absent = missing(ask, ask.say("quote.missing", name=ask.name(stock)))
            return absent if history.is_absence else failed(ask, history, "answer.what_bars")
        told[days] = as_told(ask, stock, history)
    enough = {days: one for days, one in told.items() if one.summary.session_count == days}
    short = tuple(
        Fact(text=ask.say("average.short", days=days, have=one.summary.session_count))
        for days, one in told.items()
        if days not in enough
    )
    if not enough:
        return missing(ask, short[0].text)
    return _told(ask, enough, (*_price_now(ask, stock, lookups), *short))


def _told(ask: Ask, told: dict[int, ToldBars], facts: tuple[Fact, ...]) -> Part:
    longest = told[max(told)]
    headline = ask.say(
        "average.headline",
        name=ask.name(longest.stock),
        close=format_price(longest.summary.last_close_krw, ask.language),
        items=", ".join(_item(ask, days, one) for days, one in told.items()),
        badge=longest.badge,
    )
    last = read_local_date(longest.summary.last_date).isoformat()
    basis = Fact(text=ask.say("average.basis", last=last), sources=(longest.source,))
    return Part(
        headline=Fact(text=headline, sources=(longest.source,)),
        facts=(*facts, basis),
        blocks=(
            *(summary_block(ask, one, text=f"{_item(ask, days, one)}\n{range_of(one)}") for days, one in told.items()),
            _calculations(ask, told, text=headline),
        ),
    )


def _price_now(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[Fact, ...]:
    quotes = lookups.result(GET_QUOTES, quotes_of(ask))
    found = () if isinstance(quotes, Failure) else quotes.quotes
    return tuple(quote_line(ask, stock, quote) for quote in found if quote.ticker == stock.ticker)


def _item(ask: Ask, days: int, one: ToldBars) -> str:
    mean, close = _mean(one), one.summary.last_close_krw
    gap = change_bps(close, mean)
    return ask.say(
        "average.item",
        days=days,
        mean=format_price(mean, ask.language),
        gap=format_percent(abs(gap)).lstrip("+"),
        side=ask.say("average.above" if gap >= 0 else "average.below"),
        disparity=_disparity(gap),
    )


def _disparity(gap: int) -> str:
    """이격도: the price in percent of its average, from the gap in basis points."""
    return f"{(10_000 + gap) / 100:.2f}"


def _mean(one: ToldBars) -> int:
    closes = [bar.close_krw for bar in one.summary.bars]
    return round(sum(closes) / len(closes))


def _calculations(ask: Ask, told: dict[int, ToldBars], *, text: str) -> Block:
    first = next(iter(told.values()))
    return Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=[_calculation(ask, days, one) for days, one in told.items()]),
        title=ask.name(first.stock),
        text=text,
        sources=tuple(one.source for one in told.values()),
    )


def _calculation(ask: Ask, days: int, one: ToldBars) -> block_pb2.Calculation:
    mean, close = _mean(one), one.summary.last_close_krw
    gap = change_bps(close, mean)
    day = read_local_date(one.summary.last_date).isoformat()
    inputs = (
        (ask.say("average.input_close", day=day), close),
        (ask.say("average.input_mean", days=days), mean),
    )
    return block_pb2.Calculation(
        label=ask.say("average.label_gap", name=ask.name(one.stock), days=days),
        text=ask.say("average.text", gap=format_percent(gap), disparity=_disparity(gap)),
        value=gap,
        formula=ask.say("average.formula", days=days),
        inputs=[
            block_pb2.CalculationInput(label=label, text=format_price(price, ask.language), value=price)
            for label, price in inputs
        ],
    )


AVERAGE = Subject(plan=average_calls, tell=tell_average)
