"""The signal room behind a real server, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from kstock.signal.v1 import signal_service_pb2, signal_service_pb2_grpc

from servers.signal.event_log import EventLog
from servers.signal.service import SignalService
from servers.signal.tail import EventTail
from shared.clock import Clock, WallClock
from shared.market.sessions import SessionCalendar
from shared.rpc.handlers import HostedService
from shared.store.store import Store
from tests.fixtures.rpc_house import serving


@asynccontextmanager
async def signal_room(
    store: Store, *, clock: Clock | None = None
) -> "AsyncIterator[signal_service_pb2_grpc.SignalServiceAsyncStub]":
    """A stub of the room on that store."""
    clock = clock or WallClock()
    log = EventLog(store, clock, SessionCalendar.load())
    tail = EventTail(log)
    service = SignalService(store, log, tail, clock)
    descriptor = signal_service_pb2.DESCRIPTOR.services_by_name["SignalService"]
    following = asyncio.create_task(tail.run())
    try:
        hosted = HostedService(descriptor=descriptor, servicer=service)
        async with serving([hosted], drainables=[service], clock=clock) as channel:
            yield signal_service_pb2_grpc.SignalServiceStub(channel)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


@pytest.fixture
async def signals(store: Store) -> "AsyncIterator[signal_service_pb2_grpc.SignalServiceAsyncStub]":
    """A stub of a room on a fresh store; the test runs on both databases."""
    async with signal_room(store) as stub:
        yield stub
