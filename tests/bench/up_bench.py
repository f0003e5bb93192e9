"""How soon `kstock up` is ready, and how much memory it takes once it has worked."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import grpc
from kstock.common.v1 import candidate_pb2
from kstock.pricestream.v1 import price_stream_service_pb2_grpc as stream_grpc
from kstock.scanner.v1 import scanner_service_pb2 as scanner
from kstock.scanner.v1 import scanner_service_pb2_grpc as scanner_grpc

from tests.bench.figure import Figure, Spread
from tests.bench.kstock_process import KstockProcess, kstock_up
from tests.bench.workshop import DataAbsent, Workshop
from tests.fixtures.price_house import request

STARTS = 5
_MIB = 1024.0
_KINDS = (
    candidate_pb2.SIGNAL_KIND_VCP,
    candidate_pb2.SIGNAL_KIND_JONGGA,
    candidate_pb2.SIGNAL_KIND_DAYTRADING,
    candidate_pb2.SIGNAL_KIND_DISPARITY,
)


def figures(workshop: Workshop) -> Iterator[Figure]:
    """On the simulated market, which runs live, and on the real one where its data is."""
    simulated = workshop.new_folder("simulated")
    with kstock_up(simulated):
        pass  # the first start makes the store
    yield from _figures("simulated market", simulated, "--simulated")
    try:
        real = workshop.real_store.parent
    except DataAbsent:
        return
    yield from _figures("real market", real)


def _figures(what: str, data_dir: Path, *options: str) -> Iterator[Figure]:
    ready, cpu = [], []
    for _ in range(STARTS):
        with kstock_up(data_dir, *options) as server:
            ready.append(server.ready_s)
            cpu.append(server.ready_cpu_s)
    with kstock_up(data_dir, *options) as server:
        asyncio.run(_work(server))
        in_use, most = server.memory_mib()
    name, note = f"kstock up ready, second start, {what}", f"CPU {Spread.of(cpu)} s"
    yield Figure(name=name, measured=Spread.of(ready), unit="s", at_most=5, note=note)
    note = f"after four scans of the whole market and a stream; at its most {most:.0f} MiB"
    yield Figure(name=f"memory of kstock up, {what}", measured=Spread.of([in_use]), unit="MiB", at_most=_MIB, note=note)


async def _work(server: KstockProcess) -> None:
    """Make every room do something."""
    async with grpc.aio.insecure_channel(server.address) as channel:
        for kind in _KINDS:
            run = scanner_grpc.ScannerServiceStub(channel).RunScan(scanner.RunScanRequest(kind=kind, max_tickers=0))
            assert [response async for response in run][-1].HasField("finished")
        stream = stream_grpc.PriceStreamServiceStub(channel).Subscribe(request("price:005930", "price:000660"))
        for _ in range(3):
            await stream.read()
        stream.cancel()
