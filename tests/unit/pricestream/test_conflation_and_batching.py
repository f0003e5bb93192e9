"""Encode once, conflate, batch (realtime.md 1.4)."""

import itertools
import random
from datetime import UTC, datetime

import pytest
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.hub import Hub, TopicChange
from servers.pricestream.limits import StreamLimits
from servers.pricestream.subscriber import Moment, Subscriber, Terms
from shared.metrics import Metrics
from tests.fixtures.price_chunks import FEED_EPOCH, price_entry
from tests.fixtures.price_house import FakeClient, PriceHouse, price_house

NOW = datetime(2026, 3, 11, tzinfo=UTC)


def moment(at: float) -> Moment:
    return Moment(monotonic=at, machine=NOW, market=NOW)


@pytest.fixture
def hub() -> Hub:
    made = Hub(StreamLimits(), metrics=Metrics().stream, rng=random.Random(1))
    made.book.begin_epoch(FEED_EPOCH)
    return made


def holder(hub: Hub, name: str, *topics: str) -> Subscriber:
    terms = Terms(stream_id=name, principal="me", window_s=0.25, heartbeat_s=15, credit_bytes=0, lifetime_s=3600)
    subscriber = hub.register(terms, moment(0))
    hub.change(subscriber, TopicChange(add=topics), 0)
    return subscriber


def run_round(hub: Hub) -> int:
    return sum(1 for _ in hub.run_round(lambda: 0.0))


def drain(subscriber: Subscriber, at: float) -> list[wire.SubscribeResponse]:
    responses = []
    while (data := subscriber.take(moment(at))) is not None:
        responses.append(wire.SubscribeResponse.FromString(data))
        subscriber.wrote(at)
    return responses


async def settled_client(house: PriceHouse, **options: object) -> FakeClient:
    """A client that has its snapshot and has been quiet for a while."""
    await house.publish(price_entry("005930", 1))
    client = await house.subscribe("price:005930", **options)
    await house.clock.advance(1)
    client.log.clear()
    return client


async def test_after_a_quiet_time_a_change_is_written_at_once() -> None:
    async with price_house().open() as house:
        client = await settled_client(house)
        await house.publish(price_entry("005930", 2))
        assert client.prices() == [("005930", 2)]


async def test_changes_within_the_window_are_written_together_at_its_end() -> None:
    async with price_house().open() as house:
        client = await settled_client(house)
        await house.publish(price_entry("005930", 2))
        for seq in (3, 4, 5):
            await house.clock.advance(0.06)
            await house.publish(price_entry("005930", seq))
        assert client.prices() == [("005930", 2)]
        await house.clock.advance(0.06)
        assert client.prices() == [("005930", 2)]
        await house.clock.advance(0.02)
        assert client.prices() == [("005930", 2), ("005930", 5)]


@pytest.mark.parametrize(("wished_ms", "granted_ms"), [(10, 50), (400, 400), (None, 250)])
async def test_no_two_responses_of_values_are_closer_than_the_granted_window(wished_ms: int | None, granted_ms: int) -> None:
    async with price_house().open() as house:
        wish = {} if wished_ms is None else {"min_update_interval": {"nanos": wished_ms * 1_000_000}}
        client = await settled_client(house, **wish)
        for seq in range(2, 202):
            await house.publish(price_entry("005930", seq))
            await house.clock.advance(0.01)
        times = [response.send_time.ToMicroseconds() / 1000 for response in client.log if response.quotes]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= granted_ms
    assert max(gaps) <= granted_ms + 55


async def test_every_offered_update_is_delivered_or_conflated_and_the_newest_is_what_arrives() -> None:
    async with price_house().open() as house:
        client = await settled_client(house)
        for seq in range(2, 302):
            await house.publish(price_entry("005930", seq))
            await house.clock.advance(0.007)
        await house.clock.advance(1)
        box = house.server_side(client).outbox
        assert client.prices()[-1] == ("005930", 301)
        assert (box.offered, box.delivered + box.conflated, len(box.pending)) == (301, 301, 0)
        assert box.delivered == 1 + len(client.prices())
        assert box.conflated > 250
    assert house.metrics.registry.get_sample_value("kstock_stream_conflated_total") == box.conflated


def test_subscribers_of_the_same_topics_share_one_joined_payload(hub: Hub) -> None:
    one, two = (holder(hub, name, "price:005930", "price:000660") for name in ("one", "two"))
    other = holder(hub, "other", "price:005930")
    for seq in range(1, 4):
        hub.book.take([price_entry("005930", seq), price_entry("000660", seq)], NOW)
        run_round(hub)
    assert one.outbox.pending is two.outbox.pending
    assert one.outbox.pending.joined is two.outbox.pending.joined
    assert other.outbox.pending is not one.outbox.pending


