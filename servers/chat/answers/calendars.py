"""Sessions and holidays of the exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import session_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import day, moment_text
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed, missing
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import LIST_SESSIONS, DatesArguments
from servers.chat.tools.tool import Failure
from shared.market.sessions import SessionPhase
from shared.market.times import to_kst
from shared.rpc.messages.enums import SESSION_PHASE
from shared.rpc.messages.times import local_date_message, read_local_date, read_timestamp, timestamp_message

_LONGEST = timedelta(days=400)
_CLOSURE = timedelta(days=14)
"""Longer than the exchange is ever closed at a stretch."""
_MAX_LISTED = 20
_WEEKEND = {"ko": "주말", "en": "weekend"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One date of the calendar; weekends, which the calendar leaves out, are closed."""

    date: date
    open: bool
    reason: str
    hours: str = ""


def session_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The calendar of the days that the question is about, when it is about other days than now."""
    arguments = _arguments(ask)
    return (plan(LIST_SESSIONS, arguments),) if arguments else ()


def tell_session(ask: Ask, lookups: Lookups) -> Part:
    """The phase now, one day, the holidays of a name, or those of a period."""
    arguments = _arguments(ask)
    if arguments is None:
        return _now(ask)
    response = lookups.result(LIST_SESSIONS, arguments)
    if isinstance(response, Failure):
        return failed(ask, response, "answer.what_session")
    days = [_read(one) for one in response.days]
    if ask.entities.holidays:
        return _named(ask, days, response.days)
    period = ask.period
    if period is not None and period.single:
        return _one_day(ask, period.first, days, response.days)
    return _holidays(ask, arguments, days, response.days)


def _arguments(ask: Ask) -> DatesArguments | None:
    """Named holidays are looked for in the year named, else ahead, so that the next one is found."""
    period, today = ask.period, ask.moment.today
    if ask.entities.holidays:
        if period is not None and not period.single:
            return DatesArguments(since=date(period.first.year, 1, 1), until=date(period.first.year, 12, 31))
        return DatesArguments(since=today, until=today + _LONGEST)
    if period is not None and period.single:
        return None if period.first == today else DatesArguments(since=period.first, until=period.first + _CLOSURE)
    if period is not None:
        until = date(period.last.year, 12, 31) if period.last == today else period.last
        return DatesArguments(since=max(period.first, today) if until > today else period.first, until=until)
    if _wants_list(ask):
        return DatesArguments(since=today, until=date(today.year, 12, 31))
    return None


def _wants_list(ask: Ask) -> bool:
    text = ask.understanding.text.casefold()
    return any(word in text for word in ("휴장일", "휴일", "언제 쉬", "언제쉬", "쉬는", "holidays"))


def _now(ask: Ask) -> Part:
    moment = ask.moment
    time, today = moment_text(moment.now, moment.now, ask.language), day(moment.today, moment.today, ask.language)
    if moment.phase is SessionPhase.HOLIDAY:
        headline = ask.say("session.now_holiday", day=today, reason=moment.holiday, time=time)
    else:
        headline = ask.say("session.now", phase=ask.say(f"phase.{moment.phase}"), time=time, day=today)
    following = ask.say("session.next", day=day(moment.next_session, moment.today, ask.language))
    facts = (Fact(text=ask.say("session.hours")), Fact(text=following, sources=(_source(ask),)))
    return _part(ask, headline, (), facts)


def _one_day(ask: Ask, wanted: date, days: list[_Day], wire: Sequence[session_pb2.SessionDay]) -> Part:
    found = next((one for one in days if one.date == wanted), None)
    one = found or _Day(date=wanted, open=False, reason=_WEEKEND[ask.language])
    words = day(wanted, ask.moment.today, ask.language)
    if one.open:
        opens, closes = one.hours.split("~")
        note = f" ({one.reason})" if one.reason else ""
        headline = ask.say("session.open_day", day=words, opens=opens, closes=closes, note=note)
    else:
        headline = ask.say("session.closed_day", day=words, reason=one.reason)
    later = next((one.date for one in days if one.open and one.date > wanted), None)
    following = ask.say("session.next", day=day(later or ask.moment.next_session, ask.moment.today, ask.language))
    shown = [one for one in wire if read_local_date(one.date) == wanted]
    return _part(ask, headline, shown, (Fact(text=following, sources=(_source(ask),)),))


def _named(ask: Ask, days: list[_Day], wire: Sequence[session_pb2.SessionDay]) -> Part:
    """All days whose reason holds the name, of the next year in which any lies ahead."""
    name = ask.entities.holidays[0]
    matching = [one for one in days if one.reason and (name in one.reason or one.reason in name)]
    ahead = [one for one in matching if one.date >= ask.moment.today] or matching
    if not ahead:
        return missing(ask, ask.say("session.none_named", name=name))
    year = ahead[0].date.year
    shown = [one for one in ahead if one.date.year == year]
    closed = [one for one in shown if not one.open]
    if closed:
        items = ", ".join(_row(ask, one) for one in closed)
        headline = ask.say("session.holidays", year=year, name=name, days=items)
    else:
        opens, closes = shown[0].hours.split("~")
        when = day(shown[0].date, ask.moment.today, ask.language)
        note = f" ({shown[0].reason})"
        headline = ask.say("session.holidays_open", year=year, name=name, day=when, opens=opens, closes=closes, note=note)
    dates = {one.date for one in shown}
    return _part(ask, headline, [one for one in wire if read_local_date(one.date) in dates], (_phase_fact(ask),))


def _holidays(ask: Ask, arguments: DatesArguments, days: list[_Day], wire: Sequence[session_pb2.SessionDay]) -> Part:
    closed = [one for one in days if not one.open]
    bounds = {"first": arguments.since.isoformat(), "last": arguments.until.isoformat()}
    if not closed:
        return _part(ask, ask.say("session.list_none", **bounds), (), (_phase_fact(ask),))
    items = ", ".join(_row(ask, one) for one in closed[:_MAX_LISTED])
    headline = ask.say("session.list", **bounds, count=len(closed), days=items)
    return _part(ask, headline, [one for one in wire if not one.open], (_phase_fact(ask),))


def _part(ask: Ask, headline: str, days: Sequence[session_pb2.SessionDay], facts: tuple[Fact, ...]) -> Part:
    moment, source = ask.moment, _source(ask)
    card = block_pb2.SessionCard(
        phase=SESSION_PHASE.to_wire(moment.phase),
        market_time=timestamp_message(moment.now),
        days=days,
        next_session=local_date_message(moment.next_session),
    )
    block = Block(content="session_card", value=card, title="", text=headline, sources=(source,))
    return Part(headline=Fact(text=headline, sources=(source,)), facts=facts, blocks=(block,), disclaimer=False)


def _phase_fact(ask: Ask) -> Fact:
    """Where market time stands, so that `next` and `this year` are clear."""
    moment = ask.moment
    text = ask.say(
        "session.now",
        phase=ask.say(f"phase.{moment.phase}"),
        time=moment_text(moment.now, moment.now, ask.language),
        day=moment.today.isoformat(),
    )
    return Fact(text=text)


def _row(ask: Ask, one: _Day) -> str:
    when = day(one.date, ask.moment.today, ask.language)
    return ask.say("session.row", day=when, reason=one.reason)


def _read(one: session_pb2.SessionDay) -> _Day:
    hours = ""
    if one.open:
        opens, closes = (to_kst(read_timestamp(moment)) for moment in (one.open_time, one.close_time))
        hours = f"{opens:%H:%M}~{closes:%H:%M}"
    return _Day(date=read_local_date(one.date), open=one.open, reason=one.reason, hours=hours)


def _source(ask: Ask) -> Source:
    return Source(label=ask.say("source.calendar"), as_of=ask.moment.now)


SESSION = Subject(plan=session_calls, tell=tell_session)
