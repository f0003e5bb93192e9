"""The market within a session: completed bars, and on top of them today's bar as live prices have made it so far."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from kstock.common.v1 import quote_pb2
from numpy.typing import NDArray

from servers.scanner.as_of import newest_closed
from servers.scanner.live import LiveBars, begin_session, put_bars
from servers.scanner.loader import MarketLoader
from servers.scanner.panel import Panel
from servers.scanner.prices import LivePrices
from shared.clock import Clock
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import yyyymmdd
from shared.market.volume_curve import VolumeCurve
from shared.rpc.messages.times import read_timestamp

_SETTLING = timedelta(minutes=5)
"""Before 09:05 a day's volume cannot be told from its first trades (strategies.md 5)."""

_FIELDS = ("open_krw", "high_krw", "low_krw", "price_krw", "volume_shares", "turnover_krw")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """A panel whose newest bars are made of live prices.

    Attributes:
        panel: The market; tickers that have not traded today are HALTED.
        time: Market time of the newest price, UTC.
        volume_share: Share of the day's volume that is usually traded by then; None while nobody can say.
    """

    panel: Panel
    time: datetime
    volume_share: float | None


class LiveMarket:
    """Makes live views; needs `LivePrices` to run."""

    def __init__(self, loader: MarketLoader, prices: LivePrices, clock: Clock, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._loader = loader
        self._prices = prices
        self._clock = clock
        self._calendar = calendar
        self._curve = VolumeCurve.prior()

    async def session(self) -> Session | None:
        """The session that a live view would be of; None when there is nothing live, or nothing that fits to the store.

        Raises:
            DataMissing: The store has no bars at all.
        """
        session = self._prices.session
        if session is None or not self._prices.quotes:
            return None
        newest = await self._loader.newest_session(newest_closed(self._clock.market_now(), self._calendar))
        return session if newest == self._calendar.previous_session(session.day).day else None

    async def view(self) -> LiveView | None:
        """The market as it trades now; None as for `session`.

        Raises:
            DataMissing: The store has no bars at all.
        """
        session = await self.session()
        if session is None:
            return None
        before = await self._loader.panel(session.opens)
        quotes, time = dict(self._prices.quotes), read_timestamp(self._prices.newest)
        panel = await asyncio.to_thread(_panel, before, quotes, session=session, now=self._clock.market_now())
        return LiveView(panel=panel, time=time, volume_share=self._share(session, time))

    def _share(self, session: Session, time: datetime) -> float | None:
        since_open = time - session.opens
        return None if since_open < _SETTLING else self._curve.share_at(since_open, session.length)


def _panel(before: Panel, quotes: Mapping[str, quote_pb2.Quote], *, session: Session, now: datetime) -> Panel:
    known = [(before.rows[ticker], quote) for ticker, quote in quotes.items() if ticker in before.rows]
    rows = np.array([row for row, _ in known], dtype=np.int64)
    cells: NDArray[np.float64] = np.array(
        [[getattr(quote, field) for field in _FIELDS] for _, quote in known], dtype=np.float64
    ).reshape(-1, len(_FIELDS))
    open_, high, low, close, volume, turnover = np.ascontiguousarray(cells.T)
    panel = begin_session(before, yyyymmdd(session.day), now)
    put_bars(
        panel,
        LiveBars(
            session=panel.session,
            rows=rows,
            open=open_,
            high=high,
            low=low,
            close=close,
            volume=volume,
            turnover=turnover,
            complete=now >= session.closes,
        ),
    )
    return panel
