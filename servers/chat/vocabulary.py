"""The understander of the instruments as they are now: built again when the master changed."""

import asyncio

from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.understand import Understander
from shared.clock import Clock
from shared.market.instrument import Instrument, Ticker
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import Mention
from shared.market.sessions import SessionCalendar
from shared.store.store import Store
from shared.text.kiwi import LazyMorphemes

_GENERATION = "instruments"
_LOOK_S = 1.0
"""How long what the store said about its instruments counts."""


class Vocabulary:
    """Keeps one understander and index, and renews both when the store's generation of instruments rose."""

    def __init__(self, store: Store, clock: Clock, calendar: SessionCalendar, *, morphemes: LazyMorphemes) -> None:
        self._store = store
        self._clock = clock
        self._calendar = calendar
        self._morphemes = morphemes
        self._lexicon = Lexicon.load()
        self._lock = asyncio.Lock()
        self._generation = -1
        self._looked_at = float("-inf")
        self._index = InstrumentIndex.load(())
        self._understander: Understander | None = None

    async def understander(self) -> Understander:
        """The understander over the newest instruments; the first call loads the morpheme analyser."""
        async with self._lock:
            now = self._clock.monotonic()
            if self._understander is not None and now - self._looked_at < _LOOK_S:
                return self._understander
            generation = await self._newest_generation()
            if self._understander is None or generation != self._generation:
                async with self._store.read() as uow:
                    instruments = await uow.instruments.list_all()
                    former = await uow.instruments.former_names()
                self._index = await asyncio.to_thread(InstrumentIndex.load, instruments, former)
                self._understander = Understander(
                    lexicon=self._lexicon,
                    index=self._index,
                    calendar=self._calendar,
                    morphemes=await self._morphemes.get(),
                )
                self._generation = generation
            self._looked_at = now
            return self._understander

    def find_in(self, sentence: str) -> tuple[Mention, ...]:
        """Instruments that a sentence names, by the index that was built last."""
        return self._index.find_in(sentence)

    def instrument(self, ticker: str) -> Instrument | None:
        """An instrument of the index that was built last; None when it has none with this code."""
        return self._index.get(Ticker(ticker))

    async def _newest_generation(self) -> int:
        async with self._store.read() as uow:
            return await uow.meta.generation(_GENERATION)
