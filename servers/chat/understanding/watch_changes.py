"""Which instruments come onto a watch list and which go, where one question asks for both: `카카오 빼고 네이버 넣어줘`."""

from collections.abc import Sequence

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.values import StockMention


def removed_from(
    text: str, stocks: Sequence[StockMention], *, take: Sequence[str], put: Sequence[str]
) -> tuple[StockMention, ...]:
    """Those that are to go: in Korean the verb follows what it is about, in English it stands before.

    Args:
        text: The normalised question.
        stocks: Everything that it names, also what stands before `빼고`.
        take: Patterns of verbs that remove.
        put: Patterns of verbs that add.
    """
    canvas = Canvas(text)
    verbs = sorted(
        (hit.start, removes)
        for patterns, removes in ((take, True), (put, False))
        for pattern in patterns
        for hit in canvas.find_all(pattern)
    )
    korean = any("가" <= letter <= "힣" for letter in text)
    return tuple(stock for stock in stocks if _removes(text.casefold().find(stock.words.casefold()), verbs, after=korean))


def _removes(place: int, verbs: Sequence[tuple[int, bool]], *, after: bool) -> bool:
    if place < 0:
        return False
    if after:
        return next((removes for start, removes in verbs if start > place), False)
    return next((removes for start, removes in reversed(verbs) if start < place), False)
