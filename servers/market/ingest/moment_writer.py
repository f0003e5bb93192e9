"""Stores what happened within a session: minute bars and price pictures."""

from datetime import UTC, datetime, timedelta

import polars as pl

from servers.market.ingest.series_writer import SeriesWriter
from servers.market.ingest.sources import collected
from servers.market.ingest.writer import whole
from shared.store.repositories.minutes import MinuteRows
from shared.store.repositories.snapshots import SnapshotRows
from shared.store.unit_of_work import UnitOfWork

_KST_OFFSET = timedelta(hours=9)


class MinuteBarsWriter(SeriesWriter):
    """Minute bars of any interval."""

    generations = frozenset({"minutes"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk, interval by interval."""
        stored = 0
        for (interval,), part in rows.group_by("interval", maintain_order=True):
            bars = MinuteRows(
                minutes=int(str(interval).removesuffix("m")),
                tickers=part["ticker"].to_list(),
                start_time=_moments(part),
                open=whole(part, "open"),
                high=whole(part, "high"),
                low=whole(part, "low"),
                close=whole(part, "close"),
                volume=whole(part, "volume"),
            )
            stored += await uow.minutes.upsert(bars, collected(None, None, self._fetched))
        return stored


class SnapshotsWriter(SeriesWriter):
    """Price pictures of a running day."""

    generations = frozenset({"snapshots"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk."""
        pictures = SnapshotRows(
            collected_time=_moments(rows),
            tickers=rows["ticker"].to_list(),
            price=rows["price"].to_list(),
            change=rows["change"].to_list(),
            open=rows["open"].to_list(),
            high=rows["high"].to_list(),
            low=rows["low"].to_list(),
            volume=rows["volume"].to_list(),
            turnover=rows["amount"].to_list(),
            shares=rows["shares"].to_list(),
        )
        return await uow.snapshots.upsert(pictures, collected(None, None, self._fetched))


def _moments(rows: pl.DataFrame) -> list[datetime]:
    """Korean times of a chunk in UTC."""
    utc = (pl.col("ts") - _KST_OFFSET).dt.replace_time_zone("UTC")
    return [moment.astimezone(UTC) for moment in rows.select(utc).to_series().to_list()]
