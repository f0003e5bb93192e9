"""From the asked period to the days that the store can answer for, and what has to be said about the difference."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Fact
from servers.chat.understanding.values import Period
from shared.market.sessions import SessionPhase
from shared.market.times import format_day

_MOST_MARKET_SESSIONS = 250
_MOST_DAYS = 5
_MOST_APART = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Trading days to look up: `since` to `until`, or the last `sessions` up to `until`. `empty`: nothing can be stored."""

    until: date
    since: date | None = None
    sessions: int | None = None
    empty: bool = False


def window(ask: Ask, *, default_sessions: int) -> Window:
    """The days of a question about a range.

    Args:
        ask: The question; a day in the past (1년 전) is the start of a range up to the newest day.
        default_sessions: Trading days when it names no period.
    """
    period, anchor = ask.period, ask.moment.anchor
    if period is None:
        return Window(until=anchor, sessions=default_sessions)
    if period.sessions is not None:
        return Window(until=min(period.last, anchor), sessions=period.sessions)
    if period.single:
        return Window(since=period.first + timedelta(days=1), until=anchor, empty=period.first > anchor)
    return Window(since=period.first, until=min(period.last, anchor), empty=period.first > anchor)


def market_days(ask: Ask) -> Window:
    """The day or period that a question about the whole market is about, the newest day without one."""
    period = ask.period
    if period is not None and period.single:
        day = min(period.first, ask.moment.anchor)
        return Window(until=day, since=day, empty=period.first > ask.moment.today)
    days = window(ask, default_sessions=1)
    return Window(
        until=days.until,
        since=days.since,
        sessions=min(days.sessions, _MOST_MARKET_SESSIONS) if days.sessions else None,
        empty=days.empty,
    )


def asked_day(ask: Ask) -> date | None:
    """The past day that the question is about; None when it is about now."""
    period = ask.period
    if period is None or not period.single or period.first >= ask.moment.current_session:
        return None
    return period.first


def by_day(ask: Ask) -> tuple[Ask, ...]:
    """The same question for each of several days that it names; itself otherwise."""
    periods = tuple(dict.fromkeys(ask.entities.periods))
    if len(periods) < 2 or not all(period.single for period in periods):
        return (ask,)
    return tuple(_on(ask, period) for period in periods[:_MOST_DAYS])


def span_of_days(ask: Ask) -> Window | None:
    """One range over neighbouring days that a question names one by one (`그제 어제 오늘`); None for other questions."""
    days = sorted({period.first for period in ask.entities.periods if period.single})
    if not 1 < len(days) == len(set(ask.entities.periods)) or (days[-1] - days[0]).days > _MOST_APART:
        return None
    return Window(since=days[0], until=min(days[-1], ask.moment.anchor), empty=days[0] > ask.moment.anchor)


def _on(ask: Ask, period: Period) -> Ask:
    entities = replace(ask.entities, periods=(period,))
    return replace(ask, understanding=replace(ask.understanding, entities=entities, own_periods={}))


def older_data(ask: Ask, found: date) -> tuple[Fact, ...]:
    """What to say first when the newest data is not of the session that a question about now means."""
    moment = ask.moment
    if moment.phase is SessionPhase.HOLIDAY and found >= moment.previous_session:
        text = ask.say("when.holiday", today=_month_day(moment.today), reason=moment.holiday, day=found.isoformat())
        return (Fact(text=text),)
    if found >= moment.current_session:
        return ()
    in_session = moment.phase is SessionPhase.REGULAR and found == moment.previous_session
    key = "when.not_yet" if in_session else "when.older"
    return (Fact(text=ask.say(key, today=_month_day(moment.today), day=found.isoformat())),)


def moved_day(ask: Ask, period: Period) -> tuple[Fact, ...]:
    """What to say when the day asked for has no session."""
    if not period.moved:
        return ()
    day = format_day(period.first, ask.moment.today)
    return (Fact(text=ask.say("when.moved", words=period.words, day=day)),)


def _month_day(day: date) -> str:
    return f"{day.month}/{day.day}"
