"""`kstock jobs`: what a server does every session."""

import click

from servers.commands.options import client_options, client_sections

EPILOG = """\b
Examples:
  kstock jobs                        the schedule with last and next runs
  kstock jobs --run scoreboard       begin a job now
  kstock jobs --json | jq '.jobs[] | select(.last_run.result == "FAILED")'
"""

_ROOMS = ("market", "ops")


@click.command("jobs", epilog=EPILOG)
@click.option("--run", "begin", metavar="JOB", help="Begin this job now for the newest session.")
@client_options
@click.pass_context
def command(
    ctx: click.Context, /, *, begin: str | None, server: str | None, token: str | None, tls: bool, as_json: bool
) -> None:
    """Show the jobs of a running server: when each runs, how it went last and how long that took, when it is next."""
    from bots.console.jobs import run_jobs
    from bots.console.screen import Screen
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    screen = Screen(as_json=as_json)
    run_client(call, lambda way: run_jobs(way.channel, screen, begin=begin), rooms=_ROOMS)
