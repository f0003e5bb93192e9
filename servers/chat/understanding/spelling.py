"""Repair typing errors in the words that matter: one wrong letter inside one syllable of a known word."""

from collections.abc import Sequence

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.morphology import Morpheme
from shared.market.hangul import is_syllable, letters


def repair(
    canvas: Canvas, words: tuple[str, ...], morphemes: Sequence[Morpheme]
) -> tuple[Canvas, tuple[tuple[str, str], ...]]:
    """Put known words in the place of words that differ from them in one letter of one syllable.

    Args:
        canvas: The question, instruments painted over.
        words: Correct spellings without spaces.
        morphemes: Of the canvas's text; only what begins and ends with one is repaired, so that `이번 추석` stays.

    Returns:
        The corrected canvas and the pairs (as written, corrected); positions stay valid because lengths do.
    """
    edges = frozenset(edge for item in morphemes for edge in (item.start, item.end))
    repairs: list[tuple[str, str]] = []
    for word in words:
        position = _near(canvas, word, edges)
        if position is not None:
            repairs.append((canvas.compact[position : position + len(word)], word))
            canvas = canvas.replace_compact(position, word)
    return canvas, tuple(repairs)


def _near(canvas: Canvas, word: str, edges: frozenset[int]) -> int | None:
    text = canvas.compact
    if word in text:
        return None
    for position in range(len(text) - len(word) + 1):
        if _one_letter_off(text[position : position + len(word)], word):
            start, end = canvas.original_span(position, len(word))
            if start in edges and end in edges:
                return position
    return None


def _one_letter_off(written: str, word: str) -> bool:
    wrong = [pair for pair in zip(written, word, strict=True) if pair[0] != pair[1]]
    return len(wrong) == 1 and is_syllable(wrong[0][0]) and _letters_apart(*wrong[0]) == 1


def _letters_apart(left: str, right: str) -> int:
    """How many of initial, vowel and final differ; a missing final counts as one letter."""
    one, other = letters(left).ljust(3), letters(right).ljust(3)
    return sum(a != b for a, b in zip(one, other, strict=True))
