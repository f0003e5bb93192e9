"""Texts of others inside a prompt: marked as data by a mark that they cannot know."""

import re
import secrets
import unicodedata

_MARK_BYTES = 6
_BRACKETS = re.compile(r"<{2,}|>{2,}")
_KEPT_CONTROLS = "\n\t"


class Fence:
    """Puts texts between marks; the marks of one fence are random, so that no text can close them."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(_MARK_BYTES)

    def around(self, name: str, text: str, *, limit: int) -> str:
        """The text as data.

        Args:
            name: What it is, in one English word.
            text: The text; invisible characters and runs of angle brackets are taken out.
            limit: Most characters of it; the rest is left out and said to be.
        """
        visible = "".join(
            letter for letter in text if letter in _KEPT_CONTROLS or unicodedata.category(letter) not in _HIDDEN
        )
        plain = _BRACKETS.sub("", visible)
        cut = f"{plain[:limit]}\n(cut)" if len(plain) > limit else plain
        label = f"{name}-{self._mark}"
        return f"<<<{label}\n{cut}\n{label}>>>"


_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
