"""Bad input is refused by the name of its field (realtime.md 1.8)."""

import pytest
from kstock.common.v1 import market_index_pb2, quote_pb2, topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.limits import StreamLimits
from servers.pricestream.requests import read_change, read_subscription
from shared.market.errors import InvalidInput, LimitExceeded
from tests.fixtures.price_house import topic_of

LIMITS = StreamLimits()
GOOD = topic_of("price:005930")


def price(ticker: str, **more: quote_pb2.Venue) -> topic_pb2.Topic:
    return topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker=ticker, **more))


@pytest.mark.parametrize(
    "ticker", ["", "123", "ABC", "ABCDEF", "0152301010", "00593a", "００５９３０", "\u202e05930", "005930 ", "00593\x00"]
)
def test_an_impossible_ticker_is_refused_by_its_place(ticker: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_subscription(wire.SubscribeRequest(topics=[GOOD, GOOD, GOOD, price(ticker)]), LIMITS)
    assert caught.value.field == "topics[3].price.ticker"
    assert ticker not in caught.value.why or not ticker


@pytest.mark.parametrize("ticker", ["005930", "000660", "0015N0", "493330", "02826K"])
def test_codes_with_letters_are_as_good_as_others(ticker: str) -> None:
    assert read_subscription(wire.SubscribeRequest(topics=[price(ticker)]), LIMITS).topics.texts == (f"price:{ticker}",)


def test_no_topic_at_all_is_refused() -> None:
    with pytest.raises(InvalidInput, match="topics: is empty"):
        read_subscription(wire.SubscribeRequest(), LIMITS)


@pytest.mark.parametrize("count", [501, 10_000])
def test_too_many_topics_are_refused_with_the_limit(count: int) -> None:
    with pytest.raises(LimitExceeded) as caught:
        read_subscription(wire.SubscribeRequest(topics=[GOOD] * count), LIMITS)
    assert (caught.value.reason, caught.value.limit) == ("TOO_MANY_TOPICS", "500 topics per stream")


def test_five_hundred_topics_are_taken() -> None:
    asked = read_subscription(wire.SubscribeRequest(topics=[price(f"{number:06d}") for number in range(500)]), LIMITS)
    assert len(asked.topics.texts) == 500


def test_a_topic_that_names_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_subscription(wire.SubscribeRequest(topics=[GOOD, topic_pb2.Topic()]), LIMITS)
    assert caught.value.field == "topics[1]"


def test_a_topic_kind_of_a_newer_contract_is_set_aside() -> None:
    newer = topic_pb2.Topic.FromString(b"\xfa\x01\x02hi")
    asked = read_subscription(wire.SubscribeRequest(topics=[GOOD, newer]), LIMITS)
    assert (asked.topics.texts, asked.topics.unknown) == (("price:005930",), (newer,))


@pytest.mark.parametrize("number", [0, 99, -1])
def test_wrong_enums_are_refused_by_their_place(number: int) -> None:
    index = topic_pb2.Topic(market_index=number)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="KOSPI, KOSDAQ") as caught:
        read_subscription(wire.SubscribeRequest(topics=[index]), LIMITS)
    assert caught.value.field == "topics[0].market_index"
    with pytest.raises(InvalidInput, match="KRX, NXT") as caught:
        read_subscription(wire.SubscribeRequest(topics=[price("005930", venue=number)]), LIMITS)  # type: ignore[arg-type]
    assert caught.value.field == "topics[0].price.venue"


def test_every_kind_of_topic_is_read_to_its_canonical_text() -> None:
    topics = [
        topic_pb2.Topic(market_index=market_index_pb2.MARKET_INDEX_KOSPI),
        topic_pb2.Topic(market_gate=topic_pb2.MarketGateTopic()),
        topic_pb2.Topic(feed_status=topic_pb2.FeedStatusTopic()),
        price("005930", venue=quote_pb2.VENUE_NXT),
        price("005930", venue=quote_pb2.VENUE_CONSOLIDATED),
    ]
    asked = read_subscription(wire.SubscribeRequest(topics=topics), LIMITS)
    assert asked.topics.texts == ("market:kospi", "market-gate", "system:feed", "price:005930@nxt", "price:005930")
    assert [topic_of(text) for text in asked.topics.texts] == topics


def test_negative_credit_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_subscription(wire.SubscribeRequest(topics=[GOOD], credit_bytes=-1), LIMITS)
    assert caught.value.field == "credit_bytes"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (wire.UpdateSubscriptionRequest(add=[GOOD]), "stream_id"),
        (wire.UpdateSubscriptionRequest(stream_id="x"), "add"),
        (wire.UpdateSubscriptionRequest(stream_id="x", add=[GOOD, price("")]), "add[1].price.ticker"),
        (wire.UpdateSubscriptionRequest(stream_id="x", remove=[price("bad")]), "remove[0].price.ticker"),
    ],
)
def test_a_bad_change_is_refused_by_its_field(request_: wire.UpdateSubscriptionRequest, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_change(request_, LIMITS)
    assert caught.value.field == field
