"""What holds for every server, whatever it serves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import quote_pb2, topic_pb2
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc
from kstock.pricestream.v1 import price_stream_service_pb2, price_stream_service_pb2_grpc
from kstock.scanner.v1 import scanner_service_pb2, scanner_service_pb2_grpc
from kstock.signal.v1 import signal_service_pb2
from structlog.testing import capture_logs

from shared.clock import WallClock
from shared.config import ServerSettings
from shared.market.errors import InvalidInput, StoreUnusable
from shared.rpc.call import current_call, current_principal
from shared.rpc.errors import detail, status_of
from shared.rpc.handlers import HostedService
from shared.rpc.limits import StreamSlots
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.server import RpcServer, ServerParts
from tests.contract.rpc.hosting import EVERY_SCOPE, TOKENS, bearer, plain_channel, serving

CHAT = chat_service_pb2.DESCRIPTOR.services_by_name["ChatService"]
MARKET = market_service_pb2.DESCRIPTOR.services_by_name["MarketService"]
STREAM = price_stream_service_pb2.DESCRIPTOR.services_by_name["PriceStreamService"]
SCANNER = scanner_service_pb2.DESCRIPTOR.services_by_name["ScannerService"]
SIGNAL = signal_service_pb2.DESCRIPTOR.services_by_name["SignalService"]


class Market:
    """Answers with what it knows about the call."""

    async def GetInstrument(self, request: Any, context: Any) -> market_service_pb2.GetInstrumentResponse:
        response = market_service_pb2.GetInstrumentResponse()
        response.instrument.ticker = request.ticker
        response.instrument.name = current_principal().name
        return response

    async def ListNews(self, request: Any, context: Any) -> market_service_pb2.ListNewsResponse:
        raise RuntimeError("the password is secret")

    async def ListBars(self, request: Any, context: Any) -> market_service_pb2.ListBarsResponse:
        raise StoreUnusable("/var/lib/kstock.db lacks tables of kstock")

    async def GetSession(self, request: Any, context: Any) -> market_service_pb2.GetSessionResponse:
        remaining = current_call().remaining(WallClock())
        return market_service_pb2.GetSessionResponse(clock_mode=f"{remaining:.3f}")


class Stream:
    """Streams until it is told to go, writing encoded responses."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.going = asyncio.Event()
        self.ended = asyncio.Event()
        self.cancelled = False

    async def Subscribe(self, request: Any, context: Any) -> None:
        await context.write(update_chunk(quote_pb2.Quote(ticker="005930")))
        await context.write(update_chunk(quote_pb2.Quote(ticker="000660")))
        self.opened.set()
        try:
            await self.going.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        finally:
            self.ended.set()

    async def drain(self) -> None:
        self.going.set()
        await self.ended.wait()

    async def GetLimits(self, request: Any, context: Any) -> price_stream_service_pb2.GetLimitsResponse:
        return price_stream_service_pb2.GetLimitsResponse()

    async def UpdateSubscription(self, request: Any, context: Any) -> Any:
        return price_stream_service_pb2.UpdateSubscriptionResponse()