def test_a_response_contains_the_publishers_bytes_as_they_came(hub: Hub) -> None:
    entry = price_entry("005930", 1)
    subscriber = holder(hub, "one", "price:005930")
    hub.book.take([entry], NOW)
    run_round(hub)
    drain(subscriber, 0)
    hub.book.take([price_entry("005930", 2)], NOW)
    run_round(hub)
    assert price_entry("005930", 2).chunk in (subscriber.take(moment(1)) or b"")


def test_what_waits_can_never_exceed_the_topics_held(hub: Hub) -> None:
    tickers = [f"{number:06d}" for number in range(40)]
    subscriber = holder(hub, "one", *(f"price:{ticker}" for ticker in tickers))
    for seq in range(1, 60):
        hub.book.take([price_entry(ticker, seq) for ticker in tickers], NOW)
        run_round(hub)
    assert len(subscriber.outbox.pending) == 40
    assert subscriber.outbox.conflated == 58 * 40


def test_a_batch_ends_at_its_byte_cap_but_holds_at_least_one_value() -> None:
    size = len(price_entry("005930", 1).chunk)
    for cap, expected in ((size * 3, [3, 3, 1]), (size // 2, [1] * 7)):
        hub = Hub(StreamLimits(max_batch_bytes=cap), metrics=Metrics().stream, rng=random.Random(1))
        hub.book.begin_epoch(FEED_EPOCH)
        tickers = [f"{number:06d}" for number in range(7)]
        subscriber = holder(hub, "one", *(f"price:{ticker}" for ticker in tickers))
        drain(subscriber, 0)
        hub.book.take([price_entry(ticker, 1) for ticker in tickers], NOW)
        run_round(hub)
        taken = [len(response.quotes) for at in range(1, 8) for response in drain(subscriber, at)]
        assert taken == expected


def test_a_topic_that_changes_all_the_time_does_not_starve_the_others() -> None:
    hub = Hub(StreamLimits(max_batch_updates=1), metrics=Metrics().stream, rng=random.Random(1))
    hub.book.begin_epoch(FEED_EPOCH)
    subscriber = holder(hub, "one", "price:000001", "price:000002")
    drain(subscriber, 0)
    heard = []
    for seq in range(1, 11):
        hub.book.take([price_entry("000001", seq), *([price_entry("000002", 1)] if seq == 1 else [])], NOW)
        run_round(hub)
        heard += [quote.ticker for response in drain(subscriber, seq) for quote in response.quotes]
    assert "000002" in heard[:3]


def test_the_dispatcher_yields_after_each_200_subscribers(hub: Hub) -> None:
    for number in range(450):
        holder(hub, str(number), "price:005930", f"price:{number:06d}")
    hub.book.take([price_entry("005930", 1)], NOW)
    assert run_round(hub) == 2


def test_the_dispatcher_yields_after_five_milliseconds(hub: Hub) -> None:
    for number in range(10):
        holder(hub, str(number), "price:005930")
    hub.book.take([price_entry("005930", 1)], NOW)
    ticks = iter(range(1000))
    assert sum(1 for _ in hub.run_round(lambda: next(ticks) / 1000)) >= 3


def test_who_comes_or_changes_while_a_round_is_under_way_sees_each_value_once(hub: Hub) -> None:
    early = [holder(hub, str(number), "price:005930") for number in range(250)]
    hub.book.take([price_entry("005930", 1), price_entry("000660", 1)], NOW)
    under_way = hub.run_round(lambda: 0.0)
    next(under_way)
    late = holder(hub, "late", "price:005930")
    waiting = next(subscriber for subscriber in early if not subscriber.outbox.pending)
    hub.change(waiting, TopicChange(add=("price:000660",)), 0)
    list(under_way)
    for subscriber in (late, waiting):
        seen = [(quote.ticker, quote.topic_seq) for response in drain(subscriber, 0) for quote in response.quotes]
        assert sorted(seen) == sorted({("005930", 1), *([("000660", 1)] if subscriber is waiting else [])})
        assert subscriber.outbox.offered == len(seen)


async def test_a_stalled_client_delays_nobody() -> None:
    async with price_house().open() as house:
        stalled = await settled_client(house)
        lively = await house.subscribe("price:005930")
        stalled.stall()
        for seq in range(2, 42):
            await house.publish(price_entry("005930", seq))
            await house.clock.advance(0.25)
        assert lively.prices()[-1] == ("005930", 41)
        assert len(lively.prices()) >= 40
        assert len(house.server_side(stalled).outbox.pending) == 1
