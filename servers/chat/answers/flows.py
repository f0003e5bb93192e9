"""Net buying by investor type."""

from collections.abc import Sequence

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import flow_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import count, day, flows_of, signed_amount
from servers.chat.answers.market_flows import market_flow_calls, tell_market_flow
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.streaks import streak, streak_blocks, streak_facts, wants_streak
from servers.chat.answers.troubles import failed, missing, no_period_data
from servers.chat.answers.windows import Window, older_data, span_of_days, window
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import GET_FLOWS, FlowArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from servers.chat.understanding.values import Investor
from shared.market.instrument import Instrument
from shared.market.money import format_percent
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_local_date

_DEFAULT_SESSIONS = 5
_SESSIONS_OF_STREAKS = 20
_MAX_STOCKS = 3
_MAX_SESSIONS = 250
_ROWS_SHOWN = 20
_FIELDS = {
    Investor.FOREIGN: "foreign_net_krw",
    Investor.INSTITUTION: "institution_net_krw",
    Investor.PENSION: "pension_net_krw",
}
_RATIO_WORDS = ("지분율", "비율", "비중", "ratio", "ownership", "percent")
_HOLDING_WORDS = ("보유", "지분", "비중", "holding", "ownership", "hold")


def flow_arguments(ask: Ask, stock: Instrument) -> FlowArguments:
    """Days of flows that the question means, five without a period."""
    days = _days(ask)
    sessions = min(days.sessions, _MAX_SESSIONS) if days.sessions else None
    return FlowArguments(ticker=stock.ticker, until=days.until, since=days.since, sessions=sessions)


