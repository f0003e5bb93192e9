"""The replay feed: a recorded day on market time, through the path that a broker's tick takes."""

import asyncio
from datetime import date, datetime

from servers.feed.closes import closing_level, closing_quote
from servers.feed.port import FeedParts
from servers.feed.replay.frames import SOURCE
from servers.feed.replay.recording import Recording
from servers.feed.status import FeedState, FeedStatus
from shared.market.errors import DataMissing, InvalidInput
from shared.market.quote import Quality
from shared.market.sessions import Session
from shared.market.topic import MarketIndex


class ReplayFeed:
    """Plays the stored snapshots and minute bars of one day; nothing is interpolated and nothing comes early.

    The pace is the market clock's. Frames of the past, when the clock starts within the day, are played at once.
    """

    name = SOURCE

    def __init__(self, parts: FeedParts) -> None:
        """Keep the collaborators.

        Raises:
            InvalidInput: No day was given, or the day is no trading day.
        """
        if parts.day is None:
            raise InvalidInput("feed.day", "a replay needs its day, e.g. 2026-03-11")
        session = parts.calendar.session(parts.day)
        if not isinstance(session, Session):
            raise InvalidInput("feed.day", f"{parts.day} is no trading day ({session.reason})")
        self._parts = parts
        self._session = session
        self._recording = Recording(parts.store, session, parts.calendar)

    async def run(self) -> None:
        """Play the day, then keep its last prices until cancelled.

        Raises:
            DataMissing: The store has neither snapshots nor minute bars of the day.
            EpochSuperseded: Somebody else owns the feed now.
        """
        if not await self._recording.open():
            raise DataMissing(f"nothing was recorded on {self._session.day}; import intraday snapshots or minute bars of it")
        await self._publish_closes_before()
        await self._play()
        await self._parts.clock.sleep_market_until(self._session.closes)
        await self._publish_index_closes(self._session.day)
        await self._status(FeedState.CLOSED_SESSION, reason="the recorded day is over")
        await asyncio.Event().wait()

    async def _play(self) -> None:
        live = False
        async for frame in self._recording.frames():
            if not live and frame.moment > self._parts.clock.market_now():
                await self._status(FeedState.CONNECTING, reason="before the first recorded price")
            await self._parts.clock.sleep_market_until(frame.moment)
            await self._parts.publisher.publish_quotes(frame.quotes)
            if not live:
                await self._status(FeedState.LIVE, last_frame=frame.moment, subscriptions=len(frame.quotes))
            live = True

    async def _publish_closes_before(self) -> None:
        """Give the default tickers and the indices a value before the first recorded one: their official closes."""
        calendar, now = self._parts.calendar, self._parts.clock.market_now()
        closes = await self._recording.closes_before(self._parts.default_tickers)
        await self._parts.publisher.publish_quotes([closing_quote(bars, calendar, now) for bars in closes.values()])
        await self._publish_index_closes(calendar.previous_session(self._session.day).day)

    async def _publish_index_closes(self, day: date) -> None:
        calendar, now = self._parts.calendar, self._parts.clock.market_now()
        async with self._parts.store.read() as unit:
            series = [await unit.indices.newest(index, limit=2, until=day) for index in MarketIndex]
        await self._parts.publisher.publish_indices(
            [closing_level(bars, calendar, now, self.name) for bars in series if bars and bars[-1].day == day]
        )

    async def _status(
        self, state: FeedState, *, reason: str = "", last_frame: datetime | None = None, subscriptions: int = 0
    ) -> None:
        await self._parts.publisher.publish_status(
            FeedStatus(
                feed=self.name,
                state=state,
                quality=Quality.REPLAYED,
                since=self._parts.clock.market_now(),
                reason=reason,
                last_frame=last_frame,
                active_subscriptions=subscriptions,
                target_subscriptions=subscriptions,
            )
        )