class Scanner:
    """An async generator, to be ended from outside."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def RunScan(self, request: Any, context: Any) -> AsyncIterator[scanner_service_pb2.RunScanResponse]:
        try:
            yield scanner_service_pb2.RunScanResponse(started=scanner_service_pb2.ScanStarted(run_id="r-1"))
            await asyncio.Event().wait()
        finally:
            self.closed.set()


def market() -> HostedService:
    return HostedService(descriptor=MARKET, servicer=Market())


def stream(servicer: Stream) -> HostedService:
    return HostedService(descriptor=STREAM, servicer=servicer, encoded=frozenset({"Subscribe"}))


def subscribe(channel: grpc.aio.Channel, token: str = EVERY_SCOPE) -> Any:
    stub = price_stream_service_pb2_grpc.PriceStreamServiceStub(channel)
    topic = topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker="005930"))
    return stub.Subscribe(price_stream_service_pb2.SubscribeRequest(topics=[topic]), metadata=bearer(token))


async def failing(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as failure:
        await call
    return failure.value


def reason(failure: grpc.aio.AioRpcError) -> str:
    info = detail(status_of(failure), error_details_pb2.ErrorInfo)
    return info.reason if info else ""


def trailer(failure: grpc.aio.AioRpcError) -> dict[str, str | bytes]:
    return dict(failure.trailing_metadata() or ())


async def test_health_is_reported_per_service_and_as_a_whole() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for name in ("", MARKET.full_name):
            answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        await server.set_serving(MARKET.full_name, serving=False)
        answer = await health.Check(health_pb2.HealthCheckRequest(service=MARKET.full_name))
        assert answer.status == health_pb2.HealthCheckResponse.NOT_SERVING
        listed = (await health.List(health_pb2.HealthListRequest())).statuses
        assert listed[MARKET.full_name].status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert listed[""].status == health_pb2.HealthCheckResponse.SERVING


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
async def test_reflection_lists_and_describes_the_services_under_both_names(version: str) -> None:
    async with serving(market(), stream(Stream())) as server, plain_channel(server) as channel:
        call = channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )()
        await call.write(reflection_pb2.ServerReflectionRequest(list_services=""))
        names = {service.name for service in (await call.read()).list_services_response.service}
        symbol = "kstock.pricestream.v1.PriceStreamService"
        await call.write(reflection_pb2.ServerReflectionRequest(file_containing_symbol=symbol))
        files = (await call.read()).file_descriptor_response.file_descriptor_proto
        await call.done_writing()
    assert {MARKET.full_name, STREAM.full_name, "grpc.health.v1.Health"} <= names
    assert files


async def test_a_call_carries_its_request_id_back() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        call = stub.GetInstrument(
            market_service_pb2.GetInstrumentRequest(ticker="005930"), metadata=(("x-request-id", "my-id-1"),)
        )
        await call
        assert dict(await call.trailing_metadata())["x-request-id"] == "my-id-1"


@pytest.mark.parametrize("given_id", ["with space", "x" * 65, "한글".encode().hex() + ";"])
async def test_an_unusable_request_id_is_replaced(given_id: str) -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        call = stub.ListNews(market_service_pb2.ListNewsRequest(), metadata=(("x-request-id", given_id),))
        failure = await failing(call)
    assert trailer(failure)["x-request-id"] not in ("", given_id)


async def test_a_bug_is_internal_and_tells_only_the_request_id() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        failure = await failing(stub.ListNews(market_service_pb2.ListNewsRequest()))
    info = detail(status_of(failure), error_details_pb2.ErrorInfo)
    assert failure.code() is grpc.StatusCode.INTERNAL
    assert "secret" not in str(failure.details())
    assert info is not None
    assert info.metadata["errorId"] == trailer(failure)["x-request-id"]


async def test_what_is_told_by_an_id_only_stands_in_the_log_under_it() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        with capture_logs() as logged:
            failure = await failing(stub.ListBars(market_service_pb2.ListBarsRequest()))
    assert failure.code() is grpc.StatusCode.INTERNAL
    assert "/var/lib" not in str(failure.details())
    assert trailer(failure)["x-request-id"] in [entry.get("error_id") for entry in logged]


async def test_an_unknown_method_is_unimplemented() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        failure = await failing(channel.unary_unary(f"/{MARKET.full_name}/BuyEverything")(b""))
    assert failure.code() is grpc.StatusCode.UNIMPLEMENTED
    assert reason(failure) == "NOT_SERVED"
    assert "no such method" in str(failure.details())


async def test_a_method_of_a_service_that_is_not_hosted_is_named_to_callers_of_streams_too() -> None:
    name = f"/{STREAM.full_name}/Subscribe"
    async with serving(market()) as server, plain_channel(server) as channel:
        failure = await failing(channel.unary_stream(name)(b"").read())
    assert failure.code() is grpc.StatusCode.UNIMPLEMENTED
    assert reason(failure) == "NOT_SERVED"
    assert f"{name} is not served here" in str(failure.details())


async def test_a_method_outside_the_table_is_denied_to_everybody() -> None:
    async with serving(market(), policies={}) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        failure = await failing(stub.GetInstrument(market_service_pb2.GetInstrumentRequest(), metadata=bearer(EVERY_SCOPE)))
    assert failure.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_an_unknown_token_is_refused_even_where_no_token_is_needed() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        failure = await failing(stub.GetInstrument(market_service_pb2.GetInstrumentRequest(), metadata=bearer("wrong")))
    assert failure.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_call_on_this_machine_is_the_local_user() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        answer = await stub.GetInstrument(market_service_pb2.GetInstrumentRequest(ticker="005930"))
    assert answer.instrument.name == "local"


async def test_the_bridge_takes_local_rights_away() -> None:
    async with serving(HostedService(descriptor=SCANNER, servicer=Scanner())) as server, plain_channel(server) as channel:
        stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)
        call = stub.GetScanRun(scanner_service_pb2.GetScanRunRequest(), metadata=(("x-kstock-bridge", "1"),))
        failure = await failing(call)
    assert failure.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_only_a_bot_may_name_a_user() -> None:
    service = HostedService(descriptor=CHAT, servicer=object())
    async with serving(service) as server, plain_channel(server) as channel:
        method = channel.unary_unary("/kstock.chat.v1.ChatService/ListTurns")
        request = chat_service_pb2.ListTurnsRequest(user_ref="somebody").SerializeToString()
        denied = await failing(method(request))
        passed = await failing(method(request, metadata=bearer(EVERY_SCOPE)))
    assert denied.code() is grpc.StatusCode.PERMISSION_DENIED
    assert passed.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_wrong_enum_is_named_by_its_field() -> None:
    async with serving(HostedService(descriptor=SCANNER, servicer=Scanner())) as server, plain_channel(server) as channel:
        stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)
        scan = stub.RunScan(scanner_service_pb2.RunScanRequest(kind=42))  # type: ignore[arg-type]
        failure = await failing(scan.read())
    violations = detail(status_of(failure), error_details_pb2.BadRequest)
    assert failure.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert violations is not None
    assert violations.field_violations[0].field == "kind"


async def test_a_request_above_64_kib_is_refused_with_its_limit() -> None:
    request = market_service_pb2.BatchGetQuotesRequest(tickers=["005930"] * 10_000)
    async with serving(market()) as server, plain_channel(server) as channel:
        failure = await failing(market_service_pb2_grpc.MarketServiceStub(channel).BatchGetQuotes(request))
    assert failure.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert reason(failure) == "REQUEST_TOO_LARGE"


async def test_a_request_above_what_the_transport_takes_is_refused() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        failure = await failing(channel.unary_unary(f"/{MARKET.full_name}/GetInstrument")(b"x" * 2_000_000))
    assert failure.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_publication_may_be_large() -> None:
    request = signal_service_pb2.PublishSignalsRequest(unjudged_tickers=["005930"] * 20_000)
    service = HostedService(descriptor=SIGNAL, servicer=object())
    async with serving(service) as server, plain_channel(server) as channel:
        method = channel.unary_unary(f"/{SIGNAL.full_name}/PublishSignals")
        failure = await failing(method(request.SerializeToString(), metadata=bearer(EVERY_SCOPE)))
    assert failure.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_metadata_above_8_kib_is_refused() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        failure = await failing(
            stub.GetInstrument(market_service_pb2.GetInstrumentRequest(), metadata=(("x", "y" * 9_000),))
        )
    assert failure.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_the_time_left_is_the_shorter_of_cap_and_deadline() -> None:
    async with serving(market()) as server, plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        request = market_service_pb2.GetSessionRequest()
        capped = float((await stub.GetSession(request, timeout=60)).clock_mode)
        own = float((await stub.GetSession(request, timeout=2)).clock_mode)
        endless = float((await stub.GetSession(request)).clock_mode)
    assert 2 < capped <= 3
    assert 1 < own < 2.5  # gRPC rounds deadlines up
    assert 2 < endless <= 3


async def test_encoded_responses_reach_a_typed_client() -> None:
    servicer = Stream()
    async with serving(stream(servicer), drainables=(servicer,)) as server, plain_channel(server) as channel:
        call = subscribe(channel)
        tickers = [(await call.read()).quotes[0].ticker for _ in range(2)]
        servicer.going.set()
        assert await call.read() is grpc.aio.EOF
    assert tickers == ["005930", "000660"]


async def test_a_caller_may_hold_five_streams_and_no_sixth() -> None:
    servicer, slots = Stream(), StreamSlots(per_caller=5, in_all=100)
    async with serving(stream(servicer), drainables=(servicer,), slots=slots) as server, plain_channel(server) as channel:
        token = f"anon.{'a' * 32}"
        calls = [subscribe(channel, token) for _ in range(5)]
        for call in calls:
            await call.read()
        failure = await failing(subscribe(channel, token).read())
        assert (failure.code(), reason(failure)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS")
        calls[0].cancel()
        await servicer.ended.wait()
        again = subscribe(channel, token)
        assert (await again.read()).quotes
        again.cancel()
    assert slots.total == 0


async def test_changes_of_subscriptions_are_paced() -> None:
    async with serving(stream(Stream())) as server, plain_channel(server) as channel:
        stub = price_stream_service_pb2_grpc.PriceStreamServiceStub(channel)
        request = price_stream_service_pb2.UpdateSubscriptionRequest(stream_id="s")
        results = await asyncio.gather(*(stub.UpdateSubscription(request) for _ in range(60)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, grpc.aio.AioRpcError)]
    assert 0 < len(refused) <= 40
    assert {reason(failure) for failure in refused} == {"RATE_LIMITED"}


async def test_a_client_that_goes_away_ends_an_async_generator() -> None:
    servicer = Scanner()
    async with serving(HostedService(descriptor=SCANNER, servicer=servicer)) as server, plain_channel(server) as channel:
        stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)
        call = stub.RunScan(scanner_service_pb2.RunScanRequest(kind=1))  # type: ignore[arg-type]
        assert (await call.read()).started.run_id == "r-1"
        call.cancel()
        await asyncio.wait_for(servicer.closed.wait(), 5)


async def test_a_drain_lets_streams_end_by_themselves_and_refuses_new_calls() -> None:
    servicer = Stream()
    slow_end = asyncio.Event()

    class Draining:
        async def drain(self) -> None:
            await slow_end.wait()
            await servicer.drain()

    async with serving(stream(servicer), drainables=(Draining(),)) as server, plain_channel(server) as channel:
        call = subscribe(channel)
        await call.read()
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.drain())
            assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
            stub = price_stream_service_pb2_grpc.PriceStreamServiceStub(channel)
            refused = await failing(stub.GetLimits(price_stream_service_pb2.GetLimitsRequest()))
            slow_end.set()
            await call.read()
            assert await call.read() is grpc.aio.EOF
        assert await call.code() is grpc.StatusCode.OK
    assert (refused.code(), reason(refused)) == (grpc.StatusCode.UNAVAILABLE, "DRAINING")
    assert not servicer.cancelled


async def test_a_drain_ends_what_does_not_end_by_itself() -> None:
    servicer = Scanner()
    async with serving(HostedService(descriptor=SCANNER, servicer=servicer)) as server, plain_channel(server) as channel:
        stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)
        call = stub.RunScan(scanner_service_pb2.RunScanRequest(kind=1))  # type: ignore[arg-type]
        await call.read()
        await server.drain(timedelta(seconds=0.05))
        failure = await failing(call.read())
    assert (failure.code(), reason(failure)) == (grpc.StatusCode.UNAVAILABLE, "DRAINING")
    assert servicer.closed.is_set()


async def test_run_serves_until_it_is_cancelled_and_leaves_nothing() -> None:
    parts = ServerParts(services=[market()], slots=StreamSlots(per_caller=5, in_all=10))
    server = RpcServer(parts, settings=ServerSettings(listen="127.0.0.1:0"), clock=WallClock())
    await server.start()
    running = asyncio.ensure_future(server.run())
    async with plain_channel(server) as channel:
        stub = market_service_pb2_grpc.MarketServiceStub(channel)
        await stub.GetInstrument(market_service_pb2.GetInstrumentRequest(ticker="005930"))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        failure = await failing(stub.GetInstrument(market_service_pb2.GetInstrumentRequest(ticker="005930")))
    assert failure.code() is grpc.StatusCode.UNAVAILABLE


async def test_run_ends_when_it_is_asked_to() -> None:
    parts = ServerParts(services=[market()], slots=StreamSlots(per_caller=5, in_all=10))
    server = RpcServer(parts, settings=ServerSettings(listen="127.0.0.1:0"), clock=WallClock())
    server.request_stop()
    await asyncio.wait_for(server.run(), 5)


async def test_a_port_in_use_is_named() -> None:
    async with serving(market()) as server:
        taken = ServerSettings(listen=f"127.0.0.1:{server.port}", tokens=TOKENS)
        parts = ServerParts(services=[market()], slots=StreamSlots(per_caller=5, in_all=10))
        with pytest.raises(InvalidInput, match=f"{server.port} cannot be used"):
            await RpcServer(parts, settings=taken, clock=WallClock()).start()


async def test_reflection_is_for_operators_beyond_this_machine() -> None:
    settings = ServerSettings(listen="0.0.0.0:0", insecure=True, tokens=TOKENS)
    async with serving(market(), settings=settings) as server, plain_channel(server) as channel:
        describe = channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
        failure = await failing(describe().read())
        health = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
    assert failure.code() is grpc.StatusCode.PERMISSION_DENIED
    assert health.status == health_pb2.HealthCheckResponse.SERVING


def test_encoding_a_method_that_is_not_there_is_a_mistake_of_the_program() -> None:
    parts = ServerParts(
        services=[HostedService(descriptor=MARKET, servicer=Market(), encoded=frozenset({"Subscribe"}))],
        slots=StreamSlots(per_caller=5, in_all=10),
    )

    async def start() -> None:
        await RpcServer(parts, settings=ServerSettings(listen="127.0.0.1:0"), clock=WallClock()).start()

    with pytest.raises(ValueError, match="has no method"):
        asyncio.run(start())
