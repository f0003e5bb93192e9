"""Channels, and streams that stay open over lost connections."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from kstock.common.v1 import quote_pb2
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2
from kstock.signal.v1 import signal_pb2
from kstock.signal.v1 import signal_service_pb2 as watch_pb2

from shared.clock import WallClock
from shared.market.errors import FeedUnavailable, InvalidInput, LimitExceeded, NotFound
from shared.market.instrument import Ticker
from shared.market.signal import SignalKind
from shared.market.topic import IndexTopic, MarketIndex, PriceTopic
from shared.rpc.call import current_call, current_principal
from shared.rpc.client import (
    Bookmark,
    PriceStreamClient,
    PriceStreamWishes,
    SignalStreamClient,
    StreamLost,
    Target,
    domain_errors,
    open_channel,
)
from shared.rpc.errors import DeadlineOver, ServerUnavailable
from shared.rpc.handlers import HostedService
from shared.rpc.server import RpcServer
from tests.contract.rpc.hosting import EVERY_SCOPE, serving

MARKET = market_service_pb2.DESCRIPTOR.services_by_name["MarketService"]
STREAM = stream_pb2.DESCRIPTOR.services_by_name["PriceStreamService"]
SIGNAL = watch_pb2.DESCRIPTOR.services_by_name["SignalService"]
SAMSUNG, HYNIX = PriceTopic(Ticker("005930")), PriceTopic(Ticker("000660"))
KOSPI = IndexTopic(MarketIndex.KOSPI)

Response = stream_pb2.SubscribeResponse


class Shortest(random.Random):
    """Always draws the shortest wait."""

    def uniform(self, a: float, b: float) -> float:
        return a


class Market:
    """Fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = 0
        self.seconds_left = 0.0
        self.caller = ""

    async def GetInstrument(self, request: Any, context: Any) -> market_service_pb2.GetInstrumentResponse:
        self.calls += 1
        self.seconds_left = context.time_remaining()
        self.caller = current_principal().name
        if self.failures:
            raise self.failures.pop(0)
        return market_service_pb2.GetInstrumentResponse()


@asynccontextmanager
async def channel_to(server: RpcServer, token: str | None = None) -> AsyncIterator[grpc.aio.Channel]:
    target = Target(address=f"127.0.0.1:{server.port}", token=token)
    async with open_channel(target, clock=WallClock(), jitter=Shortest()) as channel:
        yield channel


async def get_instrument(market: Market, *, token: str | None = None) -> None:
    async with serving(HostedService(descriptor=MARKET, servicer=market)) as server, channel_to(server, token) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        with domain_errors():
            await stub.GetInstrument(market_service_pb2.GetInstrumentRequest(ticker="005930"))


async def test_a_unary_call_has_the_deadline_of_its_method() -> None:
    market = Market()
    await get_instrument(market)
    assert 2 < market.seconds_left <= 3.1


async def test_a_channel_carries_its_token() -> None:
    market = Market()
    await get_instrument(market, token=EVERY_SCOPE)
    assert market.caller.startswith("token:")


async def test_an_unavailable_server_is_asked_again_three_times() -> None:
    market = Market(*[ServerUnavailable("DRAINING", "stopping")] * 3)
    await get_instrument(market)
    assert market.calls == 4


async def test_after_three_repetitions_the_error_is_told() -> None:
    market = Market(*[ServerUnavailable("DRAINING", "stopping")] * 9)
    with pytest.raises(ServerUnavailable):
        await get_instrument(market)
    assert market.calls == 4


@pytest.mark.parametrize(
    "error",
    [NotFound("INSTRUMENT", "005930"), LimitExceeded("RATE_LIMITED", "60", timedelta(0)), InvalidInput("ticker", "is odd")],
    ids=["not-found", "limit", "invalid"],
)
async def test_other_errors_are_not_repeated(error: Exception) -> None:
    market = Market(error)
    with pytest.raises(type(error)):
        await get_instrument(market)
    assert market.calls == 1


