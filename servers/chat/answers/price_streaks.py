"""How many sessions in a row a price has risen or fallen."""

from collections.abc import Sequence
from itertools import pairwise

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import bar_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import rate
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.answers.told_bars import ToldBars, as_told, first_and_last, summary_block
from servers.chat.answers.troubles import failed, missing
from servers.chat.answers.windows import asked_day
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_PRICE_HISTORY, PricesArguments, change_bps
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from shared.market.instrument import Instrument
from shared.market.money import format_price
from shared.rpc.messages.times import read_local_date

_LOOKED_AT = 30
_MOST_STOCKS = 3


def streak_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument."""
    return tuple(plan(GET_PRICE_HISTORY, _arguments(ask, stock)) for stock in ask.stocks[:_MOST_STOCKS])


def tell_price_streak(ask: Ask, lookups: Lookups) -> Part:
    """The streak that ends at the newest close; a wrong premise is corrected."""
    parts = []
    for stock in ask.stocks[:_MOST_STOCKS]:
        history = lookups.result(GET_PRICE_HISTORY, _arguments(ask, stock))
        if isinstance(history, Failure):
            absent = missing(ask, ask.say("quote.missing", name=ask.name(stock)))
            return absent if history.is_absence else failed(ask, history, "answer.what_bars")
        parts.append(_told(ask, as_told(ask, stock, history)))
    return Part(
        headline=parts[0].headline,
        facts=tuple(part.headline for part in parts[1:]),
        blocks=tuple(block for part in parts for block in part.blocks),
        suggestions=(ask.say("quote.follow", name=ask.stocks[0].name),),
    )


def price_streak(bars: Sequence[bar_pb2.Bar]) -> int:
    """Sessions in a row up to the newest with a higher close than the day before, negative with a lower one.

    Args:
        bars: Days in ascending order.
    """
    moves = [after.close_krw - before.close_krw for before, after in pairwise(bars)]
    length = 0
    for move in reversed(moves):
        if move == 0 or (moves[-1] > 0) != (move > 0):
            break
        length += 1
    return length if moves and moves[-1] > 0 else -length


def _arguments(ask: Ask, stock: Instrument) -> PricesArguments:
    return PricesArguments(ticker=stock.ticker, until=asked_day(ask) or ask.moment.anchor, sessions=_LOOKED_AT)


def _told(ask: Ask, one: ToldBars) -> Part:
    days = price_streak(one.summary.bars)
    shown = list(one.summary.bars[-(abs(days) + 1) :])
    headline = _headline(ask, one, days, shown)
    looked = ask.say("price_streak.looked", **first_and_last(one.summary))
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        blocks=(summary_block(ask, one, text=f"{headline}\n{looked}"), _calculation(ask, one, days, shown)),
    )


def _headline(ask: Ask, one: ToldBars, days: int, shown: Sequence[bar_pb2.Bar]) -> str:
    base, last = shown[0], shown[-1]
    spoken = ask.understanding.spoken
    falls = spoken.place(Concept.FELL) < spoken.place(Concept.ROSE)
    said = spoken.has(Concept.FELL, Concept.ROSE)
    wrong = said and days != 0 and falls != (days < 0)
    plain = "price_streak.once" if abs(days) == 1 else "price_streak.is"
    return ask.say(
        "price_streak.none" if days == 0 else "price_streak.wrong" if wrong else plain,
        name=ask.name(one.stock),
        last=read_local_date(last.trading_date).isoformat(),
        days=abs(days),
        side=_side(ask, days),
        asked=ask.say("price_streak.fell" if falls else "price_streak.rose"),
        base=format_price(base.close_krw, ask.language),
        base_day=read_local_date(base.trading_date).isoformat(),
        close=format_price(last.close_krw, ask.language),
        change=_change(shown),
        badge=one.badge,
    )


def _change(shown: Sequence[bar_pb2.Bar]) -> str:
    return rate(change_bps(shown[-1].close_krw, shown[0].close_krw))


def _side(ask: Ask, days: int) -> str:
    return ask.say("price_streak.rose" if days > 0 else "price_streak.fell")


def _calculation(ask: Ask, one: ToldBars, days: int, shown: Sequence[bar_pb2.Bar]) -> Block:
    calculation = block_pb2.Calculation(
        label=ask.say("price_streak.label", name=ask.name(one.stock), side=_side(ask, days)),
        text=ask.say("price_streak.text", days=abs(days), change=_change(shown)),
        value=days,
        formula=ask.say("price_streak.formula"),
        inputs=[
            block_pb2.CalculationInput(
                label=read_local_date(bar.trading_date).isoformat(),
                text=format_price(bar.close_krw, ask.language),
                value=bar.close_krw,
            )
            for bar in shown
        ],
    )
    return Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=[calculation]),
        title=ask.name(one.stock),
        text=f"{calculation.label}: {calculation.text}",
        sources=(one.source,),
    )


STREAK = Subject(plan=streak_calls, tell=tell_price_streak)
