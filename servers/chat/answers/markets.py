"""Indices, the market gate, and the market in one look."""

from kstock.chat.v1 import block_pb2, conversation_pb2
from kstock.common.v1 import market_gate_pb2, market_index_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, day, level, moment_text, rate
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, missing, no_period_data
from servers.chat.answers.windows import asked_day, older_data, window
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import (
    GET_INDEX_HISTORY,
    GET_INDEX_LEVELS,
    GET_MARKET_GATE,
    GateArguments,
    IndexHistoryArguments,
    IndicesArguments,
)
from servers.chat.tools.tool import Failure
from shared.market.freshness import badge
from shared.market.money import format_percent
from shared.market.quote import Quality
from shared.market.times import kst_date
from shared.market.topic import MarketIndex
from shared.rpc.messages.enums import MARKET_INDEX, QUALITY, SESSION_PHASE
from shared.rpc.messages.times import read_local_date, read_timestamp

_BOTH = (MarketIndex.KOSPI, MarketIndex.KOSDAQ)
_MAX_SESSIONS = 490
_COLOURS = {
    market_gate_pb2.GATE_COLOUR_GREEN: "GREEN",
    market_gate_pb2.GATE_COLOUR_YELLOW: "YELLOW",
    market_gate_pb2.GATE_COLOUR_RED: "RED",
}


def index_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Levels now, or the development over the period asked for."""
    if _is_now(ask):
        return (plan(GET_INDEX_LEVELS, _level_arguments(ask)),)
    return tuple(plan(GET_INDEX_HISTORY, arguments) for arguments in _history_arguments(ask))


def tell_index(ask: Ask, lookups: Lookups) -> Part:
    """Level and change of each index."""
    if not _is_now(ask):
        return _development(ask, lookups)
    levels = lookups.result(GET_INDEX_LEVELS, _level_arguments(ask))
    if isinstance(levels, Failure):
        names = ", ".join(ask.say(f"name.index_{index}") for index in _indices(ask))
        absent = missing(ask, ask.say("index.none", index=names))
        return absent if levels.is_absence else failed(ask, levels, "answer.what_index")
    lines = [_level_line(ask, one) for one in levels]
    newest = max(read_timestamp(one.exchange_time) for one in levels)
    return Part(
        lead=older_data(ask, kst_date(newest)),
        headline=lines[0],
        facts=(*lines[1:], *(_level_details(ask, one) for one in levels)),
        blocks=(index_block(ask, levels),),
    )


def index_lines(ask: Ask, lookups: Lookups) -> tuple[Fact, ...]:
    """A line for each index beside an answer about something else; empty when none is known."""
    part = tell_index(ask, lookups)
    answered = part.outcome == conversation_pb2.ANSWER_OUTCOME_ANSWERED
    return (part.headline, *part.facts[: len(_indices(ask)) - 1]) if answered else ()


def index_block(ask: Ask, levels: tuple[market_index_pb2.IndexLevel, ...]) -> Block:
    """Levels as a block."""
    lines = [line for one in levels for line in (_level_line(ask, one), _level_details(ask, one))]
    return Block(
        content="index_table",
        value=block_pb2.IndexTable(levels=levels, phase=SESSION_PHASE.to_wire(ask.moment.phase)),
        title="",
        text="\n".join(line.text for line in lines),
        badge=_badge(ask, levels[0]),
        sources=tuple(_source(ask, one) for one in levels),
    )


def gate_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The gate of the day asked for, or the newest."""
    return (plan(GET_MARKET_GATE, _gate_arguments(ask)),)


def tell_gate(ask: Ask, lookups: Lookups) -> Part:
    """Level and colour with what they are made of."""
    gate = lookups.result(GET_MARKET_GATE, _gate_arguments(ask))
    if isinstance(gate, Failure):
        return missing(ask, ask.say("gate.none")) if gate.is_absence else failed(ask, gate, "answer.what_gate")
    block = gate_block(ask, gate)
    lines = block.text.split("\n")
    return Part(
        lead=older_data(ask, read_local_date(gate.as_of)) if ask.period is None else (),
        headline=Fact(text=lines[0], sources=block.sources),
        facts=tuple(Fact(text=line, sources=block.sources) for line in lines[1:]),
        risks=(ask.say("gate.context"),),
        blocks=(block,),
    )


def gate_block(ask: Ask, gate: market_gate_pb2.MarketGate) -> Block:
    """The gate as a block; its first line is the answer."""
    colour = colour_of(gate)
    when = read_local_date(gate.as_of).isoformat()
    lines = [
        ask.say("gate.headline", colour=ask.say(f"name.colour_{colour}"), level=gate.level, day=when),
        ask.say(f"gate.meaning_{colour}"),
        *(_gate_index(ask, part) for part in gate.indices),
    ]
    if gate.reasons:
        lines.append(ask.say("gate.reasons", items=", ".join(gate.reasons)))
    if gate.missing:
        lines.append(ask.say("gate.missing", items=", ".join(gate.missing)))
    return Block(
        content="gate_card",
        value=block_pb2.GateCard(gate=gate),
        title="",
        text="\n".join(lines),
        sources=(gate_source(ask, gate),),
    )


def gate_source(ask: Ask, gate: market_gate_pb2.MarketGate) -> Source:
    """What a statement about the gate rests on."""
    as_of = read_timestamp(gate.exchange_time) if gate.HasField("exchange_time") else close_of(read_local_date(gate.as_of))
    return Source(label=ask.say("source.gate", version=gate.rule_version), as_of=as_of, quality=QUALITY.get(gate.quality))


def colour_of(gate: market_gate_pb2.MarketGate) -> str:
    """GREEN, YELLOW or RED."""
    return _COLOURS.get(gate.colour, "YELLOW")


