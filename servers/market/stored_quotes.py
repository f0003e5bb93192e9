"""Quotes out of the store: the newest official close, or a recorded picture of the running session."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import numpy as np

from servers.market.cache import PRICE_TTL, AgedCache
from servers.market.horizon import Horizon
from shared.market.adjust import adjustment
from shared.market.bars import BarColumns, FactorColumns
from shared.market.instrument import Ticker
from shared.market.quote import Quality, Quote, Venue
from shared.market.sessions import Session, SessionCalendar
from shared.store.repositories.bars import DailyBar
from shared.store.repositories.snapshots import Snapshot
from shared.store.store import Store
from shared.store.unit_of_work import UnitOfWork

_LOOK_BACK = timedelta(days=30)
"""How far before its newest bar a ticker's previous one is looked for; after a longer gap there is no change to show."""

_COLLECTION_LAG = timedelta(minutes=20)
"""The exchange's free pages, of which recorded pictures were taken, run about 20 minutes late."""

_PICTURES = "krx"


class StoredQuotes:
    """Reads quotes of many tickers at once."""

    def __init__(self, store: Store, horizon: Horizon, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._store = store
        self._horizon = horizon
        self._calendar = calendar
        self._cached: AgedCache[tuple[date, Ticker], Quote] = AgedCache(lambda: horizon.now)

    async def newest(self, tickers: Sequence[Ticker], *, max_age: timedelta | None = None) -> dict[Ticker, Quote]:
        """The newest stored quote of each ticker that has one, nothing later than market time.

        Args:
            tickers: Whose.
            max_age: How long ago a close may have been read; None leaves it to the phase of the market.
        """
        if not tickers:
            return {}
        allowed = PRICE_TTL.at(self._horizon.phase()) if max_age is None else max_age
        day = self._horizon.bar_day()
        cached = self._cached.fresh([(day, ticker) for ticker in tickers], allowed)
        closes = {ticker: quote for (_, ticker), quote in cached.items()}
        async with self._store.read() as uow:
            closes |= await self._read_closes(uow, day, [ticker for ticker in tickers if ticker not in closes])
            pictures = await self._pictures(uow, set(tickers))
        return closes | pictures

    def forget(self) -> int:
        """Drop every cached close; returns how many that were."""
        return self._cached.clear()

    async def _read_closes(self, uow: UnitOfWork, until: date, tickers: Sequence[Ticker]) -> dict[Ticker, Quote]:
        if not tickers:
            return {}
        read = self._horizon.now
        closes = await self._closes(uow, until, tickers)
        self._cached.put({(until, ticker): quote for ticker, quote in closes.items()}, read=read)
        return closes

    async def _closes(self, uow: UnitOfWork, until: date, tickers: Sequence[Ticker]) -> dict[Ticker, Quote]:
        newest = await uow.bars.latest_of(tickers, until=until)
        before: dict[Ticker, int] = {}
        # Nearly always one day: only names that have left the exchange end earlier than the store.
        for day in {bar.day for bar in newest.values()}:
            ending = [ticker for ticker, bar in newest.items() if bar.day == day]
            recent = await uow.bars.columns(day - _LOOK_BACK, day, ending)
            before |= previous_closes(recent, await uow.factors.columns(day, ending))
        return {ticker: self._close(bar, before.get(ticker)) for ticker, bar in newest.items()}

    def _close(self, bar: DailyBar, previous_close: int | None) -> Quote:
        closed = self._horizon.closed(bar.day)
        return Quote(
            ticker=bar.ticker,
            price_krw=bar.close,
            previous_close_krw=previous_close,
            open_krw=bar.open or None,  # a halted day has zeros here
            high_krw=bar.high or None,
            low_krw=bar.low or None,
            volume_shares=bar.volume,
            turnover_krw=bar.turnover,
            venue=Venue.KRX,
            quality=self._horizon.close_quality,
            exchange_time=closed,
            receive_time=closed,
            source=bar.source,
        )

    async def _pictures(self, uow: UnitOfWork, tickers: Collection[Ticker]) -> dict[Ticker, Quote]:
        """Recorded prices of the session that is running at market time; none outside of one."""
        session = self._calendar.session(self._horizon.today())
        if not isinstance(session, Session) or not session.opens <= self._horizon.now < session.closes:
            return {}
        moments = await uow.snapshots.moments(session.opens, self._horizon.now)
        if not moments:
            return {}
        rows = await uow.snapshots.at(moments[-1])
        return {row.ticker: _picture(row, session) for row in rows if row.ticker in tickers and row.price}


def previous_closes(bars: BarColumns, factors: FactorColumns) -> dict[Ticker, int]:
    """The close before each ticker's newest bar, on the newest bar's scale; tickers with one bar are left out.

    Args:
        bars: Raw bars of a few days, sorted by (ticker, date).
        factors: Factors of the same tickers.
    """
    if not bars.date.size:
        return {}
    scale = adjustment(bars, factors, int(bars.date.max()))
    last = np.flatnonzero(np.r_[bars.ticker_index[1:] != bars.ticker_index[:-1], True])
    found = {}
    for row in last.tolist():
        if row and bars.ticker_index[row - 1] == bars.ticker_index[row]:
            close = round(float(bars.close[row - 1] * scale[row - 1] / scale[row]))
            found[Ticker(bars.tickers[int(bars.ticker_index[row])])] = close
    return found


def _picture(row: Snapshot, session: Session) -> Quote:
    happened = min(max(row.collected_time - _COLLECTION_LAG, session.opens), session.closes)
    price = row.price or 0
    return Quote(
        ticker=row.ticker,
        price_krw=price,
        previous_close_krw=None if row.change is None else price - row.change,
        open_krw=row.open or None,
        high_krw=row.high or None,
        low_krw=row.low or None,
        volume_shares=row.volume or 0,
        turnover_krw=row.turnover or 0,
        venue=Venue.KRX,
        quality=Quality.REPLAYED,
        exchange_time=happened,
        receive_time=row.collected_time,
        source=_PICTURES,
    )
