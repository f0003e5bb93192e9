"""UpdateSubscription: topics and credit of a live stream, from whichever replica the call reaches (architecture.md 2.4)."""

import pytest
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from shared.bus.memory import MemoryBus
from shared.market.errors import LimitExceeded, NotFound
from tests.fakes.clock import FakeClock
from tests.fixtures.price_chunks import price_entry
from tests.fixtures.price_house import EveryTicker, PriceHouse, price_house, topic_of


async def test_an_added_topic_is_acknowledged_on_the_stream_and_gets_its_snapshot() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1), price_entry("000660", 5))
        client = await house.subscribe("price:005930")
        client.log.clear()
        change_id = await house.update(client, add=("price:000660", "price:005930"))
        assert change_id
        applied = client.log[0].change_applied
        assert (applied.change_id, applied.added, applied.removed, applied.rejected) == (change_id, 1, 0, 0)
        await house.clock.advance(0.3)
        assert client.statuses() == [("price:000660", "ADDED"), ("price:000660", "CURRENT")]
        assert client.prices() == [("000660", 5)]


async def test_a_removed_topic_says_nothing_more() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1), price_entry("000660", 1))
        client = await house.subscribe("price:005930", "price:000660")
        client.log.clear()
        await house.publish(price_entry("005930", 2))
        await house.update(client, remove=("price:005930", "price:123456"))
        await house.publish(price_entry("005930", 3))
        await house.clock.advance(1)
        assert client.statuses() == [("price:005930", "REMOVED")]
        assert client.prices() == []
        assert client.log[0].change_applied.removed == 1
        box = house.server_side(client).outbox
        assert box.offered == box.delivered + box.conflated


async def test_removing_and_adding_again_takes_a_new_snapshot() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 7))
        client = await house.subscribe("price:005930")
        client.log.clear()
        client.validator.topics["price:005930"].seq = 0
        await house.update(client, add=("price:005930",), remove=("price:005930",))
        await house.clock.advance(1)
        assert client.statuses() == [
            ("price:005930", "REMOVED"),
            ("price:005930", "ADDED"),
            ("price:005930", "CURRENT"),
        ]
        assert client.prices() == [("005930", 7)]


async def test_a_repeated_change_applies_once() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930")
        for _ in range(3):
            assert await house.update(client, add=("price:000660",), change_id="mine") == "mine"
        assert client.controls() == ["opened", "change_applied"]


async def test_an_unknown_ticker_is_rejected_and_the_rest_applies() -> None:
    async with price_house(directory=EveryTicker("999999")).open() as house:
        client = await house.subscribe("price:005930")
        await house.update(client, add=("price:999999", "price:000660"))
        applied = next(response.change_applied for response in client.log if response.HasField("change_applied"))
        assert (applied.added, applied.rejected) == (1, 1)
        assert ("price:999999", "REJECTED") in client.statuses()


async def test_a_topic_kind_of_a_newer_contract_is_rejected_and_the_stream_lives() -> None:
    newer = wire.UpdateSubscriptionRequest()
    newer.add.add().MergeFromString(b"\xfa\x01\x02hi")  # field 31, unknown here
    async with price_house().open() as house:
        client = await house.subscribe("price:005930")
        newer.stream_id = client.stream_id
        await house.streams.update(newer, "me")
        await house.clock.advance()
        status = client.log[-1].topic_statuses[0]
        assert (status.state, status.reason) == (wire.TOPIC_STATE_REJECTED, "UNSUPPORTED_TOPIC")
        assert status.topic.SerializeToString() == newer.add[0].SerializeToString()


async def test_a_stream_belongs_to_its_caller() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", principal="me")
        change = wire.UpdateSubscriptionRequest(stream_id=client.stream_id, add=[topic_of("price:000660")])
        with pytest.raises(NotFound):
            await house.streams.update(change, "somebody else")
        assert house.server_side(client).outbox.audience.topics == {"price:005930"}


async def test_a_stream_that_is_nowhere_is_not_found() -> None:
    async with price_house().open() as house:
        change = wire.UpdateSubscriptionRequest(stream_id="0" * 32, ack_stream_seq=1)
        with pytest.raises(NotFound) as caught:
            await house.streams.update(change, "me")
    assert caught.value.kind == "STREAM"


async def test_more_topics_than_a_stream_may_hold_are_refused_whole() -> None:
    async with price_house(max_topics=3).open() as house:
        client = await house.subscribe("price:000001", "price:000002")
        with pytest.raises(LimitExceeded) as caught:
            await house.update(client, add=("price:000003", "price:000004"))
        assert caught.value.reason == "TOO_MANY_TOPICS"
        assert len(house.server_side(client).outbox.audience.topics) == 2


async def test_a_client_that_changes_topics_without_reading_is_stopped() -> None:
    async with price_house(max_unsent_statuses=10).open() as house:
        client = await house.subscribe("price:000001")
        client.stall()
        for first in (2, 6, 10):  # the first change is on its way into the transport, the others wait
            await house.update(client, add=tuple(f"price:{number:06d}" for number in range(first, first + 4)))
        with pytest.raises(LimitExceeded) as caught:
            await house.update(client, add=("price:000014",))
        assert caught.value.reason == "RATE_LIMITED"
        assert house.server_side(client).outbox.unsent_words <= 11


async def two_replicas() -> tuple[PriceHouse, PriceHouse]:
    clock = FakeClock()
    bus = MemoryBus(clock)
    return tuple(price_house(bus=bus, clock=clock, max_topics=3) for _ in range(2))  # type: ignore[return-value]


async def test_a_change_may_reach_any_replica() -> None:
    here, there = await two_replicas()
    async with here.open(), there.open():
        client = await here.subscribe("price:000001", credit_bytes=20_000)
        change = wire.UpdateSubscriptionRequest(
            stream_id=client.stream_id, add=[topic_of("price:000002")], ack_stream_seq=client.validator.responses
        )
        change_id = await there.streams.update(change, "me")
        await here.clock.advance(1)
        assert client.validator.changes == [change_id]
        assert here.server_side(client).outbox.audience.topics == {"price:000001", "price:000002"}
        with pytest.raises(NotFound):
            await there.streams.update(change, "somebody else")


async def test_what_the_owning_replica_must_refuse_is_told_on_the_stream() -> None:
    here, there = await two_replicas()
    async with here.open(), there.open():
        client = await here.subscribe("price:000001", "price:000002")
        change = wire.UpdateSubscriptionRequest(
            stream_id=client.stream_id, add=[topic_of("price:000003"), topic_of("price:000004")]
        )
        change_id = await there.streams.update(change, "me")
        await here.clock.advance(1)
        assert client.validator.changes == [change_id]
        assert client.log[-1].change_applied.rejected == 2
        assert client.log[-1].topic_statuses[0].reason == "TOO_MANY_TOPICS"


async def test_a_stream_that_has_ended_is_no_longer_found_through_another_replica() -> None:
    here, there = await two_replicas()
    async with here.open(), there.open():
        client = await here.subscribe("price:000001")
        here.ops.close_stream(client.stream_id)
        await here.clock.advance(1)
        assert client.ended
        with pytest.raises(NotFound):
            await there.streams.update(wire.UpdateSubscriptionRequest(stream_id=client.stream_id, ack_stream_seq=1), "me")
