"""Daily bars that several answers tell: the look-up, what is absent or doubtful in them, and the lines they share."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.figures import close_of, day
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, missing, no_period_data
from servers.chat.answers.windows import Window, window
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_PRICE_HISTORY, PriceHistory, PricesArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.intents import Intent
from shared.market.freshness import badge
from shared.market.instrument import Instrument
from shared.market.money import format_percent, format_price
from shared.market.quote import Quality
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import read_local_date

MAX_STOCKS = 5
ROWS_SHOWN = 20
_USUAL = 20
_DEFAULT_SESSIONS = {
    Intent.PRICE_HISTORY: 10,
    Intent.PRICE_EXTREME: 250,
    Intent.CHART: 60,
}
"""Sessions that a question without a period is about, where they are not the usual number."""
_LATE = timedelta(days=12)
"""Days without a bar that no closure of the exchange explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBars:
    """One instrument's bars with what an answer says about them as a whole."""

    stock: Instrument
    history: PriceHistory
    source: Source
    badge: str

    @property
    def summary(self) -> block_pb2.BarsSummary:
        """What the market service computed of the bars."""
        return self.history.summary


def asked_window(ask: Ask) -> Window:
    """The days that a question about a period is about."""
    return window(ask, default_sessions=_DEFAULT_SESSIONS.get(ask.intent, _USUAL))


def bars_arguments(ask: Ask, stock: Instrument) -> PricesArguments:
    """The same days as arguments of a look-up of one instrument."""
    days = asked_window(ask)
    return PricesArguments(ticker=stock.ticker, until=days.until, since=days.since, sessions=days.sessions)


def bars_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument; none when the period lies ahead."""
    if asked_window(ask).empty:
        return ()
    return tuple(plan(GET_PRICE_HISTORY, bars_arguments(ask, stock)) for stock in ask.stocks[:MAX_STOCKS])


def told_bars(ask: Ask, lookups: Lookups) -> list[ToldBars] | Part:
    """The instruments that have bars in the period; an answer when none has."""
    if asked_window(ask).empty or ask.moment.newest is None:
        return no_period_data(ask)
    told: list[ToldBars] = []
    for stock in ask.stocks[:MAX_STOCKS]:
        history = lookups.result(GET_PRICE_HISTORY, bars_arguments(ask, stock))
        if isinstance(history, Failure):
            if history.is_absence:
                continue
            return failed(ask, history, "answer.what_bars")
        told.append(as_told(ask, stock, history))
    return told or missing(ask, none_stored(ask, list(ask.stocks[:MAX_STOCKS])))


def as_told(ask: Ask, stock: Instrument, history: PriceHistory) -> ToldBars:
    """One instrument's bars with their source and badge."""
    history.summary.instrument.CopyFrom(instrument_message(stock))
    last = close_of(read_local_date(history.summary.last_date))
    source = Source(label=ask.say("source.bars", source=", ".join(history.sources)), as_of=last)
    return ToldBars(stock=stock, history=history, source=source, badge=_badge(ask, history))


def summary_block(ask: Ask, one: ToldBars, *, text: str) -> Block:
    """The bars as a block, the newest of them row by row."""
    value = block_pb2.BarsSummary()
    value.CopyFrom(one.summary)
    if len(value.bars) > ROWS_SHOWN:
        del value.bars[:-ROWS_SHOWN]
    adjusted = ask.say("bars.adjusted", day=one.history.adjusted_as_of.isoformat())
    return Block(
        content="bars_summary",
        value=value,
        title=ask.name(one.stock),
        text=f"{text}\n{adjusted}",
        badge=one.badge,
        sources=(one.source,),
    )


def absent_lines(ask: Ask, told: list[ToldBars]) -> tuple[Fact, ...]:
    """One line that names the instruments without bars, if there are any."""
    absent = absent_stocks(ask, told)
    return (Fact(text=none_stored(ask, absent)),) if absent else ()


def absent_stocks(ask: Ask, told: list[ToldBars]) -> list[Instrument]:
    """Instruments of the question that have no bars in the period."""
    there = {one.stock.ticker for one in told}
    return [stock for stock in ask.stocks[:MAX_STOCKS] if stock.ticker not in there]


