"""Stores daily bars and official tables."""

from datetime import date, datetime

import polars as pl

from servers.market.ingest.observed import StatementLog, department_flags, department_kind
from servers.market.ingest.sources import EXCHANGE, collected, official
from servers.market.ingest.writer import days, whole
from shared.store.repositories.bars import BarRows
from shared.store.repositories.official import OfficialRows
from shared.store.unit_of_work import UnitOfWork

_OFFICIAL_FIGURES = pl.col("marcap_src").eq_missing("krx") & pl.col("shares").is_not_null() & pl.col("marcap").is_not_null()
_OFFICIAL_TURNOVER = pl.col("amount_src").eq_missing("krx") & pl.col("amount").is_not_null()


class DailyBarsWriter:
    """Collected bars: prices, turnover, and the official counts among them."""

    generations = frozenset({"bars", "instruments"})
    remark = ""
    complete = True

    def __init__(self, fetched: datetime) -> None:
        """See `sources.fetched_time`."""
        self._fetched = fetched
        self._logs: dict[str, StatementLog] = {}

    def collect(self, rows: pl.DataFrame) -> None:
        """Note the newest name and board of each instrument."""
        named = rows.filter(pl.col("name").is_not_null() | pl.col("market").is_not_null())
        newest = named.sort("date").group_by("ticker", "src").last()
        for (source,), part in newest.group_by("src"):
            provenance = collected(_text(source), None, self._fetched)
            unsaid = (pl.lit(None, pl.String).alias(name) for name in ("kind", "flags"))
            said = part.select("ticker", pl.col("date").alias("day"), "name", pl.col("market").alias("board"), *unsaid)
            self._logs.setdefault(provenance.source, StatementLog()).add(said)

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store bars and official counts of a chunk."""
        stored = 0
        for (source, adjusted_on), part in rows.group_by("src", "adjusted_on", maintain_order=True):
            provenance = collected(_text(source), adjusted_on if isinstance(adjusted_on, date) else None, self._fetched)
            stored += await uow.bars.upsert(_bars(part, official_turnover=_OFFICIAL_TURNOVER), provenance)
            # Their turnover, where it is the exchange's, stands in the bar; here it could only contradict official tables.
            await uow.share_counts.upsert(_counts(part.filter(_OFFICIAL_FIGURES), turnover=False), provenance)
        return stored

    async def finish(self, uow: UnitOfWork) -> int:
        """Store names and boards."""
        for source, log in self._logs.items():
            newest = {seen.ticker: seen for seen in log.observations()}
            await uow.instruments.observe(newest.values(), source)
        return 0


class OfficialTableWriter:
    """The exchange's own tables: counts of every row, prices of those that have them."""

    generations = frozenset({"bars", "instruments"})
    remark = ""
    complete = True

    def __init__(self, fetched: datetime) -> None:
        """See `sources.fetched_time`."""
        self._provenance = official(fetched)
        self._log = StatementLog()

    def collect(self, rows: pl.DataFrame) -> None:
        """Note names, boards and flags by day."""
        board, dept = pl.col("market").alias("board"), pl.col("dept")
        kind, flags = department_kind(dept).alias("kind"), department_flags(board, dept).alias("flags")
        self._log.add(rows.select("ticker", pl.col("date").alias("day"), "name", board, kind, flags))

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store counts and bars of a chunk."""
        ordered = rows.sort("ticker", "date")
        counted = await uow.share_counts.upsert(_counts(ordered, turnover=True), self._provenance)
        priced = ordered.filter(pl.col("open").is_not_null())
        barred = await uow.bars.upsert(_bars(priced, official_turnover=pl.lit(value=True)), self._provenance)
        return max(counted, barred)

    async def finish(self, uow: UnitOfWork) -> int:
        """Store what was stated about instruments."""
        await uow.instruments.observe(self._log.observations(), EXCHANGE)
        return 0


def _bars(rows: pl.DataFrame, *, official_turnover: pl.Expr) -> BarRows:
    given = pl.col("amount").is_not_null() & ((pl.col("amount") > 0) | (pl.col("volume") == 0))
    turnover = pl.when(given).then(pl.col("amount")).otherwise(pl.col("close") * pl.col("volume"))
    filled = rows.with_columns(turnover.alias("amount"), (~(given & official_turnover)).alias("estimated"))
    return BarRows(
        tickers=filled["ticker"].to_list(),
        date=days(filled),
        open=whole(filled, "open"),
        high=whole(filled, "high"),
        low=whole(filled, "low"),
        close=whole(filled, "close"),
        volume=whole(filled, "volume"),
        turnover=whole(filled, "amount"),
        turnover_estimated=filled["estimated"].to_numpy(),
    )


def _counts(rows: pl.DataFrame, *, turnover: bool) -> OfficialRows:
    return OfficialRows(
        tickers=rows["ticker"].to_list(),
        date=days(rows),
        shares=whole(rows, "shares"),
        market_cap_krw=whole(rows, "marcap"),
        turnover_krw=whole(rows, "amount") if turnover else None,
    )


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None
