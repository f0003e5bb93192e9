"""Prices over a period: the course, the return, comparison, highest and lowest, and charts."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, count, day, moved, rate
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, missing, no_period_data
from servers.chat.answers.windows import window
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import GET_INDEX_HISTORY, IndexHistoryArguments
from servers.chat.tools.prices import (
    GET_PRICE_HISTORY,
    MAKE_CHART,
    PriceHistory,
    PricesArguments,
    change_bps,
    daily_changes_bps,
)
from servers.chat.tools.tool import Failure
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Aspect
from shared.market.freshness import badge
from shared.market.instrument import Instrument
from shared.market.money import format_amount, format_percent, format_price
from shared.market.quote import Quality
from shared.market.times import format_day
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import read_local_date

_DEFAULT_SESSIONS = {
    Intent.PRICE_HISTORY: 10,
    Intent.PRICE_RETURN: 20,
    Intent.PRICE_COMPARE: 20,
    Intent.PRICE_EXTREME: 250,
    Intent.CHART: 60,
}
_LATE = timedelta(days=12)
"""Days without a bar that no closure of the exchange explains."""
_ROWS_SHOWN = 20
_CLOSES_SHOWN = 12
_MAX_STOCKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One instrument's history in the words of an answer."""

    stock: Instrument
    history: PriceHistory
    source: Source
    badge: str

    @property
    def summary(self) -> block_pb2.BarsSummary:
        return self.history.summary


def history_arguments(ask: Ask, stock: Instrument) -> PricesArguments:
    """Days of one instrument that a question about a period needs."""
    days = window(ask, default_sessions=_DEFAULT_SESSIONS.get(ask.intent, 20))
    return PricesArguments(ticker=stock.ticker, until=days.until, since=days.since, sessions=days.sessions)


