"""Opening a stream, its snapshot, and what follows (realtime.md 1.3)."""

from tests.fixtures.price_chunks import gate_entry, price_entry
from tests.fixtures.price_house import EveryTicker, price_house


async def test_the_first_response_is_opened_with_what_was_granted() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", min_update_interval={"nanos": 1}, heartbeat_interval={"seconds": 900})
        opened = client.log[0].opened
    assert len(opened.stream_id) == 32
    assert opened.epoch == "feed:1"
    assert opened.min_update_interval.ToMilliseconds() == 50
    assert opened.heartbeat_interval.seconds == 60
    assert opened.credit_bytes == 0
    assert opened.max_topics == 500
    assert opened.market_time.ToDatetime() == house.clock.market_now().replace(tzinfo=None)


async def test_per_topic_come_added_then_the_current_value_then_current() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 4), price_entry("000660", 9), gate_entry(2))
        client = await house.subscribe("price:005930", "price:000660", "market-gate")
        assert client.statuses() == [
            ("price:005930", "ADDED"),
            ("price:000660", "ADDED"),
            ("market-gate", "ADDED"),
            ("price:005930", "CURRENT"),
            ("price:000660", "CURRENT"),
            ("market-gate", "CURRENT"),
        ]
        assert client.prices() == [("005930", 4), ("000660", 9)]
        assert client.log[1].gates[0].level == 70
        assert client.validator.settled()


async def test_current_says_the_quality_of_the_value() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1))
        client = await house.subscribe("price:005930")
        (current,) = client.log[1].topic_statuses
    assert current.quality == client.log[1].quotes[0].quality


async def test_a_topic_without_a_value_is_listed_and_stays_subscribed() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930")
        assert client.statuses() == [("price:005930", "ADDED"), ("price:005930", "NO_VALUE")]
        await house.publish(price_entry("005930", 1))
        await house.clock.advance(0.3)
        assert client.prices() == [("005930", 1)]


async def test_a_value_that_arrives_while_the_snapshot_waits_replaces_it() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1))
        client = await house.subscribe("price:005930", start=False)
        await house.publish(price_entry("005930", 2))
        await house.clock.advance(0.1)
        client.resume()
        await house.clock.advance(0.3)
        assert client.prices() == [("005930", 2)]
        assert client.statuses()[-1] == ("price:005930", "CURRENT")


async def test_a_change_between_two_rounds_reaches_a_new_subscriber_once() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1))
        await house.publish(price_entry("005930", 2))  # waits for the next round
        client = await house.subscribe("price:005930")
        assert client.prices() == [("005930", 1)]
        await house.clock.advance(0.5)
        assert client.prices() == [("005930", 1), ("005930", 2)]


async def test_an_unknown_ticker_is_rejected_for_its_topic_and_the_stream_lives() -> None:
    async with price_house(directory=EveryTicker("999999")).open() as house:
        await house.publish(price_entry("005930", 1))
        client = await house.subscribe("price:999999", "price:005930")
        assert ("price:999999", "REJECTED") in client.statuses()
        rejected = next(status for status in client.log[0].topic_statuses if status.reason)
        assert rejected.reason == "INSTRUMENT_NOT_FOUND"
        assert client.prices() == [("005930", 1)]
        assert not client.ended


async def test_a_repeated_topic_counts_once() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1))
        client = await house.subscribe("price:005930", "price:005930")
        assert client.prices() == [("005930", 1)]
        assert client.statuses() == [("price:005930", "ADDED"), ("price:005930", "CURRENT")]


async def test_a_large_snapshot_is_cut_into_batches_and_current_follows_its_own_value() -> None:
    async with price_house(max_batch_updates=100).open() as house:
        tickers = [f"{number:06d}" for number in range(250)]
        await house.publish(*(price_entry(ticker, 1) for ticker in tickers))
        client = await house.subscribe(*(f"price:{ticker}" for ticker in tickers))
        assert [len(response.quotes) for response in client.log] == [0, 100]
        assert not client.validator.settled()
        await house.clock.advance(0.5)
        assert [len(response.quotes) for response in client.log] == [0, 100, 100, 50]
        assert client.validator.settled()
