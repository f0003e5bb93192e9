"""Watch lists and the cards of actions: understood, previewed and read back; nothing is done before a confirmation."""

from collections.abc import Sequence

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part
from servers.chat.answers.troubles import failed
from servers.chat.tools.actions import LIST_WATCH_ITEMS, OwnListArguments
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.tool import Failure
from servers.chat.understanding.intents import Intent
from shared.market.instrument import Instrument


def watch_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The asker's watch list."""
    del ask
    return (plan(LIST_WATCH_ITEMS, OwnListArguments()),)


def tell_watch(ask: Ask, lookups: Lookups) -> Part:
    """The list, or what would be added to or removed from it."""
    word = ask.intent.value.rpartition(".")[2]
    stocks = _changed(ask)
    names = ", ".join(map(ask.name, stocks))
    items = lookups.result(LIST_WATCH_ITEMS, OwnListArguments())
    if isinstance(items, Failure):
        if items.reason != "NOT_SERVED":
            return failed(ask, items, "answer.what_watch")
        return unavailable(ask, f"action.watch_{word}_unavailable", ask.intent.value, name=names, stocks=stocks)
    tickers = [item.ticker for item in items.items]
    if word in {"show", "clear"}:
        key = {"show": "action.watch_list", "clear": "action.watch_clear"}[word] if tickers else "action.watch_none"
        text = ask.say(key, count=len(tickers), items=", ".join(f"{item.name}({item.ticker})" for item in items.items))
        if word == "clear" and tickers:
            return previewed(ask, ask.intent.value, text)
        return Part(headline=Fact(text=text), disclaimer=False)
    if word == "remove" and not any(stock.ticker in tickers for stock in stocks):
        return Part(headline=Fact(text=ask.say("action.watch_absent", name=names)), disclaimer=False)
    return previewed(ask, ask.intent.value, ask.say(f"action.watch_{word}", name=names), stocks=stocks)


def _changed(ask: Ask) -> tuple[Instrument, ...]:
    """What comes onto the list or goes, where a question asks for both."""
    removed = tuple(mention.instrument for mention in ask.understanding.removed)
    if not {Intent.WATCH_ADD, Intent.WATCH_REMOVE} <= set(ask.understanding.intents):
        return ask.stocks or removed
    if ask.intent is Intent.WATCH_REMOVE:
        return removed
    return tuple(stock for stock in ask.stocks if stock not in removed)


def unavailable(
    ask: Ask,
    key: str,
    action: str,
    *,
    facts: tuple[Fact, ...] = (),
    summary: str = "",
    name: str = "",
    stocks: Sequence[Instrument] = (),
) -> Part:
    """What was understood, and that the service is not there."""
    text = ask.say(key, summary=summary, name=name)
    block = _card(action, block_pb2.ACTION_STATE_UNAVAILABLE, summary or text, stocks=stocks or ask.stocks)
    return Part(
        headline=Fact(text=text),
        facts=facts,
        blocks=(block,),
        outcome=conversation_pb2.ANSWER_OUTCOME_PARTIAL,
        disclaimer=False,
    )


def previewed(ask: Ask, action: str, text: str, *, facts: tuple[Fact, ...] = (), stocks: Sequence[Instrument] = ()) -> Part:
    """What would be done once the user confirms."""
    reply = ask.say("action.confirm_reply")
    block = _card(action, block_pb2.ACTION_STATE_PREVIEWED, text, stocks=stocks or ask.stocks, confirm=reply)
    confirm = Fact(text=ask.say("action.confirm", reply=reply))
    return Part(headline=Fact(text=text), facts=(*facts, confirm), blocks=(block,), disclaimer=False)


def _card(
    action: str, state: block_pb2.ActionState, summary: str, *, stocks: Sequence[Instrument], confirm: str = ""
) -> Block:
    value = block_pb2.ActionCard(
        action=action,
        state=state,
        ticker=stocks[0].ticker if stocks else "",
        summary=summary,
        confirm_reply=confirm,
    )
    return Block(content="action_card", value=value, title="", text=summary)


WATCH = Subject(plan=watch_calls, tell=tell_watch)