async def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    market = Market(FeedUnavailable("kis", "no answer", timedelta(seconds=30)))
    with pytest.raises(FeedUnavailable) as failure:
        await get_instrument(market)
    assert market.calls == 1
    assert failure.value.retry_after == timedelta(seconds=30)


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    target = Target(address="127.0.0.1:1")
    async with open_channel(target, clock=WallClock(), jitter=Shortest()) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        with pytest.raises((ServerUnavailable, DeadlineOver)), domain_errors():
            await stub.GetInstrument(market_service_pb2.GetInstrumentRequest(ticker="005930"), timeout=1)


def opened(stream_id: str, *, heartbeat: float = 5.0, credit: int = 0) -> Response:
    interval = Duration()
    interval.FromTimedelta(timedelta(seconds=heartbeat))
    return Response(opened=stream_pb2.StreamOpened(stream_id=stream_id, heartbeat_interval=interval, credit_bytes=credit))


def price(ticker: str, price_krw: int = 1) -> Response:
    return Response(quotes=[quote_pb2.Quote(ticker=ticker, price_krw=price_krw, source="x" * 400)])


class PriceStream:
    """Plays one script per stream: responses to number and send, errors to raise, callables to await."""

    def __init__(self, *scripts: list[Any]) -> None:
        self.scripts = list(scripts)
        self.requests: list[stream_pb2.SubscribeRequest] = []
        self.changes: list[stream_pb2.UpdateSubscriptionRequest] = []
        self.change_failures: list[Exception] = []
        self.callers: list[str] = []

    async def Subscribe(self, request: Any, context: Any) -> AsyncIterator[Response]:
        self.requests.append(request)
        self.callers.append(current_call().principal.name)
        number = 0
        for step in self.scripts[len(self.requests) - 1]:
            if isinstance(step, Exception):
                raise step
            if not isinstance(step, Response):
                await step()
                continue
            number += 1
            yield Response(stream_seq=step.stream_seq or number, **fields_of(step))

    async def UpdateSubscription(self, request: Any, context: Any) -> stream_pb2.UpdateSubscriptionResponse:
        self.changes.append(request)
        if self.change_failures:
            raise self.change_failures.pop(0)
        return stream_pb2.UpdateSubscriptionResponse(change_id="c")


def fields_of(message: Any) -> dict[str, Any]:
    return {field.name: value for field, value in message.ListFields() if field.name != "stream_seq"}


async def forever() -> None:
    await asyncio.Event().wait()


async def follow(
    service: PriceStream,
    stop: Callable[[list[Response | StreamLost]], bool],
    *,
    do: Callable[[PriceStreamClient, int], Any] | None = None,
    wishes: PriceStreamWishes | None = None,
) -> list[Response | StreamLost]:
    """Follow Samsung until `stop`; `do` is awaited after each item with the number of items so far."""
    seen: list[Response | StreamLost] = []
    hosted = HostedService(descriptor=STREAM, servicer=service)
    async with serving(hosted) as server, channel_to(server) as channel:
        client = PriceStreamClient(channel, clock=WallClock(), jitter=Shortest(), wishes=wishes)
        async with asyncio.timeout(10), aclosing(client.watch([SAMSUNG])) as items:  # type: ignore[type-var]
            async for item in items:
                seen.append(item)
                if stop(seen):
                    break
                if do is not None:
                    await do(client, len(seen))
    return seen


def prices(seen: list[Response | StreamLost]) -> list[int]:
    return [quote.price_krw for item in seen if isinstance(item, Response) for quote in item.quotes]


def losses(seen: list[Response | StreamLost]) -> list[str]:
    return [item.reason for item in seen if isinstance(item, StreamLost)]


async def test_a_lost_price_stream_is_opened_again_with_the_same_topics() -> None:
    service = PriceStream(
        [opened("s-1"), price("005930", 1), ServerUnavailable("UNREACHABLE", "gone")],
        [opened("s-2"), price("005930", 2), forever],
    )
    seen = await follow(service, lambda seen: prices(seen) == [1, 2])
    assert losses(seen) == ["UNAVAILABLE"]
    assert service.requests[0].topics == service.requests[1].topics


async def test_a_silent_price_stream_is_given_up_after_three_heartbeats() -> None:
    service = PriceStream([opened("s-1", heartbeat=0.02), forever], [opened("s-2"), price("005930", 2), forever])
    seen = await follow(service, lambda seen: prices(seen) == [2])
    assert losses(seen) == ["SILENT"]


