"""One thing to do each session, and the moments of a session at which things are due."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shared.market.sessions import Session
from shared.market.times import kst_datetime

Moment = Callable[[Session], datetime]
Work = Callable[[Session], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do each session.

    `due` gives its moment (UTC) in a session, so that a delayed opening moves it; `when` says the same in words. A missed
    run is made up for while `useful_for` has not passed since. `work` does it and returns one line for the operator.
    `after` names the jobs whose run for the same session must have ended, well or badly, before this one begins; they are
    due at the same moment or earlier.
    """

    name: str
    when: str
    due: Moment
    useful_for: timedelta
    work: Work
    after: tuple[str, ...] = ()


def before_open(**offset: float) -> Moment:
    """Moment that far before the opening, e.g. `before_open(minutes=30)`."""
    return lambda session: session.opens - timedelta(**offset)


def before_close(**offset: float) -> Moment:
    """Moment that far before the close."""
    return lambda session: session.closes - timedelta(**offset)


def after_close(**offset: float) -> Moment:
    """Moment that far after the close."""
    return lambda session: session.closes + timedelta(**offset)


def at(hour: int, minute: int) -> Moment:
    """A time of the session's day on Korean clocks, whatever its hours are."""
    return lambda session: kst_datetime(session.day, time(hour, minute))
