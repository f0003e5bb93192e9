"""Regular messages: understood, read back with their times; said to be unavailable while no service keeps them."""

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.tools.actions import LIST_ALERTS, OwnRulesArguments
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.understanding.values import Subscription


def subscription_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Whether the alert service answers, which would keep subscriptions."""
    del ask
    return (plan(LIST_ALERTS, OwnRulesArguments()),)


def tell_subscription(ask: Ask, lookups: Lookups) -> Part:
    """What would be delivered and when; without a topic, which ones there are."""
    del lookups
    verb = ask.intent.value.rpartition(".")[2]
    topics = ask.understanding.subscriptions
    if verb == "add" and not topics:
        text = ask.say("subscription.unclear", items=_names(ask, tuple(Subscription)))
        return Part(
            headline=Fact(text=text),
            suggestions=(ask.say("subscription.try"),),
            outcome=conversation_pb2.ANSWER_OUTCOME_CLARIFY,
            disclaimer=False,
        )
    everything = ask.say("subscription.all") if verb == "remove" else _names(ask, tuple(Subscription))
    items = ", ".join(_item(ask, topic) for topic in topics) or everything
    text = ask.say(f"subscription.{verb}_unavailable", items=items)
    value = block_pb2.ActionCard(action=ask.intent.value, state=block_pb2.ACTION_STATE_UNAVAILABLE, summary=items)
    return Part(
        headline=Fact(text=text),
        blocks=(Block(content="action_card", value=value, title="", text=items),),
        outcome=conversation_pb2.ANSWER_OUTCOME_PARTIAL,
        disclaimer=False,
    )


def _item(ask: Ask, topic: Subscription) -> str:
    when = "subscription.when_daily_brief" if topic is Subscription.BRIEF else "subscription.when_any"
    return ask.say("subscription.item", topic=_name(ask, topic), name=topic.value, when=ask.say(when))


def _names(ask: Ask, topics: tuple[Subscription, ...]) -> str:
    return ", ".join(_name(ask, topic) for topic in topics)


def _name(ask: Ask, topic: Subscription) -> str:
    key = topic.value.replace(":", "_").replace("-", "_")
    return ask.say(f"subscription.topic_{key}")


SUBSCRIPTION = Subject(plan=subscription_calls, tell=tell_subscription)
