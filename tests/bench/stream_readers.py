"""Ten readers of a busy price stream, in a process of their own: `python -m tests.bench.stream_readers PORT`.

Prints a line once all are connected; reads until its input ends, and prints how many updates arrived a second.
"""

import asyncio
import sys
import time

from tests.bench.stream_bench import SUBSCRIBERS, Readings, read_grpc


async def read(port: int) -> None:
    """Read until the input ends."""
    readings, connected = Readings(), asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(read_grpc(port, readings, connected.release)) for _ in range(SUBSCRIBERS)]
        for _ in readers:
            await connected.acquire()
        print("connected", flush=True)
        began, before = time.perf_counter(), len(readings.ages_ms)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        print((len(readings.ages_ms) - before) / (time.perf_counter() - began), flush=True)
        for reader in readers:
            reader.cancel()


if __name__ == "__main__":
    asyncio.run(read(int(sys.argv[1])))
