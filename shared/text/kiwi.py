"""The Kiwi morpheme analyser: loaded once per process, in a thread, when a room first needs it.

Loading takes about 1.5 s, the first analysis about as long again, and 0.34 GB stay resident; afterwards a sentence takes
about 0.3 ms. So the rooms of one process share one `LazyMorphemes`, and a process that reads no Korean never loads it.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Self

from kiwipiepy import Kiwi

from shared.text.morphology import Morpheme


class KiwiMorphemes:
    """Morphemes by Kiwi; safe to call from several threads."""

    def __init__(self, kiwi: Kiwi) -> None:
        self._kiwi = kiwi

    @classmethod
    def load(cls) -> Self:
        """Load the model and run it once; blocks for some seconds."""
        # The dictionary of names of several words takes 190 MB; names of instruments come from our own index.
        morphemes = cls(Kiwi(num_workers=1, load_multi_dict=False))
        morphemes.analyse("삼성전자 지금 얼마야?")
        return morphemes

    def analyse(self, text: str) -> Sequence[Morpheme]:
        """Morphemes in text order."""
        return [Morpheme(token.form, token.tag, token.lemma, token.start, token.end) for token in self._kiwi.tokenize(text)]


class LazyMorphemes:
    """Hands out the one analyser of this process; the first caller loads it in a thread, the others wait for it."""

    def __init__(self, load: Callable[[], KiwiMorphemes] = KiwiMorphemes.load) -> None:
        self._load = load
        self._lock = asyncio.Lock()
        self._loaded: KiwiMorphemes | None = None

    @property
    def ready(self) -> bool:
        """Whether the analyser is loaded."""
        return self._loaded is not None

    async def get(self) -> KiwiMorphemes:
        """The analyser, loaded if need be."""
        async with self._lock:
            if self._loaded is None:
                self._loaded = await asyncio.to_thread(self._load)
            return self._loaded
