"""The session a KIS master was written for: found in the prices it repeats, since the file carries no date."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from servers.market.ingest.writer import newest_day
from shared.market.bars import BarColumns
from shared.market.sessions import SessionCalendar
from shared.market.times import from_yyyymmdd
from shared.store.unit_of_work import UnitOfWork

_WITNESSES = 30
"""Busiest instruments of the master whose close and volume are compared."""

_VOLUME_TOLERANCE = 0.01
"""Volumes are corrected a little after the session."""

_BEFORE, _AFTER = timedelta(days=14), timedelta(days=200)
"""Masters name listings that are a few days ahead, and a board can be without listings for months."""


def witnesses(master: pl.DataFrame) -> pl.DataFrame:
    """The rows whose close and volume of the session before tell the day best.

    Args:
        master: Columns of `mst.MASTER_SCHEMA`.
    """
    traded = master.filter((pl.col("previous_volume") > 0) & (pl.col("base_price") > 0))
    return traded.sort(pl.col("base_price") * pl.col("previous_volume"), descending=True).head(_WITNESSES)


def matching_day(chosen: pl.DataFrame, bars: BarColumns) -> date | None:
    """The day on which at least half of the witnesses closed and traded as the master says; None without one.

    Args:
        chosen: From `witnesses`.
        bars: Raw bars of these instruments around the day.
    """
    said = {
        ticker: (price, volume)
        for ticker, price, volume in chosen.select("code", "base_price", "previous_volume").iter_rows()
    }
    prices = np.array([said.get(ticker, (0, 0))[0] for ticker in bars.tickers], dtype=np.int64)[bars.ticker_index]
    volumes = np.array([said.get(ticker, (0, 0))[1] for ticker in bars.tickers], dtype=np.int64)[bars.ticker_index]
    agrees = (bars.close == prices) & (np.abs(bars.volume - volumes) <= volumes * _VOLUME_TOLERANCE)
    days, counts = np.unique(bars.date[agrees], return_counts=True)
    if not days.size or 2 * counts.max() < len(bars.tickers):
        return None
    return from_yyyymmdd(int(days[counts.argmax()]))


async def session_of(master: pl.DataFrame, uow: UnitOfWork, calendar: SessionCalendar) -> date | None:
    """The session after the one whose closes a master repeats; None while the store has no bars of that time."""
    listed = newest_day(master, "list_date")
    chosen = witnesses(master)
    if listed is None or chosen.is_empty():
        return None
    bars = await uow.bars.columns(listed - _BEFORE, listed + _AFTER, chosen["code"].to_list())
    day = matching_day(chosen, bars) if bars.tickers else None
    return None if day is None else calendar.next_session(day).day
