"""`kstock up`: everything in one process."""

from datetime import datetime
from typing import Any

import click

from servers.commands.options import Sections, given

EPILOG = """\b
Examples:
  kstock up                                        the simulated market, or var/kstock.db if it exists
  kstock up --replay 2026-03-11 --speed 60         a recorded day at sixty times its pace
  kstock up --at 2026-04-30T18:30+09:00            frozen data, to ask about
  kstock up --simulated --at 2026-03-17T08:25+09:00 --speed 120
                                                   a whole invented day in eight minutes
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
    import uvloop

    from servers.commands.invocation import invocation
    from servers.commands.rooms import run_rooms

    uvloop.run(run_rooms(invocation(ctx, sections=_sections(**options))))


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
