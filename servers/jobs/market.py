"""What the market room is asked to do every session, and how the operator is told of it."""

from collections.abc import Iterable

import grpc
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc

from shared.market.sessions import Session
from shared.rpc.errors import domain_errors
from shared.rpc.messages.times import local_date_message, read_duration

_CHANGES_TOLD = 5
_NO_TRADES = "no feed has shown a trade of the session, so no closing price was kept"
_NO_SOURCE = "no feed with records and no import files in the settings: nothing to read"


class MarketWork:
    """The market room's part of the day."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        """Keep the way to the room."""
        self._stub = market_service_pb2_grpc.MarketServiceStub(channel)

    async def sync(self, session: Session) -> str:
        """Bring the masters up to the session."""
        request = market_service_pb2.SyncInstrumentsRequest(trading_date=local_date_message(session.day))
        with domain_errors():
            synced = await self._stub.SyncInstruments(request)
        listed = f"{synced.listed_count} listed, {synced.suspended_count} suspended, {synced.elw_count} ELW"
        return f"{listed}; {_changes(synced)}; {_sources(synced)}"

    async def close(self, session: Session) -> str:
        """Keep the closing prices and change the age of cached ones."""
        request = market_service_pb2.CloseSessionRequest(trading_date=local_date_message(session.day))
        with domain_errors():
            closed = await self._stub.CloseSession(request)
        prices, levels = (read_duration(ttl).total_seconds() for ttl in (closed.price_ttl, closed.market_ttl))
        kept = f"closing prices of {closed.kept_count} instruments kept in {closed.replica_count} replica(s)"
        return (
            f"{kept if closed.kept_count else _NO_TRADES}, {closed.dropped_count} cached values dropped; "
            f"from now on prices are cached for {prices:.0f} s, index levels for {levels:.0f} s"
        )

    async def ingest_bars(self, session: Session) -> str:
        """Bring in the bars of the session."""
        return await self._ingest(session, market_service_pb2.SESSION_PART_BARS, "bars")

    async def ingest_flows(self, session: Session) -> str:
        """Bring in its confirmed flows."""
        return await self._ingest(session, market_service_pb2.SESSION_PART_FLOWS, "flows")

    async def _ingest(self, session: Session, part: market_service_pb2.SessionPart, name: str) -> str:
        request = market_service_pb2.IngestSessionRequest(trading_date=local_date_message(session.day), part=part)
        with domain_errors():
            got = await self._stub.IngestSession(request)
        return (
            f"{name} of {got.known_count} of {got.listed_count} listed instruments, {got.stored_count} new; {_sources(got)}"
        )


def _changes(synced: market_service_pb2.SyncInstrumentsResponse) -> str:
    if not synced.change_count:
        return "no change since the session before"
    told = ", ".join(_told(synced.changes[:_CHANGES_TOLD]))
    more = synced.change_count - min(_CHANGES_TOLD, len(synced.changes))
    return f"{synced.change_count} changes since the session before: {told}" + (f" and {more} more" if more else "")


def _told(changes: Iterable[market_service_pb2.InstrumentChange]) -> Iterable[str]:
    for change in changes:
        kind = market_service_pb2.InstrumentChangeKind.Name(change.kind).removeprefix("INSTRUMENT_CHANGE_KIND_").lower()
        yield f"{change.ticker} {change.name} {kind}"


def _sources(
    read: market_service_pb2.SyncInstrumentsResponse | market_service_pb2.IngestSessionResponse,
) -> str:
    files = f"{read.file_count} import files, {read.stored_row_count} rows new" if read.file_count else ""
    feed = f"feed {read.source}" if read.source else ""
    return " and ".join(part for part in (feed, files) if part) or _NO_SOURCE
