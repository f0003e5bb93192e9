"""Whether a text gives away the standing instructions: the canary in any spelling, or a stretch of their words."""

import base64
import binascii
import re

_LETTERS = re.compile(r"[^0-9a-z가-힣]+")
_BLOB = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_STRETCH = 30
"""Letters in a row that nobody writes by chance."""


class LeakDetector:
    """Knows one text of instructions and its canary."""

    def __init__(self, instructions: str, canary: str) -> None:
        """Remember every stretch of the instructions.

        Args:
            instructions: The text as it is sent.
            canary: A random word in it.
        """
        letters = _plain(instructions)
        self._canary = _plain(canary)
        self._stretches = frozenset(letters[start : start + _STRETCH] for start in range(len(letters) - _STRETCH + 1))

    def leaks(self, text: str) -> bool:
        """Whether the text holds the canary, also spaced out, backwards or encoded, or words of the instructions."""
        letters = _plain(text)
        if self._canary in letters or self._canary[::-1] in letters:
            return True
        if any(letters[start : start + _STRETCH] in self._stretches for start in range(len(letters) - _STRETCH + 1)):
            return True
        return any(self._canary in _plain(decoded) for decoded in _decoded(text))


def _plain(text: str) -> str:
    return _LETTERS.sub("", text.lower())


def _decoded(text: str) -> list[str]:
    decoded = []
    for blob in _BLOB.findall(text):
        try:
            decoded.append(base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True).decode("utf-8", errors="replace"))
        except binascii.Error:
            continue  # not encoded text, only a long word
    return decoded
