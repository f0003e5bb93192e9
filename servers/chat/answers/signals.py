"""Stored signals in lists, by filters."""

from collections.abc import Iterator
from datetime import date

from kstock.chat.v1 import block_pb2
from kstock.scanner.v1 import scan_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import day, moment_text
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, failure_text, missing
from servers.chat.answers.windows import asked_day
from servers.chat.signal_order import Order
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.signals import (
    GET_NEWEST_SCAN,
    LIST_SIGNALS,
    ScanArguments,
    SignalsArguments,
)
from servers.chat.tools.tool import Failure
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.screen import read_screen
from shared.market.money import format_price
from shared.market.signal import SignalKind
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import read_local_date, read_timestamp

_DEFAULT_LIMIT = 10
_MAX_LIMIT = 30
_EXCEEDS = 1e-6
"""Scores have one decimal, so `more than 70` is `at least a little more than 70`."""
_FACTS_SHOWN = 5


def list_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The signals that pass the question's filters, and the newest scan of their kind."""
    kind = kind_of(ask.intent)
    scan = (plan(GET_NEWEST_SCAN, ScanArguments(kind=kind)),) if kind else ()
    return (plan(LIST_SIGNALS, list_arguments(ask)), *scan)


def list_arguments(ask: Ask) -> SignalsArguments:
    """Filters of a list: kind, board, grades, points, prices, sector, the days of opening, how many and in which order."""
    entities, kind, since_until = ask.entities, kind_of(ask.intent), _opened(ask)
    screen = read_screen(ask.understanding.text, entities)
    return SignalsArguments(
        kinds=(kind,) if kind else entities.kinds,
        grades=screen.grades,
        board=next(iter(entities.boards), None),
        min_score=None if screen.points_from is None else float(screen.points_from) + (_EXCEEDS if screen.over else 0.0),
        max_score=None if screen.points_to is None else float(screen.points_to) - (_EXCEEDS if screen.under else 0.0),
        min_price=screen.price_from,
        max_price=screen.price_to,
        sector=next(iter(entities.sectors), ""),
        every_kind=screen.every_kind and kind is None,
        order=screen.order,
        opened_since=since_until[0],
        opened_until=since_until[1],
        ended=since_until[0] is not None,
        limit=min(entities.count or _DEFAULT_LIMIT, _MAX_LIMIT),
    )


def tell_list(ask: Ask, lookups: Lookups) -> Part:
    """How many there are, the best of them, and which scan they rest on."""
    response = lookups.result(LIST_SIGNALS, list_arguments(ask))
    if isinstance(response, Failure):
        if response.is_absence and ask.entities.sectors:
            return missing(ask, ask.say("listing.no_sector", sector=ask.entities.sectors[0]), (ask.say("listing.try"),))
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
    order = list_arguments(ask).order
    sorted_by = (
        () if order is Order.BEST else (Fact(text=ask.say("listing.ordered", order=ask.say(f"listing.order_{order}"))),)
    )
    block = Block(
        content="signal_list",
        value=block_pb2.SignalList(signals=response.signals, total_count=response.total_count, scan_run=run),
        title="",
        text="\n".join((headline, *rows)),
        sources=(source,),
    )
    return Part(
        headline=Fact(text=headline, sources=(source,)),
        facts=(*(Fact(text=row, sources=(source,)) for row in rows[: _shown(ask)]), *sorted_by, *scan_line),
        risks=(ask.say("signal.risk_plain"),),
        blocks=(block,),
        suggestions=(f"{response.signals[0].name} {ask.say(f'name.kind_{kind or SignalKind.VCP}')}",),
    )


def _shown(ask: Ask) -> int:
    """Rows in the text: as many as were asked for, else a handful."""
    return min(ask.entities.count or _FACTS_SHOWN, _DEFAULT_LIMIT)


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
    """The filters in words, in front of what is listed."""
    arguments = list_arguments(ask)
    words = []
    if arguments.opened_since is not None and ask.period is not None:
        words.append(ask.say("signal.filter_period", period=str(ask.period).replace("..", "~")))
    if arguments.board is not None:
        words.append(ask.say("signal.filter_board", board=arguments.board.value))
    if arguments.every_kind:
        kinds = "·".join(kind_name(ask, kind) for kind in arguments.kinds)
        words.append(ask.say("listing.filter_every", kinds=kinds))
    if arguments.sector:
        words.append(ask.say("listing.filter_sector", sector=arguments.sector))
    if arguments.grades:
        words.append(ask.say("signal.filter_grade", grades="·".join(arguments.grades)))
    return "".join((*words, *_score_words(ask, arguments), *_price_words(ask, arguments)))


def _score_words(ask: Ask, arguments: SignalsArguments) -> Iterator[str]:
    for bound, key in ((arguments.min_score, "signal.filter_score"), (arguments.max_score, "listing.filter_score_to")):
        if bound is not None:
            exact = round(bound, 1)
            outside = "_over" if bound == arguments.min_score else "_under"
            yield ask.say(f"{key}{outside if bound != exact else ''}", score=f"{exact:g}")


def _price_words(ask: Ask, arguments: SignalsArguments) -> Iterator[str]:
    if arguments.min_price is not None:
        yield ask.say("listing.filter_price_from", price=format_price(arguments.min_price, ask.language))
    if arguments.max_price is not None:
        under = read_screen(ask.understanding.text, ask.entities).price_under
        price = format_price(arguments.max_price + under, ask.language)
        yield ask.say("listing.filter_price_under" if under else "listing.filter_price_to", price=price)


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


SIGNAL_LIST = Subject(plan=list_calls, tell=tell_list)
