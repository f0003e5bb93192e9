"""`kstock serve`: some rooms in this process, the others reached by the peers of the settings."""

import click
import uvloop

from servers.commands.options import given, invocation
from servers.commands.up import run_rooms
from servers.compose import ROOMS

EPILOG = """\b
Examples:
  kstock serve pricestream --listen 127.0.0.1:50061
  kstock serve market signal scanner chat
"""


@click.command("serve", epilog=EPILOG)
@click.argument("rooms", nargs=-1, required=True, type=click.Choice(tuple(ROOMS)))
@click.option("--listen", help="Address of the gRPC server; default 127.0.0.1:50051.")
@click.option("--insecure", is_flag=True, help="Allow other machines without token and TLS: something else protects it.")
@click.pass_context
def command(ctx: click.Context, rooms: tuple[str, ...], listen: str | None, *, insecure: bool) -> None:
    """Start only the named rooms in this process."""
    call = invocation(ctx, sections={"server": given(listen=listen, insecure=insecure or None)})
    uvloop.run(run_rooms(call, rooms))
