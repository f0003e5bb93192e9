"""Repair typing errors in the words that matter: one wrong letter inside one syllable of a known word."""

from collections.abc import Iterator, Mapping, Sequence

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.morphology import Morpheme
from shared.market.hangul import is_syllable, letters


def repair(
    canvas: Canvas, words: tuple[str, ...], morphemes: Sequence[Morpheme], *, correct: tuple[str, ...] = ()
) -> tuple[Canvas, tuple[tuple[str, str], ...]]:
    """Put known words in the place of words that differ from them in one letter of one syllable.

    Args:
        canvas: The question, instruments painted over.
        words: Correct spellings without spaces.
        morphemes: Of the canvas's text; only what begins and ends with one is repaired, so that `이번 추석` stays.
        correct: Words that are right as they stand, and so is every part of them: 신고 of 신고가 is no 신호.

    Returns:
        The corrected canvas and the pairs (as written, corrected); positions stay valid because lengths do.
    """
    known = frozenset((*words, *correct))
    pieces = _pieces(canvas, morphemes, frozenset(map(len, words)), correct)
    repairs: list[tuple[str, str]] = []
    for word in words:
        position = _near(pieces.get(len(word), {}), word, known)
        if position is not None:
            repairs.append((canvas.compact[position : position + len(word)], word))
            canvas = canvas.replace_compact(position, word)
    return canvas, tuple(repairs)


def _pieces(
    canvas: Canvas, morphemes: Sequence[Morpheme], lengths: frozenset[int], correct: tuple[str, ...]
) -> dict[int, dict[str, int]]:
    """Stretches that begin and end with a morpheme, by length: their text and position in the compact text."""
    right = frozenset(place for word in correct for place in _covered(canvas.compact, word))
    edges = frozenset(edge for item in morphemes for edge in (item.start, item.end))
    pieces: dict[int, dict[str, int]] = {length: {} for length in lengths}
    text = canvas.compact
    for length in lengths:
        for position in range(len(text) - length + 1):
            start, end = canvas.original_span(position, length)
            if start in edges and end in edges and right.isdisjoint(range(position, position + length)):
                pieces[length].setdefault(text[position : position + length], position)
    return pieces


def _covered(text: str, word: str) -> Iterator[int]:
    """Positions of letters that belong to a word."""
    position = text.find(word)
    while position >= 0:
        yield from range(position, position + len(word))
        position = text.find(word, position + 1)


def _near(pieces: Mapping[str, int], word: str, known: frozenset[str]) -> int | None:
    """Where something stands that can only be a misspelled `word`: no other word of the table is written so."""
    if word in pieces:
        return None
    wrong = ((written, position) for written, position in pieces.items() if written not in known)
    return next((position for written, position in wrong if _one_letter_off(written, word)), None)


def _one_letter_off(written: str, word: str) -> bool:
    wrong = [pair for pair in zip(written, word, strict=True) if pair[0] != pair[1]]
    return len(wrong) == 1 and is_syllable(wrong[0][0]) and _letters_apart(*wrong[0]) == 1


def _letters_apart(left: str, right: str) -> int:
    """How many of initial, vowel and final differ; a missing final counts as one letter."""
    one, other = letters(left).ljust(3), letters(right).ljust(3)
    return sum(a != b for a, b in zip(one, other, strict=True))
