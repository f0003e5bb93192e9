"""One instrument by every strategy, and facts of the master."""

from collections.abc import Iterable

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import instrument_pb2
from kstock.scanner.v1 import scanner_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import count
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed
from servers.chat.answers.verdicts import Verdict
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import GET_INSTRUMENT, TickerArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.values import Aspect
from shared.market.instrument import Instrument, InstrumentKind
from shared.market.language import Language
from shared.market.money import format_amount
from shared.rpc.messages.enums import BOARD, INSTRUMENT_FLAG, INSTRUMENT_KIND, SIGNAL_KIND
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import optional_date


def analysis_row(ask: Ask, row: scanner_service_pb2.StrategyAnalysis) -> str:
    """One strategy's verdict in a few words."""
    kind = ask.say(f"name.kind_{SIGNAL_KIND.from_wire(row.kind, 'analysis.kind')}")
    if not row.HasField("candidate"):
        return ask.say("analysis.row_failed", kind=kind, reason=row.reason or ask.say("signal.status_NO_DATA"))
    verdict = Verdict.of_candidate(row.candidate)
    state = ask.say("signal.detected" if verdict.detected else "signal.not_detected")
    return ask.say("analysis.row", kind=kind, grade=verdict.grade.value, score=verdict.score_text, state=state)


def reasons_of(ask: Ask, rows: Iterable[scanner_service_pb2.StrategyAnalysis]) -> list[str]:
    """Why each strategy judges so, a line each; strategies word their reasons in Korean only."""
    lines: list[str] = []
    if ask.language is not Language.KO:
        return lines
    for row in rows:
        if row.HasField("candidate") and (row.candidate.reasons or row.candidate.cautions):
            kind = ask.say(f"name.kind_{SIGNAL_KIND.from_wire(row.kind, 'analysis.kind')}")
            words = [*row.candidate.reasons[:3], *row.candidate.cautions[:2]]
            lines.append(ask.say("analysis.reasons", kind=kind, items=", ".join(words)))
    return lines


def analysis_source(ask: Ask, analysis: scanner_service_pb2.AnalyzeInstrumentResponse) -> Source:
    """What the verdicts rest on."""
    versions = (row.candidate.rule_version for row in analysis.analyses if row.HasField("candidate"))
    dated = next((Verdict.of_candidate(row.candidate) for row in analysis.analyses if row.HasField("candidate")), None)
    label = ask.say("source.analysis", version=", ".join(dict.fromkeys(versions)))
    return Source(label=label, as_of=dated.close_time if dated else None)


def analysis_block(
    ask: Ask, stock: Instrument, analysis: scanner_service_pb2.AnalyzeInstrumentResponse, source: Source
) -> Block:
    """The card of all verdicts with their reasons."""
    rows = [
        block_pb2.AnalysisRow(
            kind=row.kind,
            status=row.status,
            reason=row.reason,
            candidate=row.candidate if row.HasField("candidate") else None,
        )
        for row in analysis.analyses
    ]
    card = block_pb2.AnalysisCard(instrument=instrument_message(stock), as_of=analysis.as_of, rows=rows)
    return Block(
        content="analysis_card",
        value=card,
        title=ask.name(stock),
        text="\n".join((*(analysis_row(ask, row) for row in analysis.analyses), *reasons_of(ask, analysis.analyses))),
        sources=(source,),
    )


def facts_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The master's record."""
    return tuple(plan(GET_INSTRUMENT, TickerArguments(ticker=stock.ticker)) for stock in ask.stocks[:3])


def tell_facts(ask: Ask, lookups: Lookups) -> Part:
    """What was asked first, the rest of the record below."""
    parts = []
    for stock in ask.stocks[:3]:
        found = lookups.result(GET_INSTRUMENT, TickerArguments(ticker=stock.ticker))
        if isinstance(found, Failure):
            return failed(ask, found, "answer.what_facts")
        parts.append(_facts(ask, stock, found))
    if len(parts) == 1:
        return parts[0]
    return Part(
        headline=parts[0].headline,
        facts=tuple(part.headline for part in parts[1:]),
        blocks=tuple(block for part in parts for block in part.blocks),
    )


def _facts(ask: Ask, stock: Instrument, found: instrument_pb2.Instrument) -> Part:
    source = Source(label=ask.say("source.master"), as_of=ask.moment.now)
    lines = [line for line in (_identity(ask, stock, found), *_record(ask, found)) if line]
    headline = _asked_fact(ask, stock, found) or lines[0]
    block = Block(
        content="instrument_card",
        value=block_pb2.InstrumentCard(instrument=found),
        title=ask.name(stock),
        text="\n".join(lines),
        sources=(source,),
    )
    others = [line for line in lines if line != headline]
    return Part(
        headline=Fact(text=headline, sources=(source,)),
        facts=tuple(Fact(text=line, sources=(source,)) for line in others),
        blocks=(block,),
    )


def _identity(ask: Ask, stock: Instrument, found: instrument_pb2.Instrument) -> str:
    board = BOARD.get(found.board)
    kind = INSTRUMENT_KIND.get(found.kind) or InstrumentKind.UNKNOWN
    return ask.say(
        "facts.headline",
        name=ask.name(stock),
        board=board.value if board else ask.say("facts.unknown"),
        kind=ask.say(f"name.instrument_{kind}"),
        sector=f" · {found.sector}" if found.sector else "",
    )


def _record(ask: Ask, found: instrument_pb2.Instrument) -> list[str]:
    lines = []
    if found.HasField("market_cap_krw"):
        amount = format_amount(found.market_cap_krw, ask.language)
        shares = count(found.shares, ask.language) if found.HasField("shares") else ask.say("facts.unknown")
        lines.append(ask.say("facts.market_cap_line", amount=amount, shares=shares))
    listed = optional_date(found, "list_date")
    if listed is not None:
        lines.append(ask.say("facts.listing_line", day=listed.isoformat()))
    flags = [ask.say(f"name.flag_{flag}") for flag in map(INSTRUMENT_FLAG.get, found.flags) if flag]
    if flags:
        lines.append(ask.say("facts.flags", items=", ".join(flags)))
    return lines


def _asked_fact(ask: Ask, stock: Instrument, found: instrument_pb2.Instrument) -> str:
    """The one figure that the question names; empty when it names none or it is unknown."""
    name, aspects = ask.name(stock), ask.entities.aspects
    listed = optional_date(found, "list_date")
    if Aspect.MARKET_CAP in aspects and found.HasField("market_cap_krw"):
        return ask.say("facts.market_cap", name=name, amount=format_amount(found.market_cap_krw, ask.language))
    if Aspect.CODE in aspects:
        return ask.say("facts.code", name=stock.name, ticker=stock.ticker)
    if Aspect.LISTING in aspects and listed is not None:
        return ask.say("facts.listing", name=name, day=listed.isoformat())
    if Aspect.SECTOR in aspects and (found.sector or found.industry):
        sector = found.sector or ask.say("facts.unknown")
        return ask.say("facts.sector", name=name, sector=sector, industry=found.industry).strip()
    return ""


FACTS = Subject(plan=facts_calls, tell=tell_facts)
