"""Stores index bars, exchange rates, flows and headlines."""

from collections.abc import Iterator
from datetime import date, datetime, time

import polars as pl

from servers.market.ingest.sources import collected
from servers.market.ingest.writer import days, whole
from shared.market.instrument import Board, Ticker
from shared.market.times import end_of_day, kst_datetime
from shared.market.topic import MarketIndex
from shared.store.repositories.flows import FlowRows, ShareFlowRows
from shared.store.repositories.indices import FxRate, IndexBar, MarketFlow
from shared.store.repositories.news import Headline
from shared.store.unit_of_work import UnitOfWork

_EOK = 100_000_000
"""One 억: the unit of market-wide flows."""


class SeriesWriter:
    """What the writers of plain time series share: each chunk stands for itself."""

    generations: frozenset[str] = frozenset()
    remark = ""
    complete = True

    def __init__(self, fetched: datetime) -> None:
        """See `sources.fetched_time`."""
        self._fetched = fetched

    def collect(self, rows: pl.DataFrame) -> None:
        """Nothing is needed from chunks that are stored already."""

    async def finish(self, uow: UnitOfWork) -> int:
        """Nothing is left."""
        return 0


class IndexBarsWriter(SeriesWriter):
    """Daily bars of indices."""

    generations = frozenset({"index"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk, source by source."""
        stored = 0
        for (source,), part in rows.group_by("src", maintain_order=True):
            bars = [_index_bar(row) for row in part.iter_rows(named=True)]
            stored += await uow.indices.upsert(bars, collected(source, None, self._fetched))
        return stored


def _index_bar(row: dict[str, float | str | date | None]) -> IndexBar:
    return IndexBar(
        index_name=MarketIndex(str(row["index"])),
        day=_date(row["date"]),
        open_e2=_scaled(row["open"], 100),
        high_e2=_scaled(row["high"], 100),
        low_e2=_scaled(row["low"], 100),
        close_e2=_scaled(row["close"], 100),
        volume=_scaled(row["volume"], 1),
        turnover=_scaled(row["amount"], 1),
        market_cap_krw=None if row["marcap"] is None else _scaled(row["marcap"], 1),
    )


class FxRatesWriter(SeriesWriter):
    """Won a dollar."""

    generations = frozenset({"fx"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk."""
        rates = [FxRate(pair="USDKRW", day=day, rate_e4=_scaled(rate, 10_000)) for day, rate in _pairs(rows, "usdkrw")]
        return await uow.fx.upsert(rates, collected(None, None, self._fetched))


class FlowsWriter(SeriesWriter):
    """Net buying in won."""

    generations = frozenset({"flows"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk."""
        flows = FlowRows(
            tickers=rows["ticker"].to_list(),
            date=days(rows),
            foreign_net_krw=whole(rows, "foreign_net"),
            institution_net_krw=whole(rows, "inst_net"),
            pension_net_krw=whole(rows, "pension_net") if rows["pension_net"].null_count() == 0 else None,
        )
        return await uow.flows.upsert(flows, collected(None, None, self._fetched))


class ShareFlowsWriter(SeriesWriter):
    """Net buying in shares."""

    generations = frozenset({"flows"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk."""
        held = rows["foreign_hold_shares"].null_count() == 0
        flows = ShareFlowRows(
            tickers=rows["ticker"].to_list(),
            date=days(rows),
            foreign_net_shares=whole(rows, "foreign_net_shares"),
            institution_net_shares=whole(rows, "inst_net_shares"),
            close=whole(rows, "close"),
            foreign_held_shares=whole(rows, "foreign_hold_shares") if held else None,
        )
        return await uow.flows.upsert_shares(flows, collected(None, None, self._fetched))


class MarketFlowsWriter(SeriesWriter):
    """Net buying on whole boards."""

    generations = frozenset({"flows"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk."""
        flows = [_market_flow(row) for row in rows.iter_rows(named=True)]
        return await uow.market_flows.upsert(flows, collected(None, None, self._fetched))


def _market_flow(row: dict[str, float | str | date | None]) -> MarketFlow:
    return MarketFlow(
        board=Board(str(row["market"])),
        day=_date(row["date"]),
        individual_net_krw=_scaled(row["개인"], _EOK),
        foreign_net_krw=_scaled(row["외국인"], _EOK),
        institution_net_krw=_scaled(row["기관계"], _EOK),
        financial_investment_net_krw=_scaled(row["금융투자"], _EOK),
        insurance_net_krw=_scaled(row["보험"], _EOK),
        investment_trust_net_krw=_scaled(row["투신"], _EOK),
        bank_net_krw=_scaled(row["은행"], _EOK),
        other_financial_net_krw=_scaled(row["기타금융"], _EOK),
        pension_net_krw=_scaled(row["연기금등"], _EOK),
        other_corporation_net_krw=_scaled(row["기타법인"], _EOK),
    )


class NewsWriter(SeriesWriter):
    """Headlines."""

    generations = frozenset({"news"})

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Store a chunk, source by source."""
        stored = 0
        for (source,), part in rows.group_by("src", maintain_order=True):
            stored += await uow.news.add([*_headlines(part)], collected(source, None, self._fetched).source)
        return stored


def _headlines(rows: pl.DataFrame) -> Iterator[Headline]:
    for row in rows.iter_rows(named=True):
        clock = row["time"]
        exact = clock is not None
        published = kst_datetime(row["date"], time.fromisoformat(clock)) if exact else end_of_day(row["date"])
        yield Headline(
            title=row["title"][:500],
            published_time=published,
            time_is_exact=exact,
            tickers=() if row["ticker"] is None else (Ticker(row["ticker"]),),
            lead=row["lead"] or "",
            press=(row["press"] or "")[:80],
        )


def _pairs(rows: pl.DataFrame, name: str) -> Iterator[tuple[date, float]]:
    yield from rows.select("date", name).iter_rows()


def _scaled(number: object, scale: int) -> int:
    """A number as a multiple of 1/scale; missing is 0."""
    return round(number * scale) if isinstance(number, int | float) else 0


def _date(cell: object) -> date:
    assert isinstance(cell, date)
    return cell
