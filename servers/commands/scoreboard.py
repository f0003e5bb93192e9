"""`kstock scoreboard`: what became of the published signals."""

from datetime import datetime

import click

from servers.commands.options import client_options, client_sections

EPILOG = """\b
Examples:
  kstock scoreboard                              every strategy, every horizon
  kstock scoreboard vcp --horizon 5 --horizon 10
  kstock scoreboard jongga --from 2026-01-01 --json | jq '.rows[] | select(.signal_count > 0)'
  kstock scoreboard --backtest 3f2a9c1d04e5b6a7c8d9e0f1 --horizon 10
"""

_KINDS = ("vcp", "jongga", "daytrading", "disparity", "drop", "surge")
_ROOMS = ("signal",)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("scoreboard", epilog=EPILOG)
@click.argument("kind", type=click.Choice(_KINDS, case_sensitive=False), required=False)
@click.option("--horizon", "horizons", type=int, multiple=True, help="Sessions to hold: 1, 3, 5, 10 or 20; repeatable.")
@click.option("--from", "since", type=_DAY, help="Only signals that opened on or after this day.")
@click.option("--to", "until", type=_DAY, help="Only signals that opened on or before this day.")
@click.option("--backtest", "run_id", metavar="RUN", default="", help="The table of a backtest instead of the live signals.")
@client_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    kind: str | None,
    horizons: tuple[int, ...],
    since: datetime | None,
    until: datetime | None,
    run_id: str,
    server: str | None,
    token: str | None,
    tls: bool,
    as_json: bool,
) -> None:
    """Show what became of the published signals after costs, beside what comparable stocks did on the same days.

    The table of a backtest has the same columns.
    """
    from bots.console.scoreboard import run_scoreboard
    from bots.console.screen import Screen
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    screen = Screen(as_json=as_json)
    run_client(
        call,
        lambda way: run_scoreboard(
            way.channel,
            screen,
            kinds=() if kind is None else (kind.upper(),),
            horizons=horizons,
            since=since.date() if since else None,
            until=until.date() if until else None,
            run_id=run_id,
        ),
        rooms=_ROOMS,
    )
