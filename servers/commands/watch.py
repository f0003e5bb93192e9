"""`kstock watch`: signals as they open, change and end."""

import click

from servers.commands.options import client_options, client_sections

EPILOG = """\b
Examples:
  kstock watch                        every change from now on
  kstock watch vcp jongga             of these strategies only
  kstock watch --after 57             go on behind an event that was seen; nothing is lost and nothing comes twice
  kstock watch --after 0 --json | jq .signal.ticker
"""

_KINDS = ("vcp", "jongga", "daytrading", "disparity", "drop", "surge")
_ROOMS = ("market", "signal")


@click.command("watch", epilog=EPILOG)
@click.argument("kinds", nargs=-1, type=click.Choice(_KINDS, case_sensitive=False))
@click.option("--after", type=click.IntRange(0), help="Number of the last event that was seen; 0 for all that are kept.")
@click.option("--count", type=click.IntRange(1), help="Stop after that many events.")
@client_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    kinds: tuple[str, ...],
    after: int | None,
    count: int | None,
    server: str | None,
    token: str | None,
    tls: bool,
    as_json: bool,
) -> None:
    """Print changes of signals as they come, until interrupted: 신규, 유지, 등급 변경, 종료."""
    from bots.console.screen import Screen
    from bots.console.watch import WatchWishes, run_watch
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation
    from shared.market.signal import SignalKind

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    wishes = WatchWishes(kinds=tuple(SignalKind(kind.upper()) for kind in kinds), after=after, count=count)
    screen = Screen(as_json=as_json)
    run_client(call, lambda way: run_watch(way.channel, wishes, screen, clock=way.clock), rooms=_ROOMS)
