"""`kstock serve`: some rooms in this process, the others reached by the peers of the settings."""

import click

from servers.commands.options import given

ROOMS = ("feed", "pricestream", "market", "scanner", "signal", "chat", "schedule", "ops")
"""The `ROOM_NAMES` of `servers.compose`, which a help text cannot wait for."""

EPILOG = """\b
Examples:
  kstock serve pricestream --listen 127.0.0.1:50061
  kstock serve market signal scanner chat
"""


@click.command("serve", epilog=EPILOG)
@click.argument("rooms", nargs=-1, required=True, type=click.Choice(ROOMS))
@click.option("--listen", help="Address of the gRPC server; default 127.0.0.1:50051.")
@click.option("--insecure", is_flag=True, help="Allow other machines without token and TLS: something else protects it.")
@click.pass_context
def command(ctx: click.Context, rooms: tuple[str, ...], listen: str | None, *, insecure: bool) -> None:
    """Start only the named rooms in this process."""
    import uvloop

    from servers.commands.invocation import invocation
    from servers.commands.rooms import run_rooms

    call = invocation(ctx, sections={"server": given(listen=listen, insecure=insecure or None)})
    uvloop.run(run_rooms(call, rooms))
