"""Running a command that calls a server, to its end or to a signal; nothing stays behind in either case."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

import click
import uvloop

from servers.commands.connection import Connection, connected
from servers.commands.invocation import Invocation

_T = TypeVar("_T")
_SIGNAL_EXIT = 128


def run_client(call: Invocation, work: Callable[[Connection], Awaitable[_T]], *, rooms: Collection[str]) -> _T:
    """Open the way, do the work, close everything.

    Args:
        call: Settings of the command.
        work: What to do with the connection.
        rooms: What the work needs where no server runs. The schedule never does: its jobs belong to a server that stays.

    Raises:
        KStockError: Whatever the work or the way to the server raises.
    """
    received: list[int] = []
    try:
        return uvloop.run(_run(call, work, rooms=rooms, received=received))
    except asyncio.CancelledError:
        if not received:
            raise
        sys.exit(_SIGNAL_EXIT + received[0])


async def _run(
    call: Invocation, work: Callable[[Connection], Awaitable[_T]], *, rooms: Collection[str], received: list[int]
) -> _T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def end(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end, number)
    async with connected(call, rooms) as connection:
        if connection.address is None and sys.stderr.isatty():
            click.echo(f"no server runs, working in this process on {connection.store}", err=True)
        return await work(connection)
