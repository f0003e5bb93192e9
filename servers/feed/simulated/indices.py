"""The invented indices: capitalisation of their members against the first session."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.feed.simulated.intraday import TradedDay
from servers.feed.simulated.market import HISTORY_SESSIONS, SimulatedMarket
from shared.market.instrument import Board
from shared.market.topic import MarketIndex
from shared.store.repositories.indices import IndexBar

_BASE_E2 = {MarketIndex.KOSPI: 260_000, MarketIndex.KOSDAQ: 85_000, MarketIndex.KOSPI200: 35_000}
_MEMBERS = {
    MarketIndex.KOSPI: (Board.KOSPI, None),
    MarketIndex.KOSDAQ: (Board.KOSDAQ, None),
    MarketIndex.KOSPI200: (Board.KOSPI, 100),
}


@dataclass(frozen=True, slots=True, eq=False)
class Basket:
    """Members of an index: their rows, their listed shares (float, shape (k,)), and index points x 100 per won."""

    rows: NDArray[np.intp]
    shares: NDArray[np.float64]
    points_per_won: float

    def levels(self, prices: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.int64]:
        """Index points x 100 for prices of all instruments, shape (..., n) gives shape (...)."""
        return np.rint(prices[..., self.rows] @ self.shares * self.points_per_won).astype(np.int64)


def baskets(market: SimulatedMarket) -> Mapping[MarketIndex, Basket]:
    """The baskets of every index."""
    found = {}
    for index, (board, largest) in _MEMBERS.items():
        rows = market.universe.members(board, largest=largest)
        shares = market.universe.shares[rows].astype(np.float64)
        found[index] = Basket(rows, shares, _BASE_E2[index] / float(market.previous[rows] @ shares))
    return found


def index_bars(market: SimulatedMarket, position: int, day: TradedDay | None = None) -> list[IndexBar]:
    """The indices' bars of a session.

    Args:
        market: The market.
        position: Place of the session.
        day: The session's trades, which give the range; sessions of the history have none and take an estimate.

    Raises:
        ValueError: A live session without its trades: its stored range would contradict the one that was shown.
    """
    if day is None and position >= HISTORY_SESSIONS:
        raise ValueError("the bar of a live session needs the session's trades")
    turnover = market.turnover[position] if day is None else day.turnover
    reach = np.random.default_rng([market.seed, 5, position]).uniform(0.0005, 0.004, 2)
    bars = []
    for index, basket in baskets(market).items():
        open_, close = (int(basket.levels(column[position])) for column in (market.open, market.close))
        if day is None:
            high, low = round(max(open_, close) * (1 + reach[0])), round(min(open_, close) * (1 - reach[1]))
        else:
            path = basket.levels(day.price)
            high, low = int(path.max()), int(path.min())
        bars.append(
            IndexBar(
                index_name=index,
                day=market.sessions[position].day,
                open_e2=open_,
                high_e2=high,
                low_e2=low,
                close_e2=close,
                volume=int(market.volume[position, basket.rows].sum()),
                turnover=int(turnover[basket.rows].sum()),
                market_cap_krw=int(market.close[position, basket.rows].astype(np.float64) @ basket.shares),
            )
        )
    return bars
