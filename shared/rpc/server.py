"""One gRPC server: services behind the call pipeline, health per service, reflection, graceful end."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from shared.clock import Clock
from shared.config import ServerSettings
from shared.rpc.handlers import HostedService, service_handler
from shared.rpc.health import HealthServicer
from shared.rpc.interceptors.admission import CallerLimits, Drain
from shared.rpc.interceptors.authentication import Authentication
from shared.rpc.interceptors.deadline import DeadlineCap
from shared.rpc.interceptors.error_mapping import ErrorMapping
from shared.rpc.interceptors.pipeline import CallPipeline
from shared.rpc.interceptors.request_id import CallObserver, RequestId
from shared.rpc.limits import StreamSlots
from shared.rpc.listen import ListenAddress, check_listen, server_credentials, unusable_address
from shared.rpc.methods import LARGEST_REQUEST_BYTES, METHODS, MethodPolicy, Scope
from shared.rpc.principals import PrincipalResolver
from shared.rpc.reflection import REFLECTION_METHODS, reflection_handlers

log = structlog.get_logger(__name__)

DRAIN_GRACE = timedelta(seconds=8)
"""For streams and calls to end by themselves; with the end of the transport a server is gone within 10 s."""

_TRANSPORT_GRACE_S = 1.0
_METADATA_BYTES = 8 * 1024
_OPTIONS: tuple[tuple[str, int], ...] = (
    ("grpc.max_receive_message_length", LARGEST_REQUEST_BYTES),
    ("grpc.max_metadata_size", _METADATA_BYTES),
    ("grpc.absolute_max_metadata_size", _METADATA_BYTES),
    ("grpc.max_concurrent_streams", 256),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.so_reuseport", 0),  # a port in use is an error, not a second listener
)
_HEALTH = health.SERVICE_NAME
_OPEN_READ = MethodPolicy(scope=None, deadline=timedelta(seconds=3))
_OPEN_WATCH = MethodPolicy(scope=None, deadline=timedelta(hours=24))


class Drainable(Protocol):
    """Something with long streams, e.g. the hub of the price stream."""

    async def drain(self) -> None:
        """Send `going_away` on every stream, let what is pending out, end the handlers, and return."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerParts:
    """What a server is made of.

    Attributes:
        services: The services that it hosts.
        drainables: What is told to let its streams go before the server stops.
        slots: Limits and counts of streams; shared with whoever reports them.
        observer: Learns of every ended call; None when nobody counts.
        policies: The methods that may be called at all; another table only in tests.
    """

    services: Sequence[HostedService]
    slots: StreamSlots
    drainables: Sequence[Drainable] = ()
    observer: CallObserver | None = None
    policies: Mapping[str, MethodPolicy] = field(default_factory=lambda: METHODS)


class RpcServer:
    """A server with a life: `start`, `run` until told to stop, `drain`."""

    name = "grpc"

    def __init__(self, parts: ServerParts, *, settings: ServerSettings, clock: Clock) -> None:
        """Prepare the server inside the running event loop; nothing is bound yet.

        Args:
            parts: Services and what belongs to them.
            settings: Address, transport security and tokens.
            clock: Machine time for limits and deadlines.

        Raises:
            InvalidInput: If the address may not be listened on as it is.
        """
        self._parts = parts
        self._settings = settings
        self._address = check_listen(settings)
        self._health = HealthServicer()
        self._drain = Drain()
        self._stop_wanted = asyncio.Event()
        self._ended = asyncio.Event()
        self._started = False
        self._server = grpc.aio.server(interceptors=[self._pipeline(clock)], options=_OPTIONS)
        self.port = self._address.port

    @property
    def names(self) -> list[str]:
        """Full names of the hosted services."""
        return [service.descriptor.full_name for service in self._parts.services]

    async def start(self) -> None:
        """Bind and serve; afterwards `port` is the real one.

        Raises:
            InvalidInput: If the port is in use or the host unknown.
        """
        handlers = [service_handler(service) for service in self._parts.services]
        self._server.add_generic_rpc_handlers([*handlers, *reflection_handlers([*self.names, _HEALTH])])
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self.port = self._bind()
        await self._server.start()
        self._started = True
        for name in self.names:
            await self.set_serving(name, serving=True)
        log.info("server_started", address=self._address.text, port=self.port, services=self.names)

    async def run(self) -> None:
        """Serve until cancelled or asked to stop, then drain. Starts the server unless it was started."""
        if not self._started:
            await self.start()
        try:
            await self._stop_wanted.wait()
        finally:
            await self.drain()

    def request_stop(self) -> None:
        """Let `run` drain and return, e.g. because an operator asked."""
        self._stop_wanted.set()

    async def set_serving(self, service: str, *, serving: bool) -> None:
        """Report a service's health, e.g. NOT_SERVING while the data behind it is loading."""
        status = health_pb2.HealthCheckResponse
        await self._health.set(service, status.SERVING if serving else status.NOT_SERVING)

    async def drain(self, grace: timedelta = DRAIN_GRACE) -> None:
        """End gracefully; returns when the server has stopped. Repeating it waits for the same end.

        Health turns NOT_SERVING, new calls get UNAVAILABLE, streams get `going_away`; calls may end by themselves within
        `grace`, then they are ended with UNAVAILABLE. Call it before stopping what the services need.
        """
        if self._drain.draining:
            await self._ended.wait()
            return
        self._drain.draining = True
        log.info("server_draining", port=self.port)
        await self._health.enter_graceful_shutdown()
        try:
            await self._let_calls_end(grace)
        finally:
            self._drain.end_remaining()
            await self._server.stop(_TRANSPORT_GRACE_S)
            self._ended.set()
            log.info("server_stopped", port=self.port)

    async def _let_calls_end(self, grace: timedelta) -> None:
        limit = asyncio.timeout(grace.total_seconds())
        try:
            async with limit, asyncio.TaskGroup() as tasks:
                for drainable in self._parts.drainables:
                    tasks.create_task(drainable.drain())
                tasks.create_task(self._drain.idle())
        except TimeoutError:
            if not limit.expired():
                raise
            log.warning("drain_grace_over", streams=self._parts.slots.total)

    def _bind(self) -> int:
        credentials = server_credentials(self._settings)
        address = self._address.text
        try:
            if credentials is None:
                return self._server.add_insecure_port(address)
            return self._server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise unusable_address(address, "server.listen") from error

    def _pipeline(self, clock: Clock) -> CallPipeline:
        resolver = PrincipalResolver(
            self._settings.tokens,
            loopback_only=self._address.loopback_only,
            public_access=self._settings.public_access,
        )
        stages = (
            RequestId(clock, self._parts.observer),
            ErrorMapping(),
            Authentication(resolver),
            self._drain,
            CallerLimits(self._parts.slots, clock),
            DeadlineCap(clock),
        )
        return CallPipeline(stages, {**self._parts.policies, **_infrastructure(self._address)})


def _infrastructure(address: ListenAddress) -> dict[str, MethodPolicy]:
    """Health is open everywhere; reflection tells an attacker what there is, so beyond loopback it needs the scope ops."""
    scope = None if address.loopback_only else Scope.OPS
    reflection = MethodPolicy(scope=scope, deadline=timedelta(minutes=5), on_bridge=False)
    return {
        f"/{_HEALTH}/Check": _OPEN_READ,
        f"/{_HEALTH}/List": _OPEN_READ,
        f"/{_HEALTH}/Watch": _OPEN_WATCH,
        **dict.fromkeys(REFLECTION_METHODS, reflection),
    }
