"""A text on which what one reader took is painted over, so that the next does not read it again."""

import re

PAINT = "\x1a"
"""Stands for what is taken; cleaned text has no control characters."""


class Sheet:
    """`text` is the whole text, `rest` the same length with what was taken painted over."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = text

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every place where the pattern holds; they are painted over."""
        found = [match for match in pattern.finditer(self.rest) if match[0]]
        for match in found:
            self.paint(match.start(), match.end())
        return found

    def paint(self, start: int, end: int) -> None:
        """Paint a stretch over."""
        self.rest = self.rest[:start] + PAINT * (end - start) + self.rest[end:]
