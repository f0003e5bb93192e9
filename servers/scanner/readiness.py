"""PrepareSession: the market loaded, the intraday rules measured, gate and feeds looked at, before a session opens."""

from datetime import date

import numpy as np
from kstock.common.v1 import feed_status_pb2
from kstock.scanner.v1 import scanner_service_pb2

from servers.scanner.gate_keeper import GateKeeper
from servers.scanner.intraday_watch import IntradayWatch
from servers.scanner.loader import MarketLoader
from shared.bus.base import EventBus
from shared.market.errors import DataMissing, NotFound
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import from_yyyymmdd
from shared.market.topic import FeedStatusTopic
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.times import local_date_message

_FEED = str(FeedStatusTopic())


class SessionReadiness:
    """Makes the room ready for a session and tells how it stands."""

    def __init__(
        self,
        loader: MarketLoader,
        gate: GateKeeper,
        watch: IntradayWatch | None,
        *,
        bus: EventBus,
        calendar: SessionCalendar,
    ) -> None:
        """Keep the collaborators; `watch` is None at a frozen moment."""
        self._loader = loader
        self._gate = gate
        self._watch = watch
        self._bus = bus
        self._calendar = calendar

    async def prepare(self, day: date) -> scanner_service_pb2.PrepareSessionResponse:
        """Prepare for the session of a day.

        Raises:
            NotFound: There is no session on that day.
            DataMissing: The bars of the session before are not there.
            BusUnavailable: The bus does not answer.
        """
        session = self._session(day)
        panel = await self._loader.panel(session.opens)
        newest, before = from_yyyymmdd(panel.session), self._calendar.previous_session(day).day
        if newest != before:
            raise DataMissing(
                f"bars end on {newest}, those of {before} are missing: strategies and rules would judge old prices"
            )
        response = scanner_service_pb2.PrepareSessionResponse(
            bars_as_of=local_date_message(newest),
            ticker_count=len(panel.tickers),
            eligible_count=int(np.count_nonzero(panel.universe.eligible)),
            watched_count=0 if self._watch is None else await self._watch.watched_in(session),
            feeds=await self._feeds(),
        )
        gate = self._gate.current
        if gate is not None and gate.has_data:
            response.gate_colour = gate.message.colour
            response.gate_level = gate.message.level
        return response

    def _session(self, day: date) -> Session:
        try:
            session = self._calendar.session(day)
        except DataMissing as error:
            raise NotFound("SESSION", day.isoformat()) from error
        if not isinstance(session, Session):
            raise NotFound("SESSION", day.isoformat())
        return session

    async def _feeds(self) -> list[feed_status_pb2.FeedStatus]:
        entry = (await self._bus.latest([_FEED])).get(_FEED)
        return list(read_chunk(entry.chunk).feed_statuses) if entry else []