async def test_a_gap_in_the_numbers_of_a_stream_is_a_loss() -> None:
    skipping = price("005930", 9)
    skipping.stream_seq = 7
    service = PriceStream([opened("s-1"), skipping, forever], [opened("s-2"), price("005930", 2), forever])
    seen = await follow(service, lambda seen: prices(seen) == [2])
    assert losses(seen) == ["SEQUENCE_GAP"]


async def test_a_server_that_goes_away_is_left_after_its_last_value() -> None:
    going = Response(going_away=stream_pb2.GoingAway(reason="DRAIN", reconnect_after=Duration(nanos=10_000_000)))
    service = PriceStream([opened("s-1"), going, price("005930", 1)], [opened("s-2"), price("005930", 2), forever])
    seen = await follow(service, lambda seen: prices(seen) == [1, 2])
    assert losses(seen) == ["DRAIN"]


async def test_a_stream_that_is_refused_for_good_raises_the_reason() -> None:
    service = PriceStream([LimitExceeded("TOO_MANY_TOPICS", "500 topics per stream")])
    with pytest.raises(LimitExceeded, match="500 topics"):
        await follow(service, lambda _: False)
    assert len(service.requests) == 1


async def test_credit_is_returned_once_per_half_and_only_for_what_was_processed() -> None:
    values = [price("005930", number) for number in range(1, 12)]
    service = PriceStream([opened("s-1", credit=2_000), *values, forever])
    await follow(service, lambda seen: len(prices(seen)) == 11, wishes=PriceStreamWishes(credit_bytes=2_000))
    acknowledged = [change.ack_stream_seq for change in service.changes]
    assert service.requests[0].credit_bytes == 2_000
    assert acknowledged == [4, 7, 10]  # about 430 bytes each: every third value reaches half of 2,000
    assert {change.stream_id for change in service.changes} == {"s-1"}


async def test_without_credit_nothing_is_returned() -> None:
    service = PriceStream([opened("s-1"), *[price("005930", number) for number in range(1, 12)], forever])
    await follow(service, lambda seen: len(prices(seen)) == 11, wishes=PriceStreamWishes(credit_bytes=0))
    assert service.changes == []


async def test_a_change_goes_to_the_open_stream_and_to_every_later_one() -> None:
    async def change(client: PriceStreamClient, items: int) -> None:
        if items == 1:
            await client.change(add=[HYNIX, KOSPI], remove=[SAMSUNG])

    service = PriceStream(
        [opened("s-1"), price("005930", 1), ServerUnavailable("UNREACHABLE", "gone")],
        [opened("s-2"), price("000660", 2), forever],
    )
    await follow(service, lambda seen: prices(seen) == [1, 2], do=change)
    assert service.changes[0].stream_id == "s-1"
    assert [topic.WhichOneof("kind") for topic in service.changes[0].add] == ["price", "market_index"]
    assert [topic.price.ticker for topic in service.requests[1].topics] == ["000660", ""]


async def test_a_change_that_cannot_reach_its_stream_opens_a_new_one() -> None:
    async def change(client: PriceStreamClient, items: int) -> None:
        if items == 1:
            await client.change(add=[HYNIX])

    service = PriceStream([opened("s-1"), forever], [opened("s-2"), price("000660", 2), forever])
    service.change_failures = [NotFound("STREAM", "s-1")]
    seen = await follow(service, lambda seen: prices(seen) == [2], do=change)
    assert losses(seen) == ["CHANGE_FAILED"]
    assert [topic.price.ticker for topic in service.requests[1].topics] == ["005930", "000660"]


async def test_a_refused_change_is_told_and_undone() -> None:
    refusals: list[LimitExceeded] = []
    topics: list[Any] = []

    async def change(client: PriceStreamClient, items: int) -> None:
        if items == 1:
            with pytest.raises(LimitExceeded) as refused:
                await client.change(add=[HYNIX])
            refusals.append(refused.value)
            topics.extend(client.topics)

    service = PriceStream([opened("s-1"), price("005930", 1), forever])
    service.change_failures = [LimitExceeded("TOO_MANY_TOPICS", "1 topic")]
    await follow(service, lambda seen: prices(seen) == [1], do=change)
    assert [refusal.reason for refusal in refusals] == ["TOO_MANY_TOPICS"]
    assert topics == [SAMSUNG]


