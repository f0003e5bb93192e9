"""A server of the test's own, and connections to it."""

from collections.abc import AsyncIterator, Callable

import pytest

from shared.bus.redis import RedisBus
from shared.clock import WallClock
from tests.fixtures.valkey import ValkeyServer, own_valkey

__all__ = ["connect", "own_valkey"]


@pytest.fixture(name="connect")
async def connect(own_valkey: ValkeyServer) -> AsyncIterator[Callable[[], RedisBus]]:
    """Connect as one more process would."""
    connections: list[RedisBus] = []

    def one_more() -> RedisBus:
        connections.append(RedisBus(own_valkey.url, namespace="test", clock=WallClock()))
        return connections[-1]

    yield one_more
    for connection in connections:
        await connection.close()