def history_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument; for a comparison those of an index beside them."""
    days = window(ask, default_sessions=_DEFAULT_SESSIONS.get(ask.intent, 20))
    if days.empty:
        return ()
    stocks = tuple(plan(GET_PRICE_HISTORY, history_arguments(ask, stock)) for stock in ask.stocks[:_MAX_STOCKS])
    if ask.intent is Intent.CHART:
        charts = (plan(MAKE_CHART, history_arguments(ask, stock)) for stock in ask.stocks[:_MAX_STOCKS])
        return (*stocks, *charts)
    if ask.intent is not Intent.PRICE_COMPARE:
        return stocks
    return (*stocks, *(plan(GET_INDEX_HISTORY, arguments) for arguments in _index_arguments(ask)))


def tell_history(ask: Ask, lookups: Lookups) -> Part:
    """The course over the period with its closes."""
    told = _told(ask, lookups)
    return told if isinstance(told, Part) else _joined([_course(ask, one) for one in told])


def tell_return(ask: Ask, lookups: Lookups) -> Part:
    """The return of the period with the numbers that it was computed from."""
    told = _told(ask, lookups)
    return told if isinstance(told, Part) else _joined([_return(ask, one) for one in told])


def tell_extreme(ask: Ask, lookups: Lookups) -> Part:
    """Highest or lowest price of the period and its day."""
    told = _told(ask, lookups)
    return told if isinstance(told, Part) else _joined([_extreme(ask, one) for one in told])


def tell_chart(ask: Ask, lookups: Lookups) -> Part:
    """Daily candles; the client draws them."""
    told = _told(ask, lookups)
    if isinstance(told, Part):
        return told
    parts = []
    for one in told:
        chart = lookups.result(MAKE_CHART, history_arguments(ask, one.stock))
        parts.append(_chart(ask, one, chart))
    return _joined(parts)


def tell_compare(ask: Ask, lookups: Lookups) -> Part:
    """Returns over the same period side by side, best first."""
    told = _told(ask, lookups)
    if isinstance(told, Part):
        return told
    indices = _index_lines(ask, lookups)
    if len(told) + len(indices) < 2:
        return missing(ask, ask.say("bars.compare_one"))
    ranked = sorted(told, key=lambda one: -one.summary.change_bps)
    calculations = tuple(_calculation_line(ask, one) for one in told)
    return Part(
        headline=Fact(text=_compare_headline(ask, ranked, indices), sources=tuple(one.source for one in told)),
        facts=(*_warnings(ask, told), *calculations, *indices),
        blocks=(_comparison_block(ask, told), _calculation_block(ask, told)),
    )


def _told(ask: Ask, lookups: Lookups) -> list[_Told] | Part:
    if window(ask, default_sessions=1).empty or ask.moment.newest is None:
        return no_period_data(ask)
    told: list[_Told] = []
    for stock in ask.stocks[:_MAX_STOCKS]:
        history = lookups.result(GET_PRICE_HISTORY, history_arguments(ask, stock))
        if isinstance(history, Failure):
            return no_period_data(ask) if history.is_absence else failed(ask, history, "answer.what_bars")
        history.summary.instrument.CopyFrom(instrument_message(stock))
        last = close_of(read_local_date(history.summary.last_date))
        source = Source(label=ask.say("source.bars", source=", ".join(history.sources)), as_of=last)
        told.append(_Told(stock=stock, history=history, source=source, badge=_badge(ask, history)))
    return told


def _badge(ask: Ask, history: PriceHistory) -> str:
    quality = QUALITY.get(history.summary.quality) or Quality.CLOSED
    last = close_of(read_local_date(history.summary.last_date))
    return badge(quality, last, ask.moment.now, ask.language)


def _dates(summary: block_pb2.BarsSummary) -> dict[str, str]:
    """First and last day; always with their year, since a period often crosses one."""
    return {
        "first": read_local_date(summary.first_date).isoformat(),
        "last": read_local_date(summary.last_date).isoformat(),
    }


def _course(ask: Ask, one: _Told) -> Part:
    summary, language = one.summary, ask.language
    headline = ask.say(
        "bars.history",
        name=ask.name(one.stock),
        **_dates(summary),
        sessions=summary.session_count,
        base=format_price(summary.base_close_krw, language),
        close=format_price(summary.last_close_krw, language),
        change=moved(summary.change_krw, summary.change_bps),
        badge=one.badge,
    )
    rows = _rows(ask, summary)
    facts = (_range_line(ask, one), _means_line(ask, one))
    block = _summary_block(ask, one, text="\n".join((headline, *rows)))
    closes = (Fact(text=_closes(ask, summary), sources=(one.source,)),)
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=(*closes, *facts, *_warnings(ask, [one])),
        blocks=(block,),
    )


def _return(ask: Ask, one: _Told) -> Part:
    headline = ask.say(
        "bars.return", name=ask.name(one.stock), **_dates(one.summary), change=rate(one.summary.change_bps), badge=one.badge
    )
    facts = (*_warnings(ask, [one]), _calculation_line(ask, one), _range_line(ask, one))
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=facts,
        blocks=(_summary_block(ask, one, text=headline), _calculation_block(ask, [one])),
    )


def _extreme(ask: Ask, one: _Told) -> Part:
    summary, language = one.summary, ask.language
    low = Aspect.LOW in ask.entities.aspects and Aspect.HIGH not in ask.entities.aspects
    price = summary.low_krw if low else summary.high_krw
    headline = ask.say(
        "bars.extreme_low" if low else "bars.extreme_high",
        name=ask.name(one.stock),
        **_dates(summary),
        high=format_price(summary.high_krw, language),
        high_day=read_local_date(summary.high_date).isoformat(),
        low=format_price(summary.low_krw, language),
        low_day=read_local_date(summary.low_date).isoformat(),
        close=format_price(summary.last_close_krw, language),
        distance=format_percent(abs(change_bps(summary.last_close_krw, price))).lstrip("+"),
    )
    facts = (_range_line(ask, one), *_warnings(ask, [one]))
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=facts,
        blocks=(_summary_block(ask, one, text=headline),),
    )


def _chart(ask: Ask, one: _Told, chart: block_pb2.ChartImage | Failure) -> Part:
    summary, language = one.summary, ask.language
    values = {**_dates(summary), "name": ask.name(one.stock), "sessions": summary.session_count}
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
    facts = (_change_line(ask, one), _range_line(ask, one), Fact(text=ask.say("bars.chart_colours")))
    return Part(
        headline=Fact(text=headline, sources=(one.source,)),
        facts=(*facts, *_warnings(ask, [one])),
        blocks=(block,),
    )


def _change_line(ask: Ask, one: _Told) -> Fact:
    summary = one.summary
    price = format_price(summary.last_close_krw, ask.language)
    return Fact(text=f"{price} {moved(summary.change_krw, summary.change_bps)}", sources=(one.source,))


def _range_line(ask: Ask, one: _Told) -> Fact:
    summary, today = one.summary, ask.moment.today
    text = ask.say(
        "bars.range",
        high=format_price(summary.high_krw, ask.language),
        high_day=day(read_local_date(summary.high_date), today, ask.language),
        low=format_price(summary.low_krw, ask.language),
        low_day=day(read_local_date(summary.low_date), today, ask.language),
    )
    return Fact(text=text, sources=(one.source,))


def _means_line(ask: Ask, one: _Told) -> Fact:
    text = ask.say(
        "bars.means",
        volume=count(one.summary.mean_volume_shares, ask.language),
        turnover=format_amount(one.summary.mean_turnover_krw, ask.language),
    )
    return Fact(text=text, sources=(one.source,))


def _calculation_line(ask: Ask, one: _Told) -> Fact:
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


def _warnings(ask: Ask, told: list[_Told]) -> tuple[Fact, ...]:
    """What makes a figure mean less than it seems: jumps, an early end, holes."""
    warnings = [ask.say("bars.jump")] if any(one.summary.unexplained_jump for one in told) else []
    days = window(ask, default_sessions=1)
    for one in told:
        first, last = read_local_date(one.summary.first_date), read_local_date(one.summary.last_date)
        if last < days.until - _LATE or (days.since is not None and first > days.since + _LATE):
            warnings.append(
                ask.say("bars.partial", name=ask.name(one.stock), first=first.isoformat(), last=last.isoformat())
            )
        if _has_hole(one.summary):
            warnings.append(ask.say("bars.hole", name=ask.name(one.stock)))
    return tuple(Fact(text=text) for text in warnings)


def _has_hole(summary: block_pb2.BarsSummary) -> bool:
    days = [read_local_date(bar.trading_date) for bar in summary.bars]
    return any(later - earlier > _LATE for earlier, later in pairwise(days))


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
    if len(rows) <= _ROWS_SHOWN:
        return rows
    return [*rows[-_ROWS_SHOWN:], ask.say("answer.cut", shown=_ROWS_SHOWN, total=len(rows))]


def _closes(ask: Ask, summary: block_pb2.BarsSummary) -> str:
    """The newest closes with their days in one line."""
    shown = summary.bars[-_CLOSES_SHOWN:]
    today = ask.moment.today
    items = (f"{format_day(read_local_date(bar.trading_date), today)} {bar.close_krw:,}" for bar in shown)
    return ask.say("bars.closes", items=" · ".join(items))


def _summary_block(ask: Ask, one: _Told, *, text: str) -> Block:
    value = block_pb2.BarsSummary()
    value.CopyFrom(one.summary)
    if len(value.bars) > _ROWS_SHOWN:
        del value.bars[:-_ROWS_SHOWN]
    adjusted = ask.say("bars.adjusted", day=one.history.adjusted_as_of.isoformat())
    return Block(
        content="bars_summary",
        value=value,
        title=ask.name(one.stock),
        text=f"{text}\n{adjusted}",
        badge=one.badge,
        sources=(one.source,),
    )


def _comparison_block(ask: Ask, told: list[_Told]) -> Block:
    rows = []
    for one in told:
        row = block_pb2.BarsSummary()
        row.CopyFrom(one.summary)
        del row.bars[:]
        rows.append(row)
    lines = [f"{ask.name(one.stock)} {rate(one.summary.change_bps)}" for one in told]
    return Block(
        content="comparison",
        value=block_pb2.Comparison(rows=rows),
        title="",
        text="\n".join(lines),
        sources=tuple(one.source for one in told),
    )


def _calculation_block(ask: Ask, told: list[_Told]) -> Block:
    calculations = [_calculation(ask, one) for one in told]
    return Block(
        content="calculation_table",
        value=block_pb2.CalculationTable(calculations=calculations),
        title="",
        text="\n".join(_calculation_line(ask, one).text for one in told),
        sources=tuple(one.source for one in told),
    )


def _calculation(ask: Ask, one: _Told) -> block_pb2.Calculation:
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


def _compare_headline(ask: Ask, ranked: list[_Told], indices: tuple[Fact, ...]) -> str:
    best, worst = ranked[0], ranked[-1]
    dates = _dates(best.summary)
    period = f"{dates['first']}~{dates['last']}"
    if any(_dates(one.summary) != dates for one in ranked):
        return ask.say("bars.compare_apart", items=", ".join(_apart(ask, one) for one in ranked))
    if len(ranked) == 1:
        return f"{ask.name(best.stock)} {rate(best.summary.change_bps)}, {indices[0].text}"
    gap = best.summary.change_bps - worst.summary.change_bps
    return ask.say(
        "bars.compare",
        period=period,
        best=ask.name(best.stock),
        best_change=rate(best.summary.change_bps),
        worst=ask.name(worst.stock),
        worst_change=rate(worst.summary.change_bps),
        gap=f"{gap / 100:.2f}",
    )


def _apart(ask: Ask, one: _Told) -> str:
    dates = _dates(one.summary)
    return f"{ask.name(one.stock)} {rate(one.summary.change_bps)} ({dates['first']}~{dates['last']})"


def _index_arguments(ask: Ask) -> tuple[IndexHistoryArguments, ...]:
    days = window(ask, default_sessions=_DEFAULT_SESSIONS[Intent.PRICE_COMPARE])
    return tuple(
        IndexHistoryArguments(index=index, until=days.until, since=days.since, sessions=days.sessions)
        for index in ask.entities.indices
    )


def _index_lines(ask: Ask, lookups: Lookups) -> tuple[Fact, ...]:
    facts = []
    for arguments in _index_arguments(ask):
        summary = lookups.result(GET_INDEX_HISTORY, arguments)
        if not isinstance(summary, Failure):
            last = read_local_date(summary.last_date)
            period = f"{read_local_date(summary.first_date).isoformat()}~{last.isoformat()}"
            source = Source(label=ask.say("source.index", source="krx"), as_of=close_of(last))
            text = f"{ask.say(f'name.index_{arguments.index}')} {rate(summary.change_bps)} ({period})"
            facts.append(Fact(text=text, sources=(source,)))
    return tuple(facts)


def _joined(parts: list[Part]) -> Part:
    """Several instruments one after the other: the first one's headline, then the others as lines."""
    first, *others = parts
    if not others:
        return first
    return Part(
        headline=first.headline,
        facts=(*first.facts[:2], *(fact for part in others for fact in (part.headline, *part.facts[:1]))),
        blocks=tuple(block for part in parts for block in part.blocks),
    )


HISTORY = Subject(plan=history_calls, tell=tell_history)
RETURN = Subject(plan=history_calls, tell=tell_return)
EXTREME = Subject(plan=history_calls, tell=tell_extreme)
COMPARE = Subject(plan=history_calls, tell=tell_compare)
CHART = Subject(plan=history_calls, tell=tell_chart)
