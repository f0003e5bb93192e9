"""Morpheme analysers for tests: one whose texts carry their own analysis, `적자/NNG 가/JKS 줄/VV 었/EP 다/EF`, and Kiwi with
a memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kiwipiepy import Kiwi

from shared.text.kiwi import KiwiMorphemes
from shared.text.morphology import Morpheme


@dataclass(frozen=True)
class SpelledMorpheme:
    form: str
    tag: str


class SpelledOutAnalyser:
    """Reads `form/TAG` pieces separated by spaces; a piece without a tag is a common noun."""

    def analyse(self, text: str) -> list[SpelledMorpheme]:
        pieces = [piece.partition("/") for piece in text.split()]
        return [SpelledMorpheme(form, tag or "NNG") for form, _, tag in pieces]


class RememberingMorphemes(KiwiMorphemes):
    """Kiwi that analyses a text once; every house of a test run reads the same documents."""

    def __init__(self, kiwi: Kiwi) -> None:
        super().__init__(kiwi)
        self._known: dict[str, Sequence[Morpheme]] = {}

    def analyse(self, text: str) -> Sequence[Morpheme]:
        if text not in self._known:
            self._known[text] = super().analyse(text)
        return self._known[text]
