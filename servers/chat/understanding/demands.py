"""What a question demands beside its subject: an answer made up, bare of its time and source, out of a quoted text."""

import re
from collections.abc import Mapping
from enum import StrEnum

from servers.chat.understanding.acts import ActSheet


class Demand(StrEnum):
    """The name of its phrase in answers."""

    INVENT = "invent"
    """A figure or text where there is none."""
    ASSERT = "assert"
    """A cause stated as fact."""
    CONFIRM = "confirm"
    """A rumour confirmed."""
    BARE = "bare"
    """A figure without its time, source or disclaimer."""
    UNDISCLOSED = "undisclosed"
    """A trade on what is not public yet."""
    ENCODED = "encoded"
    """Instructions in a code."""
    PASTED = "pasted"
    """A text of the asker's own is taken for a document."""
    PICK = "pick"
    """A decision or something to buy."""


_QUOTED = re.compile(r"['\"“‘「『<](?P<inside>[^\n]{30,})['\"”’」』>]")
_RULES: Mapping[Demand, tuple[str, ...]] = {
    Demand.INVENT: ("&invent !judge", "&absent fill"),
    Demand.ASSERT: ("&assert why",),
    Demand.CONFIRM: ("&assert hearsay", "&hearsay event", "&assert event"),
    Demand.BARE: ("&without_source",),
    Demand.UNDISCLOSED: ("&insider", "&connection event", "&connection good_stock", "&works_there event"),
    Demand.ENCODED: ("&encoded",),
    Demand.PICK: ("&pick", "&buy judge", "&sell judge", "&buy please", "&roleplay certainty"),
}


def read_demands(sheet: ActSheet, text: str) -> frozenset[Demand]:
    """The demands of a question.

    Args:
        sheet: The question with the table of words.
        text: As it was written.
    """
    found = {demand for demand, rules in _RULES.items() if any(sheet.find(rule) is not None for rule in rules)}
    return frozenset(found | {Demand.PASTED}) if pasted_span(sheet, text) else frozenset(found)


def pasted_span(sheet: ActSheet, text: str) -> tuple[int, int] | None:
    """Where a pasted document stands in a question about it; None when there is none.

    Args:
        sheet: The question with the table of words.
        text: As it was written.
    """
    match = _QUOTED.search(text)
    return match.span("inside") if match is not None and sheet.find("&pasted") is not None else None
