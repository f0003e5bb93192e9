"""Servers for tests: small, in this process, on a free port."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from kstock.alert.v1 import alert_service_pb2
from kstock.chat.v1 import chat_service_pb2
from kstock.feed.v1 import feed_service_pb2
from kstock.market.v1 import market_service_pb2
from kstock.ops.v1 import ops_service_pb2
from kstock.pricestream.v1 import price_stream_service_pb2
from kstock.scanner.v1 import scanner_service_pb2
from kstock.signal.v1 import signal_service_pb2

from shared.clock import WallClock
from shared.config import ServerSettings
from shared.rpc.handlers import HostedService
from shared.rpc.limits import StreamSlots
from shared.rpc.methods import METHODS, MethodPolicy
from shared.rpc.server import Drainable, RpcServer, ServerParts

EVERY_SCOPE = "a-token-with-every-scope"
PUBLIC_ONLY = "a-token-that-may-only-read"
TOKENS = {EVERY_SCOPE: ("public", "user", "bot", "internal", "ops"), PUBLIC_ONLY: ("public",)}

SERVICES: tuple[ServiceDescriptor, ...] = tuple(
    service
    for module in (
        alert_service_pb2,
        chat_service_pb2,
        feed_service_pb2,
        market_service_pb2,
        ops_service_pb2,
        price_stream_service_pb2,
        scanner_service_pb2,
        signal_service_pb2,
    )
    for service in module.DESCRIPTOR.services_by_name.values()
)


@asynccontextmanager
async def serving(
    *services: HostedService,
    settings: ServerSettings | None = None,
    drainables: tuple[Drainable, ...] = (),
    policies: Mapping[str, MethodPolicy] = METHODS,
    slots: StreamSlots | None = None,
) -> AsyncIterator[RpcServer]:
    """A started server that has ended when the block is left."""
    parts = ServerParts(
        services=services,
        slots=slots or StreamSlots(per_caller=5, in_all=100),
        drainables=drainables,
        policies=policies,
    )
    server = RpcServer(parts, settings=settings or ServerSettings(listen="127.0.0.1:0", tokens=TOKENS), clock=WallClock())
    await server.start()
    try:
        yield server
    finally:
        await server.drain(timedelta(seconds=0.2))


@asynccontextmanager
async def plain_channel(server: RpcServer) -> AsyncIterator[grpc.aio.Channel]:
    """A channel without anything that kstock's own client adds."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    """Metadata with a token."""
    return (("authorization", f"Bearer {token}"),)
