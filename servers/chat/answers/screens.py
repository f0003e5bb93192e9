"""Which instruments of the market are at a new high or low of a year or at a price limit, and how many (신고가, 상한가)."""

from datetime import date, timedelta

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import ranking_pb2
from kstock.market.v1 import market_service_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.figures import close_of, rate
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, missing
from servers.chat.answers.windows import market_days, older_data
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.rankings import RANK_BY_PRICE, PriceMeasure, PriceRankArguments, wire_measure
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from shared.market.freshness import badge
from shared.market.money import format_amount, format_price
from shared.market.quote import Quality
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.instruments import read_instrument
from shared.rpc.messages.times import read_local_date

_YEAR = timedelta(days=364)
_USUAL, _MOST = 10, 20


def is_screen(ask: Ask) -> bool:
    """Whether it asks who is at a high, a low or a limit, not who moved most."""
    return ask.understanding.spoken.has(Concept.LIMIT, Concept.RECORD)


def screen_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """One ranking for each measure that is asked for."""
    return tuple(plan(RANK_BY_PRICE, _arguments(ask, measure)) for measure in _measures(ask))


def tell_screen(ask: Ask, lookups: Lookups) -> Part:
    """How many there are and the largest of them."""
    parts = []
    for measure in _measures(ask):
        found = lookups.result(RANK_BY_PRICE, _arguments(ask, measure))
        if isinstance(found, Failure) and not found.is_absence:
            return failed(ask, found, "answer.what_bars")
        parts.append(_none(ask, measure) if isinstance(found, Failure) else _told(ask, measure, found))
    first, *others = parts
    return Part(
        lead=first.lead,
        headline=first.headline,
        facts=(*(part.headline for part in others), *first.facts, *(fact for part in others for fact in part.facts[1:])),
        risks=(ask.say("ranking.limits"),),
        blocks=tuple(block for part in parts for block in part.blocks),
        suggestions=(ask.say("ranking.follow_change"),),
        outcome=first.outcome if len(parts) == 1 else parts[-1].outcome,
    )


def _measures(ask: Ask) -> tuple[PriceMeasure, ...]:
    spoken = ask.understanding.spoken
    if spoken.has(Concept.LIMIT):
        pairs = ((Concept.ROSE, PriceMeasure.LIMIT_UP), (Concept.FELL, PriceMeasure.LIMIT_DOWN))
    else:
        pairs = ((Concept.HIGH, PriceMeasure.NEW_HIGH), (Concept.LOW, PriceMeasure.NEW_LOW))
    asked = sorted((spoken.place(concept), measure) for concept, measure in pairs if spoken.has(concept))
    return tuple(measure for _, measure in asked) or (pairs[0][1],)


def _arguments(ask: Ask, measure: PriceMeasure) -> PriceRankArguments:
    until = _day(ask)
    over_year = measure in {PriceMeasure.NEW_HIGH, PriceMeasure.NEW_LOW}
    return PriceRankArguments(
        measure=measure,
        until=until,
        since=until - _YEAR if over_year else until,
        board=next(iter(ask.entities.boards), None),
        kinds=ask.entities.instrument_kinds,
        limit=min(ask.entities.count or _USUAL, _MOST),
    )


def _day(ask: Ask) -> date:
    return min(market_days(ask).until, ask.moment.anchor)


def _what(ask: Ask, measure: PriceMeasure) -> str:
    what = ask.say(f"screen.{measure.value}")
    board = next(iter(ask.entities.boards), None)
    return f"{board.value} {what}" if board else what


def _none(ask: Ask, measure: PriceMeasure) -> Part:
    text = ask.say("screen.none", day=_day(ask).isoformat(), what=_what(ask, measure))
    return missing(ask, text, (ask.say("ranking.follow_change"),))


def _told(ask: Ask, measure: PriceMeasure, found: market_service_pb2.RankInstrumentsResponse) -> Part:
    last = read_local_date(found.last_date)
    quality = QUALITY.get(found.quality) or Quality.CLOSED
    source = Source(label=ask.say("source.bars", source="krx"), as_of=close_of(last), quality=quality)
    mark = badge(quality, close_of(last), ask.moment.now, ask.language)
    headline = ask.say(
        "screen.headline",
        day=last.isoformat(),
        what=_what(ask, measure),
        count=found.compared_count,
        shown=len(found.rows),
        badge=mark,
    )
    rows = [_row(ask, row) for row in found.rows]
    value = block_pb2.RankingTable(
        measure=wire_measure(measure),
        first_date=found.first_date,
        last_date=found.last_date,
        rows=found.rows,
        compared_count=found.compared_count,
    )
    block = Block(
        content="ranking_table",
        value=value,
        title="",
        text="\n".join((headline, *rows)),
        badge=mark,
        sources=(source,),
    )
    basis = Fact(text=ask.say(f"screen.basis_{'limit' if measure.value.startswith('limit') else 'year'}"))
    return Part(
        lead=older_data(ask, last) if ask.period is None or ask.period.last >= ask.moment.today else (),
        headline=Fact(text=headline, sources=(source,)),
        facts=(basis, *(Fact(text=row, sources=(source,)) for row in rows)),
        blocks=(block,),
    )


def _row(ask: Ask, row: ranking_pb2.RankedInstrument) -> str:
    return ask.say(
        "screen.row",
        rank=row.rank,
        name=ask.name(read_instrument(row.instrument)),
        close=format_price(row.close_krw, ask.language),
        change=rate(row.change_bps),
        cap=format_amount(row.market_cap_krw, ask.language) if row.HasField("market_cap_krw") else ask.say("flow.unknown"),
    )
