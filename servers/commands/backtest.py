"""`kstock backtest`: a strategy replayed over past sessions and judged beside its base rate."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from servers.commands.options import client_options, client_sections
from shared.market.errors import InvalidInput

EPILOG = """\b
Examples:
  kstock backtest vcp --from 2024-11-01 --to 2026-04-30
  kstock backtest vcp --from 2025-01-01 --to 2025-12-31 --entry trigger --market KOSDAQ
  kstock backtest jongga --from 2025-01-01 --to 2025-12-31 --png jongga.png
  kstock backtest --resume 3f2a9c1d04e5b6a7c8d9e0f1 --json | jq '.finished.rows[]?'
"""

_REPLAYED = ("vcp", "jongga", "daytrading", "disparity")
_KINDS = (*_REPLAYED, "drop", "surge")  # the scanner says why the last two cannot be replayed
_ROOMS = ("scanner",)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("backtest", epilog=EPILOG)
@click.argument("kind", type=click.Choice(_KINDS, case_sensitive=False), metavar=f"[{'|'.join(_REPLAYED)}]", required=False)
@click.option("--from", "since", type=_DAY, help="First day of signals.")
@click.option("--to", "until", type=_DAY, help="Last day of signals.")
@click.option(
    "--market", type=click.Choice(["ALL", "KOSPI", "KOSDAQ"], case_sensitive=False), default="ALL", show_default=True
)
@click.option(
    "--entry",
    type=click.Choice(["usual", "trigger"]),
    default="usual",
    show_default=True,
    help="usual: next open, or the close of the day for jongga; trigger: first touch of the trigger price, only for vcp.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the random control groups.")
@click.option("--png", type=click.Path(dir_okay=False, path_type=Path), help="Also draw the result into this file.")
@click.option("--resume", "run_id", metavar="RUN", help="Attach to a run or continue one that was interrupted.")
@client_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    server: str | None,
    token: str | None,
    tls: bool,
    as_json: bool,
    png: Path | None,
    **options: Any,
) -> None:
    """Replay a strategy over past sessions, each seen as it was on its day, and judge its signals after costs.

    A server goes on with a run when this command is interrupted; --resume shows a run or continues it, also after a crash.
    """
    wishes = _wishes(**options)
    _check_picture(png)
    from bots.console.backtest import run_backtest
    from bots.console.screen import Screen
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    screen = Screen(as_json=as_json)
    finished = run_client(call, lambda way: run_backtest(way.channel, wishes, screen), rooms=_ROOMS)
    if png is not None:
        from bots.console.backtest_picture import draw_report

        draw_report(finished, png)
        screen.remark(f"{png}에 그림을 저장했습니다.")


def _wishes(
    *,
    kind: str | None,
    since: datetime | None,
    until: datetime | None,
    market: str,
    entry: str,
    seed: int,
    run_id: str | None,
) -> Any:
    from bots.console.backtest import BacktestWishes

    if run_id:
        if kind or since or until:
            raise click.UsageError("--resume takes strategy and period from the run; leave KIND, --from and --to out")
        return BacktestWishes(run_id=run_id)
    if kind is None or since is None or until is None:
        raise click.UsageError("give KIND, --from and --to, or --resume RUN")
    return BacktestWishes(
        kind=kind.upper(),
        since=since.date(),
        until=until.date(),
        board=None if market == "ALL" else market,
        at_trigger=entry == "trigger",
        seed=seed,
    )


def _check_picture(path: Path | None) -> None:
    """Say before the work that its picture could not be kept."""
    if path is not None and not path.resolve().parent.is_dir():
        raise InvalidInput("--png", f"{path.parent} is no folder; make it first")
    if path is not None and path.suffix.lower() != ".png":
        raise InvalidInput("--png", f"{path} does not end in .png")
