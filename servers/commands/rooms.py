"""Running rooms until the process is told to stop: the work of `kstock up` and `kstock serve`."""

import asyncio
import signal
from collections.abc import Collection

import click

from servers.commands.invocation import Invocation
from servers.compose import ROOMS, Application, assembled
from servers.running import announced
from servers.store_choice import server_file
from shared.market.times import format_time, kst_date


async def run_rooms(call: Invocation, rooms: Collection[str] = tuple(ROOMS)) -> None:
    """Serve some rooms, or all, until the process is told to stop."""
    choice = call.choice()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with assembled(call.settings, choice, rooms=rooms) as application:
        await application.start()
        with announced(server_file(choice, call.settings.data_dir), application.target):
            click.echo(_banner(application), err=True)
            await application.run(stop)


def _banner(application: Application) -> str:
    house = application.house
    now = house.clock.market_now()
    return (
        f"kstock is ready: gRPC on {application.target.address}, store {house.store.place} ({house.store.origin.lower()}), "
        f"market time {format_time(now, now)} of {kst_date(now)} ({house.clock.mode}), feed {house.choice.feed}"
    )
