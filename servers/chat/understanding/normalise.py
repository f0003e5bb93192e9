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
_LAZY_PAST = re.compile(r"[삿햇왓랏졋됏됫엇앗겟잇떳봣줫럿렷켯쳣텃셧혓갓낫](?=[어여나음냐니네는지을던습다대])")
"""A past tense typed with one ㅅ: `얼마나 올랏어`."""
_SPACE = re.compile(r"\s+")
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cn", "Co", "Cs"})
_BLANKED = frozenset({"Cc", "So", "Sk", "Zl", "Zp"})
_KEPT_SIGNS = frozenset("^`~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """The question as it is read on; `truncated` when it was longer than what is read."""

    text: str
    truncated: bool


def normalise(raw: str) -> Normalised:
    """Clean a question; never fails, at worst nothing is left.

    Decomposed Hangul is composed and full-width ASCII narrowed; single jamo stay as they are, because initials
    (ㅅㅅㅈㅈ) name instruments. Zero-width and direction characters vanish, control characters and emoji become spaces.
    """
    clipped = raw[: MAX_LENGTH * 4]
    composed = unicodedata.normalize("NFC", clipped).translate(_FULL_WIDTH).translate(_PUNCTUATION)
    visible = "".join(_visible(character) for character in composed)
    calm = _STRETCHED.sub(lambda match: match[1] or match[2], _LAUGHTER.sub(" ", visible))
    calm = _LAZY_PAST.sub(lambda match: match[0].translate(_PAST), calm)
    text = _SPACE.sub(" ", calm).strip()
    return Normalised(text=text[:MAX_LENGTH], truncated=len(raw) > len(clipped) or len(text) > MAX_LENGTH)


def _visible(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    return " " if category in _BLANKED and character not in _KEPT_SIGNS else character
