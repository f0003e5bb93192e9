"""Stored signals: lists by filters, and one instrument by one strategy with its parts."""

from datetime import date

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import candidate_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import day, moment_text
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, failure_text
from servers.chat.answers.verdicts import Verdict, part_lines, verdict_facts, weighed_parts
from servers.chat.answers.windows import asked_day
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.signals import (
    ANALYZE,
    CHECK_DAYTRADING,
    GET_NEWEST_SCAN,
    LIST_SIGNALS,
    AnalysisArguments,
    ScanArguments,
    SignalsArguments,
)
from servers.chat.tools.tool import Failure, Tool
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Comparison, Direction, Unit
from shared.market.instrument import Instrument
from shared.market.money import format_price
from shared.market.signal import Grade, SignalKind
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import read_local_date, read_timestamp

_DEFAULT_LIMIT = 10
_MAX_LIMIT = 30
_EXCEEDS = 1e-6
"""Scores have one decimal, so `more than 70` is `at least a little more than 70`."""
_MAX_STOCKS = 3
_FACTS_SHOWN = 5
_LOW_SHARE = 0.5


def list_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The signals that pass the question's filters, and the newest scan of their kind."""
    kind = kind_of(ask.intent)
    scan = (plan(GET_NEWEST_SCAN, ScanArguments(kind=kind)),) if kind else ()
    return (plan(LIST_SIGNALS, list_arguments(ask)), *scan)


def list_arguments(ask: Ask) -> SignalsArguments:
    """Filters of a list: kind, board, grades, least score, the days of opening, how many."""
    entities, kind, since_until = ask.entities, kind_of(ask.intent), _opened(ask)
    return SignalsArguments(
        kinds=(kind,) if kind else entities.kinds,
        grades=_grades(ask),
        board=next(iter(entities.boards), None),
        min_score=_min_score(ask),
        opened_since=since_until[0],
        opened_until=since_until[1],
        ended=since_until[0] is not None,
        limit=min(entities.count or _DEFAULT_LIMIT, _MAX_LIMIT),
    )


def tell_list(ask: Ask, lookups: Lookups) -> Part:
    """How many there are, the best of them, and which scan they rest on."""
    response = lookups.result(LIST_SIGNALS, list_arguments(ask))
    if isinstance(response, Failure):
        return failed(ask, response, "answer.what_signals")
    kind = kind_of(ask.intent)
    scan = _newest_scan(lookups, kind)
    run = None if isinstance(scan, Failure) else scan
    if not response.signals:
        return _empty(ask, kind, response, scan=scan)
    headline = _list_headline(ask, kind, response, run)
    source = signal_source(ask, response)
    rows = [signal_row(ask, rank, signal) for rank, signal in enumerate(response.signals, start=1)]
    scan_line = () if run is None else (_scan_line(ask, run),)
    block = Block(
        content="signal_list",
        value=block_pb2.SignalList(signals=response.signals, total_count=response.total_count, scan_run=run),
        title="",
        text="\n".join((headline, *rows)),
        sources=(source,),
    )
    return Part(
        headline=Fact(text=headline, sources=(source,)),
        facts=(*(Fact(text=row, sources=(source,)) for row in rows[:_FACTS_SHOWN]), *scan_line),
        risks=(ask.say("signal.risk_plain"),),
        blocks=(block,),
        suggestions=(f"{response.signals[0].name} {ask.say(f'name.kind_{kind or SignalKind.VCP}')}",),
    )


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


def kind_of(intent: Intent) -> SignalKind | None:
    """The signal kind that an intent names; None for questions about any."""
    words = intent.value.split(".")
    return SignalKind(words[1].upper()) if len(words) == 3 and words[0] == "signal" else None


def signal_source(ask: Ask, response: signal_service_pb2.ListSignalsResponse) -> Source:
    """What a statement about stored signals rests on."""
    return Source(label=ask.say("source.signals"), as_of=read_timestamp(response.market_time))


def signal_row(ask: Ask, rank: int, signal: signal_pb2.Signal) -> str:
    """One line of a list: `1. 종목명 005930 · A 71점 · 72,300원 · 04/30(목)`."""
    kind = "" if kind_of(ask.intent) else kind_name(ask, SIGNAL_KIND.from_wire(signal.kind, "signal.kind"))
    row = ask.say(
        "signal.row",
        rank=rank,
        name=signal.name,
        ticker=signal.ticker,
        grade=f"{kind} {GRADE.from_wire(signal.grade, 'signal.grade')}".strip(),
        score=f"{signal.score:g}",
        price=format_price(signal.close_krw, ask.language),
        mark="",
        day=day(read_local_date(signal.as_of), ask.moment.today, ask.language),
    )
    return row if signal.tradable else row + ask.say("signal.blocked")


def _grades(ask: Ask) -> tuple[Grade, ...]:
    """`A등급 이상` includes S."""
    grades = ask.entities.grades
    text = ask.understanding.text.casefold()
    if len(grades) == 1 and any(word in text for word in ("이상", "or better", "or higher", "and above", "or above")):
        order = list(Grade)
        return tuple(order[: order.index(grades[0]) + 1])
    return grades


