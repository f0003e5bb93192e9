"""Prices over a period: the course, the return, highest and lowest, and charts."""

from dataclasses import replace

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.distances import distance_block, distance_calls, distance_facts, wants_distance
from servers.chat.answers.figures import count, day, moved, rate
from servers.chat.answers.investments import invested_blocks, invested_calls, invested_facts, invested_now
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.answers.told_bars import (
    MAX_STOCKS,
    ROWS_SHOWN,
    ToldBars,
    absent_lines,
    bars_arguments,
    bars_calls,
    calculation_block,
    calculation_line,
    first_and_last,
    range_line,
    summary_block,
    told_bars,
    warnings,
)
from servers.chat.answers.troubles import failed
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import MAKE_CHART, change_bps, daily_changes_bps
from servers.chat.tools.tool import Failure
from servers.chat.understanding.values import Aspect
from shared.market.money import format_amount, format_percent, format_price
from shared.market.times import format_day
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import read_local_date

_CLOSES_SHOWN = 12


def chart_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument, and those that the client draws."""
    bars = bars_calls(ask)
    charts = (plan(MAKE_CHART, bars_arguments(ask, stock)) for stock in ask.stocks[:MAX_STOCKS] if bars)
    return (*bars, *charts)


def tell_history(ask: Ask, lookups: Lookups) -> Part:
    """The course over the period with its closes."""
    told = told_bars(ask, lookups)
    return told if isinstance(told, Part) else _joined(ask, told, [_course(ask, one) for one in told])


def return_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument, and the prices now when something was put in."""
    return (*bars_calls(ask), *(invested_calls(ask) if bars_calls(ask) else ()))


def tell_return(ask: Ask, lookups: Lookups) -> Part:
    """The return of the period with the numbers that it was computed from."""
    told = told_bars(ask, lookups)
    return told if isinstance(told, Part) else _joined(ask, told, [_return(ask, one, lookups) for one in told])


