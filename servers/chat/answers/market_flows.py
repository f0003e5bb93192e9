"""Net buying on whole boards."""

from datetime import date

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import ranking_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.figures import day, flows_of, signed_amount
from servers.chat.answers.markets import index_calls, index_lines
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, missing, no_period_data
from servers.chat.answers.windows import market_days, older_data
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.rankings import GET_MARKET_FLOWS, MarketFlowArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from servers.chat.understanding.values import Investor
from shared.market.instrument import Board
from shared.market.topic import MarketIndex
from shared.rpc.messages.enums import BOARD
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_local_date

_BOARDS = {MarketIndex.KOSPI: Board.KOSPI, MarketIndex.KOSPI200: Board.KOSPI, MarketIndex.KOSDAQ: Board.KOSDAQ}
_FIELDS = {
    Investor.FOREIGN: "foreign_net_krw",
    Investor.INSTITUTION: "institution_net_krw",
    Investor.INDIVIDUAL: "individual_net_krw",
    Investor.PENSION: "pension_net_krw",
}
_USUAL = (Investor.FOREIGN, Investor.INSTITUTION, Investor.INDIVIDUAL)
_ROWS_SHOWN = 20


def market_flow_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Flows of each board that is meant, both without a name."""
    if market_days(ask).empty:
        return ()
    return (*(plan(GET_MARKET_FLOWS, one) for one in _arguments(ask)), *index_calls(ask))


def tell_market_flow(ask: Ask, lookups: Lookups) -> Part:
    """Sums of the days, who was asked for first, and the days when they are few."""
    arguments = _arguments(ask)
    if market_days(ask).empty:
        return no_period_data(ask)
    parts = []
    for one in arguments:
        found = lookups.result(GET_MARKET_FLOWS, one)
        if isinstance(found, Failure) and not found.is_absence:
            return failed(ask, found, "answer.what_flow")
        if not isinstance(found, Failure):
            parts.append(_told(ask, one.board, list(found.flows)))
    if not parts:
        boards = "·".join(one.board.value for one in arguments)
        return missing(ask, ask.say("market_flow.none", board=boards), (ask.say("quote.follow_flow", name="SK하이닉스"),))
    first, *others = parts
    return Part(
        lead=first.lead,
        headline=first.headline,
        facts=(
            *(fact for part in others for fact in (*part.lead[1:], part.headline)),
            *index_lines(ask, lookups),
            *first.facts,
        ),
        blocks=tuple(block for part in parts for block in part.blocks),
        suggestions=(ask.say("ranking.follow_flow"),),
    )


def _arguments(ask: Ask) -> tuple[MarketFlowArguments, ...]:
    named = [_BOARDS[index] for index in ask.entities.indices] or list(ask.entities.boards) or [Board.KOSPI, Board.KOSDAQ]
    days = market_days(ask)
    return tuple(
        MarketFlowArguments(board=board, until=days.until, since=days.since, sessions=days.sessions)
        for board in dict.fromkeys(named)
    )


def _told(ask: Ask, board: Board, flows: list[ranking_pb2.MarketFlow]) -> Part:
    days = [read_local_date(flow.trading_date) for flow in flows]
    source = Source(label=ask.say("source.flow", source="krx"), as_of=flows_of(days[-1]))
    first, last = days[0].isoformat(), days[-1].isoformat()
    headline = ask.say(
        "market_flow.headline",
        board=board.value,
        days=ask.say("market_flow.one_day", last=last)
        if len(days) == 1
        else ask.say("market_flow.period", first=first, last=last, sessions=len(days)),
        items=", ".join(_amount(ask, flows, investor) for investor in _order(ask)),
    )
    rows = [_row(ask, flow) for flow in flows[-_ROWS_SHOWN:]] if len(flows) > 1 else []
    summed = max(flow.summed_count for flow in flows)
    notes = (Fact(text=ask.say("market_flow.summed", board=board.value, count=summed)),) if summed else ()
    block = Block(
        content="market_flow_table",
        value=_table(board, flows),
        title=board.value,
        text="\n".join((headline, *rows, *(note.text for note in notes))),
        sources=(source,),
    )
    published = Fact(text=ask.say("flow.published", last=last))
    return Part(
        lead=(*_lead(ask, days[-1]), *_premise(ask, board, flows, source)),
        headline=Fact(text=headline, sources=(source,)),
        facts=(*notes, published),
        blocks=(block,),
    )


def _lead(ask: Ask, last: date) -> tuple[Fact, ...]:
    wants_now = ask.period is None or ask.period.last >= ask.moment.today
    return older_data(ask, last) if wants_now else ()


def _premise(ask: Ask, board: Board, flows: list[ranking_pb2.MarketFlow], source: Source) -> tuple[Fact, ...]:
    """A correction when one kind of investor is said to have bought or sold and did the opposite."""
    spoken = ask.understanding.spoken
    bought, sold = spoken.has(Concept.BOUGHT), spoken.has(Concept.SOLD)
    if bought == sold or spoken.has(Concept.FLOW) or len(ask.entities.investors) != 1:
        return ()
    investor = ask.entities.investors[0]
    total = _sum(flows, _FIELDS[investor])
    if not total or (total > 0) == bought:
        return ()
    key = "market_flow.premise_bought" if sold else "market_flow.premise_sold"
    text = ask.say(key, board=board.value, who=ask.say(f"name.investor_{investor}"))
    return (Fact(text=text, sources=(source,)),)


def _order(ask: Ask) -> tuple[Investor, ...]:
    asked = ask.entities.investors
    return tuple(dict.fromkeys((*asked, *_USUAL)))


def _amount(ask: Ask, flows: list[ranking_pb2.MarketFlow], investor: Investor) -> str:
    total = _sum(flows, _FIELDS[investor])
    amount = ask.say("flow.unknown") if total is None else signed_amount(total, ask.language)
    return ask.say("flow.item", who=ask.say(f"name.investor_{investor}"), amount=amount)


def _sum(flows: list[ranking_pb2.MarketFlow], field: str) -> int | None:
    """Over all days; None when one of them is unknown."""
    values = [optional_int(flow, field) for flow in flows]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _row(ask: Ask, flow: ranking_pb2.MarketFlow) -> str:
    def amount(field: str) -> str:
        value = optional_int(flow, field)
        return ask.say("flow.unknown") if value is None else signed_amount(value, ask.language)

    return ask.say(
        "market_flow.day_row",
        day=day(read_local_date(flow.trading_date), ask.moment.today, ask.language),
        foreign=amount("foreign_net_krw"),
        institution=amount("institution_net_krw"),
        individual=amount("individual_net_krw"),
    )


def _table(board: Board, flows: list[ranking_pb2.MarketFlow]) -> block_pb2.MarketFlowTable:
    return block_pb2.MarketFlowTable(
        board=BOARD.to_wire(board),
        flows=flows,
        foreign_sum_krw=_sum(flows, "foreign_net_krw"),
        institution_sum_krw=_sum(flows, "institution_net_krw"),
        individual_sum_krw=_sum(flows, "individual_net_krw"),
    )
