"""`kstock import`: market files into the store."""

from pathlib import Path

import click

EPILOG = """\b
Examples:
  kstock import ../data                          every file of a folder into var/kstock.db
  kstock import prices.parquet kospi_code.mst.gz
  kstock --store postgresql://localhost/kstock import ../data

\b
Importing a file again changes nothing, and an interrupted import goes on where it stopped. Rows that cannot be stored go to
rejects/<file>.csv in the data folder with file, line and reason; docs/import.md describes the formats.
"""


@click.command("import", epilog=EPILOG)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Import parquet, CSV and KIS .mst files, and folders of them, into the store of real data.

    Ends with 0 when every file was read, also when some of its rows were rejected, and with 2 when a file was not.
    """
    import uvloop

    from bots.console.screen import Screen
    from servers.commands.importing import run_import
    from servers.commands.invocation import invocation

    return uvloop.run(run_import(invocation(ctx, quiet=True), paths, Screen(as_json=as_json)))
