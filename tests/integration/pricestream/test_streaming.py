"""The price stream over a real gRPC connection, checked from the client's log alone."""

import asyncio
import random
from collections.abc import AsyncIterator

import grpc
import pytest
from google.rpc import error_details_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from shared.bus.memory import MemoryBus
from shared.clock import WallClock
from shared.rpc.errors import detail, status_of
from shared.rpc.limits import StreamSlots
from tests.fixtures.eventually import eventually
from tests.fixtures.price_house import EveryTicker, request, topic_of
from tests.fixtures.stream_server import OPS_TOKEN, StreamServer, TestFeed, stream_server
from tests.fixtures.stream_validator import StreamValidator

TICKERS = [f"{number:06d}" for number in range(30)]
TOPICS = [f"price:{ticker}" for ticker in TICKERS]


@pytest.fixture
async def feed() -> TestFeed:
    made = TestFeed(MemoryBus(WallClock()))
    await made.take_over()
    return made


@pytest.fixture
async def server(feed: TestFeed) -> AsyncIterator[StreamServer]:
    async with stream_server(feed.bus, directory=EveryTicker("999999")) as made:
        yield made


async def read_until(call: grpc.aio.UnaryStreamCall, validator: StreamValidator, wanted: dict[str, int]) -> None:
    """Read until the newest numbers are the wanted ones."""
    async with asyncio.timeout(10):
        while {text: topic.seq for text, topic in validator.topics.items() if topic.value is not None} != wanted:
            validator.take(await call.read())


async def test_many_clients_see_every_topic_in_order_once_and_end_with_the_newest_values(
    feed: TestFeed, server: StreamServer
) -> None:
    rng = random.Random(5)
    await feed.tick(*TICKERS)
    validators = [StreamValidator() for _ in range(8)]
    holds = [rng.sample(TOPICS, 20) for _ in validators]
    done = asyncio.Event()

    async def follow(validator: StreamValidator, topics: list[str]) -> None:
        call = server.stub().Subscribe(request(*topics, credit_bytes=0))
        validator.take(await call.read())
        await done.wait()
        await read_until(call, validator, {topic: feed.seqs[topic.removeprefix("price:")] for topic in topics})
        call.cancel()

    async with asyncio.TaskGroup() as tasks:
        for validator, topics in zip(validators, holds, strict=True):
            tasks.create_task(follow(validator, topics))
        for _ in range(150):
            await feed.tick(*rng.sample(TICKERS, 10))
            await asyncio.sleep(0.002)
        done.set()
    assert all(validator.settled() and validator.updates >= 20 for validator in validators)


async def test_a_change_is_acknowledged_on_the_stream(feed: TestFeed, server: StreamServer) -> None:
    await feed.tick("000001", "000002")
    stub, validator = server.stub(), StreamValidator()
    call = stub.Subscribe(request("price:000001"))
    await read_until(call, validator, {"price:000001": 1})
    answer = await stub.UpdateSubscription(
        wire.UpdateSubscriptionRequest(stream_id=validator.stream_id, add=[topic_of("price:000002")])
    )
    await read_until(call, validator, {"price:000001": 1, "price:000002": 1})
    assert validator.changes == [answer.change_id]
    call.cancel()


async def test_a_foreign_caller_cannot_touch_a_stream(feed: TestFeed, server: StreamServer) -> None:
    stub, validator = server.stub(), StreamValidator()
    call = stub.Subscribe(request("price:000001"))
    validator.take(await call.read())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.UpdateSubscription(
            wire.UpdateSubscriptionRequest(stream_id=validator.stream_id, ack_stream_seq=1),
            metadata=(("authorization", f"Bearer {OPS_TOKEN}"),),
        )
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    info = detail(status_of(caught.value), error_details_pb2.ErrorInfo)
    assert info is not None
    assert info.reason == "STREAM_NOT_FOUND"
    call.cancel()


