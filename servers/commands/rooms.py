"""Running rooms until the process is told to stop: the work of `kstock up` and `kstock serve`."""

import asyncio
import signal
from collections.abc import Collection

import click

from servers.commands.invocation import Invocation
from servers.compose import ROOM_NAMES, Application, assembled
from servers.memory import return_large_blocks
from servers.running import announced
from servers.stopping import Stopping
from servers.store_choice import server_file
from shared.market.times import format_time, kst_date


async def run_rooms(call: Invocation, rooms: Collection[str] = ROOM_NAMES) -> None:
    """Serve some rooms, or all, until the process is told to stop."""
    return_large_blocks()
    choice = call.choice()
    stopping = Stopping()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.ask)
    async with assembled(call.settings, choice, rooms=rooms, stopping=stopping) as application:
        await application.start()
        with announced(server_file(choice, call.settings.data_dir), application.target):
            click.echo(_banner(application), err=True)
            await application.run()


def _banner(application: Application) -> str:
    house = application.house
    now = house.clock.market_now()
    return (
        f"kstock is ready: gRPC on {application.target.address}, store {house.store.place} ({house.store.origin.lower()}), "
        f"market time {format_time(now, now)} of {kst_date(now)} ({house.clock.mode}), feed {house.choice.feed}"
    )
