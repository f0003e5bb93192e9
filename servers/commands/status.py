"""`kstock status`: what runs and how fresh it is."""

import click

from servers.commands.options import client_options, client_sections

EPILOG = """\b
Examples:
  kstock status                                the server that runs here, or the store without one
  kstock status --server prices.example:50051 --tls
  kstock status --json | jq .services
"""


_ROOMS = ("pricestream", "market", "scanner", "ops")


@click.command("status", epilog=EPILOG)
@client_options
@click.pass_context
def command(ctx: click.Context, /, *, server: str | None, token: str | None, tls: bool, as_json: bool) -> None:
    """Show the server, market time, services, feeds, streams, jobs and the last scans.

    What needs a right that the caller lacks is named as not visible.
    """
    from bots.console.screen import Screen
    from bots.console.status import run_status
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    screen = Screen(as_json=as_json)
    run_client(
        call,
        lambda way: run_status(way.channel, screen, servers=way.channels, address=way.address, store=way.store),
        rooms=_ROOMS,
    )