def flow_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Flows of each instrument."""
    if not ask.stocks:
        return market_flow_calls(ask)
    if _days(ask).empty:
        return ()
    return tuple(plan(GET_FLOWS, flow_arguments(ask, stock)) for stock in ask.stocks[:_MAX_STOCKS])


def tell_flow(ask: Ask, lookups: Lookups) -> Part:
    """Sums and streaks, and the days when they are few."""
    if not ask.stocks:
        return tell_market_flow(ask, lookups)
    if _days(ask).empty:
        return no_period_data(ask)
    parts = []
    for stock in ask.stocks[:_MAX_STOCKS]:
        flows = lookups.result(GET_FLOWS, flow_arguments(ask, stock))
        if isinstance(flows, Failure):
            absent = missing(ask, ask.say("flow.none", name=ask.name(stock)))
            return absent if flows.is_absence else failed(ask, flows, "answer.what_flow")
        parts.append(_told(ask, stock, flows))
    if len(parts) == 1:
        return parts[0]
    return Part(
        lead=parts[0].lead,
        headline=parts[0].headline,
        facts=tuple(fact for part in parts[1:] for fact in (part.headline, *part.facts[:1])),
        blocks=tuple(block for part in parts for block in part.blocks),
    )


def net_of_both(flows: Sequence[flow_pb2.Flow]) -> int | None:
    """Net buying of foreigners and institutions together in won; None when neither is known."""
    known = [value for value in flow_sums(flows) if value is not None]
    return sum(known) if known else None


def flow_sums(flows: Sequence[flow_pb2.Flow]) -> tuple[int | None, int | None]:
    """Net buying of foreigners and of institutions in won; None where it is unknown."""
    return _sum(flows, _FIELDS[Investor.FOREIGN]), _sum(flows, _FIELDS[Investor.INSTITUTION])


def flow_source(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> Source:
    """What a statement about flows rests on."""
    names = ", ".join(dict.fromkeys(flow.source for flow in flows if flow.source)) or "krx"
    label = ask.say("source.flow", source=names)
    return Source(label=label, as_of=flows_of(read_local_date(flows[-1].trading_date)))


def _days(ask: Ask) -> Window:
    """A day in the past is that day, not the start of a range."""
    period = ask.period
    if period is not None and period.single:
        if days := span_of_days(ask):
            return days
        day_asked = min(period.first, ask.moment.anchor)
        return Window(until=day_asked, sessions=1, empty=period.first > ask.moment.today)
    return window(ask, default_sessions=_SESSIONS_OF_STREAKS if wants_streak(ask) else _DEFAULT_SESSIONS)


def _told(ask: Ask, stock: Instrument, flows: Sequence[flow_pb2.Flow]) -> Part:
    source, days = flow_source(ask, flows), [read_local_date(flow.trading_date) for flow in flows]
    headline = ask.say(
        "flow.headline",
        name=ask.name(stock),
        first=days[0].isoformat(),
        last=days[-1].isoformat(),
        sessions=len(flows),
        items=_items(ask, flows),
    )
    facts = (*_newest(ask, flows), *_holding(ask, flows), *_streaks(ask, flows), *_ratio(ask, flows), *_gaps(ask, flows))
    last = Fact(text=ask.say("flow.published", last=days[-1].isoformat()))
    rows = [_row(ask, flow) for flow in flows[-_ROWS_SHOWN:]]
    block = Block(
        content="flow_table",
        value=_table(stock, flows),
        title=ask.name(stock),
        text="\n".join((headline, *rows)),
        sources=(source,),
    )
    lead = older_data(ask, days[-1]) if _wants_today(ask) and ask.moment.anchor < ask.moment.previous_session else ()
    first, *further = (*streak_facts(ask, flows, source), Fact(text=headline, sources=(source,)))
    return Part(
        lead=(*lead, *_premise(ask, stock, flows, source)),
        headline=first,
        facts=(
            *further,
            *(Fact(text=text, sources=(source,)) for text in facts),
            last,
        ),
        blocks=(block, *streak_blocks(ask, stock, flows, source)),
    )


def _wants_today(ask: Ask) -> bool:
    return ask.period is None or ask.period.last >= ask.moment.today


def _premise(ask: Ask, stock: Instrument, flows: Sequence[flow_pb2.Flow], source: Source) -> tuple[Fact, ...]:
    """A correction when the investor asked about is said to have bought or sold and did the opposite."""
    spoken, asked = ask.understanding.spoken, ask.entities.investors
    bought, sold = spoken.has(Concept.BOUGHT), spoken.has(Concept.SOLD)
    if bought == sold or spoken.has(Concept.FLOW) or wants_streak(ask) or len(asked) != 1 or asked[0] not in _FIELDS:
        return ()
    total = _sum(flows, _FIELDS[asked[0]])
    if not total or (total > 0) == bought:
        return ()
    key = "market_flow.premise_bought" if sold else "market_flow.premise_sold"
    text = ask.say(key, board=ask.name(stock), who=ask.say(f"name.investor_{asked[0]}"))
    return (Fact(text=text, sources=(source,)),)


def flow_facts(ask: Ask, stock: Instrument, lookups: Lookups) -> tuple[Fact, ...]:
    """One line about an instrument's flows beside an answer about something else; empty when none are known."""
    if _days(ask).empty:
        return ()
    flows = lookups.result(GET_FLOWS, flow_arguments(ask, stock))
    return () if isinstance(flows, Failure) else (_told(ask, stock, flows).headline,)


def _asked(ask: Ask) -> tuple[Investor, ...]:
    asked = tuple(investor for investor in ask.entities.investors if investor in _FIELDS)
    return asked if len(asked) == 1 and asked[0] is Investor.PENSION else (Investor.FOREIGN, Investor.INSTITUTION)


