"""Short ways to write rows in tests."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import numpy as np

from shared.market.times import yyyymmdd
from shared.store.provenance import Provenance, SourceRank
from shared.store.repositories.bars import BarRows

SAMSUNG, HYNIX = "005930", "000660"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)


def fetched(
    day: int = 1, *, source: str = "collection", rank: SourceRank = SourceRank.COLLECTED, adjusted: date | None = None
) -> Provenance:
    return Provenance(source=source, rank=rank, fetched_time=datetime(2026, 5, day, tzinfo=UTC), adjusted_as_of=adjusted)


def bars(*rows: tuple[str, date, int], volume: int = 100, turnover: int | None = None) -> BarRows:
    """One bar per (ticker, day, close); turnover is estimated unless given."""
    close = numbers(close for _, _, close in rows)
    return BarRows(
        tickers=[ticker for ticker, _, _ in rows],
        date=days(day for _, day, _ in rows),
        open=close - 1,
        high=close + 2,
        low=close - 2,
        close=close,
        volume=np.full(len(rows), volume, dtype=np.int64),
        turnover=close * volume if turnover is None else np.full(len(rows), turnover, dtype=np.int64),
        turnover_estimated=np.full(len(rows), turnover is None),
    )


def numbers(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def days(values: Iterable[date]) -> np.ndarray:
    return np.array([yyyymmdd(day) for day in values], dtype=np.int32)
