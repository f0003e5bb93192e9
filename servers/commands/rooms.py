"""Running rooms until the process is told to stop: the work of `kstock up` and `kstock serve`."""

import asyncio
import os
import signal
from collections.abc import Collection
from pathlib import Path

import click

from servers.application import Application
from servers.commands.answering import is_listening
from servers.commands.invocation import Invocation
from servers.compose import ROOM_NAMES, assembled, new_token
from servers.house import own_target
from servers.memory import put_survivors_aside, return_large_blocks
from servers.running import announced, find_running
from servers.stopping import Stopping
from servers.store_choice import StoreChoice, announced_beside
from shared.clock import ClockMode
from shared.config import Settings
from shared.market.errors import StoreUnusable
from shared.market.times import format_time, kst_date
from shared.rpc.listen import Reservation, reserved

_OWN_TIME = frozenset({ClockMode.SIMULATED, ClockMode.REPLAY})
"""Clocks that every process starts anew, and stores that the start changes: no place for two servers."""


async def run_rooms(call: Invocation, rooms: Collection[str] = ROOM_NAMES) -> None:
    """Serve some rooms, or all, until the process is told to stop.

    Raises:
        InvalidInput: Settings that cannot be served; an address in use is found out before anything is changed.
        StoreUnusable: The store cannot be used as it is, or another server makes its market.
    """
    return_large_blocks()
    put_survivors_aside()
    choice = call.choice()
    stopping = Stopping()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.ask)
    with reserved(call.settings.server.listen) as address:
        with reserved(call.settings.metrics.listen, "metrics.listen"):
            settings = _listening_at(address, call.settings)
        await _serve(settings, choice, stopping=stopping, rooms=rooms, address=address)


async def _serve(
    settings: Settings, choice: StoreChoice, *, stopping: Stopping, rooms: Collection[str], address: Reservation
) -> None:
    beside, token = announced_beside(choice, settings.data_dir), new_token()
    with announced(beside, own_target(settings, token), rooms) as announcement:
        await _refuse_a_second(choice, beside)
        async with assembled(settings, choice, rooms=rooms, stopping=stopping, token=token) as application:
            address.release()
            await application.start()

            def tell() -> None:
                announcement.write(ready=True)
                click.echo(_banner(application), err=True)

            await application.run(tell)


def _listening_at(address: Reservation, settings: Settings) -> Settings:
    return settings.model_copy(update={"server": settings.server.model_copy(update={"listen": address.text})})


async def _refuse_a_second(choice: StoreChoice, beside: Path) -> None:
    """One server makes a simulated or replayed market: a second one would write its tomorrow into the first one's today."""
    if choice.clock not in _OWN_TIME:
        return
    for other in find_running(beside):
        if other.pid == os.getpid() or (other.ready and not await is_listening(other.target.address)):
            continue
        raise StoreUnusable(
            f"the {choice.clock} market of {choice.url} is made by process {other.pid} at {other.target.address} already; "
            "use that server, stop it, or name another --data-dir"
        )


def _banner(application: Application) -> str:
    house = application.house
    now = house.clock.market_now()
    return (
        f"kstock is ready: gRPC on {application.target.address}, store {house.store.place} ({house.store.origin.lower()}), "
        f"market time {format_time(now, now)} of {kst_date(now)} ({house.clock.mode}), feed {house.choice.feed}"
    )