def _amounts(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> list[str]:
    first = [investor for investor in ask.entities.investors if investor in _asked(ask)]
    order = (*first, *(investor for investor in _asked(ask) if investor not in first))
    amounts = []
    for investor in order:
        total = _sum(flows, _FIELDS[investor])
        text = ask.say("flow.unknown") if total is None else signed_amount(total, ask.language)
        amounts.append(ask.say("flow.item", who=ask.say(f"name.investor_{investor}"), amount=text))
    return amounts


def _newest(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> list[str]:
    """The newest day by itself beside the sum, when it is asked whether somebody buys and no days are named."""
    spoken = ask.understanding.spoken
    if ask.period is not None or wants_streak(ask) or not (spoken.has(Concept.BOUGHT) or spoken.has(Concept.SOLD)):
        return []
    return [ask.say("flow.newest", day=read_local_date(flows[-1].trading_date).isoformat(), items=_items(ask, flows[-1:]))]


def _items(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> str:
    return ", ".join(_amounts(ask, flows))


def _holding(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> list[str]:
    """Change of the shares that foreigners hold, when the question is about holdings."""
    if not any(word in ask.understanding.text for word in _HOLDING_WORDS):
        return []
    change = _hold_change(flows)
    if change is None:
        return [ask.say("flow.hold_unknown")]
    ratio = [ask.say("flow.hold_ratio")] if any(word in ask.understanding.text for word in _RATIO_WORDS) else []
    key = "flow.hold_up" if change >= 0 else "flow.hold_down"
    return [*ratio, ask.say(key, shares=count(abs(change), ask.language))]


def _hold_change(flows: Sequence[flow_pb2.Flow]) -> int | None:
    known = [flow.foreign_hold_shares for flow in flows if flow.HasField("foreign_hold_shares")]
    return known[-1] - known[0] if len(known) > 1 else None


def _streaks(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> list[str]:
    lines = []
    for investor in _asked(ask):
        days = streak(flows, _FIELDS[investor])
        if abs(days) > 1:
            key = "flow.streak_buy" if days > 0 else "flow.streak_sell"
            lines.append(ask.say(key, who=ask.say(f"name.investor_{investor}"), days=abs(days)))
    return lines


def _ratio(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> list[str]:
    """Flows in proportion to turnover, when all of it is known."""
    turnover = _sum(flows, "turnover_krw")
    sums = {name: _sum(flows, _FIELDS[investor]) for name, investor in _RATIOS.items()}
    if not turnover or any(value is None for value in sums.values()):
        return []
    shares = {name: format_percent(round(10_000 * (value or 0) / turnover)) for name, value in sums.items()}
    return [ask.say("flow.ratio", **shares)]


_RATIOS = {"foreign": Investor.FOREIGN, "institution": Investor.INSTITUTION}


def _gaps(ask: Ask, flows: Sequence[flow_pb2.Flow]) -> list[str]:
    gaps = []
    if Investor.INDIVIDUAL in ask.entities.investors:
        gaps.append(ask.say("flow.individual_missing"))
    if Investor.PENSION in ask.entities.investors and _sum(flows, "pension_net_krw") is None:
        gaps.append(ask.say("flow.pension_missing"))
    if any(flow.from_shares for flow in flows):
        gaps.append(ask.say("flow.from_shares"))
    return gaps


def _row(ask: Ask, flow: flow_pb2.Flow) -> str:
    def amount(field: str) -> str:
        value = optional_int(flow, field)
        return ask.say("flow.unknown") if value is None else signed_amount(value, ask.language)

    return ask.say(
        "flow.day_row",
        day=day(read_local_date(flow.trading_date), ask.moment.today, ask.language),
        foreign=amount("foreign_net_krw"),
        institution=amount("institution_net_krw"),
    )


def _table(stock: Instrument, flows: Sequence[flow_pb2.Flow]) -> block_pb2.FlowTable:
    return block_pb2.FlowTable(
        instrument=instrument_message(stock),
        flows=flows,
        foreign_sum_krw=_sum(flows, "foreign_net_krw"),
        institution_sum_krw=_sum(flows, "institution_net_krw"),
        foreign_streak_days=max(0, streak(flows, "foreign_net_krw")),
        institution_streak_days=max(0, streak(flows, "institution_net_krw")),
        foreign_hold_change_shares=_hold_change(flows),
    )


def _sum(flows: Sequence[flow_pb2.Flow], field: str) -> int | None:
    known = [value for flow in flows if (value := optional_int(flow, field)) is not None]
    return sum(known) if known else None


FLOW = Subject(plan=flow_calls, tell=tell_flow)
