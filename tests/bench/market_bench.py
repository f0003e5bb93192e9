"""Import of the daily bars, and charts over gRPC while the price stream is busy."""

import asyncio
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path

import grpc
from kstock.market.v1 import market_service_pb2 as wire
from kstock.market.v1 import market_service_pb2_grpc as market_grpc

from servers.market.ingest.importer import import_paths
from servers.market.ingest.summary import ImportSummary, SilentProgress
from shared.clock import WallClock
from shared.market.instrument import Board
from shared.store.origin import Origin
from shared.store.store import Store
from tests.bench.stream_bench import SUBSCRIBERS, Arm, read_grpc
from tests.conftest import REPOSITORY

REAL_DATA = REPOSITORY.parent / "shared" / "data"
BARS = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFigures:
    """One import: rows read, wall-clock and CPU seconds."""

    rows: int
    seconds: float
    cpu_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFigures:
    """Round trips of a chart in ms, first and following ones of each ticker; `updates` were streamed meanwhile a second."""

    first_p50_ms: float
    first_p99_ms: float
    again_p50_ms: float
    again_p99_ms: float
    calls: int
    updates: float


def bench_import(*paths: Path, store_file: Path) -> ImportFigures:
    """Import files into a new store."""

    async def once() -> ImportSummary:
        async with await Store.open(str(store_file), origin=Origin.REAL, clock=WallClock()) as store:
            return await import_paths(store, paths, progress=SilentProgress(), clock=WallClock(), data_dir=store_file.parent)

    used = time.process_time()
    summary = asyncio.run(once())
    return ImportFigures(rows=summary.read, seconds=summary.seconds, cpu_s=time.process_time() - used)


def bench_chart(store_file: Path, *, tickers: int = 200, rounds: int = 6) -> ChartFigures:
    """Ask for 260 daily bars of many tickers while 2,000 changes a second flow to ten subscribers."""
    return asyncio.run(_chart(store_file, tickers, rounds))


async def _chart(store_file: Path, tickers: int, rounds: int) -> ChartFigures:
    async with await Store.open(str(store_file), origin=None, clock=WallClock()) as store, store.read() as uow:
        largest = [one.ticker for one in await uow.instruments.largest(boards=list(Board), limit=tickers)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.market_house", str(store_file), stdin=PIPE, stdout=PIPE, cwd=REPOSITORY
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        return await _measured(process, port, largest, rounds)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _measured(process: Process, port: int, tickers: list[str], rounds: int) -> ChartFigures:
    arm, connected = Arm(process), asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(read_grpc(port, arm, connected.release)) for _ in range(SUBSCRIBERS)]
        for _ in readers:
            await connected.acquire()
        began = time.perf_counter()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = market_grpc.MarketServiceStub(channel)
            first = [await _round_trip(stub, ticker) for ticker in tickers]
            again = [await _round_trip(stub, ticker) for _ in range(rounds) for ticker in tickers]
        seconds = time.perf_counter() - began
        for reader in readers:
            reader.cancel()
    return ChartFigures(
        first_p50_ms=statistics.median(first),
        first_p99_ms=statistics.quantiles(first, n=100)[98],
        again_p50_ms=statistics.median(again),
        again_p99_ms=statistics.quantiles(again, n=100)[98],
        calls=len(first) + len(again),
        updates=len(arm.readings.ages_ms) / seconds,
    )


async def _round_trip(stub: market_grpc.MarketServiceStub, ticker: str) -> float:
    began = time.perf_counter()
    await stub.ListBars(wire.ListBarsRequest(ticker=ticker, page_size=BARS))
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        daily = bench_import(REAL_DATA / "daily_ohlcv.parquet", store_file=Path(folder) / "daily.db")
        print(f"import of the daily bars: {daily.rows} rows in {daily.seconds:.1f} s, {daily.cpu_s:.1f} s of CPU")
        whole = bench_import(REAL_DATA, store_file=Path(folder) / "all.db")
        print(f"import of the whole folder: {whole.rows} rows in {whole.seconds:.1f} s, {whole.cpu_s:.1f} s of CPU")
        chart = bench_chart(Path(folder) / "all.db")
        print(
            f"{BARS} bars beside {chart.updates:.0f} streamed updates/s, {chart.calls} calls: "
            f"first p50 {chart.first_p50_ms:.2f} p99 {chart.first_p99_ms:.2f} ms, "
            f"again p50 {chart.again_p50_ms:.2f} p99 {chart.again_p99_ms:.2f} ms"
        )
