"""What models have used in a day, counted in memory and written behind: no question waits for another one's write.

A process knows its own use at once and that of the others some seconds later, so caps hold exactly within one process; of
several, each may pass them by what the others used in that time. What was counted in the second before a crash is forgotten.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from shared.clock import Clock
from shared.market.errors import StoreUnusable
from shared.store.repositories.model_usage import EVERYBODY, ModelUsage
from shared.store.store import Store

log = structlog.get_logger(__name__)

_WRITE_S = 1.0
_FRESH_S = 5.0
"""How long what the store said counts, before it is asked again what other processes have used."""

_DAYS_KEPT = timedelta(days=31)
_NOTHING = ModelUsage()

_Key = tuple[date, str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store said, and when in machine time."""

    sums: ModelUsage
    at: float


class UsageLedger:
    """Counts for one process; `run` writes, and what is left is written when it ends."""

    name = "model-usage"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[_Key, _Known] = {}
        self._unwritten: dict[_Key, ModelUsage] = {}
        self._writing = asyncio.Lock()
        self._writes = 0
        self._swept: date | None = None
        self._lost = False

    async def learn(self, day: date, principal: str) -> None:
        """Know what a principal and everybody together used on a day, also in other processes."""
        while not all(self._is_fresh((day, who)) for who in (principal, EVERYBODY)):
            writes = self._writes
            async with self._store.read() as uow:
                found = {(day, who): await uow.model_usage.of(day, who) for who in (principal, EVERYBODY)}
            if writes == self._writes:  # else it may be older than what the write learned
                self._keep(found)

    def used(self, day: date, principal: str) -> ModelUsage:
        """What was used, as far as it is known here; `learn` first."""
        key = (day, principal)
        known = self._known.get(key)
        return (_NOTHING if known is None else known.sums) + self._unwritten.get(key, _NOTHING)

    def add(self, day: date, principal: str, usage: ModelUsage) -> None:
        """Count for a principal and for everybody, negative numbers included."""
        for who in (principal, EVERYBODY):
            self._unwritten[day, who] = self._unwritten.get((day, who), _NOTHING) + usage

    async def write(self) -> None:
        """Write what was counted since the last time.

        Raises:
            StoreUnusable: The store cannot be written; nothing is lost, the next call tries again.
        """
        async with self._writing:
            written = {key: usage for key, usage in self._unwritten.items() if usage != _NOTHING}
            if not written:
                return
            found = await self._write(written)
            self._writes += 1
            for key, usage in written.items():
                self._unwritten[key] -= usage
            self._unwritten = {key: usage for key, usage in self._unwritten.items() if usage != _NOTHING}
            self._known = {key: known for key, known in self._known.items() if self._is_fresh(key)}
            self._keep(found)

    async def run(self) -> None:
        """Write every second until cancelled, and once more then."""
        try:
            while True:
                await self._clock.sleep_machine(_WRITE_S)
                await self._try_to_write()
        finally:
            await self._try_to_write()

    async def _try_to_write(self) -> None:
        try:
            await self.write()
        except StoreUnusable as error:
            if not self._lost:
                log.warning("model_usage_unwritten", why=str(error))
            self._lost = True
        else:
            self._lost = False

    async def _write(self, written: Mapping[_Key, ModelUsage]) -> dict[_Key, ModelUsage]:
        found: dict[_Key, ModelUsage] = {}
        async with self._store.begin(durable=False) as uow:
            for day in sorted(_days(written)):
                sums = await uow.model_usage.add(day, {who: usage for (of, who), usage in written.items() if of == day})
                found |= {(day, who): usage for who, usage in sums.items()}
            if self._swept != day:
                await uow.model_usage.delete_before(day - _DAYS_KEPT)
        self._swept = day
        return found

    def _keep(self, found: Mapping[_Key, ModelUsage]) -> None:
        now = self._clock.monotonic()
        self._known.update({key: _Known(sums, now) for key, sums in found.items()})

    def _is_fresh(self, key: _Key) -> bool:
        known = self._known.get(key)
        return known is not None and self._clock.monotonic() - known.at < _FRESH_S


def _days(keys: Iterable[_Key]) -> set[date]:
    return {day for day, _ in keys}
