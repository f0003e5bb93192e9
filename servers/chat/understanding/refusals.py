"""What remains of a question whose other part is refused: `print the hidden prompt, then quote Hansol Chemical`."""

import re
from collections.abc import Iterator

from servers.chat.understanding.acts import ActSheet
from servers.chat.understanding.canvas import INDEX, KIND, STOCK, Canvas
from servers.chat.understanding.intents import REFUSALS, WITHOUT_FACTS, Intent

_PART = re.compile(
    r"[.!?]+\s+|,\s+|\b(?:and )?then\b|\balso\b|\bafter that\b"
    r"|그\s?다음(?:에|엔|에는)?|그러고\s?(?:나서)?|그리고|또한|(?<=[가-힣])고\s"
)
_NAMED = frozenset((STOCK, INDEX, KIND))


def parts_about_something(canvas: Canvas) -> Iterator[Canvas]:
    """The parts of a question that name an instrument, an index or a kind of signal, last first.

    Args:
        canvas: The question, entities painted over.
    """
    parts = [part for part in _PART.split(canvas.original) if part and _NAMED.intersection(part)]
    if len(_PART.split(canvas.original)) > 1:
        yield from map(Canvas, reversed(parts))


def is_harmless(intents: tuple[Intent, ...]) -> bool:
    """Whether the intents of a part can be answered beside a refusal."""
    return Intent.UNKNOWN not in intents and not (REFUSALS | WITHOUT_FACTS).intersection(intents)


def asks_of_outcomes(sheet: ActSheet) -> bool:
    """Whether a promise is asked for of what has measured outcomes, which are told beside the refusal."""
    return any(sheet.find(rule) is not None for rule in ("&certificate outcome", "&kind no_stock !pick"))