async def test_an_unknown_ticker_is_rejected_on_a_living_stream(feed: TestFeed, server: StreamServer) -> None:
    await feed.tick("000001")
    call = server.stub().Subscribe(request("price:999999", "price:000001"))
    opened = await call.read()
    assert [(status.state, status.reason) for status in opened.topic_statuses] == [
        (wire.TOPIC_STATE_ADDED, ""),
        (wire.TOPIC_STATE_REJECTED, "INSTRUMENT_NOT_FOUND"),
    ]
    assert (await call.read()).quotes[0].price_krw == 1
    call.cancel()


@pytest.mark.parametrize(
    ("topics", "code", "reason", "field"),
    [
        ([], grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", "topics"),
        (["price:000001"] * 501, grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_TOPICS", ""),
        (["price:000001"] * 10_000, grpc.StatusCode.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE", ""),
    ],
)
async def test_no_topics_and_too_many_topics_are_refused(
    server: StreamServer, topics: list[str], code: grpc.StatusCode, reason: str, field: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await server.stub().Subscribe(request(*topics)).read()
    assert caught.value.code() is code
    info = detail(status_of(caught.value), error_details_pb2.ErrorInfo)
    assert info is not None
    assert (info.reason, info.metadata["field"]) == (reason, field)


@pytest.mark.parametrize(
    ("ticker", "field"),
    [("", "topics[1].price.ticker"), ("00\x0093", "topics[1].price.ticker"), ("\u202e00593", "topics[1].price.ticker")],
)
async def test_bad_tickers_are_refused_by_their_place(server: StreamServer, ticker: str, field: str) -> None:
    asked = request("price:000001")
    asked.topics.add().price.ticker = ticker
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await server.stub().Subscribe(asked).read()
    bad = detail(status_of(caught.value), error_details_pb2.BadRequest)
    assert bad is not None
    assert [violation.field for violation in bad.field_violations] == [field]


async def test_random_bytes_are_refused_and_the_server_lives(feed: TestFeed, server: StreamServer) -> None:
    stub = server.stub()
    rng = random.Random(9)
    subscribe = server.channels[-1].unary_stream("/kstock.pricestream.v1.PriceStreamService/Subscribe")
    for size in (1, 7, 64, 4096, 60_000):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await subscribe(rng.randbytes(size)).read()
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    await feed.tick("000001")
    call = stub.Subscribe(request("price:000001"))
    await read_until(call, StreamValidator(), {"price:000001": 1})
    call.cancel()


async def test_a_client_that_goes_away_is_forgotten(feed: TestFeed, server: StreamServer) -> None:
    call = server.stub().Subscribe(request("price:000001"))
    await call.read()
    assert server.value("topics") == 1
    call.cancel()

    async def forgotten() -> bool:
        return server.value("topics") == 0 and server.slots.total == 0

    await eventually(forgotten)
    await feed.tick("000001")


async def test_limits_and_their_use_are_told(server: StreamServer) -> None:
    stub = server.stub()
    calls = [stub.Subscribe(request("price:000001", "price:000002")) for _ in range(2)]
    for call in calls:
        await call.read()
    limits = await stub.GetLimits(wire.GetLimitsRequest())
    assert (limits.max_streams, limits.streams_in_use) == (100, 2)
    assert (limits.max_topics_per_stream, limits.topics_in_use) == (500, 4)
    assert limits.max_request_bytes == 65_536
    assert limits.min_update_interval.ToMilliseconds() == 10
    for call in calls:
        call.cancel()


async def test_one_caller_may_hold_only_so_many_streams(feed: TestFeed) -> None:
    async with stream_server(feed.bus, slots=StreamSlots(per_caller=2, in_all=10)) as server:
        stub = server.stub()
        calls = [stub.Subscribe(request("price:000001")) for _ in range(2)]
        for call in calls:
            await call.read()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Subscribe(request("price:000001")).read()
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        for call in calls:
            call.cancel()


async def test_a_drain_ends_streams_with_a_farewell_and_status_ok(feed: TestFeed) -> None:
    async with stream_server(feed.bus) as server:
        validator = StreamValidator()
        call = server.stub().Subscribe(request("price:000001"))
        validator.take(await call.read())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.server.drain())
            async with asyncio.timeout(5):
                while (response := await call.read()) is not grpc.aio.EOF:
                    validator.take(response)
        assert validator.going_away == "DRAIN"
        assert await call.code() is grpc.StatusCode.OK
