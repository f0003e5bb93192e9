"""The session that a master was written for follows from the prices it repeats."""

from datetime import date

import numpy as np
import polars as pl

from servers.market.ingest.master_date import matching_day, witnesses
from shared.market.bars import BarColumns

DAYS = [20260305, 20260306, 20260309]


def master(*rows: tuple[str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["code", "base_price", "previous_volume"], orient="row")


def bars(prices: dict[str, list[int]], volume: int = 10_000) -> BarColumns:
    count, size = len(prices), len(prices) * len(DAYS)
    close = np.array([price for series in prices.values() for price in series], dtype=np.int64)
    return BarColumns(
        tickers=tuple(prices),
        ticker_index=np.repeat(np.arange(count, dtype=np.int32), len(DAYS)),
        date=np.tile(np.array(DAYS, dtype=np.int32), count),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.full(size, volume, dtype=np.int64),
        turnover=close,
        turnover_estimated=np.zeros(size, dtype=np.bool_),
        adjusted_as_of=np.zeros(size, dtype=np.int32),
    )


def test_the_day_is_the_one_whose_closes_and_volumes_agree():
    stored = bars({"000001": [10, 11, 12], "000002": [20, 21, 22]})
    assert matching_day(master(("000001", 11, 10_050), ("000002", 21, 10_000)), stored) == date(2026, 3, 6)


def test_half_of_the_witnesses_must_agree():
    stored = bars({f"00000{n}": [10, 11, 12] for n in range(5)})
    told = [(f"00000{n}", 11 if n < 2 else 99, 10_000) for n in range(5)]
    assert matching_day(master(*told), stored) is None


def test_the_same_close_with_another_volume_is_another_day():
    assert matching_day(master(("000001", 11, 50_000)), bars({"000001": [10, 11, 12]})) is None


def test_the_busiest_instruments_are_the_witnesses():
    quiet = [(f"{n:06}", 100, n) for n in range(1, 60)]
    chosen = witnesses(master(*quiet, ("999999", 0, 10**9)))
    assert chosen.height == 30
    assert chosen["code"].to_list()[0] == "000059"
