"""Rooms that were put together, and how they run: the prices first, the rest behind them, until somebody asks to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from servers.house import Component, House
from shared.rpc.client import Target
from shared.rpc.server import RpcServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Rooms that are ready to run, their server, and the way to it.

    `urgent` are the components of rooms that others wait for, `readiness` how long they do.
    """

    house: House
    server: RpcServer
    urgent: Sequence[Component]
    components: Sequence[Component]
    preparations: Sequence[Callable[[], Awaitable[None]]]
    readiness: Sequence[Callable[[], Awaitable[None]]]
    target: Target

    async def start(self) -> None:
        """Prepare the rooms, bind the address and answer calls; what runs in the background begins with `run`.

        Raises:
            InvalidInput: The address cannot be used.
        """
        for prepare in self.preparations:
            await prepare()
        await self.server.start()

    async def run(self, when_ready: Callable[[], None] = lambda: None) -> None:
        """Run until the house is asked to stop, then drain; leaves no task behind.

        What people ask for first comes first: the other components begin once the prices are there.

        Args:
            when_ready: Called once the rooms have what a first question would be answered with.
        """
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(component.run(), name=component.name) for component in self.urgent]
            if await self._is_ready():
                when_ready()
                running += [tasks.create_task(component.run(), name=component.name) for component in self.components]
                await self.house.stopping.wait()
            await self.server.drain(self.house.stopping.grace)
            for task in running:
                task.cancel()

    async def _is_ready(self) -> bool:
        """Wait for it; False when the house is asked to stop before."""
        ready, stopping = (asyncio.ensure_future(one) for one in (self._wait_for_rooms(), self.house.stopping.wait()))
        try:
            await asyncio.wait([ready, stopping], return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                return False
            await ready
        finally:
            ready.cancel()
            stopping.cancel()
        return True

    async def _wait_for_rooms(self) -> None:
        for wait in self.readiness:
            await wait()
