"""Walking through a traded day on market time: what is new by now, as quotes and index levels."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from servers.feed.simulated.indices import Basket, baskets
from servers.feed.simulated.intraday import TradedDay
from servers.feed.simulated.market import SimulatedMarket
from shared.market.index_level import IndexLevel
from shared.market.quote import Quality, Quote, Venue
from shared.market.topic import MarketIndex

SOURCE = "simulated"
_NO_LOW = np.iinfo(np.int64).max


class Tape:
    """The session so far. `advance` moves it; nothing that lies after market time is in what it returns."""

    def __init__(self, market: SimulatedMarket, position: int, day: TradedDay) -> None:
        """Stand before the opening."""
        count = len(market.universe.instruments)
        self._market, self._position, self._day = market, position, day
        self._previous = market.close_before(position)
        self._baskets = baskets(market)
        self._ranges: dict[MarketIndex, tuple[int, int]] = {}
        self._done = 0
        self._last_step = np.zeros(count, np.int64)
        self._high = np.zeros(count, np.int64)
        self._low = np.full(count, _NO_LOW)
        self._volume = np.zeros(count, np.int64)
        self._turnover = np.zeros(count, np.int64)

    @property
    def width(self) -> int:
        """Number of instruments."""
        return self._last_step.size

    @property
    def is_over(self) -> bool:
        """Whether the closing auction is behind."""
        return self._done >= self._day.steps

    def advance(self, now: datetime) -> list[Quote]:
        """Move to market time `now`; quotes of the instruments that traded on the way, each with its newest trade."""
        end = self._day.complete_steps(now)
        if end <= self._done:
            return []
        part = slice(self._done, end)
        price, traded = self._day.price[part].astype(np.int64), self._day.traded[part]
        self._high = np.maximum(self._high, np.where(traded, price, 0).max(axis=0))
        self._low = np.minimum(self._low, np.where(traded, price, _NO_LOW).min(axis=0))
        bought = np.diff(self._day.volume[part], axis=0, prepend=self._volume[None, :])
        self._turnover += (bought * price).sum(axis=0)
        self._volume = self._day.volume[end - 1]
        fresh = traded.any(axis=0)
        self._last_step[fresh] = (end - 1 - traded[::-1].argmax(axis=0))[fresh]
        self._done = end
        return [self._quote(column, now) for column in np.flatnonzero(fresh).tolist()]

    def levels(self, now: datetime) -> list[IndexLevel]:
        """The indices at the newest prices; empty before the first trade."""
        if not self._done:
            return []
        price = self._day.price[self._last_step, np.arange(self._last_step.size)]
        return [self._level(index, basket, price, now) for index, basket in self._baskets.items()]

    def _quote(self, column: int, now: datetime) -> Quote:
        step = int(self._last_step[column])
        return Quote(
            ticker=self._market.universe.instruments[column].ticker,
            price_krw=int(self._day.price[step, column]),
            previous_close_krw=int(self._previous[column]),
            open_krw=int(self._market.open[self._position, column]),
            high_krw=int(self._high[column]),
            low_krw=int(self._low[column]),
            volume_shares=int(self._volume[column]),
            turnover_krw=int(self._turnover[column]),
            venue=Venue.CONSOLIDATED,
            quality=Quality.SIMULATED,
            exchange_time=self._day.moment(step, column),
            receive_time=now,
            source=SOURCE,
        )

    def _level(self, index: MarketIndex, basket: Basket, price: NDArray[np.int32], now: datetime) -> IndexLevel:
        level = int(basket.levels(price))
        low, high = self._ranges.get(index, (level, level))
        self._ranges[index] = low, high = min(low, level), max(high, level)
        return IndexLevel(
            index=index,
            level_e2=level,
            previous_close_e2=int(basket.levels(self._previous)),
            open_e2=int(basket.levels(self._market.open[self._position])),
            high_e2=high,
            low_e2=low,
            volume_shares=int(self._volume[basket.rows].sum()),
            turnover_krw=int(self._turnover[basket.rows].sum()),
            quality=Quality.SIMULATED,
            exchange_time=min(now, self._day.session.closes),
            receive_time=now,
            source=SOURCE,
        )


def closing_quotes(market: SimulatedMarket, position: int, now: datetime) -> list[Quote]:
    """The closes of a session, for every instrument; `now` is the market time at which they are told."""
    before, session, turnover = market.close_before(position), market.sessions[position], market.turnover[position]
    return [
        Quote(
            ticker=instrument.ticker,
            price_krw=int(market.close[position, column]),
            previous_close_krw=int(before[column]),
            open_krw=int(market.open[position, column]),
            high_krw=int(market.high[position, column]),
            low_krw=int(market.low[position, column]),
            volume_shares=int(market.volume[position, column]),
            turnover_krw=int(turnover[column]),
            venue=Venue.CONSOLIDATED,
            quality=Quality.SIMULATED,
            exchange_time=session.closes,
            receive_time=now,
            source=SOURCE,
        )
        for column, instrument in enumerate(market.universe.instruments)
    ]
