"""`kstock stream`: prices as they come."""

from datetime import timedelta

import click

from servers.commands.options import client_options, client_sections

EPILOG = """\b
Examples:
  kstock stream 005930 000660              a table that stays in a terminal, one line an update in a pipe
  kstock stream 삼전 하이닉스 market:kospi market-gate
  kstock stream 005930 --count 10 --json   ten updates as messages of the API
"""


_ROOMS = ("feed", "pricestream", "market")


@click.command("stream", epilog=EPILOG)
@click.argument("topics", metavar="TICKER...", nargs=-1, required=True)
@click.option("--count", type=click.IntRange(1), help="Stop after that many updates.")
@click.option("--every", type=click.FloatRange(0.05, 60), help="Shortest time between two updates of a ticker in seconds.")
@client_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    topics: tuple[str, ...],
    count: int | None,
    every: float | None,
    server: str | None,
    token: str | None,
    tls: bool,
    as_json: bool,
) -> None:
    """Print prices as they come, until interrupted. Takes codes, names and nicknames, and market:kospi or market-gate."""
    from bots.console.screen import Screen
    from bots.console.stream import StreamOptions, run_stream
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    options = StreamOptions(texts=topics, count=count, every=None if every is None else timedelta(seconds=every))
    screen = Screen(as_json=as_json)
    run_client(
        call, lambda connection: run_stream(connection.channel, options, screen, clock=connection.clock), rooms=_ROOMS
    )
