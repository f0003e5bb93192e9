"""GetSession and ListSessions."""

from datetime import date, timedelta

from kstock.common.v1 import session_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.horizon import Horizon
from shared.market.errors import DataMissing, InvalidInput, NotFound
from shared.market.sessions import Holiday, Session, SessionCalendar
from shared.rpc.messages.enums import SESSION_PHASE
from shared.rpc.messages.times import local_date_message, optional_date, timestamp_message
from shared.store.store import Store

MAX_DAYS = 400


class CalendarDesk:
    """Answers what is asked about trading days."""

    def __init__(self, store: Store, horizon: Horizon, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._store = store
        self._horizon = horizon
        self._calendar = calendar
        self._newest: dict[date, date | None] = {}

    def forget(self) -> None:
        """Read anew how far the bars reach."""
        self._newest = {}

    async def session(self, request: wire.GetSessionRequest) -> wire.GetSessionResponse:
        """One day and what market time is.

        Raises:
            NotFound: The day is outside the calendar.
        """
        today = self._horizon.today()
        day = optional_date(request, "date") or today
        stored = await self._newest_stored(self._horizon.bar_day())
        try:
            response = wire.GetSessionResponse(
                day=_message(self._calendar.session(day)),
                previous_session=local_date_message(self._calendar.previous_session(day).day),
                next_session=local_date_message(self._calendar.next_session(day).day),
            )
        except DataMissing as error:
            raise NotFound("SESSION", day.isoformat()) from error
        if day == today:
            response.phase = SESSION_PHASE.to_wire(self._calendar.phase(self._horizon.now))
        response.market_time.CopyFrom(timestamp_message(self._horizon.now))
        response.clock_mode = self._horizon.mode
        if stored is not None:
            response.newest_stored_session.CopyFrom(local_date_message(stored))
        return response

    async def _newest_stored(self, until: date) -> date | None:
        """The newest day with bars: many people ask, and finding it takes a look at every ticker."""
        known = self._newest  # another one from `forget` on
        if until not in known:
            async with self._store.read() as uow:
                known[until] = await uow.bars.newest_date(until=until)
        return known[until]

    def sessions(self, request: wire.ListSessionsRequest) -> wire.ListSessionsResponse:
        """Sessions and weekday holidays of a period.

        Raises:
            InvalidInput: A bound is missing, or the period is too long or ends before it begins.
            NotFound: The period reaches outside the calendar.
        """
        since, until = _bound(request, "since"), _bound(request, "until")
        if not since <= until <= since + timedelta(days=MAX_DAYS):
            raise InvalidInput("until", f"{until} is not 0 to {MAX_DAYS} days after {since}")
        try:
            days: list[Session | Holiday] = [
                *self._calendar.sessions_between(since, until),
                *self._calendar.holidays_between(since, until),
            ]
        except DataMissing as error:
            raise NotFound("SESSION", f"{since}..{until}") from error
        return wire.ListSessionsResponse(days=[_message(day) for day in sorted(days, key=_day)])


def _bound(request: wire.ListSessionsRequest, field: str) -> date:
    day = optional_date(request, field)
    if day is None:
        raise InvalidInput(field, "is missing; give the first and the last date")
    return day


def _day(entry: Session | Holiday) -> date:
    return entry.day


def _message(entry: Session | Holiday) -> session_pb2.SessionDay:
    if isinstance(entry, Holiday):
        return session_pb2.SessionDay(date=local_date_message(entry.day), open=False, reason=entry.reason)
    return session_pb2.SessionDay(
        date=local_date_message(entry.day),
        open=True,
        reason=entry.note,
        open_time=timestamp_message(entry.opens),
        close_time=timestamp_message(entry.closes),
    )
