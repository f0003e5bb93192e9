"""Bring a question into one form: composed, without invisible characters, emoji, laughter and stretched syllables."""

import re
import unicodedata
from dataclasses import dataclass

MAX_LENGTH = 400
"""Characters that are read: a question is far shorter, and reading costs more than linear time."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PUNCTUATION = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "～": "~", "〜": "~", "–": "-", "—": "-", "−": "-", "…": "."}
)
_LAUGHTER = re.compile(r"(?<![ㄱ-ㅎ])[ㅋㅎ]+(?![ㄱ-ㅎ])|[ㅏ-ㅣ]+")
_STRETCHED = re.compile(r"([가-힣])\1{2,}|([!?.,~^;:\-])\2+")
_PAST = str.maketrans(
    "삿햇왓랏졋됏됫엇앗겟잇떳봣줫럿렷켯쳣텃셧혓갓낫",
    "샀했왔랐졌됐됐었았겠있떴봤줬렀렸켰쳤텄셨혔갔났",
)
_LAZY_PAST = re.compile(r"(?<!무)[삿햇왓랏졋됏됫엇앗겟잇떳봣줫럿렷켯쳣텃셧혓갓낫](?=[어여나음냐니네는지을던습다대])")
"""A past tense typed with one ㅅ: `얼마나 올랏어`."""
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_DIGITS = re.compile(r"[0-9]+")
_OPENING = 100
"""Characters of the beginning that are kept of a question that is too long: what it asks stands at its end."""
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cn", "Co", "Cs"})
_BLANKED = frozenset({"Cc", "So", "Sk", "Zl", "Zp"})
_KEPT_SIGNS = frozenset("^`~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """The question as it is read on; `truncated` when only its opening and its end are read, because it is long."""

    text: str
    truncated: bool


def normalise(raw: str) -> Normalised:
    """Clean a question; never fails, at worst nothing is left.

    Decomposed Hangul is composed and full-width ASCII narrowed; single jamo stay as they are, because initials
    (ㅅㅅㅈㅈ) name instruments. Zero-width and direction characters vanish, control characters and emoji become spaces.
    """
    clipped = raw if len(raw) <= MAX_LENGTH * 4 else f"{raw[: MAX_LENGTH * 2]} {raw[-MAX_LENGTH * 2 :]}"
    composed = unicodedata.normalize("NFC", clipped).translate(_FULL_WIDTH).translate(_PUNCTUATION)
    visible = "".join(_visible(character) for character in composed)
    calm = _STRETCHED.sub(lambda match: match[1] or match[2], _LAUGHTER.sub(" ", visible))
    calm = _LAZY_PAST.sub(lambda match: match[0].translate(_PAST), calm)
    text = _SPACE.sub(" ", calm).strip()
    return Normalised(text=_shortened(text), truncated=len(raw) > len(clipped) or len(text) > MAX_LENGTH)


def _shortened(text: str) -> str:
    """A long text without its repetitions, and if that is not enough its opening and its last sentences."""
    if len(text) <= MAX_LENGTH:
        return text
    sentences = {_DIGITS.sub("", sentence): sentence for sentence in _SENTENCE_END.split(text)}
    told = " ".join(sentences.values())
    if len(told) <= MAX_LENGTH:
        return told
    opening, rest = told[:_OPENING], told[_OPENING - MAX_LENGTH + 1 :]
    return f"{opening} {rest}"


def _visible(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    return " " if category in _BLANKED and character not in _KEPT_SIGNS else character
