"""Whether a question is the one before it with something exchanged, or asks why that came out as it did."""

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.data_concepts import Concept, ConceptTable, Spoken
from servers.chat.understanding.drafting import Draft
from servers.chat.understanding.families import family_of
from servers.chat.understanding.follow_up import FollowUp
from servers.chat.understanding.intents import NEEDS_STOCK, Intent
from servers.chat.understanding.lexicon import Words
from servers.chat.understanding.scoring import names_only
from servers.chat.understanding.values import Context

_NAMED = frozenset({Concept.PERIOD, Concept.INDEX})
"""Concepts that are entities as well and say nothing of what is asked about them."""
_OF_SCORES = frozenset(
    {Concept.WHY, Concept.LOW, Concept.HIGH, Concept.LEAST, Concept.MOST, Concept.MUCH, Concept.SIGNAL, Concept.FELL}
)
_WISHES = ("speak_english", "speak_korean")


class Repeating:
    """Compares questions with those before them."""

    def __init__(self, follow_up: FollowUp, concepts: ConceptTable, marks: Words) -> None:
        self._follow_up = follow_up
        self._concepts = concepts
        self._marks = marks

    def repeats(self, draft: Draft, context: Context) -> bool:
        """Whether the question is the one of the conversation with something exchanged in it.

        Args:
            draft: The question by itself.
            context: The conversation.
        """
        asked = draft.sheet.find("&more") is not None or any(self._marked(draft.canvas, wish) for wish in _WISHES)
        asked = asked or (Intent.ALERT_CREATE in context.intents and self._marked(draft.canvas, "repeating"))
        before = {family_of(intent) for intent in context.intents}
        bare = not any(item.anchored and item.intent not in before and not names_only(item) for item in draft.scored)
        bare = bare and self._spoken(draft).places.keys() <= _NAMED
        same = draft.sheet.find("&sameness") is not None
        return self._follow_up.repeats(draft.entities, draft.morphemes, context, asked=asked, bare=bare, same=same)

    def asks_about_score(self, draft: Draft, context: Context) -> bool:
        """Whether it asks why the signals of the instrument came out as they did: `왜 그렇게 낮아?`.

        Args:
            draft: The question by itself.
            context: The conversation.
        """
        spoken = self._spoken(draft)
        scored = context.stocks and any(family_of(one) == "signal" and one in NEEDS_STOCK for one in context.intents)
        named = draft.entities.stocks or draft.entities.kinds or draft.entities.periods
        deducted = draft.sheet.find("&deducted") is not None
        asked = deducted or (spoken.has(Concept.WHY) and not spoken.has(Concept.FELL))
        return bool(scored and not named and asked and (deducted or spoken.places.keys() <= _OF_SCORES))

    def _spoken(self, draft: Draft) -> Spoken:
        return self._concepts.read(draft.canvas, draft.morphemes)

    def _marked(self, canvas: Canvas, mark: str) -> bool:
        return any(canvas.find(pattern) for pattern in self._marks[mark])
