"""Questions read again without what they do not mean: a pasted text, and what a follow-up gives up."""

from dataclasses import replace

from servers.chat.understanding.canvas import STOCK
from servers.chat.understanding.demands import pasted_span
from servers.chat.understanding.drafting import Draft, Drafter
from servers.chat.understanding.follow_up import without_the_old


def without_pasted(drafter: Drafter, draft: Draft) -> Draft:
    """The question around a pasted text, of which only the instrument counts that it is about.

    Args:
        drafter: Scores the question again.
        draft: The question as it was written.
    """
    span = pasted_span(draft.sheet, draft.text)
    if span is None:
        return draft
    stocks = draft.entities.stocks[:1]
    canvas = draft.reading.canvas.blank(*span)
    canvas = canvas.paint(*span, STOCK) if stocks else canvas
    entities = replace(draft.entities, stocks=stocks, quantities=(), count=None)
    return drafter.scored(draft.text, replace(draft.reading, entities=entities, canvas=canvas, ambiguities=()))


def without_given_up(drafter: Drafter, draft: Draft) -> Draft:
    """A follow-up without what it does not want any more, `4배 말고 6배`; instruments are told apart elsewhere.

    Args:
        drafter: Reads the question again.
        draft: The question as it was written.
    """
    kept = without_the_old(draft.text)
    if kept == draft.text or draft.entities.excluded or draft.entities.stocks:
        return draft
    return drafter.draft(kept, draft.reading.today)
