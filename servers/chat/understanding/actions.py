"""Actions that are asked for: every alert of a question, what leaves the watch list, and the parts beside them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from servers.chat.understanding.canvas import INDEX, KIND, NUMBER, STOCK, Canvas
from servers.chat.understanding.condition import read_condition
from servers.chat.understanding.drafting import Draft, Drafter
from servers.chat.understanding.intents import SUBSCRIPTIONS, WITHOUT_FACTS, Intent
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.values import Condition, Entities, StockMention, Wish
from servers.chat.understanding.watch_changes import removed_from
from servers.chat.understanding.wishes import read_wishes

ACTIONS = frozenset(
    {
        Intent.ALERT_CREATE,
        Intent.ALERT_CHANGE,
        Intent.ALERT_DELETE,
        Intent.ALERT_LIST,
        Intent.WATCH_ADD,
        Intent.WATCH_REMOVE,
        Intent.WATCH_SHOW,
    }
)
_NO_LOOKUPS = (
    ACTIONS
    | WITHOUT_FACTS
    | SUBSCRIPTIONS
    | {Intent.PROMISE, Intent.UNKNOWN, Intent.CLARIFY, Intent.CANCEL, Intent.HELP, Intent.SMALLTALK, Intent.RESET}
    | {Intent.OUT_OF_SCOPE, Intent.STATUS, Intent.ADVICE, Intent.RECOMMEND_BUY, Intent.RECOMMEND_SELL, Intent.ANALYSIS}
)
_PART = re.compile(
    r"[.!?]+\s+|,\s+|\s(?:그리고|글고|글구|그러고|그김에|그\s김에|근데|또한)\s|(?<=[가-힣])(?:고|구)\s|\band\b|\balso\b"
)


def is_beside(intent: Intent) -> bool:
    """Whether an intent of another part of the question is answered beside an action."""
    return intent not in _NO_LOOKUPS


def entities_in(part: Canvas, entities: Entities) -> Entities:
    """What a question names, without the kinds of things that a part of it does not speak of."""
    return replace(
        entities,
        stocks=entities.stocks if STOCK in part.text else (),
        indices=entities.indices if INDEX in part.text else (),
        kinds=entities.kinds if KIND in part.text else (),
        quantities=entities.quantities if NUMBER in part.text else (),
        grades=entities.grades if KIND in part.text else (),
    )


class ActionReader:
    """Reads with the drafter of an understander; immutable, safe to share."""

    def __init__(self, lexicon: Lexicon, drafter: Drafter) -> None:
        self._acts = lexicon.acts
        self._marks = lexicon.words["marks"]
        self._drafter = drafter

    def wishes(self, draft: Draft, entities: Entities) -> tuple[Wish, ...]:
        """Every alert of a question that asks for one.

        Args:
            draft: The question.
            entities: What it names, also by the conversation.
        """

        def read(part: str) -> tuple[tuple[StockMention, ...], Condition | None]:
            own = self._drafter.draft(part, draft.reading.today)
            conditional = any(own.sheet.find(rule) is not None for rule in _CONDITIONAL)
            return own.entities.stocks, read_condition(own.entities, own.canvas, self._marks) if conditional else None

        condition = read_condition(entities, draft.canvas, self._marks)
        return read_wishes(draft.text, entities.stocks, condition, read)

    def removed(self, draft: Draft) -> tuple[StockMention, ...]:
        """What is to leave the watch list while other instruments come onto it."""
        named = (*draft.entities.stocks, *draft.entities.excluded)
        return removed_from(draft.text, named, take=self._acts["take"], put=self._acts["put"])

    def parts_beside(self, draft: Draft) -> Iterator[Canvas]:
        """The parts of a question that speak of no alert and no list."""
        parts = [part for part in _PART.split(draft.canvas.original) if part and part.strip()]
        for part in map(Canvas, parts if len(parts) > 1 else ()):
            if not any(part.find(pattern) for row in _OF_ACTIONS for pattern in self._acts[row]):
                yield part


_CONDITIONAL = ("&trigger", "&condition", "&bound")
"""What a part of a question has that states the condition of an alert."""
_OF_ACTIONS = ("notify", "rules_word", "watch", "condition")
"""Rows whose words say that a part of a question is about an action."""
