"""The market in an order: what rose, fell, traded, or was bought most."""

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import ranking_pb2
from kstock.market.v1 import market_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import close_of, count, flows_of, rate, signed_amount
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.screens import is_screen, screen_calls, tell_screen
from servers.chat.answers.streaks import wants_streak
from servers.chat.answers.troubles import failed, missing, no_period_data
from servers.chat.answers.windows import market_days, older_data
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.rankings import (
    RANK_BY_FLOW,
    RANK_BY_PRICE,
    FlowMeasure,
    FlowRankArguments,
    PriceMeasure,
    PriceRankArguments,
    wire_measure,
)
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from servers.chat.understanding.values import Investor, Unit
from shared.market.freshness import badge
from shared.market.money import format_amount, format_price
from shared.market.quote import Quality
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.instruments import read_instrument
from shared.rpc.messages.times import read_local_date

_USUAL, _MOST, _MOST_SESSIONS = 10, 20, 250
_FLOW_MEASURES = {
    ranking_pb2.RANK_MEASURE_FOREIGN_NET,
    ranking_pb2.RANK_MEASURE_INSTITUTION_NET,
    ranking_pb2.RANK_MEASURE_BOTH_NET,
}


def is_about_flows(ask: Ask) -> bool:
    """Whether the order is one of net buying."""
    spoken = ask.understanding.spoken
    return spoken.has(Concept.INVESTOR, Concept.FLOW) or (
        spoken.has(Concept.BOUGHT, Concept.SOLD) and not spoken.has(Concept.ROSE, Concept.FELL)
    )


def flow_rank_arguments(ask: Ask) -> FlowRankArguments:
    """Whose net buying, of which days and board, and from which end."""
    asked, spoken = set(ask.entities.investors), ask.understanding.spoken
    measure = FlowMeasure.BOTH
    if Investor.FOREIGN in asked and Investor.INSTITUTION not in asked:
        measure = FlowMeasure.FOREIGN
    elif asked & {Investor.INSTITUTION, Investor.PENSION} and Investor.FOREIGN not in asked:
        measure = FlowMeasure.INSTITUTION
    days = market_days(ask)
    return FlowRankArguments(
        measure=measure,
        until=days.until,
        since=days.since,
        sessions=_in_a_row(ask) or days.sessions,
        board=next(iter(ask.entities.boards), None),
        ascending=spoken.place(Concept.SOLD) < spoken.place(Concept.BOUGHT),
        limit=_limit(ask),
    )


def price_rank_arguments(ask: Ask) -> PriceRankArguments:
    """Which measure, of which days and board, and from which end."""
    days = market_days(ask)
    return PriceRankArguments(
        measure=_measure(ask),
        until=days.until,
        since=days.since,
        sessions=_in_a_row(ask) or days.sessions,
        board=next(iter(ask.entities.boards), None),
        kinds=ask.entities.instrument_kinds,
        ascending=_is_ascending(ask),
        limit=_limit(ask),
    )


def _measure(ask: Ask) -> PriceMeasure:
    spoken = ask.understanding.spoken
    if spoken.has(Concept.MARKET_CAP):
        return PriceMeasure.MARKET_CAP
    if spoken.has(Concept.VOLUME, Concept.TURNOVER) and spoken.has(Concept.AVERAGE, Concept.UNUSUAL):
        return PriceMeasure.VOLUME_RATIO
    if spoken.has(Concept.TURNOVER):
        return PriceMeasure.TURNOVER
    return PriceMeasure.VOLUME if spoken.has(Concept.VOLUME) else PriceMeasure.CHANGE


def _is_ascending(ask: Ask) -> bool:
    spoken = ask.understanding.spoken
    by_move = spoken.place(Concept.FELL) < spoken.place(Concept.ROSE)
    return spoken.has(Concept.LEAST) or (_measure(ask) is PriceMeasure.CHANGE and by_move)


def _in_a_row(ask: Ask) -> int | None:
    """Sessions in a row that are asked for, whose sum is ranked instead; None when a period is named as well."""
    counted = [int(item.value) for item in ask.entities.quantities if item.unit is Unit.STREAK_DAYS and item.value > 0]
    return min(counted[0], _MOST_SESSIONS) if counted and ask.period is None else None


def _limit(ask: Ask) -> int:
    ranks = [int(item.value) for item in ask.entities.quantities if item.unit is Unit.RANK]
    return min(max(ranks, default=0) or ask.entities.count or _USUAL, _MOST)


