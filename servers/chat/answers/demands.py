"""What an asker demands beside the subject and does not get: figures made up, rumours confirmed, prices without a source."""

from collections.abc import Sequence
from dataclasses import replace

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Fact, Part, notice
from servers.chat.understanding.demands import Demand
from servers.chat.understanding.intents import REFUSALS, WITHOUT_FACTS, Intent

_TOLD_FIRST = (Demand.PASTED, Demand.CONFIRM)
_DECLINED = (Demand.INVENT, Demand.ASSERT)


def with_demands(asks: Sequence[Ask], parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of an answer with one that declines what was demanded beside them.

    Args:
        asks: One per part.
        parts: What is told; a refusal says enough by itself.
    """
    first = asks[0]
    demands = first.understanding.demands
    if (REFUSALS | WITHOUT_FACTS).intersection(first.understanding.intents):
        return tuple(parts)
    told = next((demand for demand in _TOLD_FIRST if demand in demands), None)
    if told is not None and (told is Demand.PASTED or first.intent is Intent.NEWS):
        lead, *others = parts
        note = Fact(text=first.say(f"demand.{told}"))
        return (replace(lead, lead=(note, *lead.lead), disclaimer=True), *others)
    declined = next((demand for demand in _DECLINED if demand in demands), None)
    if declined is not None:
        return (*parts, _refusal(first, declined))
    if Demand.BARE in demands and any(fact.sources for part in parts for fact in (part.headline, *part.facts)):
        return (*parts, Part(headline=Fact(text=first.say("demand.bare"))))
    return tuple(parts)


def _refusal(ask: Ask, demand: Demand) -> Part:
    text = ask.say(f"demand.{demand}")
    return Part(
        headline=Fact(text=text),
        blocks=(notice(block_pb2.NOTICE_KIND_DECLINED, text),),
        outcome=conversation_pb2.ANSWER_OUTCOME_DECLINED,
    )
