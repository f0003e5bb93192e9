"""Tells the room that stored facts have changed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from shared.clock import Clock
from shared.market.errors import StoreUnusable
from shared.store.store import Store

log = structlog.get_logger(__name__)

_LOOK_S = 1.0

Listener = Callable[[], Awaitable[None]]


class GenerationWatch:
    """Compares the generation counters once a second of machine time and calls whoever depends on a changed one."""

    def __init__(self, store: Store, clock: Clock, listeners: Mapping[str, Sequence[Listener]]) -> None:
        """Keep the listeners, by name of their counter."""
        self._store = store
        self._clock = clock
        self._listeners = listeners
        self._known: dict[str, int] | None = None
        self._lost = False

    async def look(self) -> None:
        """Compare once; the first look calls every listener."""
        async with self._store.read() as uow:
            found = await uow.meta.generations()
        known, self._known = self._known, found
        for name, listeners in self._listeners.items():
            if known is None or found.get(name, 0) != known.get(name, 0):
                for listener in listeners:
                    await listener()

    async def run(self) -> None:
        """Look until cancelled; an unreachable store is looked for again."""
        while True:
            try:
                await self.look()
            except StoreUnusable as error:
                if not self._lost:
                    log.warning("store_lost", why=str(error))
                self._lost = True
            else:
                if self._lost:
                    log.info("store_back")
                self._lost = False
            await self._clock.sleep_machine(_LOOK_S)
