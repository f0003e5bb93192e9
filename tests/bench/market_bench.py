"""Import of the daily bars, and charts over gRPC while the price stream is busy."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import grpc
from kstock.market.v1 import market_service_pb2 as wire
from kstock.market.v1 import market_service_pb2_grpc as market_grpc

from shared.clock import WallClock
from shared.market.instrument import Board
from shared.store.store import Store
from tests.bench.child_process import child
from tests.bench.figure import Figure, Spread
from tests.bench.stream_bench import SUBSCRIBERS
from tests.bench.workshop import Workshop, timed_import

BARS = 260
IMPORTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFigures:
    """Round trips of charts in ms, in rounds: each ticker's first, then the same ones again.

    `updates` were streamed meanwhile a second.
    """

    first: list[list[float]]
    again: list[list[float]]
    updates: float


def import_figures(workshop: Workshop) -> Iterator[Figure]:
    """The collected daily bars into an empty store."""
    daily = workshop.data / "daily_ohlcv.parquet"
    runs = [timed_import(daily, store_file=workshop.new_folder(f"import-{run}") / "daily.db") for run in range(IMPORTS)]
    yield Figure(
        name="import of the daily bars",
        measured=Spread.of([run.seconds for run in runs]),
        unit="s",
        at_most=60,
        note=f"{runs[0].rows:,} rows into an empty store; CPU {Spread.of([run.cpu_s for run in runs])} s",
    )


def chart_figures(workshop: Workshop) -> Iterator[Figure]:
    """Charts while the stream is busy; server, readers of the stream and client are processes of their own."""
    charts = bench_chart(workshop.real_store)
    again = Spread.of([_p99(times) for times in charts.again])
    medians = Spread.of([statistics.median(times) for times in charts.again])
    note = f"p50 {medians} ms; {charts.updates:,.0f} updates a second arrived at {SUBSCRIBERS} subscribers meanwhile"
    name = f"chart of {BARS} bars through gRPC, p99"
    yield Figure(name=f"{name}, asked again", measured=again, unit="ms", at_most=5, note=note)
    first = Spread.of([_p99(times) for times in charts.first])
    medians = Spread.of([statistics.median(times) for times in charts.first])
    note = f"p50 {medians} ms; rounds of {len(charts.first[0])} tickers"
    yield Figure(name=f"{name}, asked first", measured=first, unit="ms", at_most=5, note=note)


def bench_chart(store_file: Path, *, tickers: int = 200, rounds: int = 9) -> ChartFigures:
    """Ask for 260 daily bars of many tickers while 2,000 changes a second flow to ten subscribers."""
    return asyncio.run(_chart(store_file, tickers, rounds))


async def _chart(store_file: Path, width: int, rounds: int) -> ChartFigures:
    async with await Store.open(str(store_file), origin=None, clock=WallClock()) as store, store.read() as uow:
        known = await uow.instruments.largest(boards=list(Board), limit=width * rounds)
    some = [[one.ticker for one in known[start : start + width]] for start in range(0, len(known), width)]
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(child("tests.bench.market_house", str(store_file)))
        port = int(await server.readline())
        readers = await stack.enter_async_context(child("tests.bench.stream_readers", str(port)))
        await readers.readline()
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{port}"))
        stub = market_grpc.MarketServiceStub(channel)
        first, again = [], []
        for tickers in some:
            first.append([await _round_trip(stub, ticker) for ticker in tickers])
            again.append([await _round_trip(stub, ticker) for ticker in tickers])
        return ChartFigures(first=first, again=again, updates=float(await readers.ask()))


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


async def _round_trip(stub: market_grpc.MarketServiceStub, ticker: str) -> float:
    began = time.perf_counter()
    await stub.ListBars(wire.ListBarsRequest(ticker=ticker, page_size=BARS))
    return (time.perf_counter() - began) * 1e3
