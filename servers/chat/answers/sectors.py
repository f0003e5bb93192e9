"""Sectors of the day: what is known in their place."""

from dataclasses import replace

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.markets import index_calls, tell_index
from servers.chat.answers.part import Fact, Part
from servers.chat.tools.lookups import Lookups, PlannedCall


def sector_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The indices."""
    return index_calls(ask)


def tell_sectors(ask: Ask, lookups: Lookups) -> Part:
    """That no figures by sector are kept, with the indices and what can be asked instead."""
    part = tell_index(ask, lookups)
    return replace(
        part,
        lead=(*part.lead, Fact(text=ask.say("sector.none"))),
        suggestions=(ask.say("ranking.follow_change"), ask.say("sector.follow")),
    )


SECTORS = Subject(plan=sector_calls, tell=tell_sectors)