def _min_score(ask: Ask) -> float | None:
    for quantity in ask.entities.quantities:
        if quantity.unit in {Unit.POINTS, Unit.NONE} and quantity.comparison in {Comparison.ABOVE, Comparison.AT_LEAST}:
            over = quantity.comparison is Comparison.ABOVE
            return float(quantity.value) + (_EXCEEDS if over else 0.0)
    return None


def _newest_scan(lookups: Lookups, kind: SignalKind | None) -> scan_pb2.ScanRun | Failure | None:
    if kind is None:
        return None
    return lookups.result(GET_NEWEST_SCAN, ScanArguments(kind=kind))


def kind_name(ask: Ask, kind: SignalKind | None) -> str:
    """The kind in words; every kind together has none."""
    return ask.say(f"name.kind_{kind}") if kind else ask.say("signal.all_kinds")


def _opened(ask: Ask) -> tuple[date | None, date | None]:
    """Days of opening for a question about the past; none for what is open now."""
    period = ask.period
    if period is None or period.sessions is not None or (period.single and asked_day(ask) is None):
        return (None, None)
    return (period.first, min(period.last, ask.moment.today))


def _filters(ask: Ask) -> str:
    arguments = list_arguments(ask)
    words = []
    if arguments.opened_since is not None and ask.period is not None:
        words.append(ask.say("signal.filter_period", period=str(ask.period).replace("..", "~")))
    if arguments.board is not None:
        words.append(ask.say("signal.filter_board", board=arguments.board.value))
    if arguments.grades:
        words.append(ask.say("signal.filter_grade", grades="·".join(arguments.grades)))
    if arguments.min_score is not None:
        exact = int(arguments.min_score) if arguments.min_score % 1 < 2 * _EXCEEDS else arguments.min_score
        over = arguments.min_score > exact
        words.append(ask.say("signal.filter_score_over" if over else "signal.filter_score", score=f"{exact:g}"))
    return "".join(words)


def _as_of(ask: Ask, run: scan_pb2.ScanRun | None) -> str:
    found = read_local_date(run.as_of) if run is not None else ask.moment.anchor
    return found.isoformat()


def _list_headline(
    ask: Ask,
    kind: SignalKind | None,
    response: signal_service_pb2.ListSignalsResponse,
    run: scan_pb2.ScanRun | None,
) -> str:
    return ask.say(
        "signal.list",
        filters=_filters(ask),
        kind=kind_name(ask, kind),
        total=response.total_count,
        day=_as_of(ask, run),
    )


def _empty(
    ask: Ask,
    kind: SignalKind | None,
    response: signal_service_pb2.ListSignalsResponse,
    *,
    scan: scan_pb2.ScanRun | Failure | None,
) -> Part:
    """Nothing passed: which scan says so, or that none ran."""
    source = signal_source(ask, response)
    run = None if scan is None or isinstance(scan, Failure) else scan
    headline = ask.say("signal.list_empty", filters=_filters(ask), kind=kind_name(ask, kind), day=_as_of(ask, run))
    facts: tuple[Fact, ...] = ()
    if run is not None:
        facts = (_scan_line(ask, run),)
    elif isinstance(scan, Failure) and kind is not None:
        absent = ask.say("signal.no_scan", kind=kind_name(ask, kind), topic=kind.value.lower())
        facts = (Fact(text=absent if scan.is_absence else failure_text(ask, scan, "answer.what_signals")),)
    block = Block(
        content="signal_list",
        value=block_pb2.SignalList(total_count=0, scan_run=run),
        title="",
        text=headline,
        sources=(source,),
    )
    return Part(headline=Fact(text=headline, sources=(source,)), facts=facts, blocks=(block,))


def _scan_line(ask: Ask, run: scan_pb2.ScanRun) -> Fact:
    skipped = sum(one.count for one in run.status_counts if one.status != scan_pb2.TICKER_STATUS_OK)
    finished = read_timestamp(run.finished_time)
    text = ask.say(
        "signal.scan",
        time=moment_text(finished, ask.moment.now, ask.language),
        universe=f"{run.universe_size:,}",
        judged=f"{run.judged_count:,}",
        detected=f"{run.detected_count:,}",
        skipped=f"{skipped:,}",
    )
    return Fact(text=text, sources=(Source(label=ask.say("source.signals"), as_of=finished),))


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
        reason = row.reason if row is not None and row.reason else _failure_reason(ask, analysis)
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


def _failure_reason(ask: Ask, analysis: scanner_service_pb2.AnalyzeInstrumentResponse | Failure) -> str:
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
    if not ask.understanding.asks_why:
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


SIGNAL_LIST = Subject(plan=list_calls, tell=tell_list)
SIGNAL_STOCK = Subject(plan=stock_calls, tell=tell_stock)
