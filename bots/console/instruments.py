"""From what a person types to topics of the price stream: codes, names, nicknames, or a topic's own text form."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc

from shared.market.errors import InvalidInput, NotFound
from shared.market.instrument import Ticker, parse_ticker
from shared.market.topic import PriceTopic, Topic, parse_topic
from shared.rpc.client import NotServed, domain_errors

_SUGGESTIONS = 5
_GATE_SPELLINGS = ("market-gate", "market_gate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A topic and the name that people know it by; for a code that no master knows the name is empty."""

    topic: Topic
    name: str


async def find_topics(channel: grpc.aio.Channel, texts: Sequence[str]) -> tuple[Followed, ...]:
    """Find what each text means; one that is meant twice is followed once.

    Raises:
        NotFound: A name that no instrument has.
        InvalidInput: A name that fits several instruments, or a topic of unknown form.
    """
    stub = market_service_pb2_grpc.MarketServiceStub(channel)
    found = [await _find(stub, text.strip()) for text in texts]
    return tuple({str(one.topic): one for one in found}.values())


async def _find(stub: "market_service_pb2_grpc.MarketServiceAsyncStub", text: str) -> Followed:
    if ":" in text or text in _GATE_SPELLINGS:
        topic = parse_topic(text, "TICKER")
        return Followed(topic=topic, name=str(topic))
    code = _code(text)
    try:
        with domain_errors():
            answer = await stub.SearchInstruments(
                market_service_pb2.SearchInstrumentsRequest(query=text, limit=_SUGGESTIONS)
            )
    except NotServed:
        if code is None:
            raise
        return Followed(topic=PriceTopic(code), name="")
    return _chosen(answer, text, code)


def _chosen(answer: market_service_pb2.SearchInstrumentsResponse, text: str, code: Ticker | None) -> Followed:
    best = answer.matches[0] if answer.matches else None
    if code is not None and (best is None or best.kind != market_service_pb2.MATCH_KIND_CODE):
        return Followed(topic=PriceTopic(code), name="")  # the stream says what is wrong with it
    if best is None:
        raise NotFound("INSTRUMENT", text)
    if answer.ambiguous:
        fits = ", ".join(f"{match.instrument.name} {match.instrument.ticker}" for match in answer.matches)
        raise InvalidInput("TICKER", f"{text!r} fits several instruments, give a code: {fits}")
    return Followed(topic=PriceTopic(parse_ticker(best.instrument.ticker)), name=best.instrument.name)


def _code(text: str) -> Ticker | None:
    """The ticker that the text has the shape of; None for a name."""
    try:
        return parse_ticker(text.upper())
    except InvalidInput:
        return None
