"""Short answers to something that was about to be done: yes, no, and what else to do with the same list."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from servers.chat.understanding.acts import ActSheet
from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.intents import REFUSALS, Intent
from servers.chat.understanding.values import Context

_DONE = frozenset(
    {
        Intent.ALERT_CREATE,
        Intent.ALERT_DELETE,
        Intent.WATCH_ADD,
        Intent.WATCH_REMOVE,
        Intent.WATCH_CLEAR,
        Intent.SUBSCRIBE,
        Intent.UNSUBSCRIBE,
    }
)
"""What is previewed and waits for a word."""
_CONDITIONAL = ("&condition", "&bound !explain", "&won !explain", "&percent !explain")
_LISTED = frozenset({Intent.WATCH_ADD, Intent.WATCH_REMOVE, Intent.WATCH_SHOW})


@cache
def _answers() -> Mapping[str, re.Pattern[str]]:
    text = (resources.files(__package__) / "tables" / "follow_up.toml").read_text(encoding="utf-8")
    return {name: re.compile("|".join(patterns)) for name, patterns in tomllib.loads(text)["answers"].items()}


def awaits(context: Context) -> bool:
    """Whether something was previewed that waits for a yes or a no."""
    return bool(_DONE.intersection(context.intents))


def confirms(canvas: Canvas) -> bool:
    """Whether the text is a yes and nothing else: ㅇㅇ 저장."""
    return bool(_answers()["confirm"].match(canvas.compact))


def cancels(canvas: Canvas) -> bool:
    """Whether the text is a no and nothing else: 아냐 됐어 그냥 두자."""
    return bool(_answers()["cancel"].match(canvas.compact))


def on_the_list(sheet: ActSheet, context: Context) -> Intent | None:
    """What to do with the watch list that was spoken of, where only the verb says so: 마지막 거는 빼줘.

    Args:
        sheet: The question with the table of words.
        context: The conversation.
    """
    if not _LISTED.intersection(context.intents) or sheet.find("&rules_word") is not None:
        return None
    if sheet.find("&take") is not None:
        return Intent.WATCH_REMOVE
    return Intent.WATCH_ADD if sheet.find("&put please") is not None else None


def completes_alert(sheet: ActSheet, intents: tuple[Intent, ...], context: Context) -> bool:
    """Whether it is the condition that an alert was asked for: `5% 이상 오르면`.

    Args:
        sheet: The question with the table of words.
        intents: What it would ask for by itself.
        context: The conversation.
    """
    if context.intents != (Intent.ALERT_CREATE,) or REFUSALS.intersection(intents) or Intent.ALERT_CREATE in intents:
        return False
    return any(sheet.find(rule) is not None for rule in _CONDITIONAL)
