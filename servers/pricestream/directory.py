"""Which tickers exist, so that a subscription to any other is refused."""

from shared.clock import Clock
from shared.store.store import Store

_LOOK_S = 2.0


class TickerDirectory:
    """The instrument table's keys in memory, loaded again when the table changes; a component of the room."""

    name = "ticker-directory"

    def __init__(self, store: Store, clock: Clock) -> None:
        """Start empty; `load` fills it."""
        self._store = store
        self._clock = clock
        self._generation = -1
        self._tickers: frozenset[str] = frozenset()

    def __contains__(self, ticker: object) -> bool:
        """Whether the master has that ticker."""
        return ticker in self._tickers

    async def load(self) -> None:
        """Read the table if it has changed."""
        async with self._store.read() as uow:
            generation = await uow.meta.generation("instruments")
            if generation != self._generation:
                self._tickers = frozenset(one.ticker for one in await uow.instruments.list_all())
                self._generation = generation

    async def run(self) -> None:
        """Look for changes until cancelled."""
        while True:
            await self.load()
            await self._clock.sleep_machine(_LOOK_S)
