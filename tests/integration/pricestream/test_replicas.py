"""Several replicas on one bus: streams may be anywhere, changes may reach any of them (realtime.md 1.8)."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import grpc
import pytest
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from shared.bus.demand import DEMAND_CHANNEL, DemandStatement, DemandTable
from shared.bus.redis import RedisBus
from shared.clock import WallClock
from tests.fixtures.price_house import request, topic_of
from tests.fixtures.stream_server import StreamServer, TestFeed, stream_server
from tests.fixtures.stream_validator import StreamValidator
from tests.fixtures.valkey import ValkeyServer


@pytest.fixture
async def buses(valkey: ValkeyServer) -> AsyncIterator[list[RedisBus]]:
    """Connections of three processes."""
    namespace = uuid4().hex
    made = [RedisBus(valkey.url, namespace=namespace, clock=WallClock()) for _ in range(3)]
    yield made
    for bus in made:
        await bus.close()


@pytest.fixture
async def feed(buses: list[RedisBus]) -> TestFeed:
    made = TestFeed(buses[0])
    await made.take_over()
    return made


@pytest.fixture
async def replicas(buses: list[RedisBus], feed: TestFeed) -> AsyncIterator[tuple[StreamServer, StreamServer]]:
    async with stream_server(buses[1], replica="one") as one, stream_server(buses[2], replica="two") as two:
        yield one, two


async def read_until_seq(call: grpc.aio.UnaryStreamCall, validator: StreamValidator, topic: str, seq: int) -> None:
    async with asyncio.timeout(10):
        while topic not in validator.topics or validator.topics[topic].seq < seq:
            validator.take(await call.read())


async def test_a_stream_moves_between_replicas_without_going_back(
    feed: TestFeed, replicas: tuple[StreamServer, StreamServer]
) -> None:
    await feed.tick("000001")
    seen = 0
    for turn in range(6):
        validator = StreamValidator()
        call = replicas[turn % 2].stub().Subscribe(request("price:000001"))
        await feed.tick("000001")
        await read_until_seq(call, validator, "price:000001", feed.seqs["000001"])
        assert validator.topics["price:000001"].seq > seen
        assert validator.epoch == feed.epoch
        seen = validator.topics["price:000001"].seq
        call.cancel()


async def test_a_change_through_the_other_replica_is_acknowledged_on_the_stream(
    feed: TestFeed, replicas: tuple[StreamServer, StreamServer]
) -> None:
    here, there = replicas
    await feed.tick("000001", "000002")
    validator = StreamValidator()
    call = here.stub().Subscribe(request("price:000001", credit_bytes=20_000))
    await read_until_seq(call, validator, "price:000001", 1)
    change = wire.UpdateSubscriptionRequest(
        stream_id=validator.stream_id, add=[topic_of("price:000002")], ack_stream_seq=validator.responses
    )
    answer = await there.stub().UpdateSubscription(change)
    await read_until_seq(call, validator, "price:000002", 1)
    assert validator.changes == [answer.change_id]
    call.cancel()


async def test_a_stream_that_is_on_no_replica_is_not_found(replicas: tuple[StreamServer, StreamServer]) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await replicas[0].stub().UpdateSubscription(wire.UpdateSubscriptionRequest(stream_id="0" * 32, ack_stream_seq=1))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_the_feed_adds_up_what_the_clients_of_all_replicas_want(
    buses: list[RedisBus], replicas: tuple[StreamServer, StreamServer]
) -> None:
    table = DemandTable()
    calls = [replica.stub().Subscribe(request(f"price:00000{place}")) for place, replica in enumerate(replicas)]
    async with buses[0].listen_control(DEMAND_CHANNEL) as inbox:
        for call in calls:
            await call.read()
        async with asyncio.timeout(10):
            while table.wanted(0) != {"price:000000", "price:000001"}:
                message = await anext(aiter(inbox))
                table.hear(DemandStatement.decode(message.payload), 0)
    for call in calls:
        call.cancel()