class SignalLog:
    """Plays one script per stream, like PriceStream."""

    def __init__(self, *scripts: list[Any]) -> None:
        self.scripts = list(scripts)
        self.requests: list[watch_pb2.WatchSignalsRequest] = []

    async def WatchSignals(self, request: Any, context: Any) -> AsyncIterator[watch_pb2.WatchSignalsResponse]:
        self.requests.append(request)
        for number, step in enumerate(self.scripts[len(self.requests) - 1], start=1):
            if isinstance(step, Exception):
                raise step
            if step is forever:
                await forever()
            yield watch_pb2.WatchSignalsResponse(stream_seq=number, **fields_of(step))


def watch_opened(epoch: str) -> watch_pb2.WatchSignalsResponse:
    return watch_pb2.WatchSignalsResponse(opened=watch_pb2.WatchOpened(epoch=epoch, heartbeat_interval=Duration(seconds=15)))


def events(*ids: int) -> watch_pb2.WatchSignalsResponse:
    return watch_pb2.WatchSignalsResponse(events=[signal_pb2.SignalEvent(event_id=number) for number in ids])


def reset() -> watch_pb2.WatchSignalsResponse:
    return watch_pb2.WatchSignalsResponse(reset=watch_pb2.WatchReset(reason=watch_pb2.RESET_REASON_COMPACTED))


def snapshot_complete(event_id: int) -> watch_pb2.WatchSignalsResponse:
    return watch_pb2.WatchSignalsResponse(snapshot_complete=watch_pb2.SnapshotComplete(event_id=event_id))


def heartbeat(event_id: int) -> watch_pb2.WatchSignalsResponse:
    return watch_pb2.WatchSignalsResponse(heartbeat=watch_pb2.WatchHeartbeat(event_id=event_id))


async def watch(log: SignalLog, responses: int, after: Bookmark | None = None) -> Bookmark | None:
    """Watch until so many responses were seen; returns the bookmark."""
    seen = 0
    async with serving(HostedService(descriptor=SIGNAL, servicer=log)) as server, channel_to(server) as channel:
        client = SignalStreamClient(channel, clock=WallClock(), jitter=Shortest())
        items = client.watch([SignalKind.VCP], after=after)
        async with asyncio.timeout(10), aclosing(items):  # type: ignore[type-var]
            async for item in items:
                seen += not isinstance(item, StreamLost)
                if seen == responses:
                    break
        return client.bookmark


GONE = ServerUnavailable("UNREACHABLE", "gone")


async def test_a_watcher_resumes_after_the_last_event_that_it_processed() -> None:
    log = SignalLog([watch_opened("e"), events(1, 2), events(3), GONE], [watch_opened("e"), events(4), forever])
    await watch(log, 5)
    assert not log.requests[0].HasField("after_event_id")
    assert (log.requests[1].after_event_id, log.requests[1].epoch) == (3, "e")


async def test_an_event_that_was_not_processed_is_not_in_the_bookmark() -> None:
    log = SignalLog([watch_opened("e"), events(1), events(2), forever])
    assert await watch(log, 3) == Bookmark(epoch="e", event_id=1)


async def test_heartbeats_carry_the_bookmark_over_events_of_other_kinds() -> None:
    log = SignalLog([watch_opened("e"), events(1), heartbeat(90), GONE], [watch_opened("e"), forever])
    await watch(log, 4)
    assert log.requests[1].after_event_id == 90


async def test_a_snapshot_that_breaks_off_is_asked_for_again() -> None:
    log = SignalLog(
        [watch_opened("e"), reset(), GONE],
        [watch_opened("e"), reset(), snapshot_complete(50), GONE],
        [watch_opened("e"), forever],
    )
    await watch(log, 6, Bookmark(epoch="e", event_id=7))
    assert log.requests[0].after_event_id == 7
    assert not log.requests[1].HasField("after_event_id")
    assert log.requests[2].after_event_id == 50


async def test_a_new_epoch_of_the_log_voids_the_bookmark_at_once() -> None:
    log = SignalLog([watch_opened("new"), GONE], [watch_opened("new"), forever])
    await watch(log, 2, Bookmark(epoch="old", event_id=7))
    assert log.requests[0].epoch == "old"
    assert not log.requests[1].HasField("after_event_id")
