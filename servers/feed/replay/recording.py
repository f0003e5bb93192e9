"""Reading a recorded day out of the store, in the order in which it happened."""

import heapq
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from servers.feed.replay.frames import Frame, MinuteFrames, is_left_over, snapshot_frame
from shared.market.instrument import Ticker
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import end_of_day
from shared.store.repositories.bars import DailyBar
from shared.store.repositories.minutes import MinuteBar
from shared.store.repositories.snapshots import Snapshot
from shared.store.store import Store

log = structlog.get_logger()


class Recording:
    """The snapshots and minute bars of one session."""

    def __init__(self, store: Store, session: Session, calendar: SessionCalendar) -> None:
        """Keep the collaborators; `open` finds out what there is."""
        self._store = store
        self._session = session
        self._previous = calendar.previous_session(session.day)
        self._moments: list[datetime] = []
        self._bars: list[MinuteBar] = []

    async def open(self) -> bool:
        """Look what was recorded; False when nothing was."""
        day = self._session.day
        async with self._store.read() as unit:
            self._moments = await unit.snapshots.moments(end_of_day(day - timedelta(days=1)), end_of_day(day))
            self._bars = await unit.minutes.span(since=self._session.opens, until=self._session.closes)
        return bool(self._moments or self._bars)

    async def frames(self) -> AsyncIterator[Frame]:
        """Everything that brings prices, in order of time."""
        async for frame in _in_order(self._snapshots(), self._minutes()):
            if frame.quotes:
                yield frame

    async def closes_before(self, tickers: Sequence[Ticker]) -> dict[Ticker, list[DailyBar]]:
        """The last two daily bars before the session of each ticker that has any, oldest first."""
        closes = {}
        async with self._store.read() as unit:
            for ticker in tickers:
                bars = await unit.bars.newest(ticker, limit=2, until=self._previous.day)
                if bars:
                    closes[ticker] = bars
        return closes

    async def _snapshots(self) -> AsyncIterator[Frame]:
        rows = await self._rows_at(self._moments[0]) if self._moments else []
        for moment, next_moment in zip(self._moments, [*self._moments[1:], None], strict=True):
            following = [] if next_moment is None else await self._rows_at(next_moment)
            if is_left_over(rows, following):
                log.info("replay_snapshot_left_out", moment=moment.isoformat(), why="it still shows the day before")
            else:
                yield snapshot_frame(moment, rows, self._session)
            rows = following

    async def _minutes(self) -> AsyncIterator[Frame]:
        closes = await self.closes_before(sorted({bar.ticker for bar in self._bars}))
        frames = MinuteFrames({ticker: bars[-1].close for ticker, bars in closes.items()})
        for moment, ending in groupby(sorted(self._bars, key=_end_of), key=_end_of):
            yield frames.frame(moment, ending)

    async def _rows_at(self, moment: datetime) -> list[Snapshot]:
        async with self._store.read() as unit:
            return await unit.snapshots.at(moment)


def _end_of(bar: MinuteBar) -> datetime:
    return bar.start_time + timedelta(minutes=bar.minutes)


async def _in_order(*streams: AsyncIterator[Frame]) -> AsyncIterator[Frame]:
    """Streams of frames, each in order of time, as one."""
    heads: list[tuple[datetime, int, Frame]] = []

    async def take(number: int) -> None:
        frame = await anext(streams[number], None)
        if frame is not None:
            heapq.heappush(heads, (frame.moment, number, frame))

    for number in range(len(streams)):
        await take(number)
    while heads:
        _, number, frame = heapq.heappop(heads)
        yield frame
        await take(number)