def none_stored(ask: Ask, stocks: list[Instrument]) -> str:
    """That nothing is stored of these instruments for the period asked for."""
    names = ", ".join(map(ask.name, stocks))
    if ask.period is None or ask.moment.newest is None:
        return ask.say("bars.none", name=names)
    period = str(ask.period).replace("..", " ~ ")
    return ask.say("bars.none_within", name=names, period=period, newest=ask.moment.newest.isoformat())


def _badge(ask: Ask, history: PriceHistory) -> str:
    quality = QUALITY.get(history.summary.quality) or Quality.CLOSED
    last = close_of(read_local_date(history.summary.last_date))
    return badge(quality, last, ask.moment.now, ask.language)


def first_and_last(summary: block_pb2.BarsSummary) -> dict[str, str]:
    """First and last day; always with their year, since a period often crosses one."""
    return {
        "first": read_local_date(summary.first_date).isoformat(),
        "last": read_local_date(summary.last_date).isoformat(),
    }


def range_of(one: ToldBars) -> str:
    """First and last day in a word; a single day by itself."""
    days = first_and_last(one.summary)
    return days["last"] if days["first"] == days["last"] else f"{days['first']}~{days['last']}"


def range_line(ask: Ask, one: ToldBars) -> Fact:
    """Highest and lowest price with their days."""
    summary, today = one.summary, ask.moment.today
    text = ask.say(
        "bars.range",
        high=format_price(summary.high_krw, ask.language),
        high_day=day(read_local_date(summary.high_date), today, ask.language),
        low=format_price(summary.low_krw, ask.language),
        low_day=day(read_local_date(summary.low_date), today, ask.language),
    )
    return Fact(text=text, sources=(one.source,))


def calculation_line(ask: Ask, one: ToldBars) -> Fact:
    """The return with the two closes that it is computed from."""
    summary = one.summary
    text = ask.say(
        "bars.calculation",
        close=format_price(summary.last_close_krw, ask.language),
        last_day=read_local_date(summary.last_date).isoformat(),
        base=format_price(summary.base_close_krw, ask.language),
        base_day=read_local_date(summary.base_date).isoformat(),
        change=format_percent(summary.change_bps),
    )
    return Fact(text=f"{ask.name(one.stock)} {text}", sources=(one.source,))


def calculation_block(ask: Ask, told: list[ToldBars]) -> Block:
    """The returns as a table that a client can recompute."""
    calculations = [_calculation(ask, one) for one in told]
    return Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=calculations),
        title="",
        text="\n".join(calculation_line(ask, one).text for one in told),
        sources=tuple(one.source for one in told),
    )


def _calculation(ask: Ask, one: ToldBars) -> block_pb2.Calculation:
    summary, language = one.summary, ask.language
    inputs = (
        ("bars.input_last", summary.last_date, summary.last_close_krw),
        ("bars.input_base", summary.base_date, summary.base_close_krw),
    )
    return block_pb2.Calculation(
        label=ask.name(one.stock),
        text=format_percent(summary.change_bps),
        value=summary.change_bps,
        formula=ask.say("bars.formula"),
        inputs=[
            block_pb2.CalculationInput(
                label=ask.say(key, day=read_local_date(when).isoformat()), text=format_price(price, language), value=price
            )
            for key, when, price in inputs
        ],
    )


def warnings(ask: Ask, told: list[ToldBars]) -> tuple[Fact, ...]:
    """What makes a figure mean less than it seems: jumps, an early end, holes."""
    found = [ask.say("bars.jump")] if any(one.summary.unexplained_jump for one in told) else []
    days = asked_window(ask)
    for one in told:
        first, last = read_local_date(one.summary.first_date), read_local_date(one.summary.last_date)
        if last < days.until - _LATE or (days.since is not None and first > days.since + _LATE):
            found.append(ask.say("bars.partial", name=ask.name(one.stock), first=first.isoformat(), last=last.isoformat()))
        if _has_hole(one.summary):
            found.append(ask.say("bars.hole", name=ask.name(one.stock)))
    return tuple(Fact(text=text) for text in found)


def _has_hole(summary: block_pb2.BarsSummary) -> bool:
    days = [read_local_date(bar.trading_date) for bar in summary.bars]
    return any(later - earlier > _LATE for earlier, later in pairwise(days))