def rank_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The one ranking that is asked for."""
    if market_days(ask).empty:
        return ()
    if is_screen(ask):
        return screen_calls(ask)
    if is_about_flows(ask):
        return (plan(RANK_BY_FLOW, flow_rank_arguments(ask)),)
    return (plan(RANK_BY_PRICE, price_rank_arguments(ask)),)


def tell_ranking(ask: Ask, lookups: Lookups) -> Part:
    """The rows with what their places rest on, and which days count."""
    if market_days(ask).empty:
        return no_period_data(ask)
    if is_screen(ask):
        return tell_screen(ask, lookups)
    by_flow = is_about_flows(ask)
    if by_flow and ask.entities.investors == (Investor.INDIVIDUAL,):
        return missing(ask, ask.say("ranking.individual"), (ask.say("ranking.follow_flow"),))
    found: market_service_pb2.RankInstrumentsResponse | Failure
    if by_flow:
        found = lookups.result(RANK_BY_FLOW, flow_rank_arguments(ask))
    else:
        found = lookups.result(RANK_BY_PRICE, price_rank_arguments(ask))
    if isinstance(found, Failure):
        absent = missing(ask, ask.say("ranking.none"))
        return absent if found.is_absence else failed(ask, found, "answer.what_flow" if by_flow else "answer.what_bars")
    return _told(ask, found)


def _told(ask: Ask, found: market_service_pb2.RankInstrumentsResponse) -> Part:
    by_flow = is_about_flows(ask)
    arguments = flow_rank_arguments(ask) if by_flow else price_rank_arguments(ask)
    measure = wire_measure(arguments.measure)
    last = read_local_date(found.last_date)
    source = Source(
        label=ask.say("source.flow" if by_flow else "source.bars", source="krx"),
        as_of=flows_of(last) if by_flow else close_of(last),
        quality=QUALITY.get(found.quality),
    )
    mark = badge(QUALITY.get(found.quality) or Quality.CLOSED, close_of(last), ask.moment.now, ask.language)
    headline = _headline(ask, found, mark)
    rows = [Fact(text=_row(ask, measure, row), sources=(source,)) for row in found.rows]
    value = block_pb2.RankingTable(
        measure=measure,
        first_date=found.first_date,
        last_date=found.last_date,
        rows=found.rows,
        compared_count=found.compared_count,
    )
    block = Block(
        content="ranking_table",
        value=value,
        title="",
        text="\n".join((headline, *(row.text for row in rows))),
        badge=mark,
        sources=(source,),
    )
    wants_now = ask.period is None or ask.period.last >= ask.moment.today
    compared = Fact(text=ask.say("ranking.compared", count=found.compared_count), sources=(source,))
    streak = (Fact(text=ask.say("ranking.streak")),) if wants_streak(ask) else ()
    return Part(
        lead=(*(older_data(ask, last) if wants_now else ()), *streak),
        headline=Fact(text=headline, sources=(source,)),
        facts=(*rows, compared),
        risks=(ask.say("ranking.limits"),),
        blocks=(block,),
        suggestions=(ask.say("ranking.follow_change" if by_flow else "ranking.follow_flow"),),
    )


def _headline(ask: Ask, found: market_service_pb2.RankInstrumentsResponse, mark: str) -> str:
    by_flow = is_about_flows(ask)
    arguments = flow_rank_arguments(ask) if by_flow else price_rank_arguments(ask)
    first, last = read_local_date(found.first_date), read_local_date(found.last_date)
    sold = by_flow and arguments.ascending
    measure = ask.say(f"ranking.{'sold' if sold else 'measure'}_{arguments.measure.value}")
    return ask.say(
        "ranking.headline",
        days=ask.say("ranking.one_day" if first == last else "ranking.period", first=first, last=last),
        what=f"{arguments.board.value} {measure}" if arguments.board else measure,
        end=ask.say("ranking.bottom" if arguments.ascending and not by_flow else "ranking.top"),
        count=len(found.rows),
        badge=mark,
    )


def _row(ask: Ask, measure: ranking_pb2.RankMeasure, row: ranking_pb2.RankedInstrument) -> str:
    values: dict[str, object] = {"rank": row.rank, "name": ask.name(read_instrument(row.instrument))}
    if measure in _FLOW_MEASURES:
        foreign, institution = (signed_amount(one, ask.language) for one in (row.foreign_net_krw, row.institution_net_krw))
        return ask.say("ranking.row_flow", **values, foreign=foreign, institution=institution)
    key = ranking_pb2.RankMeasure.Name(measure).removeprefix("RANK_MEASURE_").lower()
    return ask.say(
        f"ranking.row_{key}",
        **values,
        change=rate(row.change_bps),
        close=format_price(row.close_krw, ask.language),
        turnover=format_amount(row.turnover_krw, ask.language),
        volume=count(row.volume_shares, ask.language),
        cap=format_amount(row.market_cap_krw, ask.language),
        ratio=f"{row.volume_ratio_e2 / 100:,.2f}",
    )


RANKING = Subject(plan=rank_calls, tell=tell_ranking)
