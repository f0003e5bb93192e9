"""`kstock up`: everything in one process."""

import asyncio
import signal
from datetime import datetime
from typing import Any

import click
import uvloop

from servers.commands.options import Invocation, Sections, given, invocation
from servers.compose import ROOMS, Application, assembled
from servers.running import announced
from servers.store_choice import server_file
from shared.market.times import format_time

EPILOG = """\b
Examples:
  kstock up                                        the simulated market, or var/kstock.db if it exists
  kstock up --replay 2026-03-11 --speed 60         a recorded day at sixty times its pace
  kstock up --at 2026-04-30T18:30+09:00            frozen data, to ask about
  kstock up --listen 127.0.0.1:50061
"""


@click.command("up", epilog=EPILOG)
@click.option("--listen", help="Address of the gRPC server; default 127.0.0.1:50051.")
@click.option("--replay", "day", type=click.DateTime(["%Y-%m-%d"]), help="Play a recorded day on a copy of the store.")
@click.option("--at", help="Market time to stand still at, or to start from with --replay; ISO 8601 with a zone.")
@click.option("--speed", type=click.FloatRange(1, 1000), help="Pace of a replayed or simulated market.")
@click.option("--simulated", is_flag=True, help="The simulated market, even if var/kstock.db exists.")
@click.option("--insecure", is_flag=True, help="Allow other machines without token and TLS: something else protects it.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Start everything in one process: prices, market data, scans, signals, chat."""
    call = invocation(ctx, sections=_sections(**options))
    uvloop.run(run_rooms(call, tuple(ROOMS)))


def _sections(
    *, listen: str | None, day: datetime | None, at: str | None, speed: float | None, simulated: bool, insecure: bool
) -> Sections:
    mode = "fixed" if at and day is None and not simulated else None
    source = "replay" if day is not None else "simulated" if simulated else None
    return {
        "server": given(listen=listen, insecure=insecure or None),
        "clock": given(at=at, speed=speed, mode=mode),
        "feed": given(source=source, day=day.date() if day else None),
    }


async def run_rooms(call: Invocation, rooms: tuple[str, ...]) -> None:
    """Serve some rooms until the process is told to stop."""
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
        f"market time {format_time(now, now)} of {now:%Y-%m-%d} ({house.clock.mode}), feed {house.choice.feed}"
    )
