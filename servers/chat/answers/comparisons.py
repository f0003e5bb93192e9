"""Returns of several instruments and indices over the same period, side by side."""

from collections.abc import Mapping

from kstock.chat.v1 import block_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, rate
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.told_bars import (
    ToldBars,
    absent_lines,
    absent_stocks,
    asked_window,
    bars_calls,
    calculation_block,
    calculation_line,
    first_and_last,
    none_stored,
    told_bars,
    warnings,
)
from servers.chat.answers.troubles import missing
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import GET_INDEX_HISTORY, IndexHistoryArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from shared.market.instrument import Board
from shared.market.topic import MarketIndex
from shared.rpc.messages.times import read_local_date

_MOST_SESSIONS = 490
_OF_BOARD: Mapping[Board | None, MarketIndex] = {Board.KOSPI: MarketIndex.KOSPI, Board.KOSDAQ: MarketIndex.KOSDAQ}


def compare_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of each instrument and levels of each index that the question names."""
    if asked_window(ask).empty:
        return ()
    return (*bars_calls(ask), *(plan(GET_INDEX_HISTORY, arguments) for arguments in _index_arguments(ask)))


def tell_compare(ask: Ask, lookups: Lookups) -> Part:
    """Returns over the same period side by side, best first."""
    told = told_bars(ask, lookups)
    if isinstance(told, Part):
        return told
    indices = _index_lines(ask, lookups)
    if len(told) + len(indices) < 2:
        absent = absent_stocks(ask, told)
        return missing(ask, none_stored(ask, absent) if absent else ask.say("bars.compare_one"))
    ranked = sorted(told, key=lambda one: -one.summary.change_bps)
    calculations = tuple(calculation_line(ask, one) for one in told)
    return Part(
        headline=Fact(text=_compare_headline(ask, ranked, indices), sources=tuple(one.source for one in told)),
        facts=(*absent_lines(ask, told), *warnings(ask, told), *calculations, *indices, *_against(ask, told, lookups)),
        blocks=(_comparison_block(ask, told), calculation_block(ask, told)),
    )


def _against(ask: Ask, told: list[ToldBars], lookups: Lookups) -> tuple[Fact, ...]:
    """Each instrument's return against each index's."""
    facts = []
    for arguments in _index_arguments(ask):
        summary = lookups.result(GET_INDEX_HISTORY, arguments)
        if isinstance(summary, Failure):
            continue
        for one in told:
            gap = one.summary.change_bps - summary.change_bps
            side = "benchmark.ahead" if gap > 0 else "benchmark.behind" if gap < 0 else "benchmark.level"
            name, index = ask.name(one.stock), ask.say(f"name.index_{arguments.index}")
            text = ask.say("benchmark.line", name=name, index=index, gap=f"{abs(gap) / 100:.2f}", side=ask.say(side))
            facts.append(Fact(text=text, sources=(one.source,)))
    return tuple(facts)


def _comparison_block(ask: Ask, told: list[ToldBars]) -> Block:
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


def _compare_headline(ask: Ask, ranked: list[ToldBars], indices: tuple[Fact, ...]) -> str:
    best, worst = ranked[0], ranked[-1]
    dates = first_and_last(best.summary)
    period = f"{dates['first']}~{dates['last']}"
    if any(first_and_last(one.summary) != dates for one in ranked):
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


def _apart(ask: Ask, one: ToldBars) -> str:
    dates = first_and_last(one.summary)
    return f"{ask.name(one.stock)} {rate(one.summary.change_bps)} ({dates['first']}~{dates['last']})"


def _index_arguments(ask: Ask) -> tuple[IndexHistoryArguments, ...]:
    days = asked_window(ask)
    return tuple(
        IndexHistoryArguments(
            index=index,
            until=days.until,
            since=days.since,
            sessions=min(days.sessions, _MOST_SESSIONS) if days.sessions else None,
        )
        for index in _indices(ask)
    )


def _indices(ask: Ask) -> tuple[MarketIndex, ...]:
    """Indices that are named; `시장 대비` without a name means those of the instruments' boards."""
    if ask.entities.indices or not ask.understanding.spoken.has(Concept.BENCHMARK):
        return ask.entities.indices
    return tuple(dict.fromkeys(_OF_BOARD[stock.board] for stock in ask.stocks if stock.board in _OF_BOARD))


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


COMPARE = Subject(plan=compare_calls, tell=tell_compare)
