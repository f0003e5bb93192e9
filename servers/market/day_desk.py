"""What the schedule tells the room: a session is about to open, has closed, or has a record to be brought in."""

from datetime import date

from google.protobuf.message import Message
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.cache import MARKET_TTL, PRICE_TTL
from servers.market.closing import ClosingPrices
from servers.market.horizon import Horizon
from servers.market.masters import MasterDesk
from servers.market.session_record import RecordDesk
from shared.market.errors import DataMissing, InvalidInput, NotFound
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import format_time
from shared.rpc.messages.times import duration_message, required_date

_PARTS = (wire.SESSION_PART_BARS, wire.SESSION_PART_FLOWS)


class DayDesk:
    """Answers SyncInstruments, CloseSession and IngestSession."""

    def __init__(
        self,
        masters: MasterDesk,
        records: RecordDesk,
        closing: ClosingPrices,
        *,
        horizon: Horizon,
        calendar: SessionCalendar,
    ) -> None:
        """Keep the collaborators."""
        self._masters = masters
        self._records = records
        self._closing = closing
        self._horizon = horizon
        self._calendar = calendar

    async def sync(self, request: wire.SyncInstrumentsRequest) -> wire.SyncInstrumentsResponse:
        """Bring the masters up to a session.

        Raises:
            NotFound: No session on that day.
            DataMissing: No master at all.
        """
        return await self._masters.sync(self._session(request))

    async def close(self, request: wire.CloseSessionRequest) -> wire.CloseSessionResponse:
        """End a session for quotes.

        Raises:
            NotFound: No session on that day.
            InvalidInput: It has not closed.
            BusUnavailable: The bus does not answer.
        """
        closed = await self._closing.close(self._over(request))
        phase = self._horizon.phase()
        return wire.CloseSessionResponse(
            kept_count=closed.kept,
            dropped_count=closed.dropped,
            replica_count=closed.replicas,
            price_ttl=duration_message(PRICE_TTL.at(phase)),
            market_ttl=duration_message(MARKET_TTL.at(phase)),
        )

    async def ingest(self, request: wire.IngestSessionRequest) -> wire.IngestSessionResponse:
        """Bring in one part of the record of a session.

        Raises:
            NotFound: No session on that day.
            InvalidInput: It has not closed, or no part was named.
            DataMissing: No source has it.
        """
        if request.part not in _PARTS:
            raise InvalidInput("part", "is missing; give BARS or FLOWS")
        return await self._records.ingest(self._over(request), request.part)

    def _over(self, request: Message) -> Session:
        session = self._session(request)
        now = self._horizon.now
        if now < session.closes:
            raise InvalidInput("trading_date", f"the session of {session.day} closes at {format_time(session.closes, now)}")
        return session

    def _session(self, request: Message) -> Session:
        day: date = required_date(request, "trading_date")
        try:
            found = self._calendar.session(day)
        except DataMissing as error:
            raise NotFound("SESSION", day.isoformat()) from error
        if not isinstance(found, Session):
            raise NotFound("SESSION", day.isoformat())
        return found
