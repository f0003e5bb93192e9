"""The simulated feed: an invented market that ticks on market time, for a first run without data."""

import asyncio
from datetime import datetime, time, timedelta

from servers.feed.port import FeedParts
from servers.feed.simulated.intraday import trade_day
from servers.feed.simulated.ledger import Ledger
from servers.feed.simulated.market import SimulatedMarket, build_market
from servers.feed.simulated.tape import SOURCE, Tape, closing_quotes
from servers.feed.status import FeedState, FeedStatus
from shared.market.errors import InvalidInput
from shared.market.quote import Quality
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_date, kst_datetime
from shared.store.store import Store

_PACE_S = 0.2  # machine time between two looks at the tape
_EVENING = time(21)
_UNDER_WAY = timedelta(minutes=1)
"""A start without a moment is so far behind the opening that the first look finds prices of the day."""

_MORNING = timedelta(hours=1)


async def prepare_market(
    store: Store, *, seed: int, calendar: SessionCalendar, at: datetime | None = None
) -> tuple[Session, datetime]:
    """Choose the session that this start opens and complete the store up to it.

    Each start opens the session after the one that was opened last, so market time never runs backwards in one store.

    Args:
        store: A store of simulated origin.
        seed: Seed of the market; the one with which the store was begun.
        calendar: The exchange calendar.
        at: Market time to start at; None starts just behind the opening.

    Returns:
        The session and the market time to start the clock at.

    Raises:
        InvalidInput: `at` lies before what the store comes to next.
        DataMissing: The invented market is over.
    """
    market = await asyncio.to_thread(build_market, seed, calendar)
    ledger = Ledger(store, market)
    position = market.following(await ledger.last_opened())
    if at is not None:
        wanted = market.position_of(kst_date(at))
        if wanted < position:
            raise InvalidInput("clock.at", f"lies before {market.sessions[position].day}, which this store comes to next")
        position = wanted
    await ledger.open_session(position)
    session = market.sessions[position]
    return session, session.opens + _UNDER_WAY if at is None else at


async def close_market(store: Store, *, seed: int, calendar: SessionCalendar) -> datetime:
    """Complete the session that was opened last and open none: for whoever only asks, and may ask again.

    Args:
        store: A store of simulated origin.
        seed: Seed of the market; the one with which the store was begun.
        calendar: The exchange calendar.

    Returns:
        A market time of that session's evening, when its flows are known; the next start opens the session after it.
    """
    market = await asyncio.to_thread(build_market, seed, calendar)
    ledger = Ledger(store, market)
    session = market.sessions[await ledger.close_last_opened()]
    return kst_datetime(session.day, _EVENING)


class SimulatedFeed:
    """Plays one session of the invented market after the other, and its headlines into the store."""

    name = SOURCE

    def __init__(self, parts: FeedParts) -> None:
        """Keep the collaborators; the market is built when the feed runs."""
        self._parts = parts

    async def run(self) -> None:
        """Play sessions until cancelled.

        Raises:
            DataMissing: The invented market is over.
            EpochSuperseded: Somebody else owns the feed now.
        """
        market = await asyncio.to_thread(build_market, self._parts.seed, self._parts.calendar)
        ledger = Ledger(self._parts.store, market)
        position = market.position_of(kst_date(self._parts.clock.market_now()))
        while True:
            await ledger.open_session(position)
            await self._play(market, ledger, position)
            position = market.following(position)
            await self._parts.clock.sleep_market_until(market.sessions[position].opens - _MORNING)

    async def _play(self, market: SimulatedMarket, ledger: Ledger, position: int) -> None:
        day = await asyncio.to_thread(trade_day, market, position)
        # Every instrument has a value before its first trade: the close of the session before.
        await self._parts.publisher.publish_quotes(closing_quotes(market, position - 1, self._parts.clock.market_now()))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._report(ledger, position), name="simulated-news")
            tasks.create_task(self._trade(Tape(market, position, day), day.session), name="simulated-trades")

    async def _trade(self, tape: Tape, session: Session) -> None:
        clock, publisher = self._parts.clock, self._parts.publisher
        if clock.market_now() < session.opens:
            await self._status(FeedState.CLOSED_SESSION, reason="before the opening")
            await clock.sleep_market_until(session.opens)
        live = False
        while True:
            now = clock.market_now()
            quotes = tape.advance(now)
            await publisher.publish_quotes(quotes)
            if quotes:
                await publisher.publish_indices(tape.levels(now))
            if tape.is_over:
                break
            if quotes and not live:  # only now: whoever waits for the state finds prices
                await self._status(FeedState.LIVE, subscriptions=tape.width)
                live = True
            await clock.sleep_machine(_PACE_S)
        await self._status(FeedState.CLOSED_SESSION, reason="the session is over")

    async def _report(self, ledger: Ledger, position: int) -> None:
        for headline in ledger.headlines(position):
            await self._parts.clock.sleep_market_until(headline.published_time)
            await ledger.add_news([headline])

    async def _status(self, state: FeedState, *, reason: str = "", subscriptions: int = 0) -> None:
        await self._parts.publisher.publish_status(
            FeedStatus(
                feed=self.name,
                state=state,
                quality=Quality.SIMULATED,
                since=self._parts.clock.market_now(),
                reason=reason,
                active_subscriptions=subscriptions,
                target_subscriptions=subscriptions,
            )
        )
