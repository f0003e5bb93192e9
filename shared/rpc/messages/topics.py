"""Topics on the wire."""

from typing import assert_never

from kstock.common.v1 import topic_pb2

from shared.market.errors import InvalidInput
from shared.market.instrument import parse_ticker
from shared.market.quote import Venue
from shared.market.topic import FeedStatusTopic, IndexTopic, MarketGateTopic, PriceTopic, Topic
from shared.rpc.messages.enums import MARKET_INDEX, VENUE


def topic_message(topic: Topic) -> topic_pb2.Topic:
    """A topic as it travels, in canonical form."""
    match topic:
        case PriceTopic(ticker, venue):
            return topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker=ticker, venue=VENUE.to_wire(venue)))
        case IndexTopic(index):
            return topic_pb2.Topic(market_index=MARKET_INDEX.to_wire(index))
        case MarketGateTopic():
            return topic_pb2.Topic(market_gate=topic_pb2.MarketGateTopic())
        case FeedStatusTopic():
            return topic_pb2.Topic(feed_status=topic_pb2.FeedStatusTopic())
    assert_never(topic)


def read_topic(message: topic_pb2.Topic, field: str = "topic") -> Topic:
    """The topic in a message; whether its ticker exists is the master's business.

    Args:
        message: As received.
        field: Path named in the error, e.g. `topics[3]`.

    Raises:
        InvalidInput: No kind, a ticker of impossible shape, or an unknown index or venue.
    """
    match message.WhichOneof("kind"):
        case "price":
            ticker = parse_ticker(message.price.ticker, f"{field}.price.ticker")
            if not message.price.HasField("venue"):
                return PriceTopic(ticker, Venue.CONSOLIDATED)
            return PriceTopic(ticker, VENUE.from_wire(message.price.venue, f"{field}.price.venue"))
        case "market_index":
            return IndexTopic(MARKET_INDEX.from_wire(message.market_index, f"{field}.market_index"))
        case "market_gate":
            return MarketGateTopic()
        case "feed_status":
            return FeedStatusTopic()
    raise InvalidInput(field, "names no topic; set price, market_index, market_gate or feed_status")
