"""Readers that stall, over real connections: what they cost, what they read on waking, and how they end."""

import asyncio
import gc
import random
import sys
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import grpc
import pytest
from google.rpc import error_details_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.hub import Hub, TopicChange
from servers.pricestream.limits import StreamLimits
from servers.pricestream.subscriber import Moment, Terms
from shared.bus.memory import MemoryBus
from shared.clock import WallClock
from shared.metrics import Metrics
from shared.rpc.errors import detail, status_of
from tests.fixtures.eventually import eventually
from tests.fixtures.price_chunks import FEED_EPOCH, price_entry
from tests.fixtures.price_house import request
from tests.fixtures.stream_server import QUICK, StreamServer, TestFeed, stream_server
from tests.fixtures.stream_validator import StreamValidator

TICKERS = [f"{number:06d}" for number in range(300)]
TOPICS = [f"price:{ticker}" for ticker in TICKERS]
NARROW = (("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_536))
NOW = datetime(2026, 3, 11, tzinfo=UTC)


@pytest.fixture
async def feed() -> TestFeed:
    made = TestFeed(MemoryBus(WallClock()))
    await made.take_over()
    return made


@pytest.fixture
async def impatient(feed: TestFeed) -> AsyncIterator[StreamServer]:
    """A server that ends slow readers after a second and a half."""
    async with stream_server(feed.bus, limits=replace(QUICK, slow_after_s=0.5, close_after_s=1.5)) as made:
        yield made


def moment(at: float) -> Moment:
    return Moment(monotonic=at, machine=NOW, market=NOW)


async def flood(feed: TestFeed, *, seconds: float) -> None:
    async with asyncio.timeout(seconds + 10):
        ends = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < ends:
            await feed.tick(*TICKERS)
            await asyncio.sleep(0.01)


def test_a_stalled_reader_costs_less_than_128_kib() -> None:
    hub = Hub(StreamLimits(), metrics=Metrics().stream, rng=random.Random(1))
    hub.book.begin_epoch(FEED_EPOCH)
    everything = [f"{number:06d}" for number in range(520)]
    subscribers = []
    gc.collect()
    tracemalloc.start()
    try:
        hub.book.take([price_entry(ticker, 1) for ticker in everything], NOW)
        for _ in hub.run_round(lambda: 0.0):
            pass
        before, _ = tracemalloc.get_traced_memory()
        for number in range(20):  # 500 topics each, no two the same
            terms = Terms(
                stream_id=str(number), principal="me", window_s=0.25, heartbeat_s=15, credit_bytes=65_536, lifetime_s=3600
            )
            subscriber = hub.register(terms, moment(0))
            hub.change(subscriber, TopicChange(add=[f"price:{ticker}" for ticker in everything[number : number + 500]]), 0)
            subscribers.append(subscriber)
        for seq in range(2, 60):
            hub.book.take([price_entry(ticker, seq) for ticker in everything], NOW)
            for _ in hub.run_round(lambda: 0.0):
                pass
            if seq < 4:  # words, then the snapshot; the snapshot hangs in the transport
                in_flight = [subscriber.take(moment(seq)) for subscriber in subscribers]
            if seq < 3:
                for subscriber in subscribers:
                    subscriber.wrote(seq)
        hub.note_staleness("FEED_LOST")
        for _ in hub.run_round(lambda: 0.0):
            pass
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    chunks = sum(sys.getsizeof(hub.book.chunk(f"price:{ticker}") or b"") for ticker in everything)
    assert all(len(data or b"") > 40_000 for data in in_flight)
    assert all(len(subscriber.outbox.pending) == 500 for subscriber in subscribers)
    assert (after - before - chunks) / len(subscribers) < 128 * 1024


async def test_a_reader_with_credit_that_wakes_reads_little_old_and_then_current_prices(feed: TestFeed) -> None:
    async with stream_server(feed.bus) as server:
        await feed.tick(*TICKERS)
        stub, validator = server.stub(NARROW), StreamValidator()
        call = stub.Subscribe(request(*TOPICS, credit_bytes=32_768))
        while not validator.settled() or not validator.topics:
            validator.take(await call.read())
        await stub.UpdateSubscription(
            wire.UpdateSubscriptionRequest(stream_id=validator.stream_id, ack_stream_seq=validator.responses)
        )
        await flood(feed, seconds=1.5)
        newest, old_bytes = feed.seqs["000000"], 0
        async with asyncio.timeout(5):
            while min(topic.seq for topic in validator.topics.values()) < newest:
                response = validator.take(await call.read())
                if response.quotes and max(quote.topic_seq for quote in response.quotes) < newest:
                    old_bytes += response.ByteSize()
                await stub.UpdateSubscription(
                    wire.UpdateSubscriptionRequest(stream_id=validator.stream_id, ack_stream_seq=validator.responses)
                )
        assert old_bytes <= 32_768 + 1024
        call.cancel()


async def test_a_reader_that_returns_no_credit_is_warned_and_then_ended_with_a_reason(
    feed: TestFeed, impatient: StreamServer
) -> None:
    call = impatient.stub(NARROW).Subscribe(request(*TOPICS, credit_bytes=16_384))
    responses: list[wire.SubscribeResponse] = []

    async def read_all() -> None:
        validator = StreamValidator()
        while True:
            responses.append(validator.take(await call.read()))

    async with asyncio.TaskGroup() as tasks:
        flooding = tasks.create_task(flood(feed, seconds=8))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await read_all()
        flooding.cancel()
    assert any(response.HasField("slow") for response in responses)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    status = status_of(caught.value)
    info = detail(status, error_details_pb2.ErrorInfo)
    assert info is not None
    assert info.reason == "SLOW_CONSUMER"
    assert detail(status, error_details_pb2.RetryInfo) is not None
    assert impatient.value("slow_closed_total", reason="SLOW_CONSUMER") == 1
    assert impatient.value("credit_blocked_seconds_total") >= 0


async def test_a_reader_without_credit_that_stops_reading_is_cancelled(feed: TestFeed, impatient: StreamServer) -> None:
    call = impatient.stub(NARROW).Subscribe(request(*TOPICS))
    await call.read()

    async def ended() -> bool:
        await feed.tick(*TICKERS)
        return impatient.value("slow_closed_total", reason="WRITE_TIMEOUT") == 1 and impatient.slots.total == 0

    await eventually(ended, within_s=20)
    assert impatient.value("topics") == 0
    call.cancel()


async def test_stalled_readers_do_not_slow_down_the_others(feed: TestFeed) -> None:
    async with stream_server(feed.bus) as server:
        stalled = [server.stub(NARROW).Subscribe(request(*TOPICS, credit_bytes=16_384)) for _ in range(10)]
        for call in stalled:
            await call.read()
        validator = StreamValidator()
        lively = server.stub(NARROW).Subscribe(request(*TOPICS))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(flood(feed, seconds=1.5))
            async with asyncio.timeout(10):
                while validator.updates < 5_000:
                    validator.take(await lively.read())
        for call in (*stalled, lively):
            call.cancel()
