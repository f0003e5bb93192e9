"""SyncInstruments: the masters brought up to a session, and what they say has changed."""

import asyncio
from datetime import date

from kstock.feed.v1 import feed_service_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.feed_line import FeedLine
from servers.market.import_files import ImportFiles
from servers.market.listing import Listing
from shared.market.errors import DataMissing
from shared.market.sessions import Session, SessionCalendar
from shared.rpc.messages.instruments import read_flags, read_instrument
from shared.rpc.messages.times import optional_date
from shared.store.store import Store
from shared.store.validity import InstrumentFacts, Observation

_MOST_CHANGES = 500


class MasterDesk:
    """Keeps the instrument table in step with its sources."""

    def __init__(self, store: Store, feed: FeedLine, files: ImportFiles, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._store = store
        self._feed = feed
        self._files = files
        self._calendar = calendar

    async def sync(self, session: Session) -> wire.SyncInstrumentsResponse:
        """Read every source and compare the session with the one before.

        Raises:
            DataMissing: No master has named anything.
            InvalidInput: An import file of the settings cannot be read.
        """
        read = await self._files.read()
        source = await self._observe_feed(session.day)
        now, before = await self._listings(session.day, self._calendar.previous_session(session.day).day)
        if not now.instruments:
            raise DataMissing(f"no master names anything that is listed on {session.day}; import one")
        changes = now.changes_since(before)
        return wire.SyncInstrumentsResponse(
            listed_count=len(now.instruments),
            suspended_count=len(now.suspended),
            elw_count=len(now.warrants),
            changes=changes[:_MOST_CHANGES],
            change_count=len(changes),
            source=source,
            file_count=read.files,
            stored_row_count=read.rows,
        )

    async def _listings(self, *days: date) -> list[Listing]:
        async with self._store.read() as uow:
            stated = await uow.instruments.history()
        return [await asyncio.to_thread(Listing.of, stated, day) for day in days]

    async def _observe_feed(self, day: date) -> str:
        """Record the feed's master; empty when it has none."""
        master = await self._feed.instruments()
        if master is None or not master.instruments:
            return ""
        observations = _observations(master, optional_date(master, "as_of") or day)
        before = await self._listings(day)
        async with self._store.begin() as uow:
            await uow.instruments.observe(observations, master.source)
        if await self._listings(day) != before:
            async with self._store.begin() as uow:
                await uow.meta.bump_generation("instruments")
        return str(master.source)


def _observations(master: feed_service_pb2.FetchInstrumentsResponse, day: date) -> list[Observation]:
    found = []
    for message in master.instruments:
        instrument = read_instrument(message)
        facts = InstrumentFacts(
            name=instrument.name,
            kind=instrument.kind,
            board=instrument.board,
            name_en=instrument.name_en or None,
            isin=instrument.isin or None,
            sector=instrument.sector or None,
            industry=instrument.industry or None,
            list_date=instrument.list_date,
            delist_date=instrument.delist_date,
            flags=read_flags(message),
        )
        found.append(Observation(ticker=instrument.ticker, day=day, facts=facts))
    return found
