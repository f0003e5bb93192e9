"""`kstock scan`: one strategy over the market."""

from datetime import datetime
from typing import Any

import click

from servers.commands.options import client_options, client_sections
from shared.market.money import parse_won

EPILOG = """\b
Examples:
  kstock scan vcp                                        the whole market, newest session
  kstock scan vcp --as-of 2026-04-30 --top 50
  kstock scan jongga --market KOSDAQ --min-market-cap 3000억 --min-score 7
  kstock scan daytrading --sort-by volume --json | jq .candidate.candidate.ticker
"""

_KINDS = ("vcp", "jongga", "daytrading", "disparity")


class _Won(click.ParamType[int]):
    """An amount as people write it."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # click's signature
        return value if isinstance(value, int) else parse_won(value, "--min-market-cap")


_ROOMS = ("market", "scanner", "signal")


@click.command("scan", epilog=EPILOG)
@click.argument("kind", type=click.Choice(_KINDS, case_sensitive=False))
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Trading day to scan; its flows are known. Default: newest."
)
@click.option(
    "--market", type=click.Choice(["ALL", "KOSPI", "KOSDAQ"], case_sensitive=False), default="ALL", show_default=True
)
@click.option("--include-elw", is_flag=True, help="List warrants among what was left out.")
@click.option("--min-market-cap", type=_Won(), default=0, help="Smallest market capitalisation, e.g. 8000억 or 1.5조.")
@click.option("--max-tickers", type=click.IntRange(0), default=0, help="Only that many of the largest; 0 scans all.")
@click.option("--top", type=click.IntRange(1, 500), default=30, show_default=True, help="Most rows.")
@click.option("--sort-by", type=click.Choice(["score", "market_cap", "volume"]), default="score", show_default=True)
@click.option("--order", type=click.Choice(["desc", "asc"]), default="desc", show_default=True)
@click.option("--min-score", type=click.FloatRange(0), default=0.0, help="Only with at least this score.")
@client_options
@click.pass_context
def command(
    ctx: click.Context, /, *, server: str | None, token: str | None, tls: bool, as_json: bool, **options: Any
) -> None:
    """Scan the market with one strategy: vcp, jongga (종가베팅), daytrading (단타) or disparity (괴리율).

    Results of the newest session over the whole market become signals; those of an older day are only printed.
    """
    from bots.console.scan import run_scan
    from bots.console.screen import Screen
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    wishes, screen = _wishes(**options), Screen(as_json=as_json)
    run_client(call, lambda connection: run_scan(connection.channel, wishes, screen), rooms=_ROOMS)


def _wishes(*, as_of: datetime | None, market: str, order: str, sort_by: str, top: int, kind: str, **options: Any) -> Any:
    from bots.console.scan import ScanWishes

    return ScanWishes(
        kind=kind.upper(),
        board=None if market == "ALL" else market,
        as_of=None if as_of is None else as_of.date(),
        include_elw=options["include_elw"],
        min_market_cap_krw=options["min_market_cap"],
        max_tickers=options["max_tickers"],
        top_n=top,
        sort_by=sort_by.upper(),
        ascending=order == "asc",
        min_score=options["min_score"],
    )
