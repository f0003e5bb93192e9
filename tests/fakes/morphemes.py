"""A morpheme analyser for tests: its texts carry their own analysis, `적자/NNG 가/JKS 줄/VV 었/EP 다/EF`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpelledMorpheme:
    form: str
    tag: str


class SpelledOutAnalyser:
    """Reads `form/TAG` pieces separated by spaces; a piece without a tag is a common noun."""

    def analyse(self, text: str) -> list[SpelledMorpheme]:
        pieces = [piece.partition("/") for piece in text.split()]
        return [SpelledMorpheme(form, tag or "NNG") for form, _, tag in pieces]
