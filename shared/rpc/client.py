"""Channels to kstock servers: token, request id, default deadlines, and careful retries.

The one door for bots and tools: the streams that stay open and the error map of clients are offered here too.
"""

import math
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from grpc.aio import ClientCallDetails, Metadata, UnaryStreamClientInterceptor, UnaryUnaryCall, UnaryUnaryClientInterceptor

from shared.clock import Clock
from shared.rpc.errors import NotServed, domain_errors, retry_delay, rich_status
from shared.rpc.interceptors.request_id import REQUEST_ID_KEY
from shared.rpc.methods import policy_of
from shared.rpc.price_stream import PriceStreamClient, PriceStreamWishes
from shared.rpc.principals import AUTHORIZATION_KEY
from shared.rpc.reconnect import StreamLost
from shared.rpc.signal_stream import Bookmark, SignalStreamClient

__all__ = [
    "Bookmark",
    "NotServed",
    "PriceStreamClient",
    "PriceStreamWishes",
    "SignalStreamClient",
    "StreamLost",
    "Target",
    "domain_errors",
    "open_channel",
]

MAX_RETRIES = 3

_FIRST_RETRY_S = 0.1
_RECEIVE_BYTES = 8 * 1024 * 1024
_OPTIONS: tuple[tuple[str, int], ...] = (
    ("grpc.max_receive_message_length", _RECEIVE_BYTES),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    # Few bytes may hide in transit: a reader that stalls shall not find megabytes of old prices when it wakes.
    ("grpc.http2.bdp_probe", 0),
    ("grpc.http2.lookahead_bytes", 65_536),
    ("grpc.enable_retries", 0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a server is and how to be let in.

    Attributes:
        address: `host:port`, or `unix:/path`.
        token: Bearer token; None calls as local or public.
        tls: Whether the server has a certificate.
        ca_certificate: Certificate to trust instead of the system's; None for those.
    """

    address: str
    token: str | None = None
    tls: bool = False
    ca_certificate: Path | None = None


def open_channel(target: Target, *, clock: Clock, jitter: random.Random | None = None) -> grpc.aio.Channel:
    """A channel that carries the token, sets default deadlines and retries unary calls on UNAVAILABLE.

    The caller closes it, best by `async with`. Failed calls raise `AioRpcError`; `errors.domain_errors()` turns it into the
    domain error.
    """
    interceptors: list[Any] = [
        _UnaryDefaults(target.token),
        _StreamDefaults(target.token),
        _Retry(clock, jitter or random.Random()),
    ]
    if not target.tls:
        return grpc.aio.insecure_channel(target.address, options=_OPTIONS, interceptors=interceptors)
    roots = target.ca_certificate.read_bytes() if target.ca_certificate else None
    credentials = grpc.ssl_channel_credentials(roots)
    return grpc.aio.secure_channel(target.address, credentials, options=_OPTIONS, interceptors=interceptors)


def method_name(details: ClientCallDetails) -> str:
    """The full method name of a call; gRPC gives bytes or text."""
    method: object = details.method
    return method.decode() if isinstance(method, bytes) else str(method)


def _with_defaults(details: ClientCallDetails, token: str | None) -> ClientCallDetails:
    given = Metadata(*(details.metadata or ()))
    names = {key for key, _ in given}
    if REQUEST_ID_KEY not in names:
        given.add(REQUEST_ID_KEY, secrets.token_hex(8))
    if token is not None and AUTHORIZATION_KEY not in names:
        given.add(AUTHORIZATION_KEY, f"Bearer {token}")
    policy = policy_of(method_name(details))
    timeout = details.timeout
    if timeout is None and policy is not None and not policy.is_stream:
        timeout = policy.deadline.total_seconds()
    return _details(details, timeout=timeout, metadata=given)


def _details(like: ClientCallDetails, *, timeout: float | None, metadata: Metadata | None) -> ClientCallDetails:
    return ClientCallDetails(like.method, timeout, metadata, like.credentials, like.wait_for_ready)


class _UnaryDefaults(UnaryUnaryClientInterceptor):
    """Adds token, request id and default deadline to unary calls."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    async def intercept_unary_unary(
        self, continuation: Callable[..., Any], client_call_details: ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_with_defaults(client_call_details, self._token), request)


class _StreamDefaults(UnaryStreamClientInterceptor):
    """Adds token, request id and, except on streams that live long, the default deadline to streaming calls."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    async def intercept_unary_stream(
        self, continuation: Callable[..., Any], client_call_details: ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_with_defaults(client_call_details, self._token), request)


class _Retry(UnaryUnaryClientInterceptor):
    """Repeats a unary call that ended UNAVAILABLE, with full jitter, as long as its deadline allows."""

    def __init__(self, clock: Clock, jitter: random.Random) -> None:
        self._clock = clock
        self._jitter = jitter

    async def intercept_unary_unary(
        self, continuation: Callable[..., Any], client_call_details: ClientCallDetails, request: Any
    ) -> Any:
        allowed = client_call_details.timeout
        ends_at = math.inf if allowed is None else self._clock.monotonic() + allowed
        call = await continuation(client_call_details, request)
        for attempt in range(MAX_RETRIES):
            if await call.code() is not grpc.StatusCode.UNAVAILABLE:
                break
            delay = await self._delay(call, attempt)
            remaining = ends_at - self._clock.monotonic() - delay
            if remaining <= 0:
                break
            await self._clock.sleep_machine(delay)
            timeout = None if math.isinf(remaining) else remaining
            again = _details(client_call_details, timeout=timeout, metadata=client_call_details.metadata)
            call = await continuation(again, request)
        return call

    async def _delay(self, call: UnaryUnaryCall[Any, Any], attempt: int) -> float:
        asked = retry_delay(rich_status(await call.trailing_metadata()))
        jittered = self._jitter.uniform(0, _FIRST_RETRY_S * 2.0**attempt)
        return jittered if asked is None else asked.total_seconds() + jittered