def summary_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Both indices and the gate."""
    calls = [plan(GET_MARKET_GATE, _gate_arguments(ask))]
    if _is_now(ask):
        return (plan(GET_INDEX_LEVELS, _level_arguments(ask)), *calls)
    return (*(plan(GET_INDEX_HISTORY, arguments) for arguments in _history_arguments(ask)), *calls)


def tell_summary(ask: Ask, lookups: Lookups) -> Part:
    """Indices and gate in one line, the details below."""
    part = tell_index(ask, lookups)
    gate = lookups.result(GET_MARKET_GATE, _gate_arguments(ask))
    if isinstance(gate, Failure):
        return part
    block = gate_block(ask, gate)
    line = Fact(text=block.text.split("\n")[0], sources=block.sources)
    return Part(
        lead=part.lead,
        headline=part.headline,
        facts=(*part.facts[:3], line),
        risks=(ask.say("gate.context"),),
        blocks=(*part.blocks, block),
        outcome=part.outcome,
    )


def _indices(ask: Ask) -> tuple[MarketIndex, ...]:
    return ask.entities.indices or _BOTH


def _is_now(ask: Ask) -> bool:
    return ask.period is None or (ask.period.single and asked_day(ask) is None)


def _level_arguments(ask: Ask) -> IndicesArguments:
    return IndicesArguments(indices=_indices(ask))


def _gate_arguments(ask: Ask) -> GateArguments:
    return GateArguments(as_of=asked_day(ask))


def _history_arguments(ask: Ask) -> tuple[IndexHistoryArguments, ...]:
    days = window(ask, default_sessions=20)
    past = asked_day(ask)
    arguments = []
    for index in _indices(ask):
        if past is not None:
            arguments.append(IndexHistoryArguments(index=index, until=min(past, ask.moment.anchor), sessions=1))
        elif not days.empty:
            sessions = min(days.sessions, _MAX_SESSIONS) if days.sessions else None
            arguments.append(IndexHistoryArguments(index=index, until=days.until, since=days.since, sessions=sessions))
    return tuple(arguments)


def _development(ask: Ask, lookups: Lookups) -> Part:
    arguments = _history_arguments(ask)
    if not arguments:
        return no_period_data(ask)
    lines, blocks = [], []
    for one in arguments:
        summary = lookups.result(GET_INDEX_HISTORY, one)
        if isinstance(summary, Failure):
            return no_period_data(ask) if summary.is_absence else failed(ask, summary, "answer.what_index")
        line = _development_line(ask, one.index, summary)
        lines.append(line)
        del summary.bars[:-20]
        blocks.append(Block(content="index_summary", value=summary, title="", text=line.text, sources=line.sources))
    return Part(headline=lines[0], facts=tuple(lines[1:]), blocks=tuple(blocks))


def _development_line(ask: Ask, index: MarketIndex, summary: block_pb2.IndexSummary) -> Fact:
    first, last = read_local_date(summary.first_date), read_local_date(summary.last_date)
    source = Source(label=ask.say("source.index", source="krx"), as_of=close_of(last))
    name, change = ask.say(f"name.index_{index}"), rate(summary.change_bps)
    if asked_day(ask) is not None:
        when = day(last, ask.moment.today, ask.language)
        text = ask.say("index.day", index=name, day=when, level=level(summary.last_close_e2), change=change)
    else:
        text = ask.say(
            "index.history",
            index=name,
            first=first.isoformat(),
            last=last.isoformat(),
            base=level(summary.base_close_e2),
            close=level(summary.last_close_e2),
            change=change,
        )
    return Fact(text=text, sources=(source,))


def _level_line(ask: Ask, one: market_index_pb2.IndexLevel) -> Fact:
    change = rate(one.change_bps) if one.HasField("change_bps") else ""
    name = ask.say(f"name.index_{MARKET_INDEX.from_wire(one.index, 'level.index')}")
    text = ask.say("index.now", index=name, level=level(one.level_e2), change=change, badge=_badge(ask, one))
    return Fact(text=text, sources=(_source(ask, one),))


def _level_details(ask: Ask, one: market_index_pb2.IndexLevel) -> Fact:
    time = moment_text(read_timestamp(one.exchange_time), ask.moment.now, ask.language)
    text = ask.say("index.when", time=time, source=one.source, phase=ask.say(f"phase.{ask.moment.phase}"))
    if one.HasField("high_e2") and one.HasField("low_e2"):
        text = f"{ask.say('index.range', high=level(one.high_e2), low=level(one.low_e2))} · {text}"
    return Fact(text=text, sources=(_source(ask, one),))


def _badge(ask: Ask, one: market_index_pb2.IndexLevel) -> str:
    quality = QUALITY.get(one.quality) or Quality.STALE
    return badge(quality, read_timestamp(one.exchange_time), ask.moment.now, ask.language)


def _source(ask: Ask, one: market_index_pb2.IndexLevel) -> Source:
    return Source(
        label=ask.say("source.index", source=one.source),
        as_of=read_timestamp(one.exchange_time),
        quality=QUALITY.get(one.quality),
    )


def _gate_index(ask: Ask, part: market_gate_pb2.GateIndexPart) -> str:
    return ask.say(
        "gate.index",
        index=ask.say(f"name.index_{MARKET_INDEX.from_wire(part.index, 'gate.index')}"),
        status=part.status,
        change=format_percent(part.change_bps),
        trend=f"{part.trend_points:g}",
        today=f"{part.today_points:g}",
    )


INDEX = Subject(plan=index_calls, tell=tell_index)
GATE = Subject(plan=gate_calls, tell=tell_gate)
SUMMARY = Subject(plan=summary_calls, tell=tell_summary)
