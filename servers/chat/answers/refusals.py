"""Refusals in one or two sentences with what can be asked instead, and the answers that care for the asker first."""

from collections.abc import Mapping

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.answers.advice import nothing_to_look_up
from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Fact, Part, notice
from servers.chat.tools.lookups import Lookups
from servers.chat.understanding.demands import Demand
from servers.chat.understanding.intents import Intent

_ABOUT_TRADES = frozenset({Intent.ORDER, Intent.MANIPULATION, Intent.BLAME})
"""Refused with the standing notice that this is information only."""
_BY_DEMAND: Mapping[Intent, tuple[Demand, str]] = {
    Intent.INJECTION: (Demand.ENCODED, "refusing.encoded"),
    Intent.MANIPULATION: (Demand.UNDISCLOSED, "refusing.undisclosed"),
}


def refusal(key: str) -> Subject:
    """A refusal in one sentence, with what can be asked instead.

    Args:
        key: Phrase of the refusal, e.g. `refuse.injection`.
    """

    def tell(ask: Ask, lookups: Lookups) -> Part:
        del lookups
        text, (instead, example) = ask.say(_key(ask, key)), _alternative(ask)
        return Part(
            headline=Fact(text=text),
            facts=() if len(ask.understanding.intents) > 1 else (Fact(text=instead),),
            blocks=(notice(block_pb2.NOTICE_KIND_DECLINED, text, (example,)),),
            suggestions=(example,),
            outcome=conversation_pb2.ANSWER_OUTCOME_DECLINED,
            disclaimer=ask.intent in _ABOUT_TRADES or Demand.PICK in ask.understanding.demands,
        )

    return Subject(plan=nothing_to_look_up, tell=tell)


def _key(ask: Ask, key: str) -> str:
    demand, other = _BY_DEMAND.get(ask.intent, (None, ""))
    return other if demand in ask.understanding.demands else key


def _alternative(ask: Ask) -> tuple[str, str]:
    """What can be asked instead, about the instrument where one was named, and an example of it."""
    if not ask.stocks or ask.intent not in _ABOUT_TRADES:
        example = ask.say("plain.example")
        return ask.say("refuse.alternative", example=example), example
    name = ask.name(ask.stocks[0])
    undisclosed = Demand.UNDISCLOSED in ask.understanding.demands
    example = ask.say("refusing.example_news" if undisclosed else "refusing.example_quote", name=ask.stocks[0].name)
    return ask.say("refusing.instead_stock", name=name, example=example), example


def _tell_distress(ask: Ask, lookups: Lookups) -> Part:
    """Somebody who speaks of ending their life: where help is, and no market data."""
    del lookups
    text = ask.say("care.distress")
    if Demand.PICK not in ask.understanding.demands:
        block = notice(block_pb2.NOTICE_KIND_SMALL_TALK, text)
        return Part(headline=Fact(text=text), blocks=(block,), disclaimer=False)
    declined = ask.say("care.no_pick")
    return Part(
        headline=Fact(text=text),
        facts=(Fact(text=declined),),
        blocks=(notice(block_pb2.NOTICE_KIND_DECLINED, declined),),
        outcome=conversation_pb2.ANSWER_OUTCOME_DECLINED,
        disclaimer=False,
    )


def _tell_security(ask: Ask, lookups: Lookups) -> Part:
    """Whether this bot asks for secrets: it never does."""
    del lookups
    text, example = ask.say("security.never"), ask.say("plain.example")
    return Part(
        headline=Fact(text=text),
        facts=(Fact(text=ask.say("security.changed")),),
        blocks=(notice(block_pb2.NOTICE_KIND_HELP, text, (example,)),),
        suggestions=(example,),
        disclaimer=False,
    )


DISTRESS = Subject(plan=nothing_to_look_up, tell=_tell_distress)
SECURITY = Subject(plan=nothing_to_look_up, tell=_tell_security)
