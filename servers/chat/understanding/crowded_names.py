"""Names in text without spaces: cues, particles and endings are blanked, and the index looks at what is left."""

from collections.abc import Sequence

from servers.chat.understanding.canvas import SIGNS, Canvas
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.morphology import Morpheme
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import WHOLE, Mention

_NAME_TAGS = frozenset({"NNG", "NNP", "NNB", "SL", "SN", "SH", "SW", "XR", "XPN", "XSN", "NR", "MM", "SP", "SO"})
_CROWDED_FROM = 7
"""A word of that many letters may hold a name and the question about it."""
_SECTIONS = ("investors", "aspects", "marks", "courtesies", "instrument_kinds")


class CrowdedNames:
    """The second look for names, after everything else of the question was painted over."""

    def __init__(self, lexicon: Lexicon, index: InstrumentIndex) -> None:
        self._index = index
        cues = (cue.pattern for table in lexicon.cue_tables for cue in table.cues if cue.weight >= 1.5)
        words = (pattern for name in _SECTIONS for patterns in lexicon.words[name].values() for pattern in patterns)
        self._patterns = tuple(pattern for pattern in (*cues, *words) if not _reaches_far(pattern))

    def wanted(self, canvas: Canvas, *, found: bool) -> bool:
        """Whether a second look is worth its time: nothing was found, or letters stand closely together."""
        return not found or any(len(word) >= _CROWDED_FROM for word in canvas.text.split())

    def find(self, canvas: Canvas, morphemes: Sequence[Morpheme], *, found: bool) -> tuple[Mention, ...]:
        """Names in the parts of the question that neither cue, particle nor ending explains.

        Args:
            canvas: The question, entities painted over.
            morphemes: Of the canvas's text.
            found: The question has a name already, so that only exact ones are taken.
        """
        mentions = self._index.find_in(self._rest(canvas, morphemes))
        if not found:
            return mentions
        return tuple(m for m in mentions if m.matches[0].how in WHOLE and not m.ambiguous and len(m.text) > 2)

    def _rest(self, canvas: Canvas, morphemes: Sequence[Morpheme]) -> str:
        letters = [" " if letter in SIGNS else letter for letter in canvas.original]
        for item in morphemes:
            if item.tag.partition("-")[0] not in _NAME_TAGS:
                letters[item.start : item.end] = " " * (item.end - item.start)
        for pattern in self._patterns:
            for hit in canvas.find_all(pattern):
                letters[hit.start : hit.end] = " " * (hit.end - hit.start)
        return "".join(letters)


def _reaches_far(pattern: str) -> bool:
    """Patterns with a gap, a lemma or a sign take in words that are not theirs."""
    return ".{" in pattern or ".*" in pattern or pattern.startswith(("@", "&")) or not SIGNS.isdisjoint(pattern)
