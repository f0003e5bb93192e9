"""Whether a kstock server answers at an address."""

import asyncio

import grpc
from grpc.aio import AioRpcError
from grpc_health.v1 import health_pb2, health_pb2_grpc

from shared.clock import Clock
from shared.rpc.client import Target, open_channel
from shared.rpc.errors import from_rpc_error

_CONNECT_S = 1.0
_ANSWER_S = 3.0
_PACKAGE = "kstock."


async def is_listening(address: str) -> bool:
    """Whether anything accepts connections there; found out at once on this machine."""
    try:
        async with asyncio.timeout(_CONNECT_S):
            _, writer = await _open(address)
    except OSError:  # refused, unknown, or too slow: TimeoutError is one
        return False
    writer.close()
    return True


async def answers(target: Target, clock: Clock, *, announced: bool = False) -> bool:
    """Whether a server of kstock answers there.

    Args:
        target: Where.
        clock: Machine time.
        announced: Whether it told of itself in a file, so that it is one of kstock also where its rooms have no service.
    """
    async with open_channel(target, clock=clock) as channel:
        try:
            listed = await health_pb2_grpc.HealthStub(channel).List(health_pb2.HealthListRequest(), timeout=_ANSWER_S)
        except AioRpcError as error:
            if error.code() not in _SILENT:
                raise from_rpc_error(error) from error
            return False
    return announced or any(name.startswith(_PACKAGE) for name in listed.statuses)


_SILENT = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNIMPLEMENTED})


async def _open(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.startswith("unix:"):
        return await asyncio.open_unix_connection(address.removeprefix("unix:"))
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host.strip("[]"), int(port))
