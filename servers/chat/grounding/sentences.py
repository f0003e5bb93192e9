"""A stream of text cut into sentences, each given out as soon as it has ended."""

import re

MAX_LENGTH = 600
"""Characters after which a text without any end is cut all the same; no answer needs such a sentence."""

_MARKS = r"(?:[\"'”’)]*(?:\s?\[[0-9, ]{1,12}\])*)"
_END = re.compile(
    rf"\n+|(?<![0-9])[.!?…。]+{_MARKS}(?=\s+[^\s\[])\s+|(?<=[0-9])[.!?…]+{_MARKS}(?=\s+[^\s\[0-9])\s+"
    rf"|(?<=[다요죠음됨임함])[.!?]+{_MARKS}(?=[가-힣A-Z\"'“])"
)
_NO_END = re.compile(r"(?:^|[\s(])(?:[0-9]{1,2}|[A-Z]|Co|Inc|Corp|Ltd|No|vs|approx|avg|St|Mr|Ms|Dr|i\.e|e\.g|U\.S)\.$")


class SentenceCutter:
    """Takes pieces of a text and gives whole sentences, each with the white space behind it."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[str]:
        """The sentences that have ended with this piece."""
        self._rest += piece
        sentences, start = [], 0
        for match in _END.finditer(self._rest):
            sentence = self._rest[start : match.end()]
            if "\n" in match[0] or not _NO_END.search(sentence.rstrip()):
                sentences.append(sentence)
                start = match.end()
        self._rest = self._rest[start:]
        while len(self._rest) > MAX_LENGTH:
            sentences.append(self._rest[:MAX_LENGTH])
            self._rest = self._rest[MAX_LENGTH:]
        return [sentence for sentence in sentences if sentence.strip()]

    def flush(self) -> list[str]:
        """What is left at the end of the text."""
        left, self._rest = self._rest, ""
        return [left] if left.strip() else []
