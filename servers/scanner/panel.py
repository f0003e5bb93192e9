"""The market as arrays: the one form in which strategies see it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from servers.scanner.universe import Eligibility
from shared.market.errors import NotFound

WINDOW = 320
"""Traded bars per ticker; history before them is never used, so a live scan, a rescan and a backtest agree."""

FLOW_SESSIONS = 6
"""Flow columns: five sessions for scores, one more because the newest may not be published yet."""

MIN_BARS = 60
"""Fewer traded bars make no score (`common.min_bars`)."""


class Status(IntEnum):
    """Whether a ticker can be scored at the panel's session."""

    OK = 0
    HALTED = 1
    SHORT_HISTORY = 2
    BAD_ADJUST = 3
    NO_DATA = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Net buying on the market's newest six sessions; arrays have shape (n, 6), newest session last, `dates` shape (6,).

    `foreign_net` and `institution_net` are won, NaN where unknown or not published by the panel's moment; `turnover` is the
    won traded on that session, 0 on a halted day, NaN without any row. `from_shares` marks converted share counts.
    The first `published` columns were published.
    """

    dates: NDArray[np.int32]
    foreign_net: NDArray[np.float64]
    institution_net: NDArray[np.float64]
    turnover: NDArray[np.float64]
    from_shares: NDArray[np.bool_]
    published: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Traded bars of n tickers as of a moment, right-aligned: column -1 is the newest bar, NaN stands left of the history.

    Bar arrays have shape (n, W). Prices are won adjusted as of `as_of`, `volume` is adjusted by the inverse, `turnover` is
    won as traded. `date` is yyyymmdd, 0 left of the history. The rest has shape (n,).

    The value is frozen, its arrays are not: `live.py` writes new bars into them. A panel has one writer and no reader
    meanwhile.

    Attributes:
        as_of: Moment of the evaluation, UTC.
        session: Newest session with a bar, yyyymmdd; 0 in an empty panel.
        rows: Row of each ticker.
        board: Codes into `universe.BOARDS`.
        market_cap: Won; NaN when unknown.
        jump: Bars whose close leaves the daily limit without an excuse, shape (n, W).
        complete: False while the newest bar is a session's that still goes on.
        count: Traded bars in the window.
        holes: Sessions since the window's first bar of which the data has no row of the ticker, traded or halted.
        status: `Status` codes.
        turnover_estimated: Whether a turnover of the newest 20 bars is estimated.
        universe: Who is eligible on `session`, and why not.
        flows: Net buying of investors.
    """

    as_of: datetime
    session: int
    tickers: tuple[str, ...]
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    rows: dict[str, int]
    board: NDArray[np.int8]
    market_cap: NDArray[np.float64]
    date: NDArray[np.int32]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    turnover: NDArray[np.float64]
    jump: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    count: NDArray[np.int32]
    holes: NDArray[np.int64]
    status: NDArray[np.int8]
    turnover_estimated: NDArray[np.bool_]
    universe: Eligibility
    flows: Flows

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Tickers that get scores at this session: status OK."""
        return np.equal(self.status, Status.OK)

    @property
    def ranked(self) -> NDArray[np.bool_]:
        """Members of the universe that are scored, whatever their liquidity."""
        return self.universe.eligible & self.scored

    def average_turnover(self, bars: int = 20) -> NDArray[np.float64]:
        """Mean turnover of the newest `bars` traded bars in won, shape (n,); NaN for shorter histories."""
        return np.asarray(self.turnover[:, -bars:].mean(axis=1))

    def liquid(self, *, adv_min: float, price_min: float, bars_back: int = 0) -> NDArray[np.bool_]:
        """Tickers above a strategy's floors (strategies.md 1.1) as of `bars_back` bars ago, shape (n,).

        Args:
            adv_min: Least mean turnover of 20 bars in won.
            price_min: Least close in won.
            bars_back: Bars to step back from each ticker's newest.
        """
        end = self.close.shape[1] - bars_back
        average = self.turnover[:, end - 20 : end].mean(axis=1)
        return np.asarray((average >= adv_min) & (self.close[:, end - 1] >= price_min))

    def row(self, ticker: str) -> int:
        """Row of a ticker.

        Raises:
            NotFound: If the panel has no bars of it.
        """
        if ticker not in self.rows:
            raise NotFound("INSTRUMENT", ticker)
        return self.rows[ticker]


def judge_status(
    panel_count: NDArray[np.int32],
    newest: NDArray[np.int32],
    jump: NDArray[np.bool_],
    *,
    session: int,
    present: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Status of every ticker.

    Args:
        panel_count: Traded bars in the window, shape (n,).
        newest: Day of the newest traded bar, shape (n,).
        jump: Unexcused jumps per bar, shape (n, W); one at the window's first bar says nothing about the bars after it.
        session: Newest session of the market, yyyymmdd.
        present: Whether the ticker has any row, traded or halted, on the newest sessions; shape (n,).
    """
    columns = np.arange(jump.shape[1])
    inside = columns[None, :] > jump.shape[1] - panel_count[:, None]
    status = np.zeros(panel_count.size, dtype=np.int8)
    status[(jump & inside).any(axis=1)] = Status.BAD_ADJUST
    status[panel_count < MIN_BARS] = Status.SHORT_HISTORY
    status[newest != session] = Status.HALTED
    status[(panel_count == 0) | ((newest != session) & ~present)] = Status.NO_DATA
    return status
