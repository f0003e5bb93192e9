"""The command `kstock`: names its commands, loads the one that is called, and turns errors into exit codes.

Nothing of the house is imported before a command runs, so that `kstock --help` prints at once.
"""

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import click

from shared.market.errors import (
    DataMissing,
    FeedUnavailable,
    InvalidInput,
    KStockError,
    LimitExceeded,
    NotAllowed,
    NotFound,
    StoreUnusable,
)

COMMANDS = {
    "up": "Start everything in one process.",
    "serve": "Start only the named rooms in this process.",
    "import": "Import market data and master files into the store.",
    "scan": "Scan the market with one strategy.",
    "stream": "Print prices as they come.",
    "watch": "Print signals as they open, change and end.",
    "chat": "Ask about prices and signals in Korean or English.",
    "backtest": "Judge a strategy on past sessions beside its base rate.",
    "scoreboard": "Show what became of the published signals.",
    "status": "Show what runs and how fresh it is.",
    "jobs": "Show the daily jobs of a server, or begin one.",
    "eval": "Ask the questions of files and judge the answers.",
}

MODULES = {"import": "import_", "eval": "eval_"}
"""Commands whose module cannot have their name."""

EXIT_CODES: dict[type[KStockError], int] = {
    InvalidInput: 2,
    NotFound: 3,
    DataMissing: 4,
    StoreUnusable: 5,
    FeedUnavailable: 6,
    LimitExceeded: 7,
    NotAllowed: 8,
}

RPC_EXIT_CODES = {"ServerUnavailable": 6, "DeadlineOver": 6, "NotServed": 6, "BadToken": 8}
"""Errors of `shared.rpc.errors`, by name because that module needs gRPC, which takes longer than a help text may."""

INTERRUPTED = 130

EPILOG = """\b
Examples:
  kstock up                                  start on the simulated market, or on var/kstock.db if it exists
  kstock import ../data                      fill var/kstock.db from parquet, CSV and .mst files
  kstock scan vcp --as-of 2026-04-30         scan the whole market as of a day
  kstock backtest vcp --from 2025-01-01 --to 2025-12-31
  kstock chat "삼성전자 지금 얼마야?"        one question, one answer

\b
Exit codes: 0 done, 1 failed, 2 bad input, 3 not found, 4 data missing, 5 store unusable, 6 unavailable,
7 over a limit, 8 not allowed, 130 interrupted.
"""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"servers.commands.{MODULES.get(cmd_name, cmd_name)}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder of the stores; default ./var.")
@click.option("--store", help="Store to use: a path, sqlite or postgresql URL.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="How much is logged.")
@click.version_option(package_name="kstock")
@click.pass_context
def cli(ctx: click.Context, data_dir: Path | None, store: str | None, log_level: str | None) -> None:
    """Korean stock prices and trading signals: stream them, scan them, ask about them."""
    ctx.obj = {"data_dir": data_dir, "store": store, "log_level": log_level}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the matching exit code."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its C core logs to the terminal; errors reach us as statuses
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = cli.main(args=arguments, prog_name="kstock", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except KStockError as error:
        return _failed(error)
    except BaseExceptionGroup as group:  # from rooms that ran side by side
        first = next(_leaves(group))
        if not isinstance(first, KStockError):
            raise
        return _failed(first)
    return code if isinstance(code, int) else 0


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """The errors of a group; those that nobody foresaw first."""
    expected, unforeseen = group.split(KStockError)
    for part in (unforeseen, expected):
        for error in part.exceptions if part else ():
            yield from _leaves(error) if isinstance(error, BaseExceptionGroup) else (error,)


def _failed(error: KStockError) -> int:
    click.echo(f"kstock: {error}", err=True)
    return exit_code(error)


def exit_code(error: KStockError) -> int:
    """Exit code of an error; 1 for any without a code of its own."""
    by_name = RPC_EXIT_CODES.get(type(error).__name__)
    return by_name or next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)
