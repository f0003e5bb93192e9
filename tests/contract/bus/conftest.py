"""Both buses behind one fixture."""

from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest

from shared.bus.base import EventBus
from shared.bus.memory import MemoryBus
from shared.bus.redis import RedisBus
from shared.clock import WallClock
from tests.fixtures.valkey import valkey

__all__ = ["connect", "valkey"]

Connect = Callable[[], EventBus]


@pytest.fixture(params=["memory", "redis"])
async def connect(request: pytest.FixtureRequest) -> AsyncIterator[Connect]:
    """Connect to a fresh bus as one more process would."""
    if request.param == "memory":
        shared = MemoryBus(WallClock())
        yield lambda: shared
        return
    server = request.getfixturevalue("valkey")
    namespace = uuid4().hex
    connections: list[RedisBus] = []

    def one_more() -> RedisBus:
        connections.append(RedisBus(server.url, namespace=namespace, clock=WallClock()))
        return connections[-1]

    yield one_more
    for connection in connections:
        await connection.close()
