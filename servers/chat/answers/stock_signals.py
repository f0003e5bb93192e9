"""Signals and verdicts of one instrument."""

import re

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import candidate_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.signals import kind_of, signal_row, signal_source
from servers.chat.answers.troubles import failed, failure_text
from servers.chat.answers.verdicts import Verdict, part_lines, verdict_facts, weighed_parts
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.signals import (
    ANALYZE,
    CHECK_DAYTRADING,
    LIST_SIGNALS,
    AnalysisArguments,
    SignalsArguments,
)
from servers.chat.tools.tool import Failure, Tool
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Direction
from shared.market.instrument import Instrument
from shared.market.money import format_price
from shared.market.signal import Grade
from shared.rpc.messages.instruments import instrument_message

_MAX_STOCKS = 3
_NOT_TRADED = "INSTRUMENT_NOT_FOUND"
"""What the scanner says of an instrument without bars; that it exists is known before it is asked."""
_FACTS_SHOWN = 5
_LOW_SHARE = 0.5
_WEAK = re.compile(r"약한|부족|모자란|깎|감점|취약|발목|낮은\s?(?:항목|점수)|weak|lost points|missing points|drag")
"""Questions for the parts that cost points."""


def stock_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Stored signals of the instrument and what the strategy says of it now."""
    calls: list[PlannedCall] = []
    for stock in ask.stocks[:_MAX_STOCKS]:
        calls.append(plan(LIST_SIGNALS, stock_arguments(ask, stock)))
        calls.append(plan(_analyzer(ask), analysis_arguments(ask, stock)))
    return tuple(calls)


def stock_arguments(ask: Ask, stock: Instrument) -> SignalsArguments:
    """Open signals of one instrument."""
    kind = kind_of(ask.intent)
    return SignalsArguments(ticker=stock.ticker, kinds=(kind,) if kind else ())


def analysis_arguments(ask: Ask, stock: Instrument) -> AnalysisArguments:
    """The strategies that the question is about; intraday conditions cannot be computed from daily bars."""
    kind = kind_of(ask.intent)
    return AnalysisArguments(ticker=stock.ticker, kinds=(kind,) if kind else ())


def _analyzer(ask: Ask) -> Tool[AnalysisArguments, scanner_service_pb2.AnalyzeInstrumentResponse]:
    return CHECK_DAYTRADING if ask.intent is Intent.DAYTRADING_STOCK else ANALYZE


def tell_stock(ask: Ask, lookups: Lookups) -> Part:
    """The stored signal if there is one, and the parts of the score in any case."""
    parts = [_one_stock(ask, stock, lookups) for stock in ask.stocks[:_MAX_STOCKS]]
    if len(parts) == 1:
        return parts[0]
    return Part(
        headline=parts[0].headline,
        facts=tuple(part.headline for part in parts[1:]),
        risks=parts[0].risks,
        blocks=tuple(block for part in parts for block in part.blocks),
    )


def _one_stock(ask: Ask, stock: Instrument, lookups: Lookups) -> Part:
    stored = lookups.result(LIST_SIGNALS, stock_arguments(ask, stock))
    analysis = lookups.result(_analyzer(ask), analysis_arguments(ask, stock))
    if isinstance(stored, Failure):
        return failed(ask, stored, "answer.what_signals")
    if kind_of(ask.intent) is None:
        return _any_kind(ask, stock, stored)
    if stored.signals:
        return _stored(ask, stock, stored)
    return _computed(ask, stock, stored, analysis)


def _any_kind(ask: Ask, stock: Instrument, stored: signal_service_pb2.ListSignalsResponse) -> Part:
    source = signal_source(ask, stored)
    if not stored.signals:
        headline = Fact(text=ask.say("signal.stock_any_none", name=ask.name(stock)), sources=(source,))
        return Part(headline=headline, suggestions=(f"{stock.name} VCP",))
    rows = tuple(
        Fact(text=signal_row(ask, rank, signal), sources=(source,)) for rank, signal in enumerate(stored.signals, start=1)
    )
    blocks = tuple(_signal_block(ask, stock, signal, source) for signal in stored.signals)
    return Part(headline=rows[0], facts=rows[1:], risks=(ask.say("signal.risk_plain"),), blocks=blocks)


def _stored(ask: Ask, stock: Instrument, stored: signal_service_pb2.ListSignalsResponse) -> Part:
    signal, source = stored.signals[0], signal_source(ask, stored)
    verdict = Verdict.of_signal(signal)
    headline = ask.say(
        "signal.stock_open",
        name=ask.name(stock),
        kind=ask.say(f"name.kind_{verdict.kind}"),
        grade=verdict.grade.value,
        score=verdict.score_text,
        day=verdict.as_of.isoformat(),
    )
    facts = tuple(Fact(text=text, sources=(source,)) for text in verdict_facts(ask, verdict))
    stop = signal.stop_krw if signal.HasField("stop_krw") else None
    risk = ask.say("signal.risk_stop", stop=format_price(stop, ask.language)) if stop else ask.say("signal.risk_plain")
    return Part(
        lead=_premise(ask, verdict),
        headline=Fact(text=headline, sources=(source,)),
        facts=(*_because(ask, verdict, source), *facts),
        risks=(risk,),
        blocks=(_signal_block(ask, stock, signal, source),),
    )


def _computed(
    ask: Ask,
    stock: Instrument,
    stored: signal_service_pb2.ListSignalsResponse,
    analysis: scanner_service_pb2.AnalyzeInstrumentResponse | Failure,
) -> Part:
    """No stored signal: what the strategy computes now, so that the parts can be shown."""
    kind = ask.say(f"name.kind_{kind_of(ask.intent)}")
    row = None if isinstance(analysis, Failure) else next(iter(analysis.analyses), None)
    stored_source = signal_source(ask, stored)
    if row is None or not row.HasField("candidate"):
        reason = row.reason if row is not None and row.reason else _failure_reason(ask, stock, analysis)
        headline = ask.say("signal.stock_nothing", name=ask.name(stock), kind=kind, reason=reason)
        return Part(headline=Fact(text=headline, sources=(stored_source,)))
    verdict = Verdict.of_candidate(row.candidate)
    source = Source(label=ask.say("source.analysis", version=row.candidate.rule_version), as_of=verdict.close_time)
    headline = ask.say(
        "signal.stock_none",
        name=ask.name(stock),
        kind=kind,
        day=verdict.as_of.isoformat(),
        grade=verdict.grade.value,
        score=verdict.score_text,
        state=ask.say("signal.detected" if verdict.detected else "signal.not_detected"),
    )
    facts = tuple(Fact(text=text, sources=(source,)) for text in verdict_facts(ask, verdict))
    return Part(
        lead=_premise(ask, verdict),
        headline=Fact(text=headline, sources=(stored_source, source)),
        facts=(*_because(ask, verdict, source), *facts),
        risks=(ask.say("signal.risk_plain"),),
        blocks=(_analysis_block(ask, stock, row.candidate, source),),
    )


def _failure_reason(ask: Ask, stock: Instrument, analysis: scanner_service_pb2.AnalyzeInstrumentResponse | Failure) -> str:
    if isinstance(analysis, Failure) and analysis.reason == _NOT_TRADED:
        listed = ask.say("signal.listed_on", day=stock.list_date.isoformat()) if stock.list_date else ""
        return ask.say("signal.no_bars", listed=listed)
    if isinstance(analysis, Failure):
        return failure_text(ask, analysis, "answer.what_analysis")
    return ask.say("signal.status_NO_DATA")


def _premise(ask: Ask, verdict: Verdict) -> tuple[Fact, ...]:
    """`왜 이렇게 낮아?` is corrected when the score is not low, and the other way round."""
    premise = ask.understanding.premise
    if premise is None or not ask.understanding.asks_why:
        return ()
    is_low = verdict.share < _LOW_SHARE and verdict.grade in {Grade.B, Grade.C}
    values = {"score": verdict.score_text, "grade": verdict.grade.value}
    if premise is Direction.DOWN and not is_low:
        return (Fact(text=ask.say("signal.premise_not_low", **values)),)
    if premise is Direction.UP and is_low:
        return (Fact(text=ask.say("signal.premise_not_high", **values)),)
    return ()


def _because(ask: Ask, verdict: Verdict, source: Source) -> tuple[Fact, ...]:
    """Which parts made the score, when the question asks why."""
    if not ask.understanding.asks_why and not _WEAK.search(ask.understanding.text.casefold()):
        return ()
    high = ask.understanding.premise is Direction.UP
    items = weighed_parts(ask, verdict, strongest=high)
    return (Fact(text=ask.say("signal.strongest" if high else "signal.weakest", items=items), sources=(source,)),)


def _signal_block(ask: Ask, stock: Instrument, signal: signal_pb2.Signal, source: Source) -> Block:
    verdict = Verdict.of_signal(signal)
    return Block(
        content="signal_card",
        value=block_pb2.SignalCard(signal=signal),
        title=f"{ask.name(stock)} {ask.say(f'name.kind_{verdict.kind}')}",
        text="\n".join(part_lines(ask, verdict)),
        sources=(source,),
    )


def _analysis_block(ask: Ask, stock: Instrument, candidate: candidate_pb2.Candidate, source: Source) -> Block:
    verdict = Verdict.of_candidate(candidate)
    row = block_pb2.AnalysisRow(kind=candidate.kind, status=scan_pb2.TICKER_STATUS_OK, candidate=candidate)
    card = block_pb2.AnalysisCard(instrument=instrument_message(stock), as_of=candidate.as_of, rows=[row])
    return Block(
        content="analysis_card",
        value=card,
        title=f"{ask.name(stock)} {ask.say(f'name.kind_{verdict.kind}')}",
        text="\n".join(part_lines(ask, verdict)),
        sources=(source,),
    )


SIGNAL_STOCK = Subject(plan=stock_calls, tell=tell_stock)
