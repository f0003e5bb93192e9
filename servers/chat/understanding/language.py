"""Which language a question is in, and so its answer."""

import re

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.lexicon import Words
from shared.market.language import Language

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎ]")
_ENCODED = re.compile(r"[a-z0-9+/]{24,}={0,2}")
"""Letters in a code say nothing about the language."""
_ENGLISH_WORD = re.compile(r"[a-z]{2,}")
_NO_EVIDENCE = frozenset(
    {
        "vcp",
        "etf",
        "etn",
        "elw",
        "per",
        "pbr",
        "roe",
        "eps",
        "rsi",
        "macd",
        "kospi",
        "kosdaq",
        "krx",
        "nxt",
        "ipo",
        "top",
        "vs",
        "ai",
    }
)


def detect_language(canvas: Canvas, marks: Words, *, names: tuple[str, ...], fallback: Language | None) -> Language:
    """Korean unless English words outweigh it; an explicit wish (`영어로`, `in English`) wins.

    Args:
        canvas: The question with instruments painted over: a name says nothing about the language around it.
        marks: Section `marks` of the lexicon.
        names: The instruments' words as written.
        fallback: Language of the conversation, for a question that shows none.
    """
    if _any(canvas, marks["speak_english"]):
        return Language.EN
    if _any(canvas, marks["speak_korean"]):
        return Language.KO
    text = _ENCODED.sub(" ", canvas.text)
    syllables = len(_HANGUL.findall(text))
    words = [word for word in _ENGLISH_WORD.findall(text) if word not in _NO_EVIDENCE]
    if not syllables and not words:
        return _of_names(names, fallback)
    return Language.EN if sum(map(len, words)) > 2 * syllables else Language.KO


def _any(canvas: Canvas, patterns: tuple[str, ...]) -> bool:
    return any(canvas.find(pattern) for pattern in patterns)


def _of_names(names: tuple[str, ...], fallback: Language | None) -> Language:
    if any(_HANGUL.search(name) for name in names):
        return Language.KO
    return fallback or Language.KO
