"""What has to be said about a name before the answer: that it is an old one, or that the instrument is no longer listed."""

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Fact
from shared.market.instrument_match import MatchKind


def name_notes(ask: Ask) -> tuple[Fact, ...]:
    """Notes on the names of a question, one for each that needs it."""
    notes: list[Fact] = []
    for mention in ask.entities.stocks:
        instrument, ended = mention.instrument, mention.instrument.delist_date
        if ended is not None and ended <= ask.moment.today:
            notes.append(Fact(text=ask.say("names.delisted", name=ask.name(instrument), day=ended.isoformat())))
        elif mention.how == MatchKind.FORMER:
            notes.append(Fact(text=ask.say("names.former", words=mention.words, name=ask.name(instrument))))
    return tuple(notes)
