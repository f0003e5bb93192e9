"""Days of requests that either name a first day or count sessions back from the last one."""

from datetime import date, timedelta

from kstock.market.v1 import market_service_pb2 as wire

from servers.market.periods import Period
from shared.market.errors import InvalidInput
from shared.market.sessions import SessionCalendar
from shared.rpc.messages.times import optional_date

MOST_SESSIONS = 250
_LONGEST = timedelta(days=400)

Request = wire.RankInstrumentsRequest | wire.ListMarketFlowsRequest


def last_day(request: Request, newest: date) -> date:
    """Last day that is asked for, cut off at the newest one that is known."""
    return min(optional_date(request, "until") or newest, newest)


def counted_days(request: Request, until: date, calendar: SessionCalendar) -> Period:
    """Days from the first one asked for to `until`; empty when that lies after it.

    Args:
        request: Has `since` or `session_count`; with neither the period is `until` alone.
        until: Last day.
        calendar: Counts sessions.

    Raises:
        InvalidInput: If too many sessions are counted, or the period is too long.
    """
    if not 0 <= request.session_count <= MOST_SESSIONS:
        raise InvalidInput("session_count", f"is {request.session_count}; 1 to {MOST_SESSIONS} are possible, 0 means none")
    since = optional_date(request, "since") or until
    if request.session_count:
        since = calendar.last_sessions(until, request.session_count)[0].day
    if until - since > _LONGEST:
        raise InvalidInput("since", f"{since} is more than {_LONGEST.days} days before {until}; give a later one")
    return Period(since=since, until=until)
