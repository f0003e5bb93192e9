"""Modules of the benchmarks in processes of their own, talked to by lines."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.conftest import REPOSITORY

_LONGEST_LINE = 2**22


class Lines:
    """One such process; it prints a line when it is ready, and one for each line that it is sent."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input, self._output = process.stdin, process.stdout

    async def readline(self) -> str:
        """What it prints next."""
        return (await self._output.readline()).decode().strip()

    async def ask(self, line: str = "") -> str:
        """Send a line and read the answer."""
        self._input.write(f"{line}\n".encode())
        return await self.readline()


@asynccontextmanager
async def child(module: str, *arguments: str) -> AsyncIterator[Lines]:
    """A module in a process of its own that ends with its input."""
    command = (sys.executable, "-m", module, *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=REPOSITORY, limit=_LONGEST_LINE)
    try:
        yield Lines(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