def extreme_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument, and the prices now when the distance from one is asked for."""
    return (*bars_calls(ask), *(distance_calls(ask) if wants_distance(ask) else ()))


def tell_extreme(ask: Ask, lookups: Lookups) -> Part:
    """Highest or lowest price of the period and its day."""
    told = told_bars(ask, lookups)
    return told if isinstance(told, Part) else _joined(ask, told, [_extreme(ask, one, lookups) for one in told])


def tell_chart(ask: Ask, lookups: Lookups) -> Part:
    """Daily candles; the client draws them."""
    told = told_bars(ask, lookups)
    if isinstance(told, Part):
        return told
    parts = []
    for one in told:
        chart = lookups.result(MAKE_CHART, bars_arguments(ask, one.stock))
        parts.append(_chart(ask, one, chart))
    return _joined(ask, told, parts)


def _course(ask: Ask, one: ToldBars) -> Part:
    summary, language = one.summary, ask.language
    headline = ask.say(
        "bars.history",
        name=ask.name(one.stock),
        **first_and_last(summary),
        sessions=summary.session_count,
        base=format_price(summary.base_close_krw, language),
        close=format_price(summary.last_close_krw, language),
        change=moved(summary.change_krw, summary.change_bps),
        badge=one.badge,
    )
    rows = _rows(ask, summary)
    facts = (range_line(ask, one), _means_line(ask, one))
    block = summary_block(ask, one, text="\n".join((headline, *rows)))
    closes = (Fact(text=_closes(ask, summary), sources=(one.source,)),)
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=(*closes, *facts, *warnings(ask, [one])),
        blocks=(block,),
    )


def _return(ask: Ask, one: ToldBars, lookups: Lookups) -> Part:
    headline = ask.say(
        "bars.return",
        name=ask.name(one.stock),
        **first_and_last(one.summary),
        change=rate(one.summary.change_bps),
        badge=one.badge,
    )
    invested = (*invested_facts(ask, one), *invested_now(ask, one, lookups))
    facts = (*invested, *warnings(ask, [one]), calculation_line(ask, one), range_line(ask, one))
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=facts,
        blocks=(
            summary_block(ask, one, text=headline),
            calculation_block(ask, [one]),
            *invested_blocks(ask, one),
        ),
    )


def _extreme(ask: Ask, one: ToldBars, lookups: Lookups) -> Part:
    summary, language = one.summary, ask.language
    low = Aspect.LOW in ask.entities.aspects and Aspect.HIGH not in ask.entities.aspects
    price = summary.low_krw if low else summary.high_krw
    headline = ask.say(
        "bars.extreme_low" if low else "bars.extreme_high",
        name=ask.name(one.stock),
        **first_and_last(summary),
        high=format_price(summary.high_krw, language),
        high_day=read_local_date(summary.high_date).isoformat(),
        low=format_price(summary.low_krw, language),
        low_day=read_local_date(summary.low_date).isoformat(),
        close=format_price(summary.last_close_krw, language),
        distance=format_percent(abs(change_bps(summary.last_close_krw, price))).lstrip("+"),
    )
    now, calculated = distance_facts(ask, one.stock, lookups), (distance_block(ask, one, low=low),)
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=(*now, range_line(ask, one), *warnings(ask, [one])),
        blocks=(summary_block(ask, one, text=headline), *(calculated if wants_distance(ask) else ())),
    )


def _chart(ask: Ask, one: ToldBars, chart: block_pb2.ChartImage | Failure) -> Part:
    summary, language = one.summary, ask.language
    values = {**first_and_last(summary), "name": ask.name(one.stock), "sessions": summary.session_count}
    headline = ask.say("bars.chart", **values, badge=one.badge)
    alt_text = ask.say(
        "bars.chart_alt",
        **values,
        base=format_price(summary.bars[0].close_krw, language),
        close=format_price(summary.last_close_krw, language),
        high=format_price(summary.high_krw, language),
        low=format_price(summary.low_krw, language),
    )
    if isinstance(chart, Failure):
        return failed(ask, chart, "answer.what_bars")
    chart.instrument.CopyFrom(instrument_message(one.stock))
    chart.alt_text = alt_text
    block = Block(
        content="chart_image", value=chart, title=ask.name(one.stock), text=alt_text, badge=one.badge, sources=(one.source,)
    )
    facts = (_change_line(ask, one), range_line(ask, one), Fact(text=ask.say("bars.chart_colours")))
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=(*facts, *warnings(ask, [one])),
        blocks=(block,),
    )


def _change_line(ask: Ask, one: ToldBars) -> Fact:
    summary = one.summary
    price = format_price(summary.last_close_krw, ask.language)
    return Fact(text=f"{price} {moved(summary.change_krw, summary.change_bps)}", sources=(one.source,))


def _means_line(ask: Ask, one: ToldBars) -> Fact:
    text = ask.say(
        "bars.means",
        volume=count(one.summary.mean_volume_shares, ask.language),
        turnover=format_amount(one.summary.mean_turnover_krw, ask.language),
    )
    return Fact(text=text, sources=(one.source,))


def _rows(ask: Ask, summary: block_pb2.BarsSummary) -> list[str]:
    """The newest closes with their changes, oldest first."""
    bars = list(summary.bars)
    first = change_bps(bars[0].close_krw, summary.base_close_krw)
    changes = [first, *daily_changes_bps(bars)]
    rows = [
        ask.say(
            "bars.day_row",
            day=day(read_local_date(bar.trading_date), ask.moment.today, ask.language),
            close=format_price(bar.close_krw, ask.language),
            change=rate(change),
            volume=count(bar.volume_shares, ask.language),
        )
        for bar, change in zip(bars, changes, strict=True)
    ]
    if len(rows) <= ROWS_SHOWN:
        return rows
    return [*rows[-ROWS_SHOWN:], ask.say("answer.cut", shown=ROWS_SHOWN, total=len(rows))]


def _closes(ask: Ask, summary: block_pb2.BarsSummary) -> str:
    """The newest closes with their days in one line."""
    shown = summary.bars[-_CLOSES_SHOWN:]
    today = ask.moment.today
    items = (f"{format_day(read_local_date(bar.trading_date), today)} {bar.close_krw:,}" for bar in shown)
    return ask.say("bars.closes", items=" · ".join(items))


def _joined(ask: Ask, told: list[ToldBars], parts: list[Part]) -> Part:
    """Several instruments one after the other: the first one's headline, then the others as lines."""
    first, *others = parts
    absent = absent_lines(ask, told)
    if not others:
        return replace(first, facts=(*absent, *first.facts))
    return Part(
        headline=first.headline,
        facts=(*absent, *first.facts[:2], *(fact for part in others for fact in (part.headline, *part.facts[:1]))),
        blocks=tuple(block for part in parts for block in part.blocks),
    )


HISTORY = Subject(plan=bars_calls, tell=tell_history)
RETURN = Subject(plan=return_calls, tell=tell_return)
EXTREME = Subject(plan=extreme_calls, tell=tell_extreme)
CHART = Subject(plan=chart_calls, tell=tell_chart)
