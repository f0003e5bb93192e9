"""Signals of instruments over time, with what became of each."""

from kstock.chat.v1 import block_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.answers.signals import kind_name, signal_source
from servers.chat.answers.troubles import failed, missing
from servers.chat.signal_order import Order
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.signals import LIST_SIGNALS, SignalsArguments
from servers.chat.tools.tool import Failure
from shared.market.instrument import Instrument
from shared.market.money import format_percent
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import read_local_date

_MAX_STOCKS = 3
_MOST = 20


def history_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Every stored signal of the instruments in the period, also those that are over."""
    return tuple(plan(LIST_SIGNALS, history_arguments(ask, stock)) for stock in ask.stocks[:_MAX_STOCKS])


def history_arguments(ask: Ask, stock: Instrument) -> SignalsArguments:
    """Signals of one instrument, newest first."""
    period = ask.period if ask.period and ask.period.first <= ask.moment.today else None
    return SignalsArguments(
        ticker=stock.ticker,
        kinds=ask.entities.kinds,
        grades=ask.entities.grades,
        opened_since=period.first if period else None,
        opened_until=min(period.last, ask.moment.today) if period else None,
        ended=True,
        order=Order.NEWEST,
        limit=_MOST,
    )


def tell_history(ask: Ask, lookups: Lookups) -> Part:
    """Day, kind, grade and outcome of each; plainly that there is none."""
    parts = [_of_stock(ask, stock, lookups) for stock in ask.stocks[:_MAX_STOCKS]]
    first, *others = parts
    return Part(
        headline=first.headline,
        facts=(*first.facts, *(fact for part in others for fact in (part.headline, *part.facts))),
        risks=first.risks,
        blocks=tuple(block for part in parts for block in part.blocks),
        suggestions=first.suggestions,
        outcome=first.outcome,
    )


def _of_stock(ask: Ask, stock: Instrument, lookups: Lookups) -> Part:
    response = lookups.result(LIST_SIGNALS, history_arguments(ask, stock))
    if isinstance(response, Failure):
        return failed(ask, response, "answer.what_signals")
    arguments = history_arguments(ask, stock)
    since = arguments.opened_since
    period = f"{since}~{arguments.opened_until}" if since else ask.say("scoreboard.all_time")
    if not response.signals:
        text = ask.say("outcomes.history_none", name=ask.name(stock), period=period)
        return missing(ask, text, (f"{stock.name} VCP",))
    source = signal_source(ask, response)
    headline = ask.say("outcomes.history", name=ask.name(stock), period=period, count=response.total_count)
    rows = [_row(ask, signal) for signal in response.signals]
    return Part(
        headline=Fact(text=headline, sources=(source,)),
        facts=tuple(Fact(text=row, sources=(source,)) for row in rows),
        risks=(ask.say("scoreboard.past"),),
        blocks=(_block(response, "\n".join((headline, *rows))),),
    )


def _row(ask: Ask, signal: signal_pb2.Signal) -> str:
    outcome = signal.outcome
    if signal.HasField("outcome") and outcome.HasField("net_return_bps"):
        result = ask.say("outcomes.ended", result=format_percent(outcome.net_return_bps), held=outcome.bars_held)
    else:
        open_ = signal.state == signal_pb2.SIGNAL_STATE_ACTIVE
        result = ask.say("outcomes.open" if open_ else "outcomes.unjudged")
    return ask.say(
        "outcomes.history_row",
        day=read_local_date(signal.opened_on).isoformat(),
        kind=kind_name(ask, SIGNAL_KIND.from_wire(signal.kind, "signal.kind")),
        grade=GRADE.from_wire(signal.grade, "signal.grade").value,
        score=f"{signal.score:g}",
        result=result,
    )


def _block(response: signal_service_pb2.ListSignalsResponse, text: str) -> Block:
    value = block_pb2.SignalList(signals=response.signals, total_count=response.total_count)
    return Block(content="signal_list", value=value, title="", text=text)
