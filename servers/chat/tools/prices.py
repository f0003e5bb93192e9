"""Quotes, bars and what is computed from bars."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import bar_pb2
from kstock.market.v1 import market_service_pb2

from servers.chat.peers import Peers
from servers.chat.tools.arguments import About
from servers.chat.tools.tool import Tool
from shared.market.errors import DataMissing
from shared.rpc.messages.times import local_date_message, read_local_date

_PAGE = 500
_REACH = timedelta(days=15)
"""Longest way back to the close before a period: the longest closure of the exchange is shorter, more is a hole."""
_MAX_PAGES = 6
"""3,000 sessions: twelve years, the longest period that an answer covers."""


@dataclass(frozen=True, slots=True)
class QuotesArguments:
    """Arguments of `get_quotes`."""

    tickers: Annotated[tuple[str, ...], About("six-character codes", least=1, most=50)]


@dataclass(frozen=True, slots=True)
class PricesArguments:
    """Arguments of `get_price_history`; with `sessions` the days are counted back from `until`."""

    ticker: Annotated[str, About("six-character code")]
    until: Annotated[date, About("last trading day")]
    since: Annotated[date | None, About("first trading day; left out when sessions are counted")] = None
    sessions: Annotated[int | None, About("trading days, newest last", least=1, most=2_500)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceHistory:
    """Adjusted daily bars of a period and the summary computed from them; `summary.bars` holds all of them.

    `adjusted_as_of` is the day as of which prices are adjusted, `sources` where the bars came from.
    """

    summary: block_pb2.BarsSummary
    adjusted_as_of: date
    sources: tuple[str, ...]


async def _quotes(peers: Peers, arguments: QuotesArguments) -> market_service_pb2.BatchGetQuotesResponse:
    request = market_service_pb2.BatchGetQuotesRequest(tickers=arguments.tickers)
    return await peers.market.BatchGetQuotes(request)


async def _history(peers: Peers, arguments: PricesArguments) -> PriceHistory:
    pages = await _pages(peers, arguments)
    bars = [bar for page in reversed(pages) for bar in page.bars]
    first = _first_position(bars, arguments)
    if first >= len(bars):
        raise DataMissing(f"no bars of {arguments.ticker} in the period")
    jumps = {read_local_date(day) for page in pages for day in page.unexplained_jumps}
    summary = _summary(bars, first)
    summary.unexplained_jump = any(read_local_date(bar.trading_date) in jumps for bar in bars[first:])
    summary.quality = pages[0].quality
    as_of = pages[0].adjusted_as_of
    return PriceHistory(
        summary=summary,
        adjusted_as_of=read_local_date(as_of) if as_of.year else arguments.until,
        sources=tuple(dict.fromkeys(source for page in pages for source in page.sources)),
    )


async def _pages(peers: Peers, arguments: PricesArguments) -> list[market_service_pb2.ListBarsResponse]:
    """Pages of bars, newest first, until the session before the period is among them."""
    size = min(_PAGE, _expected(arguments))
    request = market_service_pb2.ListBarsRequest(
        ticker=arguments.ticker, until=local_date_message(arguments.until), page_size=size
    )
    pages: list[market_service_pb2.ListBarsResponse] = []
    for _ in range(_MAX_PAGES):
        page = await peers.market.ListBars(request)
        pages.append(page)
        if not page.next_page_token or _enough(pages, arguments):
            break
        request.page_token = page.next_page_token
    return pages


def _expected(arguments: PricesArguments) -> int:
    """Bars of the period and some before it, so that one page does."""
    if arguments.sessions is not None:
        return arguments.sessions + 1
    days = (arguments.until - (arguments.since or date.min)).days
    return days * 5 // 7 + 10


def _enough(pages: list[market_service_pb2.ListBarsResponse], arguments: PricesArguments) -> bool:
    if arguments.sessions is not None:
        return sum(len(page.bars) for page in pages) > arguments.sessions
    oldest = pages[-1].bars
    return not oldest or arguments.since is None or read_local_date(oldest[0].trading_date) < arguments.since


def _first_position(bars: list[bar_pb2.Bar], arguments: PricesArguments) -> int:
    if arguments.sessions is not None:
        return max(0, len(bars) - arguments.sessions)
    since = arguments.since or date.min
    return next((place for place, bar in enumerate(bars) if read_local_date(bar.trading_date) >= since), len(bars))


def _summary(bars: list[bar_pb2.Bar], first: int) -> block_pb2.BarsSummary:
    """The change counts from the close before the period; from the period's first close when that one is far away."""
    period, base = bars[first:], bars[max(0, first - 1)]
    if read_local_date(period[0].trading_date) - read_local_date(base.trading_date) > _REACH:
        base = period[0]
    last = period[-1]
    highest = max(period, key=lambda bar: bar.high_krw)
    lowest = min(period, key=lambda bar: bar.low_krw)
    return block_pb2.BarsSummary(
        first_date=period[0].trading_date,
        last_date=last.trading_date,
        base_close_krw=base.close_krw,
        base_date=base.trading_date,
        last_close_krw=last.close_krw,
        change_krw=last.close_krw - base.close_krw,
        change_bps=change_bps(last.close_krw, base.close_krw),
        high_krw=highest.high_krw,
        high_date=highest.trading_date,
        low_krw=lowest.low_krw,
        low_date=lowest.trading_date,
        mean_volume_shares=sum(bar.volume_shares for bar in period) // len(period),
        mean_turnover_krw=sum(bar.turnover_krw for bar in period) // len(period),
        session_count=len(period),
        bars=period,
    )


def change_bps(price: int, base: int) -> int:
    """Change in basis points, rounded half away from zero; 0 without a positive base."""
    if base <= 0:
        return 0
    move = price - base
    return (-1 if move < 0 else 1) * ((abs(move) * 20_000 + base) // (2 * base))


def daily_changes_bps(bars: list[bar_pb2.Bar]) -> list[int]:
    """Change of each close against the one before; one shorter than `bars`."""
    return [change_bps(bar.close_krw, before.close_krw) for before, bar in pairwise(bars)]


async def _chart(peers: Peers, arguments: PricesArguments) -> block_pb2.ChartImage:
    """Candles for the client to draw: it knows its screen, and the bars are smaller than a picture."""
    history = await _history(peers, arguments)
    return block_pb2.ChartImage(media_type="image/png", bars=history.summary.bars)


GET_QUOTES = Tool(
    name="get_quotes",
    domain="prices",
    description="Current or newest prices of instruments with change, volume, quality, time and source.",
    arguments=QuotesArguments,
    run=_quotes,
)
GET_PRICE_HISTORY = Tool(
    name="get_price_history",
    domain="bars",
    description="Adjusted daily bars of one instrument over a period, with change, high and low computed from them.",
    arguments=PricesArguments,
    run=_history,
)
MAKE_CHART = Tool(
    name="make_chart",
    domain="chart",
    description="Daily candle chart of one instrument over a period; red candles rose, blue ones fell.",
    arguments=PricesArguments,
    run=_chart,
)
