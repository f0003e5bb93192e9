"""Sessions of the invented market as the rows that the store takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from servers.feed.simulated.intraday import TradedDay
from servers.feed.simulated.market import SimulatedMarket
from shared.market.times import yyyymmdd
from shared.store.repositories.bars import BarRows
from shared.store.repositories.flows import FlowRows
from shared.store.repositories.indices import FxRate
from shared.store.repositories.official import OfficialRows
from shared.store.validity import InstrumentFacts, Observation

LISTED = date(2010, 1, 4)
"""Listing day of every instrument."""

_DOLLAR_E4 = 13_600_000


@dataclass(frozen=True, slots=True)
class Span:
    """Sessions `first` to `end` (excluded) of a market; rows come in the order (session, instrument)."""

    market: SimulatedMarket
    first: int
    end: int

    def bars(self, days: Mapping[int, TradedDay]) -> BarRows:
        """Daily bars; `days` holds the trades of the live sessions, by position."""
        market = self.market
        turnover = market.turnover[self.first : self.end]
        for position, day in days.items():
            turnover[position - self.first] = day.turnover
        return BarRows(
            tickers=self._tickers,
            date=self._days,
            open=self._column(market.open),
            high=self._column(market.high),
            low=self._column(market.low),
            close=self._column(market.close),
            volume=self._column(market.volume),
            turnover=turnover.reshape(-1),
            turnover_estimated=np.zeros(turnover.size, np.bool_),
        )

    def flows(self) -> FlowRows:
        """Net buying."""
        return FlowRows(
            tickers=self._tickers,
            date=self._days,
            foreign_net_krw=self._column(self.market.foreign),
            institution_net_krw=self._column(self.market.institution),
        )

    def capital(self) -> OfficialRows:
        """Listed shares and capitalisation of the last session; they change with the price only."""
        last, shares = Span(self.market, self.end - 1, self.end), self.market.universe.shares
        return OfficialRows(
            tickers=last._tickers,
            date=last._days,
            shares=shares,
            market_cap_krw=shares * last._column(self.market.close),
        )

    def dollars(self) -> list[FxRate]:
        """Won per dollar."""
        wander = np.random.default_rng([self.market.seed, 7]).normal(0, 0.0035, len(self.market.sessions)).cumsum()
        rates = np.rint(_DOLLAR_E4 * np.exp(np.clip(wander, -0.2, 0.2))).astype(np.int64)
        sessions = self.market.sessions[self.first : self.end]
        return [
            FxRate(pair="USDKRW", day=session.day, rate_e4=rate)
            for session, rate in zip(sessions, rates[self.first : self.end].tolist(), strict=True)
        ]

    @property
    def _tickers(self) -> list[str]:
        return list(self.market.universe.tickers) * (self.end - self.first)

    @property
    def _days(self) -> NDArray[np.int32]:
        days = [yyyymmdd(session.day) for session in self.market.sessions[self.first : self.end]]
        return np.repeat(np.array(days, np.int32), len(self.market.universe.instruments))

    def _column(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        return values[self.first : self.end].reshape(-1)


def observations(market: SimulatedMarket) -> list[Observation]:
    """The master: every instrument as of the first session, without any flag."""
    return [
        Observation(
            ticker=instrument.ticker,
            day=market.sessions[0].day,
            facts=InstrumentFacts(
                name=instrument.name,
                name_en=instrument.name_en,
                kind=instrument.kind,
                board=instrument.board,
                sector=instrument.sector,
                list_date=LISTED,
                flags=frozenset(),
            ),
        )
        for instrument in market.universe.instruments
    ]
