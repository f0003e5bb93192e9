"""What a question speaks about, on the wire."""

from collections.abc import Iterator

from kstock.chat.v1 import conversation_pb2

from servers.chat.understanding.values import Entities, Understanding, Unit
from shared.rpc.messages.enums import GRADE, MARKET_INDEX, SIGNAL_KIND
from shared.rpc.messages.times import local_date_message

_UNITS = {
    Unit.WON: "won",
    Unit.SHARES: "shares",
    Unit.PERCENT: "percent",
    Unit.POINTS: "points",
    Unit.MULTIPLE: "times",
}


def entity_messages(understanding: Understanding) -> list[conversation_pb2.Entity]:
    """Every entity of a question, in the order of the kinds."""
    entities, carried = understanding.entities, frozenset(understanding.carried)
    return [*_names(entities, carried), *_numbers(entities), *_periods(entities, carried)]


def _names(entities: Entities, carried: frozenset[str]) -> Iterator[conversation_pb2.Entity]:
    for mention in entities.stocks:
        value = conversation_pb2.InstrumentEntity(ticker=mention.instrument.ticker, name=mention.instrument.name)
        from_context = "stocks" in carried
        yield conversation_pb2.Entity(
            text="" if from_context else mention.words, instrument=value, from_context=from_context
        )
    yield from (conversation_pb2.Entity(index=MARKET_INDEX.to_wire(index)) for index in entities.indices)
    yield from (conversation_pb2.Entity(kind=SIGNAL_KIND.to_wire(kind)) for kind in entities.kinds)
    yield from (conversation_pb2.Entity(grade=GRADE.to_wire(grade)) for grade in entities.grades)
    yield from (conversation_pb2.Entity(text=sector, sector=sector) for sector in entities.sectors)


def _numbers(entities: Entities) -> Iterator[conversation_pb2.Entity]:
    for quantity in entities.quantities:
        yield conversation_pb2.Entity(text=quantity.words, number=float(quantity.value), unit=_UNITS.get(quantity.unit, ""))


def _periods(entities: Entities, carried: frozenset[str]) -> Iterator[conversation_pb2.Entity]:
    asked = (period.instead_of for period in entities.periods)
    for period in (*entities.periods, *(one for one in asked if one is not None)):
        value = conversation_pb2.DateRange(
            since=local_date_message(period.first),
            until=local_date_message(period.last),
            session_count=period.sessions or 0,
        )
        from_context = "periods" in carried
        yield conversation_pb2.Entity(text="" if from_context else period.words, period=value, from_context=from_context)
