"""When the store ends long before market time: which days a question is then about, and what is said about it first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from kstock.chat.v1 import conversation_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Fact, Part
from servers.chat.answers.windows import older_data
from servers.chat.moment import Moment
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Period, Understanding

_OF_SESSIONS = frozenset(
    intent
    for intent in Intent
    if intent.value.startswith(("price.", "chart.", "signal.", "recommend.")) and intent is not Intent.SIGNAL_EXPLAIN
) | {Intent.FLOW, Intent.MARKET_INDEX, Intent.MARKET_SUMMARY}
"""What is told of trading days; headlines and calendars do not end where the bars do."""


def within_reach(understanding: Understanding, moment: Moment, read: Callable[[date], Understanding]) -> Understanding:
    """The same question with ranges that count back from the newest session where nothing is stored of those asked for.

    Args:
        understanding: As read at market time.
        moment: Market time and the newest session.
        read: Reads the question again as if it were asked on another day.
    """
    newest, asked = moment.newest, understanding.entities.periods
    beyond = [_is_beyond(period, newest) for period in asked]
    if newest is None or not any(beyond) or understanding.intents[0] not in _OF_SESSIONS:
        return understanding
    again = read(newest).entities.periods
    if len(again) != len(asked):
        return understanding
    periods = tuple(
        replace(other, instead_of=period) if out else period for period, other, out in zip(asked, again, beyond, strict=True)
    )
    return replace(understanding, entities=replace(understanding.entities, periods=periods))


def with_reach(asks: Sequence[Ask], parts: Sequence[Part]) -> tuple[Part, ...]:
    """The answers with what must be said first where their data end before what was asked for."""
    if len(asks) != len(parts):
        return tuple(parts)
    return tuple(replace(part, lead=part.lead or _lead(ask, part)) for ask, part in zip(asks, parts, strict=True))


def _is_beyond(period: Period, newest: date | None) -> bool:
    return newest is not None and period.relative and not period.single and period.first > newest


def _lead(ask: Ask, part: Part) -> tuple[Fact, ...]:
    moment, period = ask.moment, ask.period
    answered = part.outcome == conversation_pb2.ANSWER_OUTCOME_ANSWERED
    if ask.intent not in _OF_SESSIONS or moment.newest is None or not answered:
        return ()
    if period is not None and period.instead_of is not None:
        values = {
            "words": period.words,
            "asked": _dates(period.instead_of),
            "newest": moment.newest.isoformat(),
            "period": _dates(period),
        }
        return (Fact(text=ask.say("when.instead", **values)),)
    about_now = period is None or (period.relative and period.last >= moment.current_session)
    return older_data(ask, moment.anchor) if about_now and moment.anchor < moment.previous_session else ()


def _dates(period: Period) -> str:
    return str(period).replace("..", "~")
