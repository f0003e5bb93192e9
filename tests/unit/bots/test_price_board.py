"""What a follower of prices knows after what the stream said."""

from datetime import UTC, datetime

import pytest
from kstock.common.v1 import market_index_pb2, quote_pb2, topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2

from bots.console.instruments import Followed
from bots.console.price_board import PriceBoard
from shared.market.topic import parse_topic
from tests.fakes.clock import FakeClock

KRX = quote_pb2.VENUE_KRX
OPENED = datetime(2026, 3, 11, tzinfo=UTC)


def board(*topics: str, clock: FakeClock | None = None) -> PriceBoard:
    followed = [Followed(topic=parse_topic(text), name=text) for text in topics]
    return PriceBoard(followed, clock or FakeClock())


def quote(ticker: str, price: int = 72_300, venue: quote_pb2.Venue = quote_pb2.VENUE_CONSOLIDATED) -> quote_pb2.Quote:
    return quote_pb2.Quote(ticker=ticker, price_krw=price, venue=venue)


def said(state: stream_pb2.TopicState, ticker: str = "") -> stream_pb2.SubscribeResponse:
    topic = topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker=ticker)) if ticker else None
    return stream_pb2.SubscribeResponse(topic_statuses=[stream_pb2.TopicStatus(topic=topic, state=state)])


def test_every_value_is_one_update_of_its_own_row() -> None:
    rows = board("price:005930", "market:kospi")
    level = market_index_pb2.IndexLevel(index=market_index_pb2.MARKET_INDEX_KOSPI, level_e2=274_321)

    changes = rows.apply(stream_pb2.SubscribeResponse(quotes=[quote("005930")], indices=[level]))

    assert [(change.row.followed.name, change.is_update) for change in changes] == [
        ("price:005930", True),
        ("market:kospi", True),
    ]


def test_a_price_of_one_venue_belongs_to_the_topic_of_that_venue() -> None:
    rows = board("price:005930", "price:005930@krx")

    rows.apply(stream_pb2.SubscribeResponse(quotes=[quote("005930", 72_300), quote("005930", 72_200, KRX)]))

    assert [row.value.price_krw for row in rows.rows] == [72_300, 72_200]


def test_a_price_of_one_venue_serves_who_asked_for_any() -> None:
    rows = board("price:005930")

    assert rows.apply(stream_pb2.SubscribeResponse(quotes=[quote("005930", venue=KRX)]))[0].is_update


def test_a_topic_without_value_is_told_but_no_update() -> None:
    rows = board("price:005930")

    (change,) = rows.apply(said(stream_pb2.TOPIC_STATE_NO_VALUE, "005930"))

    assert not change.is_update
    assert change.row.status is not None


def test_steps_of_the_protocol_are_not_told() -> None:
    rows = board("price:005930")

    assert rows.apply(said(stream_pb2.TOPIC_STATE_ADDED, "005930")) == []
    assert rows.apply(said(stream_pb2.TOPIC_STATE_CURRENT, "005930")) == []


@pytest.mark.parametrize("ticker", ["005930", ""])
def test_a_stale_topic_stays_so_until_a_value_comes(ticker: str) -> None:
    rows = board("price:005930")
    rows.apply(stream_pb2.SubscribeResponse(quotes=[quote("005930")]))

    rows.apply(said(stream_pb2.TOPIC_STATE_STALE, ticker))
    assert rows.rows[0].stale

    rows.apply(stream_pb2.SubscribeResponse(quotes=[quote("005930")]))
    assert not rows.rows[0].stale


def test_a_snapshot_of_a_silent_source_is_stale_although_its_value_is_new() -> None:
    rows = board("price:005930")
    response = said(stream_pb2.TOPIC_STATE_STALE, "005930")
    response.quotes.append(quote("005930"))

    rows.apply(response)

    assert rows.rows[0].stale


def test_a_lost_stream_makes_known_values_stale_and_nothing_else() -> None:
    rows = board("price:005930", "price:000660")
    rows.apply(stream_pb2.SubscribeResponse(quotes=[quote("005930")]))

    rows.lost()

    assert [row.stale for row in rows.rows] == [True, False]


def test_updates_of_topics_that_nobody_asked_for_change_nothing() -> None:
    assert board("price:005930").apply(stream_pb2.SubscribeResponse(quotes=[quote("000660")])) == []


async def test_market_time_goes_on_between_what_the_server_tells() -> None:
    clock = FakeClock()
    rows = board("price:005930", clock=clock)
    response = stream_pb2.SubscribeResponse()
    response.opened.market_time.FromDatetime(OPENED)

    rows.apply(response)
    await clock.advance(7)

    assert (rows.now() - OPENED).total_seconds() == 7
