"""What operators are told, and the switches they have."""

from datetime import timedelta
from typing import Any

import pytest
from kstock.common.v1 import quote_pb2
from kstock.ops.v1 import ops_service_pb2 as ops

from servers.ops.service import OpsServicer
from shared.bus.memory import MemoryBus
from shared.market.errors import InvalidInput, NotFound
from tests.fakes.clock import FakeClock
from tests.fixtures.price_chunks import FEED_EPOCH, feed_entry

NO_CONTEXT: Any = None


class Room:
    """Streams and topics as a room tells of them."""

    def __init__(self, kind: ops.StreamKind, *ids: str) -> None:
        self.kind = kind
        self.ids = list(ids)

    def list_streams(self) -> list[ops.StreamInfo]:
        return [
            ops.StreamInfo(stream_id=name, kind=self.kind, open_time={"seconds": place})
            for place, name in enumerate(self.ids)
        ]

    def close_stream(self, stream_id: str) -> None:
        self.ids.remove(stream_id)

    def list_topics(self) -> list[ops.TopicInfo]:
        return [ops.TopicInfo(text=f"price:{place:06d}", subscribers=place % 3) for place in range(7)]


@pytest.fixture
def prices() -> Room:
    return Room(ops.STREAM_KIND_PRICE, "a", "b", "c")


@pytest.fixture
def bus() -> MemoryBus:
    return MemoryBus(FakeClock())


@pytest.fixture
def drains() -> list[timedelta]:
    return []


@pytest.fixture
def servicer(prices: Room, bus: MemoryBus, drains: list[timedelta]) -> OpsServicer:
    signals = Room(ops.STREAM_KIND_SIGNAL, "d")
    return OpsServicer(streams=[prices, signals], topics=prices, bus=bus, max_streams=9, drain=drains.append)


async def test_streams_come_oldest_first_in_pages(servicer: OpsServicer) -> None:
    seen, request = [], ops.ListStreamsRequest(page_size=3)
    while True:
        page = await servicer.ListStreams(request, NO_CONTEXT)
        assert (page.total_count, page.max_streams) == (4, 9)
        seen += [stream.stream_id for stream in page.streams]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert seen == ["a", "d", "b", "c"]


async def test_streams_of_one_kind(servicer: OpsServicer) -> None:
    page = await servicer.ListStreams(ops.ListStreamsRequest(kind=ops.STREAM_KIND_SIGNAL), NO_CONTEXT)
    assert [stream.stream_id for stream in page.streams] == ["d"]


async def test_topics_come_most_subscribed_first_in_pages(servicer: OpsServicer) -> None:
    first = await servicer.ListTopics(ops.ListTopicsRequest(page_size=4), NO_CONTEXT)
    rest = await servicer.ListTopics(ops.ListTopicsRequest(page_size=4, page_token=first.next_page_token), NO_CONTEXT)
    assert [topic.subscribers for topic in (*first.topics, *rest.topics)] == [2, 2, 1, 1, 0, 0, 0]
    assert (rest.next_page_token, first.total_count) == ("", 7)


async def test_a_stream_is_closed_in_its_room(servicer: OpsServicer, prices: Room) -> None:
    await servicer.CloseStream(ops.CloseStreamRequest(stream_id="b"), NO_CONTEXT)
    assert prices.ids == ["a", "c"]
    with pytest.raises(NotFound):
        await servicer.CloseStream(ops.CloseStreamRequest(stream_id="b"), NO_CONTEXT)
    with pytest.raises(InvalidInput, match="stream_id"):
        await servicer.CloseStream(ops.CloseStreamRequest(), NO_CONTEXT)


async def test_feeds_are_as_they_last_said(servicer: OpsServicer, bus: MemoryBus) -> None:
    assert not (await servicer.ListFeeds(ops.ListFeedsRequest(), NO_CONTEXT)).feeds
    await bus.begin_epoch(FEED_EPOCH)
    await bus.publish([feed_entry(1, quote_pb2.QUALITY_SIMULATED)])
    (feed,) = (await servicer.ListFeeds(ops.ListFeedsRequest(), NO_CONTEXT)).feeds
    assert feed.feed == "simulated"


async def test_a_drain_is_begun_and_tells_how_many_streams_it_ends(servicer: OpsServicer, drains: list[timedelta]) -> None:
    answer = await servicer.Drain(ops.DrainRequest(), NO_CONTEXT)
    await servicer.Drain(ops.DrainRequest(grace={"seconds": 60}), NO_CONTEXT)
    assert answer.streams == 4
    assert drains == [timedelta(seconds=10), timedelta(seconds=60)]
    with pytest.raises(InvalidInput, match="grace"):
        await servicer.Drain(ops.DrainRequest(grace={"seconds": 61}), NO_CONTEXT)
