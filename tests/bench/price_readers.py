"""Ten readers of a price stream, in a process of their own: `python -m tests.bench.price_readers PORT TICKER...`.

Prints a line once all are connected; then for each line of input the age in ms of the updates since the last one, as JSON:
half of them are younger than the first number, 99 % than the second; the third is how many there were.
"""

import asyncio
import json
import statistics
import sys
from collections.abc import Sequence

from tests.bench.stream_bench import SUBSCRIBERS, Readings, read_grpc


async def read(port: int, tickers: Sequence[str]) -> None:
    """Read until the input ends."""
    readings, connected = Readings(), asyncio.Semaphore(0)
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(read_grpc(port, readings, connected.release, tickers)) for _ in range(SUBSCRIBERS)]
        for _ in readers:
            await connected.acquire()
        print("connected", flush=True)
        while await loop.run_in_executor(None, sys.stdin.readline):
            ages = readings.ages_ms
            readings.forget()
            percentiles = statistics.quantiles(ages, n=100) if len(ages) > 1 else [0.0] * 99
            print(json.dumps([percentiles[49], percentiles[98], len(ages)]), flush=True)
        for reader in readers:
            reader.cancel()


if __name__ == "__main__":
    asyncio.run(read(int(sys.argv[1]), sys.argv[2:]))
